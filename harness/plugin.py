"""The pytest glue: options, markers and the `pipeline` fixture. Stages are elsewhere; their tests are views."""

from __future__ import annotations

import ast
import shlex
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from harness.acceptance import Gate

if TYPE_CHECKING:
    from harness.pipeline import Pipeline
    from harness.profile import Profile
    from harness.release.contest import Contest
    from harness.release.criteria import Criterion
    from harness.report.progress import Progress
    from harness.study.plan import StudyPlan

MARKERS = {
    "build": "makes V5: data, training, benchmark (run in file order, without xdist)",
    "acceptance": "the release gate: one test for each criterion, on results that a build has made",
    "deploy": "makes a model that passed the gate the production model",
    "study": "compares filters and compositions of training data; hours, cell by cell",
    "api": "calls a paid API; never run by default",
    "slow": "takes more than some seconds",
}
STAGES = ("build", "acceptance", "deploy", "study")
DEFAULT_PROFILE = "embedded"
DEFAULT_STUDY = "benchmarks/studies/embedded.toml"
GATE_OPTIONS = ("model", "completions", "baseline", "suite", "criteria")
MEASURING = ("merged", "completions", "scores")
"""Stages that the gate runs for a model it is given: those that answer and judge, none that trains."""
ON_REQUEST = {*STAGES, "api"}


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("harness", "the V5 harness")
    group.addoption(
        "--profile",
        default=DEFAULT_PROFILE,
        help="a shipped profile (embedded, smoke, qwen, ...) or FILE.toml",
    )
    group.addoption(
        "--a7",
        choices=("offline", "anthropic", "auto"),
        help="who writes testbenches (default: the profile's)",
    )
    group.addoption(
        "--model", metavar="PATH", help="gate this adapter, model, hub id or http://HOST:PORT/v1[#NAME]"
    )
    group.addoption("--completions", metavar="FILE.jsonl", help="gate these answers, not V5's")
    group.addoption("--baseline", metavar="PATH", help="a model or FILE.jsonl of answers in V3's place")
    group.addoption(
        "--suite", metavar="LAYOUT:PATH", help="an outside suite: verilog-eval, rtllm, correctbench"
    )
    group.addoption("--criteria", metavar="FILE.toml", help="criteria of your own (default: the profile's)")
    group.addoption("--report", metavar="FOLDER", help="where reports go (default: models/built/CANDIDATE)")
    group.addoption(
        "--study",
        metavar="FILE.toml",
        default=DEFAULT_STUDY,
        help=f"which cells to train and compare (default: {DEFAULT_STUDY})",
    )
    group.addoption("--cache", default="data/cache", help="where artifacts are kept (default: data/cache)")
    group.addoption(
        "--launch",
        metavar="COMMAND",
        default="",
        help="what starts training on several devices or machines, e.g. 'torchrun --nproc-per-node 8'",
    )
    group.addoption("--cluster", metavar="ADDRESS", help="answer and judge on this dask scheduler's workers")
    group.addoption(
        "--from-scratch",
        action="store_true",
        help="train V3 and V4 too instead of replaying their recorded answers",
    )


def pytest_configure(config: pytest.Config) -> None:
    for name, meaning in MARKERS.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")
    try:
        _check_options(config)
    except pytest.UsageError as error:
        leave_undecided(config, str(error))
        raise


def _check_options(config: pytest.Config) -> None:
    """Raise UsageError for options that cannot be meant, before anything is run."""
    given = [name for name in GATE_OPTIONS if config.getoption(name) is not None]
    for name in (*given, "report"):
        if config.getoption(name) == "":
            raise pytest.UsageError(
                f"--{name}= is empty (an unset variable?): name one, or leave the option out"
            )
    if _asks_for(config, "acceptance"):
        config.pluginmanager.register(Gate(config))
        if given:
            criteria_of(config)
    elif given and not _asks_for(config, "deploy"):
        raise pytest.UsageError(f"--{given[0]} is an option of the release gate: add -m acceptance")
    if config.getoption("profile") != DEFAULT_PROFILE:
        if _asks_for(config, "study"):
            raise pytest.UsageError("--profile: a study's profile is named in its file (--study)")
        profile_of(config)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A run of stages does not import the harness's own tests: that would take longer than a finished build."""
    staged = any(_asks_for(config, stage) for stage in STAGES)
    return True if staged and config.rootpath / "tests" in collection_path.parents else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Stages and paid calls run only when asked for: plain `pytest` runs the harness's own tests."""
    asked = {marker for marker in ON_REQUEST if _asks_for(config, marker)}

    def wanted(item: pytest.Item) -> bool:
        needs = ON_REQUEST & {marker.name for marker in item.iter_markers()}
        return not needs or bool(needs & asked)

    dropped = [item for item in items if not wanted(item)]
    if dropped and not config.getoption("collectonly"):
        config.hook.pytest_deselected(items=dropped)
        items[:] = [item for item in items if wanted(item)]


@pytest.fixture(scope="session")
def announce(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """Writes a line that people see while the run goes on, captured output or not."""
    capture = pytestconfig.pluginmanager.getplugin("capturemanager")
    terminal = pytestconfig.pluginmanager.getplugin("terminalreporter")

    def write(line: str) -> None:
        if terminal is None or capture is None:
            return
        with capture.global_and_fixture_disabled():
            terminal.ensure_newline()
            terminal.write_line(line)

    return write


@pytest.fixture(scope="session")
def pipeline(pytestconfig: pytest.Config, announce: Callable[[str], None]) -> Iterator[Pipeline]:
    """The stages of the chosen profile."""
    from harness.benchmark.suite import Suite
    from harness.cluster import Cluster, ClusterError
    from harness.pipeline import Pipeline
    from harness.report.progress import Progress
    from harness.store import Store

    def progress(label: str) -> Progress:
        return Progress(label, announce)

    root = Path(pytestconfig.rootpath)
    contest = contest_of(pytestconfig)
    store = Store(root / pytestconfig.getoption("cache"), announce, _allowed(pytestconfig, contest))
    address = pytestconfig.getoption("cluster")
    try:
        with Cluster(address) if address else nullcontext() as cluster:
            yield Pipeline(
                profile_of(pytestconfig),
                store,
                progress,
                from_scratch=pytestconfig.getoption("from_scratch"),
                root=root,
                outside=None if isinstance(contest.suite, Suite) else contest.suite,
                given=contest.given,
                cluster=cluster,
                launcher=tuple(shlex.split(pytestconfig.getoption("launch"))),
            )
    except ClusterError as error:
        leave_undecided(pytestconfig, f"--cluster: {error}")
        pytest.exit(f"--cluster: {error}", returncode=pytest.ExitCode.USAGE_ERROR)


def _allowed(config: pytest.Config, contest: Contest) -> tuple[str, ...] | None:
    """The kinds of artifact that a run may make, None for all.

    The gate and the deployment alone take what was built, but for the results of models that the gate is given.
    """
    if _asks_for(config, "build") or _asks_for(config, "study"):
        return None
    if _asks_for(config, "acceptance"):
        return MEASURING if contest.given else ()
    return () if _asks_for(config, "deploy") else None


def profile_of(config: pytest.Config) -> Profile:
    """The profile that the options, or the study's file, choose. Raises UsageError."""
    from harness.profile import ProfileError, load_profile

    asked = study_of(config).profile if _asks_for(config, "study") else config.getoption("profile")
    try:
        profile = load_profile(asked)
    except ProfileError as error:
        raise pytest.UsageError(str(error)) from error
    if chosen := config.getoption("a7"):
        return profile.model_copy(update={"data": profile.data.model_copy(update={"a7": chosen})})
    return profile


def study_of(config: pytest.Config) -> StudyPlan:
    """The study that `--study` names. Raises UsageError."""
    from harness.study.plan import StudyError, load_plan

    try:
        return load_plan(config.rootpath / config.getoption("study"))
    except StudyError as error:
        raise pytest.UsageError(str(error)) from error


def criteria_of(config: pytest.Config) -> list[Criterion]:
    """The criteria of the contest. Raises UsageError for a typo in the file."""
    from harness.release.criteria import CriteriaError, load_criteria

    contest = contest_of(config)
    try:
        return load_criteria(contest.criteria, contest.suite.rows, tuple(contest.by_name))
    except CriteriaError as error:
        raise pytest.UsageError(str(error)) from error


def reports_of(config: pytest.Config, candidate: str) -> Path:
    """The folder of the reports on a candidate."""
    return Path(config.getoption("report") or config.rootpath / "models/built" / candidate)


def leave_undecided(config: pytest.Config, reason: str) -> None:
    """Have the reports say that this run of the gate decided nothing: an earlier one's must not be taken for its own.

    Without --report they are found only where the options give the candidate a name. Other runs leave them alone.
    """
    if not _asks_for(config, "acceptance"):
        return
    from harness.model.base import BaseModelError
    from harness.release.contest import ContestError, enlist
    from harness.report.write import write_undecided
    from harness.store import StoreError

    model, completions, baseline = map(config.getoption, ("model", "completions", "baseline"))
    try:
        candidate, _, _ = enlist(completions if model is None else model, baseline)
    except (BaseModelError, ContestError):
        candidate = "the candidate"
        if not config.getoption("report"):
            return
    with suppress(StoreError):
        write_undecided(candidate, reason, reports_of(config, candidate))


@cache
def contest_of(config: pytest.Config) -> Contest:
    """Who is measured on what by which criteria, from the options. Raises UsageError before anything is run."""
    from harness.benchmark.answers import AnswersError
    from harness.benchmark.suite import SuiteError
    from harness.model.base import BaseModelError
    from harness.release.contest import ContestError, enter

    benchmark, own = profile_of(config).benchmark, config.getoption("criteria")
    try:
        contest = enter(
            config.rootpath,
            benchmark,
            model=config.getoption("model"),
            completions=config.getoption("completions"),
            baseline=config.getoption("baseline"),
            outside=config.getoption("suite"),
            own_criteria=Path(own).absolute() if own else None,
        )
        for said in contest.given.values():
            if said.endswith(".jsonl"):
                _check_answers(Path(said), contest)
        return contest
    except (AnswersError, BaseModelError, ContestError, SuiteError) as error:
        raise pytest.UsageError(str(error)) from error


def _check_answers(path: Path, contest: Contest) -> None:
    from harness.benchmark.answers import AnswersError, read_answers

    by_split = read_answers(path, contest.suite.ids, contest.suite.left_out)
    texts = (text for answers in by_split.values() for found in answers.values() for text in found)
    if not any("endmodule" in text for text in texts):
        raise AnswersError(f"{path}: no answer holds a module; are these the prompts?")


def _asks_for(config: pytest.Config, marker: str) -> bool:
    """Whether the -m expression names this marker, other than after a `not`."""
    try:
        expression = ast.parse(config.getoption("markexpr").strip() or "none", mode="eval")
    except SyntaxError:
        return False  # pytest itself will refuse it
    return _names(expression.body, marker, asked=True)


def _names(node: ast.AST, marker: str, asked: bool) -> bool:
    if isinstance(node, ast.UnaryOp):
        return _names(node.operand, marker, not asked)
    if isinstance(node, ast.Name):
        return asked and node.id == marker
    return any(_names(child, marker, asked) for child in ast.iter_child_nodes(node))
