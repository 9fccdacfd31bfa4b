"""What production does, as one HTML file: no network, no script, nothing that a trace holds is ever markup."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from markupsafe import Markup

from harness.benchmark.statistics import Interval, wilson
from harness.release.drift import ALPHA, Measured
from harness.release.monitor import GOAL, Monitored, row_of
from harness.release.plan import Plan
from harness.report.page import render
from harness.report.trend import trend
from harness.store import write_atomic

MOST_KINDS = 30


def write_monitor_html(seen: Monitored, plan: Plan | None, path: Path) -> None:
    """Write the page. Raises StoreError when the file cannot be written."""
    write_atomic(path, monitor_html(seen, plan).encode("utf-8", "replace"))


def monitor_html(seen: Monitored, plan: Plan | None = None) -> str:
    """The page as text; the plan has a section if there is one."""
    return render(
        "monitor.html.j2",
        ("style.css", "monitor.css"),
        seen=seen,
        plan=plan,
        headline=headline(seen),
        alpha=ALPHA,
        goal=GOAL,
        most_kinds=MOST_KINDS,
        trend=cache(_trends(seen)),
        whole=trend(seen.whole, None, None, "all categories: pass rate over time") if seen.whole else "",
        gate_interval=_gate_interval,
    )


def headline(seen: Monitored) -> str:
    """What matters most, in one line."""
    alarms = len(seen.alarms)
    if alarms:
        are = "category is" if alarms == 1 else "categories are"
        return f"Drift alarm: {alarms} {are} worse in production than at the gate"
    if not seen.gate:
        return "No gate figures, so no drift alarm"
    return f"No drift alarm in {len(seen.drifts)} categories"


def _gate_interval(measured: Measured) -> Interval:
    return wilson(measured.passed, measured.total)


def _trends(seen: Monitored) -> Callable[[str], tuple[Markup, bool]]:
    """Draws a category, and says whether its row of the gate has an alarm."""

    def drawn(category: str) -> tuple[Markup, bool]:
        row = row_of(category, seen.gate)
        gate = seen.gate[row].rate if row else None
        alarm = seen.since[row][1] if row and row in seen.since else None
        return trend(
            seen.windows[category], gate, alarm, f"{category}: pass rate over time"
        ), alarm is not None

    return drawn
