"""Verdicts on strangers' text, with nothing of it run in our own process."""

from __future__ import annotations

from random import Random

import pytest

from harness.families.catalogue import dump, family
from harness.serve import check
from harness.serve.check import Checked, Checker, Fault, best
from tests.serve.conftest import GOLDEN, WRONG

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
