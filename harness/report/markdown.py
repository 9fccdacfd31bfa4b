"""The summary of a run for the page of a CI job, in GitHub's Markdown."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from harness.benchmark.score import Flips
from harness.release.gate import Finding
from harness.report import figures
from harness.report.figures import bound_name, interval, margin, metric_name, named, percent, visible
from harness.report.run import Run

SPECIAL = re.compile(r"([\\`*\[\]#+!|~$@]|:(?=\S))|(?<![^\W_])_|_(?![^\W_])")
LISTED = 200
"""Ids in one list, so that a page stays below what GitHub shows (1 MiB)."""


def markdown(run: Run) -> str:
    """The verdict, the criteria, every model by category, and the specs that were lost against each baseline."""
    parts = [f"## {'✅' if run.released else '❌'} {escape(figures.headline(run))}"]
    parts.append(escape(run.terms))
    missed = figures.misses(run)
    if missed:
        parts.append("\n".join(f"- {_missed(finding)}" for finding in missed))
    if run.findings:
        columns = ["", "criterion", "value", "95 %", "bound", "distance", "n", "p", "Holm p"]
        parts.append("### Criteria\n\n" + _table(columns, "llrrlrrrr", [_row(f) for f in run.findings]))
    for split in figures.splits(run):
        parts.append(_categories(run, split))
        if notes := figures.notes(run, split):
            parts.append("\n".join(f"- {escape(note)}" for note in notes))
        parts += _lost(run, split)
    return "\n\n".join(parts) + "\n"


def escape(text: str) -> str:
    """Untrusted text as one line that shows as it is: no markup, no HTML, no cell of a table ends in it."""
    line = " ".join(visible(text).split())
    return SPECIAL.sub(lambda match: f"\\{match[0]}", html.escape(line, quote=False))


def _missed(finding: Finding) -> str:
    said = f"**{escape(finding.criterion.category)}**"
    if finding.criterion.metric != "greedy":
        said += f" ({metric_name(finding.criterion.metric, finding.criterion.k or 0)})"
    return f"{said} {percent(finding.value)}, {_bound(finding)}: {margin(finding)}"


def _bound(finding: Finding) -> str:
    return f"{escape(bound_name(finding))} {percent(finding.bound)}"


def _row(finding: Finding) -> Sequence[str]:
    return [
        "✅" if finding.passed else "❌",
        escape(finding.criterion.id),
        percent(finding.value),
        interval(finding.low, finding.high),
        _bound(finding),
        margin(finding),
        str(finding.specs),
        _p(finding.p_value),
        _p(finding.adjusted_p),
    ]


def _p(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _categories(run: Run, split: str) -> str:
    found = figures.categories(run, split)
    models = list(run.scores[split])
    more = list(found[0].more)
    samples = figures.samples(run.scores[split][run.candidate])
    columns = [
        "category",
        "n",
        *(escape(named(m)) for m in models),
        "95 %",
        *(metric_name(m, samples) for m in more),
    ]
    rows = []
    for category in found:
        of = {figure.model: figure for figure in category.figures}
        newest = of[run.candidate]
        rows.append(
            [
                escape(category.name) + (" ❌" if category.missed else ""),
                str(category.specs),
                *(percent(of[model].value) if model in of else "" for model in models),
                interval(newest.low, newest.high),
                *(percent(value) for value in category.more.values()),
            ]
        )
    return f"### Categories, {escape(split)}\n\n" + _table(columns, "l" + "r" * (len(columns) - 1), rows)


def _lost(run: Run, split: str) -> Iterator[str]:
    for model in figures.baselines(run, split):
        rows = figures.flipped(run, split, model)
        lost = sum(len(changed.lost) for changed in rows.values())
        won = sum(len(changed.won) for changed in rows.values())
        title = f"{split}: {lost} lost and {won} won against {named(model)}"
        listed = "\n".join(_listed(row, changed) for row, changed in rows.items() if changed.lost)
        # A summary is HTML, in which Markdown's escapes would show.
        plain = html.escape(" ".join(visible(title).split()), quote=False)
        yield f"<details><summary>{plain}</summary>\n\n{listed or 'nothing was lost'}\n\n</details>"


def _listed(row: str, changed: Flips) -> str:
    more = f" and {len(changed.lost) - LISTED} more" if len(changed.lost) > LISTED else ""
    return f"- **{escape(row)}**: {', '.join(map(escape, changed.lost[:LISTED]))}{more}"


def _table(columns: Sequence[str], aligned: str, rows: Sequence[Sequence[str]]) -> str:
    rule = ["---:" if place == "r" else "---" for place in aligned]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (columns, rule, *rows))
