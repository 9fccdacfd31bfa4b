"""A golden's simulation, in which its registers are watched beside its outputs."""

from __future__ import annotations

from collections.abc import Sequence

from harness.rtl.interface import Interface
from harness.rtl.screen import Rejection
from harness.rtl.screener import screen_safely
from harness.simulate.icarus import Bench, simulate
from harness.simulate.judge import MAX_SAMPLE_BITS
from harness.simulate.sandbox import Limits
from harness.simulate.stimulus import Vector

MAX_VECTORS = 40_000
SPARE_VECTORS = 40_000
"""Vectors besides those for what does not come round (three frames of a transmitter of 868 clocks a bit), as many for
what turns late, and twice as many for the tests of a small machine, which show it whole."""
SPARE_BITS = 4_000_000
"""Samples up to which there are such, as larger designs are slow ones."""


LIMITS = Limits(cpu_s=4)
"""Of a golden's simulation. A candidate has more than twice as long for the same vectors."""
FEW_VECTORS = 2000
"""So many have to end within the limits."""
SLOWER = 8
"""Of a golden that does not end in time only every so many vectors are asked for."""


class GoldenError(ValueError):
    """A golden that cannot be simulated: the fault of whoever gave it, not of a candidate."""


class TooSlow(GoldenError):
    """A golden that does not simulate so many vectors in time; `Watched.slow_down` asks for fewer."""


class Watched:
    """A golden that can be driven: a sample is all outputs, then the registers that are not outputs themselves.

    Raises GoldenError for one that is not plain RTL, does not compile, or does not end within the limits, and
    ScreenerError where this machine is too busy to look.
    """

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
        self.bits = at
        self.outputs = {name: place for name, place, _ in self.columns if name in outputs}
        longest = max(at, sum(p.width for p in interface.ports if p.direction == "input"), 1)
        self.most_vectors = min(MAX_VECTORS, MAX_SAMPLE_BITS // longest)
        self.spare_vectors = max(0, min(SPARE_VECTORS, SPARE_BITS // longest - self.most_vectors))

    def slow_down(self) -> None:
        """Ask for fewer vectors from now on."""
        self.most_vectors, self.spare_vectors = self.most_vectors // SLOWER, 0

    def samples(self, vectors: Sequence[Vector]) -> list[str]:
        """A sample for each vector. Raises TooSlow where fewer might end in time, GoldenError otherwise."""
        ports, module = self.interface.ports, self.interface.module
        simulation = simulate([Bench(module, ports, vectors, (self.flat,), self.probes)], LIMITS)
        if len(simulation.samples[0]) != len(vectors):
            done = simulation.completed
            late = done.timed_out or done.signal
            why = "not within its limits" if late else done.stderr.strip()[:400]
            kind = TooSlow if late and len(vectors) > FEW_VECTORS else GoldenError
            raise kind(f"the golden {module} does not simulate: {why or 'no samples came'}")
        return simulation.samples[0]

    def state(self, line: str) -> str:
        return "".join([line[place] for _, place, register in self.columns if register])
