"""What a golden module answers, where all that is known of a design is its Verilog.

Stimulus is found by exploring: segments of clock cycles, each from reset, are simulated on the golden while its
registers are watched. Half of the segments of a round return to a rarely seen state, by the inputs that first
led there, and go on from it; rounds go on until they show nothing new. Then inputs are held until the state comes
round, so that long counters wrap and saturate. What was reached is reported with every verdict, as a verdict is worth
no more than that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from harness.rtl.interface import Interface
from harness.rtl.screen import Rejection
from harness.rtl.screener import screen_safely
from harness.simulate.drive import ROUND, Cycle, Drive, Way
from harness.simulate.icarus import Bench, simulate
from harness.simulate.judge import ALONE, MAX_SAMPLE_BITS
from harness.simulate.problem import Problem
from harness.simulate.stimulus import Vector

MAX_ROUNDS = 20
QUIET_ROUNDS = 4
"""Rounds that show hardly anything new after which exploring ends."""
HARDLY = 1.01
"""Growth of the states, transitions and toggles seen that counts as nothing new."""
MAX_VECTORS = 40_000
PROBE = 70
"""Cycles for which every setting of the inputs is held."""
LAP = 4200
"""Cycles for which one is held after which the state has not come round by then: a 12-bit counter does so."""
BEYOND = 3
"""Cycles for which a lap goes on where it closed."""
ONES, ZEROS = str.maketrans("xz", "00"), str.maketrans("01xz", "1000")


class GoldenError(ValueError):
    """A golden that cannot be simulated: the fault of whoever gave it, not of a candidate."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a golden its stimulus reached.

    Of `vectors` applied: distinct register `states`, `transitions` between different ones, and how many of the
    output and register `bits` were seen both 0 and 1 (`toggled`); `idle` names the signals with bits that were
    not. `saturated`: the last rounds of exploring showed hardly anything new.
    """

    vectors: int
    states: int
    transitions: int
    toggled: int
    bits: int
    idle: tuple[str, ...]
    saturated: bool

    def __str__(self) -> str:
        idle = f"; constant, at least in part: {', '.join(self.idle[:8])}" if self.idle else ""
        more = "" if self.saturated else "; more may be reachable"
        return (
            f"{self.vectors} vectors, {self.states} states, {self.transitions} transitions,"
            f" {self.toggled} of {self.bits} bits seen both 0 and 1{idle}{more}"
        )


def golden_problem(source: str, interface: Interface, seed: int = 0) -> tuple[Problem, Coverage]:
    """The problem that a golden's source poses, and how much of the golden its stimulus reached.

    Equal arguments give equal problems. Raises GoldenError when the golden breaks a rule of screening, does not
    compile, or does not end within the limits.
    """
    golden = _Golden(source, interface)
    drive, laps = (Drive(interface, source, Random(f"{name} {seed}")) for name in ("golden", "laps"))
    rounds = _laps(golden, laps, golden.most_vectors // 2) if interface.clock is not None else []
    vectors, saturated = _explore(golden, drive, golden.most_vectors - len(rounds))
    vectors += rounds
    lines = golden.samples(vectors)
    known_from = drive.first_release(vectors)
    if known_from == len(vectors):
        raise GoldenError(
            f"the golden {interface.module} is too wide: no samples after its reset fit the limits"
        )
    seen = _Seen(golden)
    for line in lines[known_from:]:
        seen.add(line)
    answers = [line[: golden.output_bits] for line in lines]
    problem = Problem(interface.module, interface.ports, vectors, answers, known_from)
    return problem, seen.coverage(len(vectors), saturated)


class _Golden:
    """A golden's simulation: a sample is all outputs, then the registers that are not outputs themselves."""

    def __init__(self, source: str, interface: Interface) -> None:
        screened = screen_safely(source, interface.module, interface.ports)
        if isinstance(screened, Rejection):
            raise GoldenError(f"the golden is not plain RTL ({screened.rule}): {screened.detail}")
        outputs = {p.name: p.width for p in interface.ports if p.direction == "output"}
        hidden = {r.path: r.width for r in interface.registers if r.path not in outputs}
        registers = {register.path for register in interface.registers}
        self.flat, self.interface, self.probes = screened.flat, interface, tuple(hidden)
        self.output_bits = sum(outputs.values())
        self.columns: list[tuple[str, slice, bool]] = []
        """Each signal with its place in a sample, and whether it is a register."""
        at = 0
        for name, width in (outputs | hidden).items():
            self.columns.append((name, slice(at, at + width), name in registers))
            at += width
        longest = max(at, sum(p.width for p in interface.ports if p.direction == "input"), 1)
        self.most_vectors = min(MAX_VECTORS, MAX_SAMPLE_BITS // longest)

    def samples(self, vectors: Sequence[Vector]) -> list[str]:
        ports, module = self.interface.ports, self.interface.module
        simulation = simulate([Bench(module, ports, vectors, (self.flat,), self.probes)], ALONE)
        if len(simulation.samples[0]) != len(vectors):
            done = simulation.completed
            why = "not within its limits" if done.timed_out or done.signal else done.stderr.strip()[:400]
            raise GoldenError(f"the golden {module} does not simulate: {why or 'no samples came'}")
        return simulation.samples[0]

    def state(self, line: str) -> str:
        return "".join([line[place] for _, place, register in self.columns if register])


class _Seen:
    """What samples have shown so far."""

    def __init__(self, golden: _Golden) -> None:
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

    @property
    def size(self) -> tuple[int, int, int]:
        return len(self.visits), len(self.transitions), (self.ones & self.zeros).bit_count()

    def coverage(self, vectors: int, saturated: bool) -> Coverage:
        width = self.golden.columns[-1][1].stop
        toggled = f"{self.ones & self.zeros:0{width}b}"
        idle = tuple(name for name, place, _ in self.golden.columns if "0" in toggled[place])
        states, transitions, bits = self.size
        return Coverage(vectors, states, transitions, bits, width, idle, saturated)


def _explore(golden: _Golden, drive: Drive, most: int) -> tuple[list[Vector], bool]:
    """At most so many vectors, and whether the last rounds showed nothing new."""
    if golden.interface.clock is None:
        return drive.combinational()[:most], True
    vectors: list[Vector] = []
    seen, ways, quiet = _Seen(golden), dict[str, Way](), 0
    for _ in range(MAX_ROUNDS):
        before = seen.size
        rare = sorted(ways, key=lambda state: (seen.visits[state], len(ways[state]), state))
        starts = [ways[state] for state in rare[: max(2, min(ROUND, len(rare) // 4))]]
        fresh, marks = drive.round(starts)
        if len(vectors) + len(fresh) > most:
            return vectors + fresh[: most - len(vectors)], False
        for line, way in zip(golden.samples(fresh), marks, strict=True):
            state = seen.add(line)
            if way is not None and golden.interface.resets and "x" not in state:
                ways.setdefault(state, way)
        vectors += fresh
        grown = any(after > HARDLY * size for after, size in zip(seen.size, before, strict=True))
        quiet = 0 if grown else quiet + 1
        if quiet == QUIET_ROUNDS:
            return vectors, True
    return vectors, False


def _laps(golden: _Golden, drive: Drive, most: int) -> list[Vector]:
    """From reset every setting of the inputs for a while; then the long ones until the state comes round, and from
    where they led every other one again, so that a counter also comes down from its top. At most so many vectors.
    """
    vectors, starts = drive.from_reset(), dict[int, Cycle]()
    for data in drive.settings():
        starts[len(vectors)] = data
        vectors += drive.held(data, PROBE)
    if len(vectors) > most:
        return []
    states = [golden.state(line) for line in golden.samples(vectors)]
    long = [data for at, data in starts.items() if _closed(states[at : at + 2 * PROBE + 1 : 2]) is None]
    for data in (*long, *starts.values()) if long else ():
        room = (most - len(vectors)) // 2 - BEYOND - 1
        fresh = drive.held(data, min(LAP, room))
        states = [golden.state(line) for line in golden.samples(vectors + fresh)[len(vectors) :]]
        if (lap := _closed(states[::2])) is not None:
            vectors += fresh[: 2 * (lap + BEYOND) + 1]
    return vectors


def _closed(states: Sequence[str]) -> int | None:
    """The cycle at whose end a state occurs again; None if there is none, or a state is not known."""
    seen = set()
    for cycle, state in enumerate(states):
        if "x" in state:
            return None
        if state in seen:
            return cycle
        seen.add(state)
    return None
