"""Progress lines: rare, truthful about the time left, and silent for short stages."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.report.progress import INTERVAL, Progress, duration

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the machine may be busy


class Stage:
    """A stage on a clock of its own; `lines` are the seconds and the words of what was written."""

    def __init__(self, total: int) -> None:
        self.now, self.total = 0.0, total
        self.lines: list[tuple[float, str]] = []
        self.progress = Progress("stage", self.write, clock=lambda: self.now)

    def write(self, line: str) -> None:
        self.lines.append((self.now, line))

    def at(self, now: float, done: int, note: str = "") -> None:
        self.now = now
        self.progress(done, self.total, note)


@PATIENT
@given(st.lists(st.floats(0.01, 20), min_size=1, max_size=40))
def test_one_line_in_five_seconds(steps: list[float]) -> None:
    """However fast it is called, lines are five seconds apart, the last one excepted, which tells the end."""
    stage = Stage(len(steps))
    for done, seconds in enumerate(steps, 1):
        stage.at(stage.now + seconds, done)
    times = [0.0, *(when for when, _ in stage.lines)]
    gaps = [after - before for before, after in pairwise(times)]
    assert all(gap >= INTERVAL for gap in gaps[:-1])
    end = f"stage: {len(steps)}/{len(steps)} (100%)"
    assert [line for _, line in stage.lines][-1:] == ([end] if stage.now >= INTERVAL else [])


def test_long_stages_speak_more_rarely() -> None:
    """Of an hour with a step each second, the screen keeps some eighty lines."""
    stage = Stage(3600)
    for second in range(1, 3601):
        stage.at(second, second)
    assert 60 < len(stage.lines) < 100
    assert stage.lines[-1] == (3600, "stage: 3600/3600 (100%)")


def test_short_stages_are_silent() -> None:
    """A stage that is over within five seconds writes nothing."""
    stage = Stage(2)
    stage.at(2, 1)
    stage.at(4.9, 2)
    assert stage.lines == []


def test_time_left() -> None:
    """Count, share, time left at the pace so far, and the note."""
    stage = Stage(10)
    stage.at(10, 1)
    stage.at(20, 2, "loss 1.2")
    stage.at(40, 4)
    assert [line for _, line in stage.lines] == [
        "stage: 1/10 (10%)",
        "stage: 2/10 (20%), 1 min 20 s left, loss 1.2",
        "stage: 4/10 (40%), 1 min 00 s left",
    ]


def test_resumed_work_does_not_count() -> None:
    """What an earlier run has done says nothing about the pace of this one."""
    stage = Stage(1000)
    stage.at(1, 900)
    stage.at(11, 901)
    assert stage.lines == [(11, "stage: 901/1000 (90%), 16 min 30 s left")]


def test_nothing_to_do() -> None:
    """A stage of no items is complete."""
    stage = Stage(0)
    stage.at(6, 0)
    assert stage.lines == [(6, "stage: 0/0 (100%)")]


def test_almost_done_is_not_done() -> None:
    """The share is rounded down: 100 % means all."""
    stage = Stage(1000)
    stage.at(6, 999)
    assert stage.lines == [(6, "stage: 999/1000 (99%)")]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min 00 s"),
        (190, "3 min 10 s"),
        (3599.7, "1 h 00 min"),
        (7500, "2 h 05 min"),
        (90_000, "25 h 00 min"),
    ],
)
def test_duration(seconds: float, said: str) -> None:
    """Seconds are told in the two units that matter."""
    assert duration(seconds) == said
