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

CYCLES = 510
Mode = Literal["random", "held", "biased", "steady", "explore"]
BLOCK = 36
"""Cycles for which 1-bit inputs are biased one way or steady: a 32-bit register can shift out."""
SEARCH_STEPS = 600
"""Moves that the search for unseen answers may try: enough for every bit pattern of length 8."""
Vector = dict[str, int]


@dataclass(frozen=True, slots=True)
class Trace:
    """Vectors, and the reference's outputs after each.

    Before vector `known_from` a real design's state may still be unknown, so outputs are not compared there.
    """

    vectors: list[Vector]
    expected: list[dict[str, int]]
    known_from: int


def trace(spec: Spec, seed: int, cycles: int = CYCLES) -> Trace:
    """Drive the reference of `spec` for about `cycles` clock cycles (or vectors, without a clock).

    Equal arguments give equal traces. Raises ValueError if no vector makes the design's state known, which
    happens to a design with state and no reset that its inputs cannot force.
    """
    return drive(spec, seed, cycles).trace()


def drive(spec: Spec, seed: int, cycles: int = CYCLES) -> Driver:
    """A driver that has done what `trace` describes, and can go on."""
    driver = Driver(spec, Random(f"{seed} {cycles} {spec.parameters!r}"))
    if spec.clock is None:
        driver.combinational(cycles)
    else:
        driver.clocked(cycles)
    return driver


def _known_from(spec: Spec, vectors: Sequence[Vector], states: Sequence[State]) -> int:
    """The first vector after which the state no longer depends on the state that the design woke up in.

    The reference wakes up in its reset state, a simulated design in x. Where there is a reset, it must have
    acted. Without one the inputs must force the state: we replay them from other states until all agree.
    """
    if spec.reset and spec.clock:
        for step, vector in enumerate(vectors):
            rising = vector[spec.clock] and step and not vectors[step - 1][spec.clock]
            if spec.reset.asserted(vector) and (spec.reset.asynchronous or rising):
                return step
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
        f"{spec.category} {spec.name!r}: no stimulus makes its state known; "
        "give the spec a reset, or inputs that force its state"
    )


class Driver:
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
        self.moves: dict[State, dict[int, tuple[State, Vector, tuple[int, ...]]]] = {}

    def trace(self) -> Trace:
        """What has been applied so far. Raises ValueError if it does not make the design's state known."""
        known_from = _known_from(self.spec, self.vectors, self.states)
        return Trace(self.vectors, self.expected, known_from)

    def apply(self, **changes: int) -> None:
        before, self.now = self.now, {**self.now, **changes}
        if self.now == before and self.vectors:
            return
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
        bit = self.rng.getrandbits
        return {p.name: bit(1) if p.width == 1 else self.value(p) for p in self.data}

    def next_data(self, mode: Mode, favoured: Vector) -> Vector:
        if mode == "random" or not self.data:
            return self.random_data()
        if mode == "held":
            port = self.rng.choice(self.data)
            return {port.name: self.value(port)} if self.rng.random() < 0.4 else {}
        if mode == "explore":
            return self.novel_data()
        bias = 1.0 if mode == "steady" else 0.9
        return {
            p.name: favoured[p.name] if p.width == 1 and self.rng.random() < bias else self.value(p)
            for p in self.data
        }

    def novel_data(self) -> Vector:
        """Of a few choices the first that leads to a new state, else one not yet taken in this state.

        What the last edge took is tried first and, mostly, last: going on is what leads a counter out of its
        known range.
        """
        state, unused, hold = self.reference.state, None, self.taken
        for attempt in range(5):
            choice = self.random_data() if attempt else hold
            following = self.spec.next(state, {**self.now, **choice})
            if following not in self.seen_states:
                return choice
            if unused is None and self.key(choice) not in self.moves.get(state, {}):
                unused = choice
            if not attempt:
                stays = following == state
        return unused or (choice if stays or self.rng.random() < 0.15 else hold)

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
        for _ in range(3 * vectors):
            if len(self.vectors) < vectors:
                self.apply(**self.next_data(self.rng.choice(("random", "held")), {}))

    def split(self, number: int) -> Vector:
        values: Vector = {}
        for port in self.data:
            values[port.name] = number & ((1 << port.width) - 1)
            number >>= port.width
        return values

    def clocked(self, cycles: int) -> None:
        """Reset, then phases with and without resets; half of the cycles are one reset-free stretch."""
        self.settle_unknowns()
        for share, mode, resets in _PHASES:
            for i in range(round(share * cycles)):
                block, offset = divmod(i, BLOCK)
                if offset == 0:
                    favoured = self.favoured(mode, block)
                if mode == "explore" and i == 0:
                    self.seen_states.clear()
                if (mode == "explore" and i == 0) or (mode == "steady" and offset == 0):
                    self.reset_over_edges(1)
                self.cycle(mode, favoured, resets)
        if self.spec.reset:
            self.revisit(round(_REVISIT_SHARE * cycles))

    def revisit(self, cycles: int) -> None:
        """Reset where it matters: after every kind of answer, those not seen so far first, on short paths.

        After such a reset comes the path without its beginning, which shows whether reset forgot something;
        and the path again with a glitch of reset before its last step.
        """
        reset = self.spec.reset
        assert reset is not None
        for path in self.paths():
            if cycles <= 0:
                return
            for begin in range(min(len(path), 4)):
                self.reset_over_edges(1)
                for data in path[begin:]:
                    self.edge(data)
                cycles -= len(path) - begin + 1
            self.reset_over_edges(1)
            for data in path[:-1]:
                self.edge(data)
            self.apply(**{reset.name: int(not reset.active_low)})
            self.apply(**{reset.name: int(reset.active_low)})
            self.edge(path[-1])
            cycles -= len(path) + 1

    def paths(self) -> list[list[Vector]]:
        """For every kind of answer that a short search finds, the shortest inputs from reset that lead to it.

        An answer is the outputs on both sides of an edge. Those that never occurred come first.
        """
        initial = self.spec.initial()
        bits = sum(p.width for p in self.data)
        every = [self.split(number) for number in range(1 << bits)] if bits <= 4 else []
        seen = {answer for moves in self.moves.values() for _, _, answer in moves.values()}
        paths: dict[State, list[Vector]] = {initial: []}
        found: dict[tuple[int, ...], list[Vector]] = {}
        queue, budget = [initial], SEARCH_STEPS
        for state in queue:
            tried = [data for _, data, _ in self.moves.get(state, {}).values()]
            for data in every or tried:
                after, answer = self.foresee(state, data)
                path = [*paths[state], data]
                found.setdefault(answer, path)
                if after not in paths:
                    paths[after] = path
                    queue.append(after)
                budget -= 1
            if budget <= 0:
                break
        return [found[answer] for answer in sorted(found, key=lambda a: (a in seen, len(found[a])))]

    def foresee(self, state: State, data: Vector) -> tuple[State, tuple[int, ...]]:
        """The state after an edge with `data`, reset released, and the outputs before and after it."""
        spec = self.spec
        assert spec.clock is not None
        released = {spec.reset.name: int(spec.reset.active_low)} if spec.reset else {}
        low = {**released, **data, spec.clock: 0}
        high = {**low, spec.clock: 1}
        after = spec.next(state, high)
        return after, (*spec.outputs(state, low).values(), *spec.outputs(after, high).values())

    def edge(self, data: Vector) -> None:
        """Let the clock fall with new data, and rise."""
        assert self.spec.clock is not None
        before, key, reset = self.reference.state, self.key(data), self.spec.reset
        self.taken = data
        self.apply(**{self.spec.clock: 0}, **data)
        low = self.expected[-1]
        self.apply(**{self.spec.clock: 1})
        after = self.reference.state
        self.seen_states.add(after)
        if not (reset and reset.asserted(self.now)):
            answer = (*low.values(), *self.expected[-1].values())
            self.moves.setdefault(before, {})[key] = (after, data, answer)

    def favoured(self, mode: Mode, block: int) -> Vector:
        """A value for every 1-bit input; steady blocks go through all pairs of values for neighbours."""
        patterns = ((0, 0), (1, 1), (0, 1), (1, 0))
        return {
            p.name: patterns[block % 4][i % 2] if mode == "steady" else self.rng.getrandbits(1)
            for i, p in enumerate(p for p in self.data if p.width == 1)
        }

    def reset_over_edges(self, edges: int) -> None:
        """From a low clock, assert reset over `edges` rising edges with changing data, and release it."""
        clock, reset = self.spec.clock, self.spec.reset
        if clock is None or reset is None:
            return
        self.apply(**{clock: 0})
        self.apply(**{reset.name: int(not reset.active_low)})
        for _ in range(edges):
            self.apply(**{clock: 1})
            self.apply(**{clock: 0}, **self.random_data())
        self.apply(**{reset.name: int(reset.active_low)})

    def settle_unknowns(self) -> None:
        """A clock cycle before the first reset, so that every net changes once; then reset over two edges."""
        clock, reset = self.spec.clock, self.spec.reset
        assert clock is not None
        released = {reset.name: int(reset.active_low)} if reset else {}
        self.apply(**released, **self.random_data())
        self.apply(**{clock: 1})
        self.apply(**{clock: 0}, **self.random_data())
        self.reset_over_edges(2)

    def cycle(self, mode: Mode, favoured: Vector, resets: bool) -> None:
        """One cycle, from before the clock falls. Data may also change during either level of the clock."""
        clock, reset, rng = self.spec.clock, self.spec.reset, self.rng
        assert clock is not None
        on = {reset.name: int(not reset.active_low)} if reset else {}
        off = {reset.name: int(reset.active_low)} if reset else {}
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
        self.edge({p.name: self.now[p.name] for p in self.data})
        if event == "over the rising edge":
            if rng.getrandbits(1):
                self.apply(**{clock: 0})
            self.apply(**off)


_RESETS = ("glitch while high", "glitch while low", "over the falling edge", "over the rising edge")
_PHASES: tuple[tuple[float, Mode, bool], ...] = (
    (0.08, "random", True),
    (0.06, "held", True),
    (0.50, "explore", False),
    (0.28, "steady", False),
    (0.05, "biased", True),
)
_REVISIT_SHARE = 0.12
