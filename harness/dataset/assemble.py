"""The V5 training set: the components merged, checked and shuffled as the plan says (seed 42)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random

from harness.dataset.leakage import Guard, duplicates
from harness.dataset.records import DatasetError, Record

SHUFFLE_SEED = 42


def assemble(components: Mapping[str, Sequence[Record]], guard: Guard) -> list[Record]:
    """All records in the plan's shuffled order, each naming its component in the metadata.

    A record whose text repeats, or comes near a held-out one, is an error where it is ours; what users bring
    (original V3/V4 files, traces) is dropped by `clean` before. Raises DatasetError with the offending text.
    """
    merged = [
        record.model_copy(update={"metadata": record.metadata.model_copy(update={"component": name})})
        for name, records in components.items()
        for record in records
    ]
    repeated = duplicates(r.instruction for r in merged)
    if repeated:
        raise DatasetError(
            f"{len(repeated)} texts occur twice across components, first: {repeated[0][:100]!r}"
        )
    leaked = [r for r in merged if not guard.allows_text(r.instruction)]
    if leaked:
        raise DatasetError(
            f"{len(leaked)} texts are near a benchmark spec, first: {leaked[0].instruction[:100]!r}"
        )
    Random(SHUFFLE_SEED).shuffle(merged)
    return merged


def clean(records: Sequence[Record], guard: Guard) -> list[Record]:
    """Records without repeated texts and without texts near the benchmark, in their order."""
    unique = {record.instruction: record for record in reversed(records)}
    return [r for r in records if unique[r.instruction] is r and guard.allows_text(r.instruction)]


def categories(records: Sequence[Record]) -> Counter[str]:
    """How many records there are of each category."""
    return Counter(record.metadata.category for record in records)
