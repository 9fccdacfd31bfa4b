"""Screening as judges use it: RTL that may go into a simulation, or the verdict that spares it one."""

from __future__ import annotations

from collections.abc import Sequence

from harness.families.spec import Port
from harness.rtl.screen import Screened
from harness.rtl.screener import ScreenerError, screen_safely
from harness.simulate.verdict import Outcome, Verdict


def screened(source: str, module: str, ports: Sequence[Port]) -> Screened | Verdict:
    """`source` as screening leaves it, or the verdict: it does not parse, breaks a rule, or could not be screened."""
    try:
        found = screen_safely(source, module, ports)
    except ScreenerError as error:
        return Verdict(Outcome.TOOL_ERROR, str(error))
    if isinstance(found, Screened):
        return found
    outcome = Outcome.COMPILE_ERROR if found.rule == "syntax" else Outcome.REJECTED
    return Verdict(outcome, f"{found.rule}: {found.detail}")
