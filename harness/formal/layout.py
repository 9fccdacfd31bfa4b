"""The ports that two compared designs share, laid out as one input vector and one output vector."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harness.families.spec import Port, Reset
from harness.formal.proof import Vector


@dataclass(frozen=True, slots=True)
class Layout:
    """The ports of `module`, which of them is the clock, and how reset acts."""

    module: str
    ports: tuple[Port, ...]
    clock: str | None
    reset: Reset | None

    @property
    def inputs(self) -> list[Port]:
        return [port for port in self.ports if port.direction == "input"]

    @property
    def synchronous(self) -> bool:
        """Whether reset needs a clock edge to act."""
        return self.reset is not None and not self.reset.asynchronous

    def places(self, direction: str) -> Iterator[tuple[Port, int]]:
        """Ports of one direction, each with its lowest bit in the vector: the first port is at the low end."""
        low = 0
        for port in self.ports:
            if port.direction == direction:
                yield port, low
                low += port.width

    def bits(self, direction: str) -> int:
        return sum(port.width for port in self.ports if port.direction == direction)

    def packed(self, values: Vector) -> int:
        """The input vector with these values, and zeros where there is none."""
        return sum(values.get(port.name, 0) << low for port, low in self.places("input"))

    def unpacked(self, number: int) -> Vector:
        """The value of every input in an input vector."""
        return {p.name: number >> low & ((1 << p.width) - 1) for p, low in self.places("input")}

    def acted(self, vectors: Sequence[Vector]) -> int:
        """The first vector after which reset has acted: 0 without a reset, the end if it never has."""
        if self.reset is None:
            return 0
        for step, vector in enumerate(vectors):
            clock = self.clock
            rising = clock is not None and step > 0 and vector[clock] > vectors[step - 1][clock]
            if self.reset.asserted(vector) and (rising or not self.synchronous):
                return step
        return len(vectors)
