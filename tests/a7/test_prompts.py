"""What is asked: the contract once for all, then the design, and its RTL only where that is wanted."""

from __future__ import annotations

import json

from harness.a7.prompts import (
    EXAMPLE_HEADER,
    EXAMPLE_TESTBENCH,
    RELAXED,
    REQUIREMENTS,
    first_request,
    repair_request,
    shared,
)
from harness.a7.replies import Kind, read
from harness.a7.settings import ApiSettings
from harness.families.naming import header
from harness.families.spec import Port, Spec
from harness.simulate.verdict import Outcome
from harness.testbench.run import run_testbench
from tests.a7.server import message

DOOR = f"""{EXAMPLE_HEADER}
  reg open;
  always @(posedge clk) if (rst) open <= 0; else open <= open ? !push : knock && !locked;
  assign is_open = open;
  assign alarm = !open && knock && locked;
endmodule
"""
PORTS = [
    *(Port("input", name, 1, "") for name in ("clk", "rst", "knock", "locked", "push")),
    *(Port("output", name, 1, "") for name in ("is_open", "alarm")),
]
WRONG = [
    ("rst)", "!rst)"),
    ("!push", "push"),
    ("knock && !locked", "knock"),
    ("!open && knock", "knock"),
    ("posedge clk", "posedge clk or posedge rst"),
]


def test_example_is_right() -> None:
    """The testbench shown as an example keeps the contract, passes the right design and fails wrong ones."""
    assert read(message(f"```verilog\n{EXAMPLE_TESTBENCH}\n```"), "door").kind is Kind.TESTBENCH
    assert run_testbench(DOOR, EXAMPLE_TESTBENCH, "door", PORTS).passed
    for right, wrong in WRONG:
        mutant = DOOR.replace(right, wrong)
        assert mutant != DOOR
        assert run_testbench(mutant, EXAMPLE_TESTBENCH, "door", PORTS).outcome is Outcome.MISMATCH, wrong


def test_the_design_is_asked_for_without_its_rtl(specs: list[Spec]) -> None:
    """The request names every port and shows no RTL, unless it is told to."""
    blind, shown = ApiSettings(), ApiSettings(with_rtl=True)
    for spec in specs:
        request = first_request(spec, spec.verilog(), blind)
        asked = request.params["messages"][0]["content"]
        assert header(spec.name, spec.ports) in asked
        assert "always" not in asked
        assert (
            spec.verilog().strip()
            in first_request(spec, spec.verilog(), shown).params["messages"][0]["content"]
        )


def test_the_shared_part_can_be_cached(specs: list[Spec]) -> None:
    """All requests begin with the same text, marked for the cache and long enough for it."""
    systems = [first_request(spec, "", ApiSettings()).params["system"] for spec in specs]
    assert all(system == systems[0] for system in systems)
    assert systems[0][0]["cache_control"] == {"type": "ephemeral"}
    assert len(shared(relaxed=False)) > 4 * 1024


def test_digest_names_what_the_model_is_sent(specs: list[Spec]) -> None:
    """Equal requests have equal digests; another model, limit or effort gives another."""
    first = first_request(specs[0], "", ApiSettings())
    assert first_request(specs[0], "module x; endmodule", ApiSettings()).digest == first.digest
    others = [ApiSettings(model="claude-opus-5-5"), ApiSettings(max_tokens=9000), ApiSettings(effort="none")]
    digests = {first_request(specs[0], "", other).digest for other in others}
    assert len(digests | {first.digest}) == 4
    assert "temperature" not in first.params


def test_repair_continues_the_conversation(specs: list[Spec]) -> None:
    """The complaint follows the reply it is about, and a reply without text leaves no empty turn."""
    first = first_request(specs[0], "", ApiSettings())
    repair = repair_request(first, message("```\nmodule t;\n```"), "no endmodule")
    turns = repair.params["messages"]
    assert [turn["role"] for turn in turns] == ["user", "assistant", "user"]
    assert turns[0] == first.params["messages"][0]
    assert "no endmodule" in turns[2]["content"]
    assert "signature" not in json.dumps(turns)
    assert repair_request(first, message("", "max_tokens"), "cut").params["messages"][1]["content"]


def test_relaxed_requirements(specs: list[Spec]) -> None:
    """The plan's eight requirements, or five without those on illegal transitions, rapid changes and corner cases."""
    strict, relaxed = shared(relaxed=False), shared(relaxed=True)
    assert len(REQUIREMENTS) == 8
    assert all(requirement in strict for requirement in REQUIREMENTS)
    left_out = [number for number, r in enumerate(REQUIREMENTS, 1) if r not in relaxed]
    assert left_out == list(RELAXED) == [2, 4, 6]
    assert "5. That line is the last one" in relaxed
    assert "6. " not in relaxed.split("The contract")[0]
    asked = [first_request(specs[0], "", ApiSettings(), relaxed) for relaxed in (False, True)]
    assert asked[0].digest != asked[1].digest
    assert asked[0].params["messages"] == asked[1].params["messages"]
