"""What production does: pass rates over time, drift against the gate, weak domains, unknown kinds of request.

Figures are about the model that answered last; verdicts are those that the service gave when it answered. Requests
that could not be verified, and those on which our own tools failed, are counted apart: they say nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from harness.benchmark.score import ScoreError, load_scores
from harness.benchmark.statistics import wilson
from harness.benchmark.suite import ROWS
from harness.dataset.tracelog import TraceLine, read
from harness.release.criteria import OVERALL
from harness.release.drift import Drift, Measured, drift
from harness.release.kinds import Kind, kinds
from harness.release.record import read_record
from harness.simulate.verdict import UNVERIFIED, Outcome

GOAL = 0.88
"""The plan's aim for the whole; a domain below it is short of something."""
WINDOW = 50
Gate = Mapping[str, Measured]
By = int | Literal["day"]

_PAIRS = TypeAdapter(dict[str, tuple[int, int]])


class MonitorError(ValueError):
    """A trace or gate file that cannot be monitored."""


@dataclass(frozen=True)
class Rate:
    """`passed` of `total`, with Wilson's 95 % interval."""

    passed: int
    total: int

    @property
    def value(self) -> float:
        return self.passed / self.total

    @property
    def low(self) -> float:
        return wilson(self.passed, self.total).low

    @property
    def high(self) -> float:
        return wilson(self.passed, self.total).high


@dataclass(frozen=True)
class Window:
    """A stretch of one category's verified requests: the times of its first and its last, and its rate."""

    first: str
    last: str
    rate: Rate


@dataclass(frozen=True)
class Domain:
    """A category in production, held against GOAL."""

    category: str
    rate: Rate
    corrected: int

    @property
    def weak(self) -> bool:
        """Whether even the upper end of the interval lies below GOAL: no accident of a few requests."""
        return self.rate.high < GOAL

    @property
    def shortfall(self) -> float:
        return max(0.0, GOAL - self.rate.value)


@dataclass(frozen=True)
class Monitored:
    """A trace, summed up. `skipped` lines are cut, `others` are requests to other models than the last."""

    model: str
    requests: int
    skipped: int
    others: int
    unverified: int
    tool_errors: int
    private: int
    windows: Mapping[str, Sequence[Window]]
    """By category, the largest category first."""
    domains: Sequence[Domain]
    """The weakest first: by the upper end of the interval, so that three requests cannot top the list."""
    whole: Sequence[Window]
    """All verified requests of a known category together."""
    gate: Gate
    drifts: Sequence[Drift]
    """In the gate's categories; alarms first."""
    since: Mapping[str, tuple[str, str]]
    """The times from which on a category with an alarm seems to be worse, and of the alarm."""
    kinds: Sequence[Kind]

    @property
    def alarms(self) -> list[Drift]:
        return [found for found in self.drifts if found.alarm_at is not None]

    @property
    def overall(self) -> Rate | None:
        """Over all verified requests of a known category, each counting once; None if there is none."""
        passed = sum(domain.rate.passed for domain in self.domains)
        total = sum(domain.rate.total for domain in self.domains)
        return Rate(passed, total) if total else None


def read_gate(path: Path) -> dict[str, Measured]:
    """The gate's figures by category: its record (gate.json), a scores.json of the cache, or JSON {category: [passed,
    total]}. A record has the categories that it has a criterion on.

    Raises MonitorError naming the file and what it should be.
    """
    try:
        found = json.loads(path.read_bytes())
        if isinstance(found, dict) and "record" in found:
            pairs = {
                f.criterion.category: (round(f.value * f.specs), f.specs)
                for f in read_record(path).findings
                if f.criterion.metric == "greedy" and f.criterion.category != OVERALL
            }
        elif isinstance(found, dict) and "results" in found:
            scores = load_scores(path)
            pairs = {
                row: (sum(r.functional for r in scores.of(row)), len(scores.of(row))) for row in scores.rows
            }
        else:
            pairs = _PAIRS.validate_python(found)
    except (OSError, ValueError, ScoreError) as error:
        raise MonitorError(
            f"{path}: cannot be read as the gate's figures ({str(error).splitlines()[0]}); give the gate's"
            " gate.json, a scores.json of the cache, or JSON of the form {category: [passed, total]}"
        ) from error
    wrong = [name for name, (passed, total) in pairs.items() if not 0 <= passed <= total or total == 0]
    if wrong:
        raise MonitorError(f"{path}: {wrong[0]}: {pairs[wrong[0]]} is not [passed, total]")
    return {name: Measured(passed, total) for name, (passed, total) in pairs.items()}


def monitor(trace: Path, gate: Gate, by: By = WINDOW) -> Monitored:
    """Sum up the trace at `trace`; windows hold `by` requests of a category, or a day's.

    Raises MonitorError when the trace holds no request, TraceError when it cannot be read.
    """
    lines, skipped = read(trace)
    asked = [line for line in lines if line.corrects is None]
    if not asked:
        raise MonitorError(f"{trace}: holds no request ({skipped} lines cannot be read); serve some first")
    model = asked[-1].model
    ours = [line for line in asked if line.model == model]
    corrected = {line.corrects for line in lines if line.corrects is not None}
    judged: dict[str, list[TraceLine]] = {}
    for line in ours:
        if _passed(line) is not None and line.category is not None:
            judged.setdefault(line.category, []).append(line)
    by_row: dict[str, list[TraceLine]] = {}
    for line in ours:
        if _passed(line) is not None and (row := row_of(line.category, gate)) is not None:
            by_row.setdefault(row, []).append(line)
    outcomes = {row: [line.verdict == Outcome.PASS for line in those] for row, those in by_row.items()}
    found = drift(gate, outcomes) if gate else []
    domains = [
        Domain(
            category,
            _rate(those),
            sum(line.request in corrected for line in those),
        )
        for category, those in judged.items()
    ]
    verdicts = Counter(line.verdict for line in ours)
    return Monitored(
        model=model,
        requests=len(ours),
        skipped=skipped,
        others=len(asked) - len(ours),
        unverified=verdicts[UNVERIFIED],
        tool_errors=verdicts[Outcome.TOOL_ERROR],
        private=sum(line.private for line in ours),
        windows={
            category: _windows(those, by)
            for category, those in sorted(judged.items(), key=lambda pair: (-len(pair[1]), pair[0]))
        },
        whole=_windows([line for those in judged.values() for line in those], by),
        domains=sorted(domains, key=lambda d: (d.rate.high, d.rate.value, d.category)),
        gate=gate,
        drifts=sorted(found, key=lambda one: (one.alarm_at is None, -one.evidence)),
        since={
            one.category: (
                by_row[one.category][one.since - 1].time,
                by_row[one.category][one.alarm_at - 1].time,
            )
            for one in found
            if one.alarm_at is not None and one.since is not None
        },
        kinds=kinds([(line.instruction, _passed(line)) for line in ours if line.category is None]),
    )


def _passed(line: TraceLine) -> bool | None:
    """Whether the answer passed; None if nobody can say."""
    if line.verdict in (UNVERIFIED, Outcome.TOOL_ERROR):
        return None
    return line.verdict == Outcome.PASS


def row_of(category: str | None, gate: Gate) -> str | None:
    """What the gate calls a category: itself, or the row of the benchmark that it is a family of."""
    if category in gate:
        return category
    return next((row for row, families in ROWS.items() if category in families and row in gate), None)


def _rate(lines: Sequence[TraceLine]) -> Rate:
    return Rate(sum(line.verdict == Outcome.PASS for line in lines), len(lines))


def _windows(lines: Sequence[TraceLine], by: By) -> list[Window]:
    """The lines of one category in stretches; a last one of less than half of `by` joins the one before."""
    ordered = sorted(lines, key=lambda line: line.time)
    if by == "day":
        parts = [list(day) for _, day in groupby(ordered, key=lambda line: line.time[:10])]
    else:
        parts = [ordered[start : start + by] for start in range(0, len(ordered), by)]
        if len(parts) > 1 and 2 * len(parts[-1]) < by:
            parts[-2:] = [parts[-2] + parts[-1]]
    return [Window(part[0].time, part[-1].time, _rate(part)) for part in parts]
