"""Stage 6: V3, V4 and V5 measured on every spec of the suite, by simulation."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.benchmark.answers import FIRST
from harness.benchmark.suite import SPLITS
from harness.pipeline import Pipeline
from harness.pipeline.models import MODELS
from harness.report.table import scoreboard

pytestmark = pytest.mark.build


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("model", MODELS)
def test_every_spec_has_a_verdict(pipeline: Pipeline, model: str, split: str) -> None:
    """Each spec of the split has exactly one greedy verdict (and the profile's samples on the normal split)."""
    scores = pipeline.scores(model, split)
    assert [result.task for result in scores.results] == [task.id for task in pipeline.suite.tasks]
    samples = pipeline.profile.benchmark.samples if split == FIRST else 0
    assert {len(result.sampled) for result in scores.results} == {samples}


@pytest.mark.parametrize("split", SPLITS)
def test_scoreboard(pipeline: Pipeline, split: str, announce: Callable[[str], None]) -> None:
    """The three models side by side; the table is printed, and every category has a figure."""
    scores = {model: pipeline.scores(model, split) for model in MODELS}
    announce(scoreboard(scores))
    assert all(s.rows == pipeline.suite.rows for s in scores.values())
