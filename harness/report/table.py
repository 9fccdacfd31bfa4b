"""Tables for the terminal."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from contextlib import suppress

from rich.console import Console
from rich.table import Table

from harness.benchmark.score import Metric, ScoreError, Scores
from harness.benchmark.statistics import wilson
from harness.release.gate import outwards

WIDTH = 110
OURS = ("v3", "v4", "v5")
# What the earlier experiment published, in per cent: Qwen2.5-Coder-7B, five samples of one spec a category,
# and a verdict that compared no output. V3's edge_detect is given as 60 in one place and 100 in another.
PUBLISHED: dict[str, tuple[int, int]] = {
    "clock_divider": (100, 80),
    "edge_detect": (60, 100),
    "enable_gating": (100, 80),
    "sync_reset": (100, 100),
    "async_reset": (80, 100),
    "enable_control": (80, 100),
    "updown_counter": (80, 100),
    "load_enable": (80, 100),
    "shift_register": (60, 80),
    "fsm": (60, 20),
}
PUBLISHED_OVERALL = ("84 %", "86 %")


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A plain-text table; the first column is text, the others are right-aligned. Nothing in it is read as markup."""
    grid = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    for number, column in enumerate(columns):
        grid.add_column(column, justify="left" if number == 0 else "right", no_wrap=number == 0)
    for row in rows:
        grid.add_row(*map(str, row))
    out = io.StringIO()
    Console(file=out, width=WIDTH, color_system=None, markup=False, emoji=False).print(grid)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def scoreboard(scores: Mapping[str, Scores]) -> str:
    """The models side by side per category: functional pass of the greedy answer.

    For the last one also the 95 % interval, its samples and its compile rate; the published figures of V3 and
    V4 stand beside, for the record. The suite's own verdicts are shown where none is lacking. Raises ScoreError
    when the last one has no results, or a model lacks a category of it.
    """
    *_, newest = scores.values()
    if not newest.results:
        raise ScoreError(
            f"{newest.model} has no results on split {newest.split}; score it on a suite with tasks"
        )
    samples = len(newest.results[0].sampled)
    models = [name.upper() if name in OURS else name for name in scores]
    shown: dict[Metric, str] = {"sampled": "samples", "any_sample": f"pass@{samples}"} if samples else {}
    shown["compiles"] = "compiles"
    with suppress(ScoreError):
        newest.overall("by_suite")
        shown["by_suite"] = "by the suite"
    metrics = tuple(shown)
    known = PUBLISHED.keys() & set(newest.rows) if set(scores) <= set(OURS) else set()
    columns = ["category", "specs", *models, "95 %", *shown.values()]
    columns += ["V3 published", "V4 published"] if known else []
    rows = []
    for row in newest.rows:
        found = newest.of(row)
        interval = wilson(sum(r.functional for r in found), len(found))
        shares = [f"{newest.rate(row, metric):.0%}" for metric in metrics]
        published = [f"{value} %" for value in PUBLISHED.get(row, ())] if known else []
        rates = [f"{s.rate(row):.0%}" for s in scores.values()]
        between = "{}%-{}%".format(*outwards(interval.low, interval.high))
        rows.append([row, len(found), *rates, between, *shares, *published])
    shares = [f"{newest.overall(metric):.0%}" for metric in metrics]
    rates = [f"{s.overall():.1%}" for s in scores.values()]
    rows.append(["overall", len(newest.results), *rates, "", *shares, *(PUBLISHED_OVERALL if known else ())])
    return table(f"{newest.suite[:8]} {newest.split}: functional, by simulation", columns, rows)
