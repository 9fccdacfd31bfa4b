"""Waveforms: the steps around a mismatch, readable at a glance."""

from __future__ import annotations

from harness.report.waveform import waveform
from harness.simulate.verdict import Mismatch, Row


def row(step: int, got: str, expected: str = "00001111", wide: str = "1" * 80) -> Row:
    return Row(step, {"clk": "1", "d": wide}, {"q": expected, "ok": "1"}, {"q": got, "ok": "1"})


def test_the_first_wrong_step_and_output_are_marked() -> None:
    """Known vectors are hexadecimal, unknown ones binary; only the wrong output shows what was expected."""
    shown = waveform(Mismatch(4, (row(3, "00001111"), row(4, "0000111x"), row(5, "00000000"))))
    head, _, *lines = shown.splitlines()
    cells = {line.split("│")[0].strip(): [c.strip() for c in line.split("│")[1:]] for line in lines}
    assert [c.strip() for c in head.split("┃")] == ["step", "3", ">4", "5"]
    assert cells["q"] == ["0f", "0000111x!", "00!"]
    assert cells["expected q"] == ["0f", "0f", "0f"]
    assert cells["clk"] == cells["ok"] == ["1", "1", "1"]
    assert "expected ok" not in cells
    assert all(len(value) <= 12 for value in cells["d"])
