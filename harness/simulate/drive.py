"""Stimulus for a design of which only the interface is known: segments of clock cycles, each from reset.

Data never changes in the vector in which the clock does, so no race between the two decides a verdict.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import cycle, product
from random import Random

from harness.families.spec import Port
from harness.rtl.clocking import Control
from harness.rtl.interface import Interface
from harness.simulate.stimulus import Vector

SEGMENT = 64
"""Clock cycles from one reset to the next."""
ROUND = 8
"""Segments of one round."""
BEYOND = 8
"""Cycles from a state that a segment returned to."""
CORNERS = 0.1
"""Share of cycles in which every input is all 0 or all 1."""
COMBINATIONAL = 2048
EXHAUSTIVE_BITS = 11
"""Input bits of a combinational design up to which every combination is applied."""
SETTING_BITS = 4
"""1-bit inputs of which every combination is held."""
LITERAL = re.compile(r"'\s*s?([bodh])\s*([0-9a-f_]+)", re.IGNORECASE)
RADIX = {"b": 2, "o": 8, "d": 10, "h": 16}

Cycle = Vector
"""The data inputs of one clock cycle."""
Way = tuple[Cycle, ...]
"""What leads from reset to a state."""


class Drive:
    """Makes vectors for `interface`. Constants of the golden's `source` are favoured as data."""

    def __init__(self, interface: Interface, source: str, rng: Random) -> None:
        self.interface, self.rng = interface, rng
        self.literals = [int(d.replace("_", ""), RADIX[r.lower()]) for r, d in LITERAL.findall(source)]
        self.now: Vector = {p.name: 0 for p in interface.ports if p.direction == "input"}
        self.vectors: list[Vector] = []
        self.marks: list[Way | None] = []

    def apply(self, changes: Vector) -> None:
        self.now = self.now | changes
        self.vectors.append(self.now)

    def first_release(self, vectors: Sequence[Vector]) -> int:
        """The first vector in which no reset acts; 0 without a reset."""
        off = self.resetting(False)
        return next(i for i, v in enumerate(vectors) if all(v[name] == off[name] for name in off))

    def resetting(self, active: bool) -> Vector:
        return {reset.name: _level(reset, active) for reset in self.interface.resets}

    # --- values -------------------------------------------------------------------------------------------

    def value(self, port: Port) -> int:
        """Random, extreme, one-hot, a neighbour of the present value, or a constant of the golden's."""
        rng, full = self.rng, (1 << port.width) - 1
        if port.width == 1:
            return rng.getrandbits(1)
        pick = rng.randrange(8)
        if pick == 0:
            return rng.choice((0, 1, full, full >> 1, full ^ (full >> 1)))
        if pick == 1:
            return 1 << rng.randrange(port.width)
        if pick == 2:
            return (self.now[port.name] + rng.choice((-1, 1))) & full
        if pick < 6 and self.literals:
            return rng.choice(self.literals) & full
        return rng.getrandbits(port.width)

    def cycles(self, count: int) -> Iterator[Cycle]:
        """Data for so many cycles: in stretches some inputs are held or lean to one side; at times all are extreme."""
        rng, data = self.rng, self.interface.data
        held: Vector = {}
        lean: dict[str, float] = {}
        for number in range(count):
            if number % 16 == 0:
                held = {p.name: self.value(p) for p in data if rng.random() < 0.3}
                lean = {p.name: rng.choice((0.1, 0.5, 0.9)) for p in data if p.width == 1}
            free = {p.name: int(rng.random() < lean[p.name]) if p.width == 1 else self.value(p) for p in data}
            corner = rng.random() < CORNERS
            yield {p.name: rng.choice((0, (1 << p.width) - 1)) for p in data} if corner else free | held

    # --- clocked designs ----------------------------------------------------------------------------------

    def round(self, starts: Sequence[Way]) -> tuple[list[Vector], list[Way | None]]:
        """The vectors of one round, and for each the way from reset to the state after it, where that is known.

        Every second segment returns by the ways in `starts` and goes on a little from there, as often as it
        has room; of the others every second one is disturbed by resets.
        """
        self.vectors, self.marks = [], []
        returns = cycle(starts) if starts else None
        for number in range(ROUND):
            if returns and number % 2:
                left = SEGMENT
                while left > 0:
                    way = next(returns)
                    beyond = BEYOND if len(way) < SEGMENT else SEGMENT
                    self.segment((*way, *self.cycles(beyond)))
                    left -= len(way) + beyond
            else:
                self.segment(tuple(self.cycles(SEGMENT)), 0.08 if number % 4 == 2 else 0.0)
        return self.vectors, self.marks

    def segment(self, data: Way, disturbed: float = 0.0) -> None:
        """Cycles from reset; each is followed by a reset in mid-run with probability `disturbed`."""
        self.reset()
        self.mark(None)
        known = True
        for number, values in enumerate(data, 1):
            self.cycle(values)
            self.mark(data[:number] if known else None)
            if self.rng.random() < disturbed:
                self.disturb()
                known = False
                self.mark(None)

    def mark(self, way: Way | None) -> None:
        """Say how the state after the last vector was reached; of vectors before it nothing is said."""
        self.marks += [None] * (len(self.vectors) - len(self.marks) - 1) + [way]

    def reset(self) -> None:
        """Reset over two clock edges, released while the clock is low."""
        clock = self.clock
        self.apply({clock: 0} | {p.name: 0 for p in self.interface.data})
        self.apply(self.resetting(True))
        for level in (1, 0, 1, 0):
            self.apply({clock: level})
        self.apply(self.resetting(False))

    def cycle(self, data: Cycle) -> None:
        """Data while the clock is low, then both edges; sometimes other data while it is high."""
        self.apply(data)
        self.apply({self.clock: 1})
        if self.rng.random() < 0.1:
            self.apply(next(self.cycles(1)))
        self.apply({self.clock: 0})

    # --- laps ---------------------------------------------------------------------------------------------

    def settings(self) -> list[Cycle]:
        """Values for all data inputs: the 1-bit ones in every combination or, of many, in some; others at random."""
        bits = [p.name for p in self.interface.data if p.width == 1]
        wanted = (
            range(1 << len(bits))
            if len(bits) <= SETTING_BITS
            else [self.rng.getrandbits(len(bits)) for _ in range(1 << SETTING_BITS)]
        )
        return [
            {p.name: self.value(p) for p in self.interface.data}
            | {name: number >> place & 1 for place, name in enumerate(bits)}
            for number in wanted
        ]

    def from_reset(self) -> list[Vector]:
        """The vectors of a reset."""
        self.vectors = []
        self.reset()
        return self.vectors

    def held(self, data: Cycle, cycles: int) -> list[Vector]:
        """So many cycles with the same data: one vector that sets it, then two a cycle, the last with a low clock."""
        self.vectors = []
        self.apply(data)
        for _ in range(cycles):
            self.apply({self.clock: 1})
            self.apply({self.clock: 0})
        return self.vectors

    def disturb(self) -> None:
        """One reset in mid-run: between edges, with the clock high or low, or over an edge."""
        event = self.rng.choice(("low", "high", "edge"))
        if event == "high":
            self.apply({self.clock: 1})
        self.apply(self.resetting(True))
        if event == "edge":
            self.apply({self.clock: 1})
            self.apply({self.clock: 0})
        self.apply(self.resetting(False))
        self.apply({self.clock: 0})

    @property
    def clock(self) -> str:
        assert self.interface.clock is not None
        return self.interface.clock

    # --- combinational designs ----------------------------------------------------------------------------

    def combinational(self) -> list[Vector]:
        """Every combination of inputs if they are few, else a choice of them."""
        inputs = self.interface.data
        if sum(port.width for port in inputs) <= EXHAUSTIVE_BITS:
            values = product(*(range(1 << port.width) for port in inputs))
            return [dict(zip((p.name for p in inputs), row, strict=True)) for row in values]
        for data in self.cycles(COMBINATIONAL):
            self.apply(data)
        return self.vectors


def _level(reset: Control, active: bool) -> int:
    return int(reset.active_low != active)
