"""Problems: what an answer may and may not differ in."""

from __future__ import annotations

from harness.families.spec import Port
from harness.simulate.problem import Problem
from harness.simulate.verdict import Outcome, agrees

PORTS = (Port("input", "a", 2, ""), Port("output", "y", 2, ""), Port("output", "z", 1, ""))
PROBLEM = Problem("m", PORTS, [{"a": n} for n in range(4)], ["xxx", "010", "1x0", "001"], 1)


def test_an_x_leaves_a_bit_free_and_nothing_else() -> None:
    """Only where x is expected may anything come; a missing digit is always wrong."""
    assert agrees("1x0", "110") and agrees("1x0", "1z0") and agrees("", "")
    assert not agrees("1x0", "1x1") and not agrees("110", "1x0") and not agrees("x", "")


def test_vectors_before_known_from_are_not_compared() -> None:
    """The first answer is free, and the free bit of the third is as well."""
    assert PROBLEM.compare(["zzz", "010", "110", "001"]).passed


def test_the_window_ends_where_the_answers_end() -> None:
    """A mismatch in the last answer shows the steps before it, outputs told apart by port."""
    verdict = PROBLEM.compare(["000", "010", "100", "011"])
    assert verdict.outcome is Outcome.MISMATCH and verdict.mismatch is not None
    assert [row.step for row in verdict.mismatch.window] == [0, 1, 2, 3]
    assert verdict.mismatch.row.got == {"y": "01", "z": "1"}
    assert verdict.detail == "step 3 (a=11): y is 01, expected 00"
