"""What a design is driven with, and what it must answer.

Stimulus is a list of vectors (a value for every input, clock and reset included), each applied and left to
settle. Data never changes in the vector in which the clock rises, so no simulator race decides a verdict.
The executable reference is driven along, which gives the expected outputs and lets part of the stimulus go
where the reference has not been yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

from harness.families.spec import Port, Reference, Spec, State

CYCLES = 500
Mode = Literal["random", "held", "biased", "explore"]
Vector = dict[str, int]


@dataclass(frozen=True, slots=True)
class Trace:
    """Vectors, the reference's outputs after each, and its state after each.

    Before vector `known_from` a real design's state may still be unknown, so outputs are not compared there.
    """

    vectors: list[Vector]
    expected: list[dict[str, int]]
    states: list[State]
    known_from: int


def stimulus(spec: Spec, seed: int, cycles: int = CYCLES) -> list[Vector]:
    """Just the vectors of `trace`."""
    return trace(spec, seed, cycles).vectors


def trace(spec: Spec, seed: int, cycles: int = CYCLES) -> Trace:
    """Drive the reference of `spec` for about `cycles` clock cycles (or vectors, without a clock).

    Equal arguments give equal traces. Raises ValueError if no vector makes the design's state known, which
    happens to a design with state and no reset that its inputs cannot force.
    """
    driver = _Driver(spec, Random(f"{seed} {cycles} {spec.parameters!r}"))
    if spec.clock is None:
        driver.combinational(cycles)
    else:
        driver.clocked(cycles)
    known_from = _known_from(spec, driver.vectors, driver.states)
    return Trace(driver.vectors, driver.expected, driver.states, known_from)


def _known_from(spec: Spec, vectors: Sequence[Vector], states: Sequence[State]) -> int:
    """The first vector after which the state no longer depends on the state that the design woke up in.

    The reference wakes up in its reset state; a simulated design in x. So we replay from many other states.
    """
    others = list(dict.fromkeys(states[:: max(1, len(states) // 512)]))
    others = others[:: max(1, len(others) // 32)]
    replicas = [Reference(spec) for _ in others]
    for replica, state in zip(replicas, others, strict=True):
        replica.state = state
    for step, vector in enumerate(vectors):
        for replica in replicas:
            replica.apply(vector)
        replicas = [replica for replica in replicas if replica.state != states[step]]
        if not replicas:
            return step
    raise ValueError(
        f"{spec.category} {spec.name!r}: no stimulus makes its state known; give the spec a reset or inputs that force it"
    )


class _Driver:
    """Appends vectors and what the reference answers."""

    def __init__(self, spec: Spec, rng: Random) -> None:
        self.spec, self.rng = spec, rng
        self.reference = Reference(spec)
        reset = spec.reset.name if spec.reset else None
        self.data = [p for p in spec.ports if p.direction == "input" and p.name not in (spec.clock, reset)]
        self.now: Vector = {p.name: 0 for p in spec.ports if p.direction == "input"}
        self.vectors: list[Vector] = []
        self.expected: list[dict[str, int]] = []
        self.states: list[State] = []
        self.taken: Vector = {p.name: 0 for p in self.data}
        self.seen_states: set[State] = set()
        self.seen_moves: set[tuple[State, int]] = set()

    def apply(self, **changes: int) -> None:
        self.now = {**self.now, **changes}
        self.vectors.append(self.now)
        self.expected.append(self.reference.apply(self.now))
        self.states.append(self.reference.state)

    # --- values -------------------------------------------------------------------------------------------
    def value(self, port: Port) -> int:
        """Random, extreme, one-hot, next to the present value, or a copy of another input."""
        rng, full = self.rng, (1 << port.width) - 1
        if port.width == 1:
            return rng.getrandbits(1)
        pick = rng.randrange(10)
        if pick < 5:
            return rng.getrandbits(port.width)
        if pick == 5:
            return rng.choice((0, full, full >> 1, (full >> 1) + 1))
        if pick == 6:
            return 1 << rng.randrange(port.width)
        if pick == 7:
            return (self.now[port.name] + rng.choice((-1, 1))) & full
        return (self.now[rng.choice(self.data).name] + rng.choice((0, 0, -1, 1))) & full

    def random_data(self) -> Vector:
        return {p.name: self.value(p) for p in self.data}

    def next_data(self, mode: Mode, favoured: Vector) -> Vector:
        if mode == "random" or not self.data:
            return self.random_data()
        if mode == "held":
            port = self.rng.choice(self.data)
            return {port.name: self.value(port)} if self.rng.random() < 0.4 else {}
        if mode == "biased":
            return {
                p.name: favoured[p.name] if p.width == 1 and self.rng.random() < 0.9 else self.value(p)
                for p in self.data
            }
        return self.novel_data()

    def novel_data(self) -> Vector:
        """Of a few choices the first that leads to a new state, else one not yet taken in this state, else any.

        Holding what the last edge took is tried first and last: what leads out of a counter's known range is to go on.
        """
        state, unused, hold = self.reference.state, None, self.taken
        for attempt in range(5):
            choice = self.random_data() if attempt else hold
            if self.spec.next(state, {**self.now, **choice}) not in self.seen_states:
                return choice
            if unused is None and (state, self.key(choice)) not in self.seen_moves:
                unused = choice
        return unused or (hold if len(self.vectors) & 128 else choice)

    def key(self, data: Vector) -> int:
        return hash(tuple(data.values()))

    # --- schedules ----------------------------------------------------------------------------------------
    def combinational(self, vectors: int) -> None:
        """Every value if there are few, then corners and random vectors."""
        bits = sum(p.width for p in self.data)
        if bits <= 9:
            for number in range(1 << bits):
                self.apply(**self.split(number))
        else:
            for number in (0, (1 << bits) - 1, *(1 << i for i in range(min(bits, 64)))):
                self.apply(**self.split(number))
        while len(self.vectors) < vectors:
            self.apply(**self.next_data(self.rng.choice(("random", "held")), {}))

    def split(self, number: int) -> Vector:
        values: Vector = {}
        for port in self.data:
            values[port.name] = number & ((1 << port.width) - 1)
            number >>= port.width
        return values

    def clocked(self, cycles: int) -> None:
        """Reset, then phases with and without resets; more than half of the cycles are one reset-free stretch."""
        self.settle_unknowns()
        for share, mode, resets in _PHASES:
            favoured = {p.name: self.rng.getrandbits(1) for p in self.data}
            for i in range(round(share * cycles)):
                if i % 48 == 0:
                    favoured = {p.name: self.rng.getrandbits(1) for p in self.data}
                self.cycle(mode, favoured, resets)

    def settle_unknowns(self) -> None:
        """One clock cycle before the first reset (so that every net has changed once), then reset over two edges."""
        clock, reset = self.spec.clock, self.spec.reset
        assert clock is not None
        idle = {reset.name: int(reset.active_low)} if reset else {}
        self.apply(**idle, **self.random_data())
        self.apply(**{clock: 1})
        self.apply(**{clock: 0}, **self.random_data())
        if reset:
            self.apply(**{reset.name: int(not reset.active_low)})
            for _ in range(2):
                self.apply(**{clock: 1})
                self.apply(**{clock: 0}, **self.random_data())
            self.apply(**idle)

    def cycle(self, mode: Mode, favoured: Vector, resets: bool) -> None:
        """One cycle, beginning where the clock falls. Data may also change during either level of the clock."""
        clock, reset, rng = self.spec.clock, self.spec.reset, self.rng
        assert clock is not None
        on, off = ({reset.name: int(level != reset.active_low)} if reset else {} for level in (1, 0))
        event = rng.choice(_RESETS) if reset and resets and rng.random() < 0.25 else ""
        extra = rng.random()
        if event == "glitch while high":
            self.apply(**on)
            self.apply(**off)
        if extra < 0.1:
            self.apply(**self.random_data())
        if event == "over the falling edge":
            self.apply(**on)
        if extra > 0.8:
            self.apply(**{clock: 0}, **self.random_data())
        self.apply(**{clock: 0}, **self.next_data(mode, favoured))
        if event == "over the falling edge":
            self.apply(**off)
        if event == "glitch while low":
            self.apply(**on)
            self.apply(**off)
        if event == "over the rising edge":
            self.apply(**on)
            for _ in range(rng.randrange(3)):
                self.apply(**{clock: 1})
                self.apply(**{clock: 0}, **self.random_data())
        self.taken = {p.name: self.now[p.name] for p in self.data}
        self.seen_moves.add((self.reference.state, self.key(self.taken)))
        self.apply(**{clock: 1})
        self.seen_states.add(self.reference.state)
        if event == "over the rising edge":
            if rng.getrandbits(1):
                self.apply(**{clock: 0})
            self.apply(**off)


_RESETS = ("glitch while high", "glitch while low", "over the falling edge", "over the rising edge")
_PHASES: tuple[tuple[float, Mode, bool], ...] = (
    (0.08, "random", True),
    (0.06, "held", True),
    (0.54, "explore", False),
    (0.10, "biased", False),
    (0.06, "held", False),
    (0.10, "biased", True),
    (0.06, "explore", True),
)
