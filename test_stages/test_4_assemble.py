"""Stage 4: the V5 training set (components A to D, checked and shuffled)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from harness.dataset.assemble import categories
from harness.dataset.leakage import duplicates
from harness.dataset.policies import REDUCED
from harness.dataset.records import read_records
from harness.families.catalogue import load
from harness.pipeline import Pipeline
from harness.pipeline.stages import RECORDS
from harness.report.table import table

pytestmark = pytest.mark.build


def test_v5_dataset(pipeline: Pipeline, announce: Callable[[str], None]) -> None:
    """V5 has 900 to 1,000 examples (in proportion for a smaller profile), none twice, none from the benchmark."""
    records = read_records(pipeline.v5_data().path / RECORDS)
    by_part = Counter((r.metadata.category, (r.metadata.model_extra or {})["component"]) for r in records)
    rows = [
        [category, *(by_part[category, part] or "" for part in "abcd"), total]
        for category, total in sorted(categories(records).items())
    ]
    rows.append(
        ["total", *(sum(n for (_, p), n in by_part.items() if p == part) for part in "abcd"), len(records)]
    )
    announce(table("V5 training set", ["category", "A", "B", "C", "D", "all"], rows))
    suite = pipeline.held_out
    reach = Counter(
        row for record in records for row in suite.rows if record.metadata.category in suite.families(row)
    )
    announce(
        table(
            "training examples per benchmark category",
            ["category", "examples"],
            [[r, reach[r]] for r in suite.rows],
        )
    )
    if pipeline.profile.data.share == 1.0:
        assert len(records) == REDUCED if pipeline.profile.data.reduced else 900 <= len(records) <= 1000
    neighbours = pipeline.neighbours()
    leaks = [pair for pair in neighbours if pair.held_out]
    worst = max(neighbours, key=lambda pair: pair.similarity)
    announce(f"nearest to the benchmark: {worst.similarity:.2f}, {worst.task} ({worst.split})")
    assert not leaks, leaks[:3]
    assert not duplicates(record.instruction for record in records)
    assert all(pipeline.guard.allows(load(r.metadata.spec)) for r in records if r.metadata.spec is not None)
    assert all(reach[row] for row in suite.rows), "a benchmark category has no training example"
