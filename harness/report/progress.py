"""One line that says how far a long stage is: count, share, time left."""

from __future__ import annotations

import time
from collections.abc import Callable

INTERVAL = 5.0
SLOWING = 20
"""The longer a stage takes, the rarer its lines: a twentieth of the time so far lies between two."""


class Progress:
    """Called with (done, total[, note]); writes a line every five seconds, later more rarely, and one at the end.

    Stages that finish sooner say nothing. Time left is extrapolated from the pace since the first call, so
    that work done by an earlier, interrupted run does not count.
    """

    def __init__(
        self, label: str, write: Callable[[str], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.label, self.write, self.clock = label, write, clock
        self.began = self.spoke = clock()
        self.first: tuple[int, float] | None = None

    def __call__(self, done: int, total: int, note: str = "") -> None:
        now = self.clock()
        if self.first is None:
            self.first = done, now
        interval = max(INTERVAL, (now - self.began) / SLOWING)
        if now - self.spoke < interval and (done < total or self.spoke == self.began):
            return
        self.spoke = now
        done_before, since = self.first
        pace = (done - done_before) / (now - since) if now > since else 0.0
        left = f", {duration((total - done) / pace)} left" if pace > 0 and done < total else ""
        percent = 100 * done // total if total else 100
        self.write(f"{self.label}: {done}/{total} ({percent}%){left}{', ' + note if note else ''}")


def duration(seconds: float) -> str:
    """Seconds as people say them: `42 s`, `3 min 10 s`, `2 h 05 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
