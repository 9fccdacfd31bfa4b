"""Verdicts on strangers' text, with nothing of it run in our own process."""

from __future__ import annotations

from random import Random

import pytest

from harness.families.catalogue import dump, family
from harness.simulate import check
from harness.simulate.check import Busy, Checked, Checker, Fault, best
from tests.serve.conftest import GOLDEN, WRONG, checker

__all__ = ["checker"]

DEEP = f"module m(input a, output b); assign b = {'(' * 1500}a{')' * 1500}; endmodule\n"
LATCH = "module m(input d, en, output reg q); always @* if (en) q = d; endmodule\n"


def test_without_anything_to_compare_it_has_to_compile(checker: Checker) -> None:
    """RTL that compiles is unverified; text, broken syntax, an unknown module and system calls are not RTL."""
    found = checker.check(
        [
            GOLDEN,
            LATCH,
            "I cannot write that.",
            "module m(input a, output b); assign b = ; endmodule",
            "module m(input a, output b); sub s(a, b); endmodule",
            'module m(output b); initial $system("true"); endmodule',
            "module m(output b); assign c = 1; wire [b:0] d; endmodule",
        ]
    )
    assert [one.good for one in found] == [True, True, False, False, False, False, False]
    assert {one.verdict for one in found[:2]} == {"unverified"}
    assert {one.verdict for one in found[2:]} <= {"compile_error", "rejected"}
    assert all(one.detail for one in found[2:])


def test_a_reference_decides(checker: Checker) -> None:
    """A golden module passes what behaves as it does, and nothing else."""
    found = checker.check([GOLDEN.replace("~q", "q ^ 1'b1"), WRONG], reference=GOLDEN)
    assert [one.verdict for one in found] == ["pass", "mismatch"]
    assert "step" in found[1].detail


def test_a_spec_decides(checker: Checker) -> None:
    """A structured spec is judged by its executable reference."""
    spec = family("counter_basic").sample("counter_basic", Random(1))
    golden = spec.verilog(0)
    found = checker.check([golden, golden.replace("+", "-")], spec=dump(spec))
    assert [one.verdict for one in found] == ["pass", "mismatch"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"reference": "no module"}, "reference: "),
        ({"reference": DEEP}, "reference: .* nests deeper"),
        ({"reference": "module m(input a); endmodule"}, "reference: .* no output"),
        ({"reference": "module m(inout a); endmodule"}, "reference: "),
        ({"spec": {"category": "none"}}, "spec: unknown category"),
        ({"spec": []}, "spec: not a spec"),
        ({"spec": {"category": "mux"}}, "spec: not a mux spec"),
    ],
)
def test_what_nothing_can_be_verified_with_is_named(
    checker: Checker, more: dict[str, object], said: str
) -> None:
    """A spec or reference that is at fault is told from a wrong answer."""
    with pytest.raises(Fault, match=said):
        checker.check([GOLDEN], **more)  # type: ignore[arg-type]
    with pytest.raises(Fault, match=said):
        checker.names(**more)  # type: ignore[arg-type]


def test_a_candidate_spoils_no_other(checker: Checker) -> None:
    """A text that is too deep to be read is refused, and its neighbour is judged."""
    assert [one.verdict for one in checker.check([DEEP, GOLDEN])] == ["rejected", "unverified"]


def test_names_of_what_is_verified_with(checker: Checker) -> None:
    """A reference and a spec say how module and ports are called."""
    assert checker.names(reference=GOLDEN) == {"toggle", "clk", "rst", "en", "q"}
    spec = family("mux").sample("mux", Random(1))
    assert checker.names(spec=dump(spec)) == {spec.name, *(port.name for port in spec.ports)}


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where every child stays busy, a question is given up in time."""
    monkeypatch.setattr(check, "PATIENCE_S", 0.01)
    with pytest.raises(Busy):
        Checker(0).check([GOLDEN])


def test_a_child_that_dies_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """A question that takes too long ends its child, says nothing about the candidate, and the next is answered."""
    checker = Checker(1)
    monkeypatch.setattr(check, "WALL_S", 0.0)
    (found,) = checker.check([GOLDEN])
    assert (found.verdict, found.good) == ("tool_error", False)
    monkeypatch.undo()
    assert checker.check([GOLDEN])[0].good
    checker.close()


def test_the_best_answer_is_given() -> None:
    """A verified answer before one that compiles before one that does not; among equals the first, the greedy one."""
    ranked = ["pass", "unverified", "mismatch", "timeout", "rejected"]
    for place in range(1, len(ranked)):
        assert best([Checked(ranked[place], ""), Checked(ranked[place - 1], "")]) == 1
    assert best([Checked("rejected", ""), Checked("compile_error", "")]) == 0
