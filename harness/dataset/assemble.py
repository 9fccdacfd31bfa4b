"""The V5 training set: the components merged, checked and shuffled as the plan says (seed 42)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random

from harness.dataset.leakage import Guard, duplicates
from harness.dataset.records import DatasetError, Record
from harness.dataset.trace import SOURCE as MINED

SHUFFLE_SEED = 42


def assemble(components: Mapping[str, Sequence[Record]], guard: Guard) -> list[Record]:
    """All records in the plan's shuffled order, each naming its component in the metadata.

    A mined record that asks what another one asks is left out. Any other repetition is an error, and so is a
    text or spec near a held-out one: it is ours, as what users bring was rid of both by `clean` and `mine`.
    Raises DatasetError with the offending text.
    """
    merged = [
        record.model_copy(update={"metadata": record.metadata.model_copy(update={"component": name})})
        for name, records in components.items()
        for record in records
    ]
    ours = {record.prompts[0] for record in merged if record.metadata.source != MINED}
    merged = [r for r in merged if r.metadata.source != MINED or r.prompts[0] not in ours]
    repeated = duplicates(r.prompts[0] for r in merged)
    if repeated:
        raise DatasetError(
            f"{len(repeated)} texts occur twice across components, first: {repeated[0][:100]!r};"
            " a file of yours may hold the same examples as another"
        )
    leaked = [r for r in merged if not guard.allows_record(r)]
    if leaked:
        raise DatasetError(
            f"{len(leaked)} examples are held out by the benchmark, first: {leaked[0].instruction[:100]!r}"
        )
    Random(SHUFFLE_SEED).shuffle(merged)
    return merged


def clean(records: Sequence[Record], guard: Guard) -> list[Record]:
    """Records without repeated texts and without anything near the benchmark, in their order."""
    unique = {record.prompts[0]: record for record in reversed(records)}
    return [r for r in records if unique[r.prompts[0]] is r and guard.allows_record(r)]


def categories(records: Sequence[Record]) -> Counter[str]:
    """How many records there are of each category."""
    return Counter(record.metadata.category for record in records)
