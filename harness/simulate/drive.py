"""Stimulus for a design of which only the interface is known: segments of clock cycles, each from reset.

Data never changes in the vector in which the clock does, so no race between the two decides a verdict; without
a clock one input changes at a time, as any of them may close a latch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import cycle
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
"""Choices of data for a design without a clock."""
EXHAUSTIVE_BITS = 11
"""Input bits of a combinational design up to which every combination is applied."""
SETTING_BITS = 4
"""1-bit inputs of which every combination is held."""
LITERAL = re.compile(r"'\s*s?([bodh])\s*([0-9a-f_]+)|(?<![\w'.])(\d[\d_]*)(?![\w.]|\s*')", re.IGNORECASE)
DIGITS = 1000
"""Of a literal that is favoured as data; Python itself refuses to read decimals of more than 4,300."""
PLACES = re.compile(r"//.*|/\*[\s\S]*?\*/|\[[^][]*:[^][]*\]")
"""Comments and ranges of bits, whose numbers are no values."""
RADIX = {"b": 2, "o": 8, "d": 10, "h": 16, "": 10}

Cycle = Vector
"""The data inputs of one clock cycle."""
Way = tuple[Cycle, ...]
"""What leads from reset to a state."""


def literals(source: str) -> list[int]:
    """The numbers that a source names as values, each once; none that is too long for any input."""
    found = [
        (r, (based or plain).replace("_", "")) for r, based, plain in LITERAL.findall(PLACES.sub("", source))
    ]
    return list(dict.fromkeys(int(said, RADIX[r.lower()]) for r, said in found if len(said) <= DIGITS))


class Drive:
    """Makes vectors for `interface`. Constants of the golden's `source` are favoured as data.

    A reset that is not sure is one in every reset, and `data` in every cycle.
    """

    def __init__(self, interface: Interface, source: str, rng: Random) -> None:
        self.interface, self.rng, self.data = interface, rng, interface.driven
        self.at_rest: Vector = {reset.name: int(reset.active_low) for reset in interface.doubtful}
        self.literals = literals(source)
        self.now: Vector = {p.name: 0 for p in interface.ports if p.direction == "input"}
        self.vectors: list[Vector] = []
        self.marks: list[Way | None] = []

    def apply(self, changes: Vector) -> None:
        self.now = self.now | changes
        self.vectors.append(self.now)

    def first_release(self, vectors: Sequence[Vector]) -> int:
        """The first vector in which no reset acts after all have, as nothing is promised before.

        0 without a reset; the number of vectors if they are too few.
        """
        resets = self.interface.resets
        if not resets:
            return 0
        on, off = self.levels(resets).items(), self.levels(()).items()
        acted = next((i for i, v in enumerate(vectors) if on <= v.items()), len(vectors))
        return next((i for i, v in enumerate(vectors) if i > acted and off <= v.items()), len(vectors))

    def levels(self, active: Sequence[Control]) -> Vector:
        """The reset inputs while just those in `active` act."""
        return {reset.name: int(reset.active_low != (reset in active)) for reset in self.interface.resets}

    def some(self, resets: Sequence[Control]) -> Sequence[Control]:
        """At least one, if there is one: which of them resets what shows only if they do not all act together."""
        return self.rng.sample(resets, self.rng.randint(1, len(resets))) if resets else ()

    # --- values -------------------------------------------------------------------------------------------

    def value(self, port: Port) -> int:
        """Random, extreme, one-hot, short, a neighbour of the present value, or a constant of the golden's or one of
        its neighbours, as a comparison may be off by one.
        """
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
            return (rng.choice(self.literals) + rng.choice((-1, 0, 0, 0, 0, 1))) & full
        return rng.getrandbits(rng.randint(1, port.width) if pick == 7 else port.width)

    def cycles(self, count: int) -> Iterator[Cycle]:
        """Data for so many cycles: in stretches some inputs are held or lean to one side; at times all are extreme.

        In half of the stretches each doubtful reset rests, as nothing that it resets would get far otherwise.
        """
        rng, data = self.rng, self.data
        held: Vector = {}
        resting: Vector = {}
        lean: dict[str, float] = {}
        for number in range(count):
            if number % 16 == 0:
                held = {p.name: self.value(p) for p in data if rng.random() < 0.3}
                resting = {name: level for name, level in self.at_rest.items() if rng.random() < 0.5}
                lean = {p.name: rng.choice((0.1, 0.5, 0.9)) for p in data if p.width == 1}
            free = {p.name: int(rng.random() < lean[p.name]) if p.width == 1 else self.value(p) for p in data}
            corner = rng.random() < CORNERS
            chosen = {p.name: rng.choice((0, (1 << p.width) - 1)) for p in data} if corner else free | held
            yield chosen | resting

    # --- clocked designs ----------------------------------------------------------------------------------

    def round(self, starts: Sequence[Way]) -> tuple[list[Vector], list[Way | None]]:
        """The vectors of one round, and for each the way from reset to the state after it, where that is known.

        Every second segment returns by the ways in `starts` and goes on a little from there, as often as it
        has room; of the others every second one is disturbed by resets, and all but the first begin with some of
        the resets only.
        """
        self.vectors, self.marks = [], []
        returns = cycle(starts) if starts else None
        for number in range(ROUND):
            if returns and number % 2:
                left = SEGMENT
                while left > 0:
                    way = next(returns)
                    beyond = BEYOND if len(way) < SEGMENT else SEGMENT
                    self.segment((*way, *self.cycles(beyond)), self.interface.resets)
                    left -= len(way) + beyond
            else:
                resets = self.some(self.interface.resets) if number else self.interface.resets
                self.segment(tuple(self.cycles(SEGMENT)), resets, 0.08 if number % 4 == 2 else 0.0)
        return self.vectors, self.marks

    def segment(self, data: Way, resets: Sequence[Control], disturbed: float = 0.0) -> None:
        """Cycles from a reset; each is followed by a reset in mid-run with probability `disturbed`."""
        self.reset(resets)
        self.mark(None)
        known = len(resets) == len(self.interface.resets)
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

    def reset(self, resets: Sequence[Control]) -> None:
        """Resets over two clock edges, released while the clock is low."""
        clock = self.clock
        self.apply({clock: 0} | {p.name: 0 for p in self.data})
        self.apply(self.levels(resets))
        for level in (1, 0, 1, 0):
            self.apply({clock: level})
        self.apply(self.levels(()))

    def cycle(self, data: Cycle) -> None:
        """Data while the clock is low, then both edges; sometimes other data while it is high."""
        self.apply(data)
        self.apply({self.clock: 1})
        if self.rng.random() < 0.1:
            self.apply(next(self.cycles(1)))
        self.apply({self.clock: 0})

    # --- laps ---------------------------------------------------------------------------------------------

    def settings(self) -> list[Cycle]:
        """Values for all data inputs: the 1-bit ones in every combination or, of many, in some; others at random.

        Doubtful resets rest in all of them, and some of them act when each comes once more.
        """
        bits = [p.name for p in self.data if p.width == 1 and p.name not in self.at_rest]
        wanted = (
            range(1 << len(bits))
            if len(bits) <= SETTING_BITS
            else [self.rng.getrandbits(len(bits)) for _ in range(1 << SETTING_BITS)]
        )
        settings = [
            {p.name: self.value(p) for p in self.data}
            | {name: number >> place & 1 for place, name in enumerate(bits)}
            | self.at_rest
            for number in wanted
        ]
        if self.at_rest:
            settings += [setting | self.levels(self.some(self.interface.doubtful)) for setting in settings]
        return settings

    def reworded(self, data: Cycle) -> Cycle:
        """The same setting with random words on the inputs of several bits."""
        return data | {p.name: self.rng.getrandbits(p.width) for p in self.data if p.width > 1}

    def from_reset(self) -> list[Vector]:
        """The vectors of a reset."""
        self.vectors = []
        self.reset(self.interface.resets)
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
        """Some resets in mid-run: between edges, with the clock high or low, or over an edge."""
        event = self.rng.choice(("low", "high", "edge"))
        if event == "high":
            self.apply({self.clock: 1})
        self.apply(self.levels(self.some(self.interface.resets)))
        if event == "edge":
            self.apply({self.clock: 1})
            self.apply({self.clock: 0})
        self.apply(self.levels(()))
        self.apply({self.clock: 0})

    @property
    def clock(self) -> str:
        assert self.interface.clock is not None
        return self.interface.clock

    # --- combinational designs ----------------------------------------------------------------------------

    def combinational(self) -> list[Vector]:
        """Every combination of inputs if they are few; then a choice of them, as the design may be a latch and
        answer otherwise from another state.
        """
        inputs = self.data
        bits = sum(port.width for port in inputs)
        for number in range(1 << bits) if bits <= EXHAUSTIVE_BITS else ():
            self.apply(self.split(number ^ number >> 1))
        for data in self.cycles(COMBINATIONAL):
            for name in self.rng.sample(list(data), len(data)):
                if data[name] != self.now[name]:
                    self.apply({name: data[name]})
        return self.vectors

    def split(self, number: int) -> Vector:
        values: Vector = {}
        for port in self.data:
            values[port.name] = number & ((1 << port.width) - 1)
            number >>= port.width
        return values
