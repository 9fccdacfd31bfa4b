"""What a candidate is asked: to be a certain module, and to answer certain vectors in a certain way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from harness.families.spec import Port, Spec
from harness.simulate.icarus import output_bits
from harness.simulate.laps import long_trace
from harness.simulate.stimulus import Vector
from harness.simulate.verdict import Mismatch, Outcome, Row, Verdict, agrees

BEFORE, AFTER = 8, 2
"""How many vectors around the first mismatch a verdict shows."""


@dataclass(frozen=True, eq=False)
class Problem:
    """`module` with `ports`, the `vectors` it is driven with, and its `answers` to each.

    An answer is the binary digits of all outputs in port order, most significant first; an x leaves that bit
    to the candidate. Nothing is compared before vector `known_from`.
    """

    module: str
    ports: tuple[Port, ...]
    vectors: Sequence[Vector]
    answers: Sequence[str]
    known_from: int = 0

    @classmethod
    def of_spec(cls, spec: Spec, seed: int = 0) -> Problem:
        """What the executable reference of `spec` answers. Raises ValueError as stimulus.trace does."""
        driven = long_trace(spec, seed)
        outputs = [port for port in spec.ports if port.direction == "output"]
        answers = ["".join([f"{v[p.name]:0{p.width}b}" for p in outputs]) for v in driven.expected]
        return cls(spec.name, spec.ports, driven.vectors, answers, driven.known_from)

    @cached_property
    def bits(self) -> int:
        """Output bits of one sample."""
        return output_bits(self.ports)

    def compare(self, lines: Sequence[str]) -> Verdict:
        """The verdict on a candidate that answered each vector with its line."""
        first = self.known_from
        if lines[first:] == self.answers[first:]:
            return Verdict(Outcome.PASS)
        steps = range(first, len(self.answers))
        step = next((i for i in steps if not agrees(self.answers[i], lines[i])), None)
        if step is None:
            return Verdict(Outcome.PASS)
        shown = range(max(0, step - BEFORE), min(len(lines), step + AFTER + 1))
        window = tuple(self._row(i, lines[i]) for i in shown)
        mismatch = Mismatch(step, window)
        return Verdict(Outcome.MISMATCH, str(mismatch), mismatch)

    def _row(self, step: int, line: str) -> Row:
        vector = self.vectors[step]
        inputs = {p.name: f"{vector[p.name]:0{p.width}b}" for p in self.ports if p.direction == "input"}
        return Row(step, inputs, self._by_port(self.answers[step]), self._by_port(line))

    def _by_port(self, digits: str) -> dict[str, str]:
        values, low = {}, 0
        for port in self.ports:
            if port.direction == "output":
                values[port.name] = digits[low : low + port.width]
                low += port.width
        return values
