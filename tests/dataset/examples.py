"""Golden records and small stand-ins for tests."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from random import Random

from harness.dataset.records import Metadata, Record
from harness.families.catalogue import draw, dump, load
from harness.families.spec import Spec
from harness.simulate.judge import judge_many
from harness.wording.compose import text


def specs(category: str, count: int, seed: str = "tests") -> list[Spec]:
    """The first specs of a category under a seed of the tests' own."""
    return list(islice(draw(category, seed), count))


def golden(spec: Spec, source: str = "test") -> Record:
    """A record of the golden of `spec`, in one training text."""
    metadata = Metadata(source=source, category=spec.category, spec=dump(spec))
    return Record(instruction=text(spec, Random(spec.name)), output=spec.verilog(), metadata=metadata)


def goldens(category: str, count: int, seed: str = "tests") -> list[Record]:
    return [golden(spec) for spec in specs(category, count, seed)]


def quiet(done: int, total: int) -> None:
    """Progress that nobody watches."""


def twice(category: str) -> int:
    """As many texts for an example of any category."""
    return 2


def right(records: Sequence[Record]) -> list[bool]:
    """Which records the judge finds right, by stimulus that made none of them."""
    return [v.passed for v in judge_many([(load(r.metadata.spec), r.output) for r in records], seed=1)]
