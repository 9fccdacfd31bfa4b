"""Golden records for tests."""

from __future__ import annotations

from itertools import islice
from random import Random

from harness.dataset.records import Metadata, Record
from harness.families.catalogue import draw, dump
from harness.families.spec import Spec
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
