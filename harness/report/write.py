"""All reports of one gate run, side by side in a folder."""

from __future__ import annotations

from pathlib import Path

from harness.report.figures import named
from harness.report.html import write_html
from harness.report.junit import write_junit
from harness.report.markdown import escape, markdown
from harness.report.run import Run
from harness.store import write_atomic

REPORTS = ("report.html", "summary.md", "junit.xml")


def write_reports(run: Run, folder: Path) -> list[Path]:
    """Write report.html (for people), summary.md (for a CI page) and junit.xml (for CI); their paths."""
    html, summary, junit = (folder / name for name in REPORTS)
    write_html(run, html)
    write_atomic(summary, markdown(run))
    write_junit(run, junit)
    return [html, summary, junit]


def write_undecided(candidate: str, reason: str, folder: Path) -> None:
    """Say in summary.md that nothing was measured, and remove the other reports: they tell of an earlier run."""
    for name in REPORTS:
        (folder / name).unlink(missing_ok=True)
    write_atomic(
        folder / REPORTS[1], f"## ❔ {escape(named(candidate))} was not measured\n\n{escape(reason)}\n"
    )
