"""The machine that a small golden is, learnt by simulating it: from every state, every choice of inputs.

What is learnt lets the golden's stimulus show not only that each transition answers right, but that it ends in the
right state (harness.families.identify), of which random inputs see little in a design that rarely answers.
"""

from __future__ import annotations

from collections.abc import Sequence

from harness.families.identify import Machine, Word, identifying_words, some
from harness.simulate.drive import Cycle, Drive
from harness.simulate.stimulus import Vector
from harness.simulate.watch import Watched

LEVELS = 20
"""Cycles from reset at which states are looked for; each takes a simulation."""
EVERY_BITS = 5
"""Bits of data inputs of which every combination is tried."""


def identify(golden: Watched, drive: Drive, most: int) -> tuple[list[Vector], int]:
    """At most so many vectors that show where transitions end; and how many distinguishable states the golden has
    if they show it for every input in one state of each kind, otherwise 0.

    Without vectors for a golden that cannot be learnt: its reset does not reset everything, it keeps something that
    cannot be watched, or it has too many states for two thirds of the room. An x tells no two states apart, as a
    candidate may answer anything there.
    """
    inputs, resets = _inputs(drive), _resets(drive)
    vectors, machine = _learn(golden, drive, inputs, 2 * most // 3)
    if machine is None:
        return [], 0
    every = [*inputs, *resets]
    cycle, reset = len(_cycle(drive, inputs[0])), len(drive.from_reset())

    def driven(tests: Sequence[Word], most: int) -> bool:
        """Whether so many vectors were enough for all of them."""
        chosen = some(tests, most, cycle, reset)
        for test in chosen:
            vectors.extend(_run(drive, every, test))
        return len(chosen) == len(tests)

    beyond = range(len(inputs), len(every))
    needed = dict.fromkeys(identifying_words(machine, beyond=beyond))
    alike = [word for word in identifying_words(machine, machine.moves, beyond) if word not in needed]
    shown = bool(needed) and driven(list(needed), most - len(vectors))
    driven(
        alike, (most - len(vectors)) // 2
    )  # a candidate of the golden's shape may be wrong in one of them only
    known = all(set(str(shown)) <= set("01") for found in machine.moves.values() for shown, _ in found)
    whole = shown and known and _bits(drive) <= EVERY_BITS and len(resets) == 1
    return vectors, len(machine.distinct()) if whole else 0


def _inputs(drive: Drive) -> list[Cycle]:
    """Every combination of the data inputs if they are few, otherwise of those of one bit, with every constant of the
    golden's on the wide ones if that is not too much: a lock's key is among them.
    """
    bits = _bits(drive)
    few = [drive.split(number) for number in range(1 << bits)] if bits <= EVERY_BITS else drive.settings()
    wide = [port for port in drive.data if port.width > 1] if bits > EVERY_BITS else []
    keyed = [
        data | {port.name: number & ((1 << port.width) - 1) for port in wide}
        for number in drive.literals
        for data in few
    ]
    every = [drive.levels(()) | data for data in (few + keyed if len(keyed) <= 1 << EVERY_BITS else few)]
    return [data for number, data in enumerate(every) if data not in every[:number]]


def _resets(drive: Drive) -> list[Cycle]:
    """Each reset alone, with data that is all 1, as it is all 0 at the reset that a test begins with."""
    ones = {port.name: (1 << port.width) - 1 for port in drive.data}
    return [ones | drive.levels((reset,)) for reset in drive.interface.resets]


def _bits(drive: Drive) -> int:
    return sum(port.width for port in drive.data)


def _learn(
    golden: Watched, drive: Drive, inputs: Sequence[Cycle], most: int
) -> tuple[list[Vector], Machine[str] | None]:
    """The vectors driven, which are part of the tests, and the machine; None where that cannot be learnt."""
    vectors: list[Vector] = []
    interface, bits = golden.interface, golden.output_bits
    if interface.clock is None or not interface.resets or not interface.whole:
        return vectors, None
    first = drive.from_reset()
    initial = golden.state(golden.samples(first)[-1])
    if "x" in initial:
        return vectors, None
    ways: dict[str, Word] = {initial: ()}
    moves: dict[str, list[tuple[str, str]]] = {}
    level = [initial]
    for _ in range(LEVELS):
        trials = [(state, number) for state in level for number in range(len(inputs))]
        fresh: list[Vector] = []
        begins, ends = list[int](), list[int]()
        for state, number in trials:
            begins.append(len(fresh) + len(first))
            fresh += _run(drive, inputs, (*ways[state], number))
            ends.append(len(fresh))
            if len(vectors) + len(fresh) > most:
                return vectors, None
        samples, level = golden.samples(fresh), []
        vectors += fresh
        if any(golden.state(samples[begin - 1]) != initial for begin in begins):
            return vectors, None
        for (state, number), end in zip(trials, ends, strict=True):
            shown, after = samples[end - 3][:bits] + samples[end - 2][:bits], golden.state(samples[end - 1])
            if "x" in after:
                return vectors, None
            moves.setdefault(state, []).append((shown, after))
            if after not in ways:
                ways[after] = (*ways[state], number)
                level.append(after)
        if not level:
            return vectors, Machine(initial, moves)
    return vectors, None


def _run(drive: Drive, inputs: Sequence[Cycle], word: Word) -> list[Vector]:
    """A reset, and a cycle for each input of the word."""
    return drive.from_reset() + [vector for number in word for vector in _cycle(drive, inputs[number])]


def _cycle(drive: Drive, data: Cycle) -> list[Vector]:
    """Data while the clock is low, and both edges: three vectors."""
    return drive.held(data, 1)
