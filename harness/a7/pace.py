"""Requests and tokens a minute, and the pause that the server asks for."""

from __future__ import annotations

import asyncio
import time

BURST_S = 1.0
"""A limit per minute is enforced in smaller steps, so no more than a second's worth goes out at once."""


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

    async def wait(self) -> None:
        while (left := self.until - time.monotonic()) > 0:
            await asyncio.sleep(left)
