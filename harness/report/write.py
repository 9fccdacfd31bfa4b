"""All reports of one gate run, side by side in a folder."""

from __future__ import annotations

from pathlib import Path

from harness.report.html import write_html
from harness.report.junit import write_junit
from harness.report.markdown import markdown
from harness.report.run import Run
from harness.store import write_atomic


def write_reports(run: Run, folder: Path) -> list[Path]:
    """Write report.html (for people), summary.md (for a CI page) and junit.xml (for CI); their paths."""
    html, summary, junit = folder / "report.html", folder / "summary.md", folder / "junit.xml"
    write_html(run, html)
    write_atomic(summary, markdown(run))
    write_junit(run, junit)
    return [html, summary, junit]
