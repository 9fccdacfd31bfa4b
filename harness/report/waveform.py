"""The steps around a mismatch as a table: signals downwards, time to the right."""

from __future__ import annotations

from harness.report.table import table
from harness.simulate.verdict import Mismatch, Row

WIDEST = 12
"""Characters of a value; longer ones are cut in the middle."""


def waveform(mismatch: Mismatch) -> str:
    """The window of a mismatch. An output that is wrong somewhere has a line of what was expected as well.

    Several bits are shown in hexadecimal where all are known, else in binary; `>` marks the first wrong step, before
    which nothing is compared because the state is not known yet, and `!` what is wrong.
    """
    window = mismatch.window
    steps = [f"{'>' if row is mismatch.row else ''}{row.step}" for row in window]
    rows = [[name, *(in_short(row.inputs[name]) for row in window)] for name in window[0].inputs]
    for name in window[0].got:
        rows.append([name, *(_marked(row, name, mismatch.step) for row in window)])
        if any(name in row.wrong for row in window):
            rows.append([f"  expected {name}", *(in_short(row.expected[name]) for row in window)])
    return table("", ["step", *steps], rows)


def _marked(row: Row, name: str, first: int) -> str:
    return in_short(row.got[name]) + ("!" if row.step >= first and name in row.wrong else "")


def in_short(digits: str) -> str:
    """In hexadecimal where all bits are known, in binary elsewhere, cut in the middle where that is long."""
    known = len(digits) > 1 and not digits.strip("01")
    value = f"{int(digits, 2):0{-(-len(digits) // 4)}x}" if known else digits
    return value if len(value) <= WIDEST else f"{value[: WIDEST // 2 - 1]}…{value[-WIDEST // 2 :]}"
