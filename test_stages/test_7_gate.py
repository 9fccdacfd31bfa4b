"""Stage 7: the release gate, one test for each criterion of criteria.toml."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.benchmark.score import Scores
from harness.benchmark.suite import load_suite
from harness.pipeline import MODELS, SAMPLED, Pipeline
from harness.plugin import FINDING
from harness.profile import load_profile
from harness.release.criteria import Criterion, load_criteria
from harness.release.gate import decide
from harness.report.table import scoreboard

pytestmark = pytest.mark.acceptance


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test per criterion, known at collection: a typo in the file stops the run before it starts."""
    benchmark = load_profile(metafunc.config.getoption("profile")).benchmark
    root = metafunc.config.rootpath
    criteria = load_criteria(root / benchmark.criteria, load_suite(root / benchmark.suite).rows)
    metafunc.parametrize("criterion", criteria, ids=[criterion.id for criterion in criteria])


@pytest.fixture(scope="session")
def scores(pipeline: Pipeline, announce: Callable[[str], None]) -> dict[str, Scores]:
    """What V3, V4 and V5 reached; the table is printed before the criteria are decided."""
    found = {model: pipeline.scores(model, SAMPLED) for model in MODELS}
    announce(scoreboard(found))
    return found


def test_criterion(
    scores: dict[str, Scores], criterion: Criterion, record_property: Callable[[str, object], None]
) -> None:
    """The bound holds for the candidate's measured figure."""
    finding = decide(criterion, scores["v5"], scores)
    record_property(FINDING, finding.line)
    assert finding.passed, finding.line
