"""What a golden module answers, where all that is known of a design is its Verilog.

Stimulus is found by exploring: segments of clock cycles, each from reset, are simulated on the golden while its
registers are watched. Half of the segments of a round return to a rarely seen state, by the inputs that first
led there, and go on from it; rounds go on until they show nothing new. Inputs are held until the state comes
round, so that long counters wrap and saturate, every other input is tried where a long lap turns, and a small
machine is learnt to show where its transitions end. What
was reached is reported with every verdict, as a verdict is worth no more than that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from harness.rtl.interface import Interface
from harness.simulate.drive import ROUND, Drive, Way
from harness.simulate.held import laps
from harness.simulate.learn import identify
from harness.simulate.problem import Problem
from harness.simulate.stimulus import Vector
from harness.simulate.turns import turned
from harness.simulate.watch import GoldenError, TooSlow, Watched

MAX_ROUNDS = 30
QUIET_ROUNDS = 4
"""Rounds that show hardly anything new after which exploring ends; not where bits are left that never changed, unless
the machine is known whole."""
HARDLY = 1.01
"""Growth of the states, transitions and toggles seen that counts as nothing new."""
ONES, ZEROS = str.maketrans("xz", "00"), str.maketrans("01xz", "1000")


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a golden its stimulus reached.

    Of `vectors` applied: distinct register `states`, `transitions` between different ones, and how many of the
    output and register `bits` were seen both 0 and 1 (`toggled`); `idle` names the signals with bits that were
    not, and `constant` the outputs of which no bit was. `saturated`: the last rounds of exploring showed hardly
    anything new. `identified`: so many states differ in behaviour, and each was shown to
    be left for the right one by every input; 0 where that was not shown.
    """

    vectors: int
    states: int
    transitions: int
    toggled: int
    bits: int
    idle: tuple[str, ...]
    constant: tuple[str, ...]
    saturated: bool
    identified: int

    def __str__(self) -> str:
        idle = f"; constant, at least in part: {', '.join(self.idle[:8])}" if self.idle else ""
        more = "" if self.saturated else "; more may be reachable"
        if self.identified:
            more += f"; every transition shown to end in the right one of {self.identified} distinguishable states"
        return (
            f"{self.vectors} vectors, {self.states} states, {self.transitions} transitions,"
            f" {self.toggled} of {self.bits} bits seen both 0 and 1{idle}{more}"
        )


def golden_problem(source: str, interface: Interface, seed: int = 0) -> tuple[Problem, Coverage]:
    """The problem that a golden's source poses, and how much of the golden its stimulus reached.

    Equal arguments give equal problems, unless a machine is too slow for all the vectors of a large golden, which then
    is driven with fewer. Raises GoldenError when the golden breaks a rule of screening, does not compile, does not end
    within the limits, or has an output that is never known.
    """
    golden = Watched(source, interface)
    while True:
        try:
            return _problem(golden, source, seed)
        except TooSlow:
            golden.slow_down()


def _problem(golden: Watched, source: str, seed: int) -> tuple[Problem, Coverage]:
    interface = golden.interface
    most, clocked = golden.most_vectors, interface.clock is not None

    def drive(purpose: str) -> Drive:
        return Drive(interface, source, Random(f"{purpose} {seed}"))

    rounds = laps(golden, drive("laps"), most // 2) if clocked else []
    room = most - max(0, len(rounds) - golden.spare_vectors)
    vectors, saturated, starts = _explore(golden, drive("golden"), room // 4 if clocked else room)
    left = room - len(vectors) + 2 * golden.spare_vectors
    tests, identified = identify(golden, drive("small"), left) if clocked else ([], 0)
    idle = 0 if identified or not clocked else _idle(golden, vectors + rounds + tests)
    if idle or not saturated:
        free = room - max(0, len(tests) - 2 * golden.spare_vectors)
        vectors, saturated, starts = _explore(golden, drive("golden"), free, idle)
    vectors += rounds + tests + turned(golden, drive("turns"), starts, golden.spare_vectors)
    lines = golden.samples(vectors)
    known_from = drive("").first_release(vectors)
    if known_from == len(vectors):
        raise GoldenError(
            f"the golden {interface.module} is too wide: no samples after its reset fit the limits"
        )
    seen = _Seen(golden)
    for line in lines[known_from:]:
        seen.add(line)
    if unknown := seen.unknown():
        raise GoldenError(
            f"the golden {interface.module} never gave {', '.join(unknown)} a known value in {len(vectors)} vectors,"
            " so there is nothing to compare: give it a reset that acts (--reset) or an initial value"
        )
    answers = [line[: golden.output_bits] for line in lines]
    problem = Problem(interface.module, interface.ports, vectors, answers, known_from)
    return problem, seen.coverage(len(vectors), saturated, identified)


class _Seen:
    """What samples have shown so far."""

    def __init__(self, golden: Watched) -> None:
        self.golden = golden
        self.visits: Counter[str] = Counter()
        self.transitions: set[tuple[str, str]] = set()
        self.ones = self.zeros = 0
        self.last = ""

    def add(self, line: str) -> str:
        """Count one sample and return its state."""
        state = self.golden.state(line)
        if "x" not in state:
            self.visits[state] += 1
            if self.last not in ("", state):
                self.transitions.add((self.last, state))
            self.last = state
        self.ones |= int(line.translate(ONES), 2)
        self.zeros |= int(line.translate(ZEROS), 2)
        return state

    def unknown(self) -> list[str]:
        """The outputs that never were wholly or in part 0 or 1."""
        known = f"{self.ones | self.zeros:0{self.golden.bits}b}"
        return [name for name, place in self.golden.outputs.items() if "1" not in known[place]]

    @property
    def toggled(self) -> int:
        """The bits of a sample that were seen both 0 and 1."""
        return self.ones & self.zeros

    @property
    def size(self) -> tuple[int, int, int]:
        return len(self.visits), len(self.transitions), self.toggled.bit_count()

    def coverage(self, vectors: int, saturated: bool, identified: int) -> Coverage:
        width, columns = self.golden.bits, self.golden.columns
        toggled = f"{self.toggled:0{width}b}"
        idle = tuple(name for name, place, _ in columns if "0" in toggled[place])
        constant = tuple(name for name, place in self.golden.outputs.items() if "1" not in toggled[place])
        states, transitions, bits = self.size
        return Coverage(vectors, states, transitions, bits, width, idle, constant, saturated, identified)


def _idle(golden: Watched, vectors: Sequence[Vector]) -> int:
    """The bits of a sample that these vectors leave as they are."""
    seen = _Seen(golden)
    for line in golden.samples(vectors):
        seen.add(line)
    return ~seen.toggled & ((1 << golden.bits) - 1)


def _explore(golden: Watched, drive: Drive, most: int, idle: int = 0) -> tuple[list[Vector], bool, list[Way]]:
    """At most so many vectors, and whether the last rounds showed nothing new; they go on while one of the `idle` bits
    has not changed. Also the ways from reset to where each answer was first seen.
    """
    if golden.interface.clock is None:
        return drive.combinational()[:most], True, []
    vectors: list[Vector] = []
    answers: dict[str, Way] = {"": ()} if golden.interface.resets else {}
    seen, ways, quiet = _Seen(golden), dict[str, Way](), 0
    for _ in range(MAX_ROUNDS):
        before = seen.size
        rare = sorted(ways, key=lambda state: (seen.visits[state], len(ways[state]), state))
        starts = [ways[state] for state in rare[: max(2, min(ROUND, len(rare) // 4))]]
        fresh, marks = drive.round(starts)
        if len(vectors) + len(fresh) > most:
            return vectors + fresh[: most - len(vectors)], False, list(answers.values())
        for line, way in zip(golden.samples(fresh), marks, strict=True):
            state = seen.add(line)
            if way is not None and golden.interface.resets and "x" not in state:
                ways.setdefault(state, way)
                answers.setdefault(line[: golden.output_bits], way)
        vectors += fresh
        grown = any(after > HARDLY * size for after, size in zip(seen.size, before, strict=True))
        quiet = 0 if grown else quiet + 1
        if quiet >= QUIET_ROUNDS and not idle & ~seen.toggled:
            return vectors, True, list(answers.values())
    return vectors, False, list(answers.values())
