"""The audit of an outside suite's testbenches, for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from harness.report.table import table
from harness.suites.audit import Audit

STATES = {True: "sound", False: "UNSOUND", None: "not asked"}


def audit_table(audits: Sequence[Audit]) -> str:
    """A line for each problem, then what is wrong with the unsound ones and what could not be asked."""
    rows = [[a.problem, STATES[a.sound], f"{a.killed} of {a.live}" if a.live else "none"] for a in audits]
    unsound, unasked = (sum(a.sound is state for a in audits) for state in (False, None))
    title = f"testbenches: {unsound} of {len(audits)} are unsound"
    title += f", {unasked} not asked" if unasked else ""
    said = [f"{a.problem}: {line}" for a in audits for line in (*a.faults, *a.notes)]
    return "\n".join([table(title, ["problem", "testbench", "mutants killed"], rows), *said])
