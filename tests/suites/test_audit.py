"""The audit names what makes a testbench unsound, in every layout."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from harness.report.outside import audit_table
from harness.suites.audit import Audit, audit
from harness.suites.layouts import read_suite

COMPARING = {
    "Prob001_gate": [],
    "Prob002_crossed": ["rejects its reference: mismatch: the testbench counts 2 mismatches"],
    "Prob003_idle": ["accepts a stub with constant outputs (0)"],
    "Prob004_unknown": [
        "its verdict depends on x: it rejects the reference with x read as 0",
        "its verdict depends on x: it rejects the reference with x read as 1",
    ],
}
EXPECTED = {
    "verilog-eval": COMPARING,
    "correctbench": COMPARING,
    "rtllm": {
        "masked": [],
        "inverted": ["rejects its reference: mismatch: the testbench printed '===========Error===========', "
                     "nowhere that it passed"],
        "silent": ["accepts a stub with ports only", *(f"accepts a stub with constant outputs ({v})"
                                                        for v in ("0", "1", "unknown"))],
        "keeper": COMPARING["Prob004_unknown"],
    },
}  # fmt: skip


@pytest.mark.parametrize("layout", EXPECTED)
def test_unsound_testbenches_are_named(suites: Mapping[str, Path], layout: str) -> None:
    """One sound problem has no fault, and each of three unsound ones has just its own; all can be shown."""
    audits = [audit(problem) for problem in read_suite(f"{layout}:{suites[layout]}")]
    assert {a.problem: list(a.faults) for a in audits} == EXPECTED[layout]
    assert not any(a.notes for a in audits)
    sound = next(a for a in audits if a.sound)
    assert (sound.live, sound.killed) == {"verilog-eval": (4, 4), "correctbench": (6, 6), "rtllm": (3, 3)}[
        layout
    ]
    assert json.loads(json.dumps([asdict(a) for a in audits]))[0]["problem"] == audits[0].problem
    shown = audit_table(audits)
    assert "3 of 4 are unsound" in shown
    assert all(fault in shown for a in audits for fault in a.faults)


def test_survivors_are_named(suites: Mapping[str, Path]) -> None:
    """Wrong designs that the testbench accepts and our judge does not are counted and described."""
    gate = read_suite(f"verilog-eval:{suites['verilog-eval']}")[0]
    passes_a = gate.reference.replace("~ b", "1'b1")
    bench = gate.testbench.replace("i < 8", "i < 3")
    found = audit(replace(gate, testbench=bench, mutants=(passes_a, gate.reference, "no Verilog")))
    assert found.sound
    assert (found.live, found.killed, found.survivors) == (5, 4, ("the suite's mutant 1",))


def test_a_constant_may_be_right(suites: Mapping[str, Path]) -> None:
    """Where the reference itself is constant, accepting that constant is no fault."""
    gate = read_suite(f"verilog-eval:{suites['verilog-eval']}")[0]
    golden = gate.golden.replace("a & ~b", "1'b0")
    assert audit(replace(gate, golden=golden, testbench=gate.testbench.replace(gate.golden, golden))).sound


TWO_CLOCKS = """module RefModule(input a, input b, output reg y);
  reg x;
  always @(posedge a) x <= ~b;
  always @(posedge b) y <= x;
  initial {x, y} = 0;
endmodule
"""


def test_what_cannot_be_asked_is_said(suites: Mapping[str, Path]) -> None:
    """Our judge drives no two clocks: the rest of the audit is made, and says so."""
    gate = read_suite(f"verilog-eval:{suites['verilog-eval']}")[0]
    bench = gate.testbench.replace(gate.golden, TWO_CLOCKS)
    found = audit(replace(gate, golden=TWO_CLOCKS, testbench=bench))
    assert found.killed == found.live
    assert "our judge cannot drive the reference" in found.notes[0]
    assert "several clocks" in found.notes[0]


def test_what_was_not_asked_is_not_sound(suites: Mapping[str, Path]) -> None:
    """A testbench that nothing but the reference could be tried on is neither sound nor unsound."""
    silent = next(p for p in read_suite(f"rtllm:{suites['rtllm']}") if p.id == "silent")
    pad = "module silent(inout a, output y); assign y = a; endmodule"
    bench = 'module test; wire a, y; silent dut(a, y); initial $display("Your Design Passed"); endmodule'
    found = audit(replace(silent, golden=pad, testbench=bench))
    assert (found.sound, found.faults, found.live) == (None, (), 0)
    assert found.notes[0].startswith("nothing but the reference was run: port 'a'")
    shown = audit_table([found, Audit("gate", live=2, killed=2), Audit("idle", ("accepts a stub",))])
    assert "testbenches: 1 of 3 are unsound, 1 not asked" in " ".join(shown.splitlines())
    rows = [[cell.strip() for cell in line.split("│")] for line in shown.splitlines() if "│" in line]
    assert rows == [["silent", "not asked", "none"], ["gate", "sound", "2 of 2"], ["idle", "UNSOUND", "none"]]


def test_a_testbench_that_looks_inside(suites: Mapping[str, Path]) -> None:
    """A testbench that reads a name inside the design accepts no other design: that is said, and no fault."""
    masked = next(p for p in read_suite(f"rtllm:{suites['rtllm']}") if p.id == "masked")
    found = audit(replace(masked, testbench=masked.testbench.replace("q !==", "dut.inner.y !==")))
    assert found.sound
    assert found.notes[0].startswith(
        "not asked about x and stubs: it rejects the reference inside another module"
    )
