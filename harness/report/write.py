"""All reports of one gate run, side by side in a folder with its record."""

from __future__ import annotations

from pathlib import Path

from harness.release.record import RECORD
from harness.report.figures import named
from harness.report.html import write_html
from harness.report.junit import write_junit
from harness.report.markdown import escape, markdown
from harness.report.run import Run
from harness.store import StoreError, write_atomic

REPORTS = ("report.html", "summary.md", "junit.xml")


def write_reports(run: Run, folder: Path) -> list[Path]:
    """Write report.html (for people), summary.md (for a CI page) and junit.xml (for CI); their paths."""
    html, summary, junit = (folder / name for name in REPORTS)
    write_html(run, html)
    write_atomic(summary, markdown(run))
    write_junit(run, junit)
    return [html, summary, junit]


def write_undecided(candidate: str, reason: str, folder: Path) -> None:
    """Say in summary.md that nothing was measured, and remove what else tells of an earlier run: reports, record.

    Raises StoreError where that cannot be written or removed.
    """
    summary = folder / REPORTS[1]
    write_atomic(summary, f"## ❔ {escape(named(candidate))} was not measured\n\n{escape(reason)}\n")
    for path in (folder / name for name in (*REPORTS, RECORD)):
        try:
            if path != summary:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(
                f"cannot remove {path}, which tells of an earlier run: {error.strerror}"
            ) from error
