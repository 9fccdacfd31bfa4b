"""Stage 7: the release gate, one test for each criterion of criteria.toml."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.acceptance import FINDING
from harness.benchmark.score import ScoreError
from harness.model.base import BaseModelError
from harness.model.recordings import RecordingError
from harness.pipeline import Pipeline
from harness.pipeline.gather import gather
from harness.plugin import contest_of, criteria_of, leave_undecided, reports_of
from harness.release.criteria import Criterion
from harness.release.record import record_of, write_record
from harness.report.explain import explain
from harness.report.figures import notes
from harness.report.run import Run
from harness.report.table import scoreboard
from harness.report.write import write_reports
from harness.rtl.screener import ScreenerError
from harness.simulate.icarus import MissingTool
from harness.store import NotBuilt, StoreError

CANDIDATE_GIVEN = "name what to gate: --completions FILE, --model PATH"
BASELINES_GIVEN = "give your own baseline: --baseline FILE in V3's place, and --criteria that do not name V4"

pytestmark = pytest.mark.acceptance


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test per criterion, known at collection."""
    try:
        criteria = criteria_of(metafunc.config)
    except pytest.UsageError as error:
        leave_undecided(metafunc.config, str(error))
        raise
    metafunc.parametrize("criterion", criteria, ids=[criterion.id for criterion in criteria])


@pytest.fixture(scope="session")
def run(pipeline: Pipeline, pytestconfig: pytest.Config, announce: Callable[[str], None]) -> Run:
    """Everyone's scores and all findings; tables and reports are there before the first criterion is asserted."""
    contest = contest_of(pytestconfig)
    folder = reports_of(pytestconfig, contest.candidate)
    try:
        made = gather(pipeline, contest, criteria_of(pytestconfig))
        for split, scores in made.scores.items():
            announce("\n".join([scoreboard(scores), *(f"note: {note}" for note in notes(made, split))]))
        reports = write_reports(made, folder)
        write_record(record_of(pipeline, contest, made.findings, reports), folder)
    except (BaseModelError, MissingTool, RecordingError, ScoreError, ScreenerError, StoreError) as error:
        reason = str(error)
        if isinstance(error, NotBuilt):
            reason += f"; or {BASELINES_GIVEN if contest.candidate in contest.given else CANDIDATE_GIVEN}"
        leave_undecided(pytestconfig, reason)
        raise pytest.fail.Exception(reason, pytrace=False) from None
    announce(f"reports: {', '.join(map(str, reports))}")
    return made


def test_criterion(run: Run, criterion: Criterion, record_property: Callable[[str, object], None]) -> None:
    """The bound holds for the candidate's measured figure."""
    (finding,) = (found for found in run.findings if found.criterion == criterion)
    record_property(FINDING, finding.line)
    if not finding.passed:
        pytest.fail(explain(run, finding), pytrace=False)
