"""Stage 7: the release gate, one test for each criterion of criteria.toml."""

from __future__ import annotations

import pytest

from harness.benchmark.suite import SPLITS
from harness.pipeline import BASELINES, Pipeline
from harness.profile import load_profile
from harness.release.criteria import load_criteria
from harness.release.gate import decide

pytestmark = pytest.mark.acceptance


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test per criterion, known at collection: a typo in the file stops the run before it starts."""
    from harness.benchmark.suite import load_suite

    benchmark = load_profile(metafunc.config.getoption("profile")).benchmark
    root = metafunc.config.rootpath
    criteria = load_criteria(root / benchmark.criteria, load_suite(root / benchmark.suite).rows)
    metafunc.parametrize("criterion", criteria, ids=[criterion.id for criterion in criteria])


def test_criterion(pipeline: Pipeline, criterion, record_property) -> None:  # type: ignore[no-untyped-def]
    """The bound holds for the candidate's measured figure."""
    split = next(iter(SPLITS))
    finding = decide(
        criterion, pipeline.scores("v5", split), {m: pipeline.scores(m, split) for m in BASELINES}
    )
    record_property("finding", finding.line)
    assert finding.passed, finding.line
