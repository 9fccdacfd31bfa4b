"""Two designs side by side in a simulator: where they part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from harness.formal.layout import Layout
from harness.formal.proof import Vector
from harness.rtl.rename import Flat
from harness.simulate.icarus import Bench, simulate
from harness.simulate.sandbox import Limits

WALK = 1500
"""Steps of a random walk: it is to find what only a simulator sees, not what is deep."""


class Unsimulated(RuntimeError):
    """The simulator did not deliver all samples of both designs; the message is its own."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The first vector after which the candidate is wrong, and the outputs then, first port first."""

    step: int
    golden: str
    candidate: str


def walk(layout: Layout) -> list[Vector]:
    """The same random vectors at every call, one input changed at a time.

    Reset is asserted over a clock edge, then often, and in the later two thirds seldom.
    """
    rng, clock, reset = Random(0), layout.clock, layout.reset
    now = {port.name: rng.getrandbits(port.width) for port in layout.inputs}
    data = [port for port in layout.inputs if port.name not in (clock, reset.name if reset else None)]
    found: list[Vector] = []

    def apply(name: str, value: int) -> None:
        now[name] = value
        found.append(dict(now))

    if reset:
        now[reset.name] = int(not reset.active_low)
    if clock:
        for level in (0, 1, 0):
            apply(clock, level)
    for step in range(WALK):
        chance = rng.random()
        often = 0.02 if step < WALK // 3 else 0.001
        if reset and chance < (0.5 if reset.asserted(now) else often):
            apply(reset.name, 1 - now[reset.name])
        elif data and (clock is None or chance < 0.5):
            port = rng.choice(data)
            apply(port.name, rng.getrandbits(port.width))
        elif clock:
            apply(clock, 1 - now[clock])
    return found


def difference(layout: Layout, golden: Flat, candidate: Flat, vectors: Sequence[Vector]) -> Difference | None:
    """Where the candidate first answers otherwise than the golden after reset has acted; None if nowhere.

    An x or z of the golden excuses anything; any other of the candidate's is a difference. Raises Unsimulated.
    """
    bench = Bench(layout.module, layout.ports, vectors, (golden, candidate))
    simulation = simulate([bench], Limits())
    (lines,) = simulation.samples
    if simulation.completed.code != 0 or len(lines) != len(vectors):
        raise Unsimulated(simulation.completed.stderr.strip()[:200] or "it did not end in time")
    bits = layout.bits("output")
    for step in range(layout.acted(vectors), len(lines)):
        a, b = lines[step][:bits], lines[step][bits:]
        if a != b and any(known in "01" and known != got for known, got in zip(a, b, strict=True)):
            return Difference(step, a, b)
    return None
