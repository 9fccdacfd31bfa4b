"""The pytest glue: options, markers and the `pipeline` fixture. Stages live elsewhere; their tests are views of them.

Under `-m acceptance` pytest itself must not be able to turn red into green: a skip, an xfail, an empty selection
or a criterion without a result makes the exit status non-zero (an all-skipped run would otherwise exit 0).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from harness.pipeline import Pipeline
    from harness.report.progress import Progress

MARKERS = {
    "build": "makes V5: data, training, benchmark (run in file order, without xdist)",
    "acceptance": "the release gate: one test for each criterion, on results that a build has made",
    "gpu": "needs a GPU",
    "api": "calls a paid API; never run by default",
    "slow": "takes more than some seconds",
}
STAGES = ("build", "acceptance")
GATE = pytest.StashKey["Gate"]()


class Gate:
    """Watches an acceptance run: which criteria were asked for, and which really passed or failed."""

    def __init__(self) -> None:
        self.selected: set[str] = set()
        self.decided: set[str] = set()
        self.evaded: list[str] = []

    def watch(self, report: pytest.TestReport) -> None:
        if report.nodeid not in self.selected:
            return
        if report.skipped or hasattr(report, "wasxfail"):
            self.evaded.append(report.nodeid)
        elif report.when == "call":
            self.decided.add(report.nodeid)

    @property
    def complaint(self) -> str | None:
        """Why the gate cannot be green whatever pytest says; None when every criterion was decided."""
        if not self.selected:
            return "no criterion was selected"
        if self.evaded:
            return f"skipped or expected to fail: {', '.join(sorted(set(self.evaded)))}"
        undecided = self.selected - self.decided
        return f"no result for {', '.join(sorted(undecided))}" if undecided else None


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("harness", "the V5 harness")
    group.addoption(
        "--profile", default="embedded", help="a shipped profile (embedded, smoke, qwen, ...) or FILE.toml"
    )
    group.addoption("--cache", default="data/cache", help="where artifacts are kept (default: data/cache)")
    group.addoption(
        "--from-scratch",
        action="store_true",
        help="train V3 and V4 too instead of replaying their recorded answers",
    )


def pytest_configure(config: pytest.Config) -> None:
    for name, meaning in MARKERS.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")
    if _asks_for(config, "acceptance"):
        config.stash[GATE] = Gate()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Stages run only when asked for: plain `pytest` runs the harness's own tests."""
    if not any(_asks_for(config, stage) for stage in STAGES):
        dropped = [item for item in items if any(item.get_closest_marker(stage) for stage in STAGES)]
        if dropped and not config.getoption("collectonly"):
            config.hook.pytest_deselected(items=dropped)
            items[:] = [item for item in items if item not in dropped]


def pytest_collection_finish(session: pytest.Session) -> None:
    gate = session.config.stash.get(GATE, None)
    if gate is not None:
        gate.selected = {item.nodeid for item in session.items if item.get_closest_marker("acceptance")}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if _active_gate is not None:
        _active_gate.watch(report)


_active_gate: Gate | None = None


def pytest_sessionstart(session: pytest.Session) -> None:
    global _active_gate
    _active_gate = session.config.stash.get(GATE, None)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    gate = session.config.stash.get(GATE, None)
    if (
        gate is not None
        and gate.complaint is not None
        and exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
    ):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    gate = config.stash.get(GATE, None)
    if gate is None:
        return
    if gate.complaint is not None:
        terminalreporter.write_line(f"GATE RED: {gate.complaint}", red=True, bold=True)
    elif terminalreporter.stats.get("failed") or terminalreporter.stats.get("error"):
        terminalreporter.write_line("GATE RED: not released", red=True, bold=True)
    else:
        terminalreporter.write_line("GATE GREEN: every criterion met", green=True, bold=True)


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
def pipeline(pytestconfig: pytest.Config, announce: Callable[[str], None]) -> Pipeline:
    """The stages of the chosen profile; read-only under the gate, which judges results and makes none."""
    from harness.pipeline import Pipeline
    from harness.profile import load_profile
    from harness.report.progress import Progress
    from harness.store import Store

    def progress(label: str) -> Progress:
        return Progress(label, announce)

    root = Path(pytestconfig.rootpath)
    store = Store(
        root / pytestconfig.getoption("cache"), announce, read_only=_asks_for(pytestconfig, "acceptance")
    )
    return Pipeline(
        load_profile(pytestconfig.getoption("profile")),
        store,
        progress,
        from_scratch=pytestconfig.getoption("from_scratch"),
        root=root,
    )


def _asks_for(config: pytest.Config, marker: str) -> bool:
    """Whether the -m expression names this marker (`not build` does not ask for it)."""
    words = str(config.getoption("markexpr", "")).replace("(", " ").replace(")", " ").split()
    return any(word == marker and words[i - 1 : i] != ["not"] for i, word in enumerate(words))
