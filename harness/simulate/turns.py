"""Stimulus for the places in a golden's long laps where something turns: a counter about to wrap, a FIFO just full.

One input that is wrong there may show nowhere else, and random inputs hardly ever lead there. So inputs are held, from
reset and from where each answer was first seen, until the state comes round, and at the turns of such a lap every other
setting of the inputs is tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.simulate.drive import Cycle, Drive, Way
from harness.simulate.held import FAR, LAP, PROBE, TRY, at_rest, closed
from harness.simulate.stimulus import Vector
from harness.simulate.watch import Watched

STARTS = 20
"""Ways from reset after which inputs are held. After each but the empty one a single lap is followed for longer than
PROBE, as that takes a simulation."""
CHANGES = 4
"""Changes of an output bit in a lap up to which each of them is a turn."""


def turned(golden: Watched, drive: Drive, starts: Sequence[Way], most: int) -> list[Vector]:
    """To each turn of the laps after the shortest of `starts`, and there every other setting for a few cycles.

    At most so many vectors; the last turns of every lap come before the earlier ones of any, and a state is turned
    to once only.
    """
    settings = drive.settings()
    found = list(_laps(golden, drive, sorted(starts, key=len)[:STARTS], settings)) if most else []
    vectors: list[Vector] = []
    seen: set[tuple[str, int]] = set()
    for rank in range(max((len(turns) for _, _, turns in found), default=0)):
        for start, chosen, turns in found:
            if rank >= len(turns) or (turns[rank][1], chosen) in seen:
                continue
            seen.add((turns[rank][1], chosen))
            for number, other in enumerate(settings):
                if number != chosen:
                    held = drive.held(settings[chosen], turns[rank][0]) + drive.held(other, TRY)
                    more = _led(drive, start) + held + drive.held(settings[chosen], TRY)
                    vectors += more if len(vectors) + len(more) <= most else []
    return vectors


def _laps(
    golden: Watched, drive: Drive, starts: Sequence[Way], settings: Sequence[Cycle]
) -> Iterator[tuple[Way, int, list[tuple[int, str]]]]:
    """Each lap that is no short one: where it begins, the number of its setting, and its turns."""
    for start in starts:
        long, led, runs = 0, _led(drive, start), list[Vector]()
        for data in settings:
            runs += led + drive.held(data, PROBE)
        lines, size = golden.samples(runs), len(runs) // len(settings)
        for number, data in enumerate(settings):
            shown = lines[number * size + len(led) : (number + 1) * size : 2]
            if closed([golden.state(line) for line in shown]) is None and not (start and long):
                long += 1
                shown = golden.samples(led + drive.held(data, LAP))[len(led) :: 2]
            if turns := _turns(golden, shown):
                yield start, number, turns


def _led(drive: Drive, start: Way) -> list[Vector]:
    """A reset, and the way from there."""
    vectors = drive.from_reset()
    for data in start:
        vectors = vectors + drive.held(data, 1)
    return vectors


def _turns(golden: Watched, lines: Sequence[str]) -> list[tuple[int, str]]:
    """The turns of a lap, the last first: how many cycles lead there, and to which state.

    A turn is where an output bit changes that seldom does, and one cycle before that; and where the lap rests, and
    when a counter that wraps there instead of resting has come half as far again. A short lap has none, nor
    has one of which the end is not known.
    """
    states = [golden.state(line) for line in lines]
    lap = closed(states)
    if lap is None or lap < FAR:
        return []
    wrap = 1 << lap.bit_length()
    turns = {lap, wrap + lap // 2, 2 * wrap + lap // 2} if at_rest(states) else set[int]()
    for bit in range(golden.output_bits):
        shown = [line[bit] for line in lines[: lap + 1]]
        changes = [cycle for cycle in range(1, lap + 1) if shown[cycle] != shown[cycle - 1]]
        turns.update(cycle - before for cycle in changes if len(changes) <= CHANGES for before in (0, 1))
    return [(turn, f"{states[min(turn, lap)]} {max(0, turn - lap)}") for turn in sorted(turns, reverse=True)]
