"""Stage 1: what V4 won and what V3 held (components A and B)."""

from __future__ import annotations

import json

import pytest

from harness.dataset.assemble import categories
from harness.dataset.components import A_COUNTS, B_CATEGORIES
from harness.dataset.history import scaled
from harness.dataset.records import read_records
from harness.pipeline import Pipeline
from harness.pipeline.stages import RECORDS

pytestmark = pytest.mark.build


def test_component_a(pipeline: Pipeline) -> None:
    """Component A holds the plan's count of each category that V4 improved, and nothing else."""
    records = read_records(pipeline.component("a").path / RECORDS)
    assert dict(categories(records)) == scaled(A_COUNTS, pipeline.profile.data.share)


def test_component_b(pipeline: Pipeline, announce) -> None:  # type: ignore[no-untyped-def]
    """Component B holds V3's clock dividers, enable gatings and FSMs; how many of them are right is printed."""
    artifact = pipeline.component("b")
    records = read_records(artifact.path / RECORDS)
    assert set(categories(records)) == set(B_CATEGORIES)
    verdicts = json.loads((artifact.path / "verdicts.json").read_text())
    announce(f"component B: {verdicts['right']} of {verdicts['of']} V3 examples are right")
