"""What pytest makes of the release gate: its last line and its exit status.

Under `-m acceptance` pytest itself must not be able to turn red into green: a criterion that is skipped,
expected to fail, deselected or left without a result makes the exit status non-zero, and so does having none
at all (an all-skipped run would otherwise exit 0). What could not be measured is told from what was and failed.
"""

from __future__ import annotations

from typing import Any

import pytest

FINDING = "finding"
"""The property of a test that holds the line of its criterion."""


class Gate:
    """A plugin of acceptance runs: every criterion that is collected must get a verdict, passed or failed.

    With xdist the workers collect and the controller sees the reports: a worker hands its criteria over.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.criteria: set[str] = set()
        self.decided: set[str] = set()
        self.findings: list[tuple[bool, str]] = []
        self.broken = ""
        self.partial = config.getoption("lf", False) or any("::" in argument for argument in config.args)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Before anything is deselected."""
        self.criteria = {item.nodeid for item in items if item.get_closest_marker("acceptance")}
        if hasattr(config, "workeroutput"):
            config.workeroutput["criteria"] = sorted(self.criteria)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self.criteria.update(getattr(node, "workeroutput", {}).get("criteria", ()))

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        self.session = session

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "setup" and report.failed:
            # Every criterion stands on the same measurement: without it the others would only repeat this failure.
            crash = getattr(report.longrepr, "reprcrash", None)
            said = crash.message.removeprefix("Failed: ") if crash else str(report.longrepr)
            self.broken = said.strip().splitlines()[-1]
            self.session.shouldfail = "nothing was measured"
        if report.when == "call" and not report.skipped and not hasattr(report, "wasxfail"):
            self.decided.add(report.nodeid)
            self.findings += [
                (report.passed, str(line)) for name, line in report.user_properties if name == FINDING
            ]

    @property
    def complaint(self) -> str | None:
        """Why the gate cannot be green whatever pytest says; None when every criterion was decided."""
        if not self.criteria:
            return "there is no criterion"
        undecided = sorted(self.criteria - self.decided)
        if undecided:
            return f"skipped, xfailed, deselected or not run: {', '.join(undecided)}"
        return "only some criteria were asked for" if self.partial else None

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.broken and not self.decided:
            session.exitstatus = pytest.ExitCode.USAGE_ERROR
        elif self.complaint and session.exitstatus in (
            pytest.ExitCode.OK,
            pytest.ExitCode.NO_TESTS_COLLECTED,
        ):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter, exitstatus: int) -> None:
        for passed, line in self.findings:
            terminalreporter.write_line(
                f"{'met   ' if passed else 'MISSED'} {line}", green=passed, red=not passed
            )
        if self.complaint or exitstatus != pytest.ExitCode.OK:
            said = f"GATE RED: {self.complaint or 'not released'}"
            if self.broken and not self.decided:
                said = f"GATE NOT DECIDED: nothing was measured: {self.broken}"
            terminalreporter.write_line(said, red=True, bold=True)
        else:
            met = f"all {len(self.criteria)} criteria met"
            terminalreporter.write_line(f"GATE GREEN: {met}", green=True, bold=True)
