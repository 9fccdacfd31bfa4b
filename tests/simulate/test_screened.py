"""Screening as judges use it."""

from __future__ import annotations

import pytest

from harness.families.spec import Port
from harness.rtl.screen import Screened
from harness.rtl.screener import ScreenerError
from harness.simulate import screened as module
from harness.simulate.screened import screened
from harness.simulate.verdict import Outcome, Verdict

PORTS = [Port("input", "a", 1, ""), Port("output", "q", 1, "")]
PLAIN = "module dut(input a, output q); assign q = a; endmodule\n"


@pytest.mark.parametrize(
    ("source", "outcome"),
    [
        (PLAIN.replace("endmodule", ""), Outcome.COMPILE_ERROR),
        (PLAIN.replace("assign", "initial $system(0); assign"), Outcome.REJECTED),
    ],
)
def test_what_is_refused_has_a_verdict(source: str, outcome: Outcome) -> None:
    """Syntax errors are compile errors; other rules are named in a rejection."""
    found = screened(source, "dut", PORTS)
    assert isinstance(found, Verdict) and found.outcome is outcome


def test_what_is_accepted_has_none() -> None:
    """Only a simulation can tell."""
    assert isinstance(screened(PLAIN, "dut", PORTS), Screened)


def test_a_screener_that_fails_is_a_tool_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """It counts neither for nor against the candidate, and is not cached."""

    def failing(*args: object) -> None:
        raise ScreenerError("no memory")

    monkeypatch.setattr(module, "screen_safely", failing)
    assert screened(PLAIN, "dut", PORTS) == Verdict(Outcome.TOOL_ERROR, "no memory")
