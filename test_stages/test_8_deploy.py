"""Stage 8: what the gate has released goes into production, with its hand-off forms and a way back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.benchmark.score import ScoreError
from harness.pipeline import Pipeline
from harness.plugin import contest_of
from harness.release.criteria import CriteriaError
from harness.release.deploy import Refused, deploy
from harness.release.production import ProductionError, production
from harness.release.record import RecordError
from harness.store import StoreError

pytestmark = pytest.mark.deploy

REASONS = (Refused, RecordError, CriteriaError, ScoreError, StoreError, ProductionError)


def test_deploy(pipeline: Pipeline, pytestconfig: pytest.Config, announce: Callable[[str], None]) -> None:
    """The gate's record is green for exactly these weights, suite and criteria, and so the model is in production."""
    contest = contest_of(pytestconfig)
    reports = Path(pytestconfig.getoption("report") or pipeline.root / "models/built" / contest.candidate)
    made, reason = None, None
    try:
        made = deploy(pipeline, contest, reports)
    except REASONS as error:
        reason = error
    if made is None:
        pytest.fail(f"not deployed: {reason}", pytrace=False)
    announce(f"in production: {made.facts.name}, {made.behavioral_model} (back with `harness rollback`)")
    assert production(pipeline.root) == made
