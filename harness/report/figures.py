"""What every report of a run states: the verdict in words, each category's figures, what flipped, what failed."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from harness.benchmark.score import Flips, Metric, Result, ScoreError, Scores, flips
from harness.benchmark.statistics import DECIMALS, mean, share_interval
from harness.release.criteria import OVERALL
from harness.release.gate import Finding, outwards
from harness.report.run import Run
from harness.simulate.verdict import Outcome

METRICS: dict[str, str] = {
    "greedy": "functional",
    "sampled": "samples pass@1",
    "any_sample": "samples pass@k",
    "compiles": "compiles",
    "by_suite": "by the suite's bench",
}
NEVER_REPLACED = re.compile(r"[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LONGEST, MOST_LINES = 12_000, 200
"""Characters and lines of one untrusted text that a report shows."""
BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def named(model: str) -> str:
    """A model's name as people write it: `V3`, but a name of one's own as it is."""
    return model.upper() if re.fullmatch(r"v\d+", model) else model


def metric_name(metric: str, samples: int = 0) -> str:
    """A metric in words; with `samples`, the number behind pass@k."""
    return METRICS.get(metric, metric).replace("@k", f"@{samples}" if samples else "@k")


def percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def interval(low: float, high: float) -> str:
    """A 95 % interval as a range of whole per cent."""
    return "{}–{}%".format(*outwards(low, high))


def visible(text: str) -> str:
    """Untrusted text for people and XML: what is no character, or would reorder a line, is shown as U+FFFD."""
    return BIDI.sub("\ufffd", NEVER_REPLACED.sub("\ufffd", text))


def plain(text: object) -> str:
    """Untrusted text, visible and of bounded length."""
    said = visible(str(text))
    return said if len(said) <= LONGEST else f"{said[:LONGEST]}\n… {len(said) - LONGEST:,} more characters"


def splits(run: Run) -> list[str]:
    """The splits that the candidate was measured on; the gate decides on the first."""
    return [split for split, scores in run.scores.items() if run.candidate in scores]


def headline(run: Run) -> str:
    """The verdict in one line."""
    name, missed = named(run.candidate), len(misses(run))
    if run.released:
        rule = run.findings[0].rule
        by = "" if rule == "literal" else f" by the rule {rule}"
        return f"{name} is released: all {len(run.findings)} criteria are met{by}"
    if not run.findings:
        return f"{name} is not released: there is no criterion"
    return f"{name} is not released: {missed} of {len(run.findings)} criteria missed"


def misses(run: Run) -> list[Finding]:
    return [finding for finding in run.findings if not finding.passed]


def missed_by(run: Run, finding: Finding) -> list[Result]:
    """The candidate's results that a criterion's figure lost by, those that it lost most by first."""
    criterion = finding.criterion

    def share(result: Result) -> float:
        return result.value(criterion.metric, criterion.k)

    results = run.scores[splits(run)[0]][run.candidate].results
    asked = (result for result in results if criterion.category in (result.row, OVERALL))
    return sorted((result for result in asked if share(result) < 1), key=share)


def bound_name(finding: Finding) -> str:
    """What the value is held against: `at least`, or the baseline that it may not be below."""
    baseline = finding.baseline or finding.criterion.not_below
    return "at least" if baseline is None else f"not below {named(baseline)}"


def margin(finding: Finding) -> str:
    """How far the value lies from its bound, in points and, where the figure counts specs, in specs.

    It says why where that alone does not make the verdict.
    """
    behind = round(finding.bound - finding.value, DECIMALS)
    if behind == 0:
        said = "exactly met"
    else:
        points = f"{100 * abs(behind):.1f}" if abs(behind) >= 0.0005 else "under 0.1"
        said = f"{points} points {'short' if behind > 0 else 'above'}"
    counts = finding.criterion.metric in ("greedy", "compiles") and finding.criterion.category != OVERALL
    if behind > 0 and counts:
        specs = math.ceil(round((finding.bound - finding.value) * finding.specs, DECIMALS))
        said += f" ({specs} of {finding.specs} specs)"
    if finding.passed and behind > 0:
        said += ": not refuted" if finding.rule == "not_worse" else ": tolerated"
    if not finding.passed and behind <= 0:
        said += ", but not shown by the interval"
    return said


@dataclass(frozen=True)
class Figure:
    """One model's share of one category whose greedy answers pass, with its 95 % interval."""

    model: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Category:
    """One category, or `overall`, on one split: every model's figure and more about the candidate."""

    name: str
    specs: int
    figures: Sequence[Figure]
    more: Mapping[Metric, float]
    bounds: Sequence[float]
    """The absolute bounds on the greedy answers."""
    missed: bool


def categories(run: Run, split: str) -> list[Category]:
    """The categories in suite order, then `overall`; absolute bounds and misses are the gated split's."""
    scores, gated = run.scores[split], split == splits(run)[0]
    newest = scores[run.candidate]
    metrics = measured(newest)
    found = []
    for name in (*newest.rows, OVERALL):
        about = [f for f in run.findings if gated and f.criterion.category == name]
        everyone = {m: s for m, s in scores.items() if name == OVERALL or name in s.rows}
        found.append(
            Category(
                name=name,
                specs=len(newest.results if name == OVERALL else newest.of(name)),
                figures=[_figure(model, s, name) for model, s in everyone.items()],
                more={
                    metric: newest.overall(metric) if name == OVERALL else newest.rate(name, metric)
                    for metric in metrics
                },
                bounds=[
                    f.bound
                    for f in about
                    if f.criterion.at_least is not None and f.criterion.metric == "greedy"
                ],
                missed=any(not f.passed for f in about),
            )
        )
    return found


def samples(scores: Scores) -> int:
    """How many samples each spec has beside its greedy answer."""
    return min((len(result.sampled) for result in scores.results), default=0)


def measured(scores: Scores) -> list[Metric]:
    """The metrics beside the greedy one that these scores have."""
    metrics: list[Metric] = []
    if samples(scores):
        metrics += ["sampled", "any_sample"]
    metrics.append("compiles")
    with suppress(ScoreError):
        scores.overall("by_suite")
        metrics.append("by_suite")
    return metrics


def notes(run: Run, split: str, category: str = OVERALL) -> list[str]:
    """What the candidate's figures rest on where that is less than elsewhere, spec by spec."""
    results = run.scores[split][run.candidate].results
    asked = (result for result in results if category in (result.row, OVERALL))
    return [plain(f"{r.task}: {' '.join(r.note.split())}") for r in asked if r.note]


def _figure(model: str, scores: Scores, name: str) -> Figure:
    rows = scores.rows if name == OVERALL else (name,)
    groups = [[float(result.functional) for result in scores.of(row)] for row in rows]
    interval = share_interval(groups)
    return Figure(model, mean(groups), interval.low, interval.high)


def flipped(run: Run, split: str, baseline: str) -> dict[str, Flips]:
    """What the candidate lost and won against a baseline, by category; categories without a flip are left out."""
    before, after = run.scores[split][baseline].results, run.scores[split][run.candidate].results
    row = {result.task: result.row for result in after}
    both = flips(before, after)
    lost: dict[str, list[str]] = {}
    won: dict[str, list[str]] = {}
    for tasks, group in ((both.lost, lost), (both.won, won)):
        for task in tasks:
            group.setdefault(row[task], []).append(task)
    return {
        name: Flips(tuple(lost.get(name, ())), tuple(won.get(name, ())))
        for name in dict.fromkeys(row.values())
        if name in lost or name in won
    }


def baselines(run: Run, split: str) -> list[str]:
    return [model for model in run.scores[split] if model != run.candidate]


@dataclass(frozen=True)
class Failure:
    """One task whose greedy answer failed, and what became of it with each baseline."""

    split: str
    result: Result
    others: Mapping[str, Outcome]

    @property
    def passed_by(self) -> list[str]:
        return [model for model, outcome in self.others.items() if outcome is Outcome.PASS]


def failures(run: Run) -> list[Failure]:
    """Every task the candidate failed: those a baseline passes first, then by split, worst category first."""
    found: list[tuple[tuple[bool, int, float, str], Failure]] = []
    for number, split in enumerate(splits(run)):
        newest = run.scores[split][run.candidate]
        rates = {row: newest.rate(row) for row in newest.rows}
        others = {
            model: {r.task: r.greedy.outcome for r in run.scores[split][model].results}
            for model in baselines(run, split)
        }
        for result in newest.results:
            if not result.functional:
                there = {model: of[result.task] for model, of in others.items() if result.task in of}
                failure = Failure(split, result, there)
                order = (not failure.passed_by, number, rates[result.row], result.row)
                found.append((order, failure))
    return [failure for _, failure in sorted(found, key=lambda pair: pair[0])]
