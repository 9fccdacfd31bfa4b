"""Requests and tokens a minute, the pause that the server asks for, and when it turns too much away."""

from __future__ import annotations

import asyncio
import time

BURST_S = 1.0
"""A limit per minute is enforced in smaller steps, so no more than a second's worth goes out at once."""
PATIENCE = 60.0
"""Seconds; a moment of overload passes by itself."""


class Pace:
    """Lets so many units through a minute, evenly, in the order in which they come."""

    def __init__(self, per_minute: float) -> None:
        self.per_second = per_minute / 60
        self.free_at = 0.0

    async def wait(self, amount: float) -> None:
        """Return when `amount` may go; something larger than a burst goes when nothing is owed."""
        now = time.monotonic()
        start = max(self.free_at, now - BURST_S)
        self.free_at = start + amount / self.per_second
        await asyncio.sleep(max(0.0, start - now))

    def correct(self, amount: float) -> None:
        """It was so much more, or less, than was said."""
        self.free_at += amount / self.per_second


class Pause:
    """Until when nobody should call."""

    def __init__(self) -> None:
        self.until = 0.0

    def extend(self, seconds: float) -> None:
        self.until = max(self.until, time.monotonic() + seconds)

    @property
    def left(self) -> float:
        """Seconds; negative when it is over."""
        return self.until - time.monotonic()


class Congestion:
    """Whether the server turns so many calls away that calling is the wrong way to go on.

    It is `lasting` once calls have for PATIENCE been turned away more often than answered, and at once when the
    server asks for a longer pause than is waited for.
    """

    def __init__(self) -> None:
        self.lasting = False
        self.began = 0.0
        self.surplus = 0

    def answered(self) -> None:
        """A call had its reply."""
        self.surplus = max(0, self.surplus - 1)

    def turned_away(self, final: bool) -> None:
        """A call met a limit; `final`: it is not worth waiting for."""
        if self.surplus == 0:
            self.began = time.monotonic()
        self.surplus += 1
        self.lasting = self.lasting or final or time.monotonic() - self.began > PATIENCE
