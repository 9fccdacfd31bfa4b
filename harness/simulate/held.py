"""Stimulus that holds the inputs until a golden's state comes round, so that long counters wrap and saturate.

Where a lap ends at rest (a full FIFO, a counter at its top), random inputs hardly ever lead, so every other setting
is tried from there. What does not come round in time is driven for long all the same, as a slow transmitter's frame
may end in it. Meanwhile the words on inputs of several bits change now and then: a frame that carries one
word says little of the next.
"""

from __future__ import annotations

from collections.abc import Sequence

from harness.simulate.drive import Cycle, Drive
from harness.simulate.stimulus import Vector
from harness.simulate.watch import Watched

PROBE = 70
"""Cycles for which every setting of the inputs is held."""
LAP = 4200
"""Cycles for which one is held after which the state has not come round by then: a 12-bit counter does so."""
BEYOND = 3
"""Cycles for which a lap goes on where it closed."""
FAR = 16
"""Cycles to a place of rest that random inputs hardly reach."""
TRY = 3
"""Cycles for which another setting is tried there."""
WORDS = 3
"""More laps with other words on the inputs of several bits."""
WORD = 256
"""Cycles for which a word is held where the state does not come round."""


def laps(golden: Watched, drive: Drive, most: int) -> list[Vector]:
    """From reset every setting of the inputs for a while; then the long ones until the state comes round, and from
    where they led every other one again, so that a counter also comes down from its top. At most so many vectors,
    and those that the golden has to spare for what does not come round.
    """
    settings = drive.settings()
    vectors, long = _probes(golden, drive, settings, most)
    endless: list[Cycle] = []
    rests: set[str] = set()
    for number, data in enumerate((*long, *settings) if long else ()):
        room = (most - len(vectors)) // 2
        fresh = drive.held(data, min(LAP, room - BEYOND - 1))
        states = [golden.state(line) for line in golden.samples(vectors + fresh)[len(vectors) :]][::2]
        if (lap := closed(states)) is None:
            endless += [data] if data not in endless else []
            continue
        vectors += fresh[: 2 * (lap + BEYOND) + 1]
        more: list[Vector] = []
        if at_rest(states) is None:
            more = _reworded(drive, data, lap) if number < len(long) else []
        elif lap >= FAR and states[lap] not in rests:
            rests.add(states[lap])
            more = _others(drive, settings, data)
        vectors += _within((most - len(vectors)) // 2, more)
    return vectors + _endless(drive, endless, most + golden.spare_vectors - len(vectors))


def _probes(
    golden: Watched, drive: Drive, settings: Sequence[Cycle], most: int
) -> tuple[list[Vector], list[Cycle]]:
    """Every setting for a while, and those settings by which the state does not come round meanwhile."""
    vectors, starts = drive.from_reset(), list[int]()
    for data in settings:
        starts.append(len(vectors))
        vectors += drive.held(data, PROBE)
    if len(vectors) > most:
        return [], []
    states = [golden.state(line) for line in golden.samples(vectors)]
    probes = [(data, states[at : at + 2 * PROBE + 1 : 2]) for data, at in zip(settings, starts, strict=True)]
    for data, probe in probes:
        if (at_rest(probe) or 0) >= FAR:
            again = drive.held(data, PROBE) + _others(drive, settings, data)
            vectors += _within((most - len(vectors)) // 2, again)
    return vectors, [data for data, probe in probes if closed(probe) is None]


def _others(drive: Drive, settings: Sequence[Cycle], data: Cycle) -> list[Vector]:
    """Each other setting for a few cycles from where `data` comes to rest, and back by it."""
    vectors: list[Vector] = []
    for other in settings:
        if other != data:
            vectors += drive.held(other, TRY) + drive.held(data, TRY + BEYOND)
    return vectors


def _reworded(drive: Drive, data: Cycle, lap: int) -> list[Vector]:
    """The same lap with other words; none where no input has several bits."""
    vectors: list[Vector] = []
    for _ in range(WORDS if drive.reworded(data) != data else 0):
        vectors += drive.held(drive.reworded(data), lap)
    return vectors


def _endless(drive: Drive, settings: Sequence[Cycle], most: int) -> list[Vector]:
    """Each setting from reset, with changing words, for an even share of so many vectors."""
    vectors: list[Vector] = []
    for number, data in enumerate(settings):
        vectors += drive.from_reset()
        end = len(vectors) + (most - len(vectors)) // (len(settings) - number)
        while len(vectors) + 2 * WORD + 1 <= end:
            vectors += drive.held(drive.reworded(data), WORD)
    return vectors


def _within(most: int, vectors: list[Vector]) -> list[Vector]:
    """The vectors, or none if they are more than that."""
    return vectors if len(vectors) <= most else []


def closed(states: Sequence[str]) -> int | None:
    """The cycle at whose end a state occurs again; None if there is none, or a state is not known."""
    seen = set()
    for cycle, state in enumerate(states):
        if "x" in state:
            return None
        if state in seen:
            return cycle
        seen.add(state)
    return None


def at_rest(states: Sequence[str]) -> int | None:
    """The cycle after which the state stays as it is; None where it moves when it comes round, or never does."""
    lap = closed(states)
    return lap if lap and states[lap] == states[lap - 1] else None
