"""The gate: each criterion against measured scores, with what the measurement can and cannot tell."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from harness.benchmark.score import Result, ScoreError, Scores, flips
from harness.benchmark.statistics import (
    ALPHA,
    difference_interval,
    holm,
    mcnemar,
    mean,
    needed_for_bound,
    needed_for_difference,
    share_interval,
)
from harness.release.criteria import BASELINES, OVERALL, Criterion

T = TypeVar("T")

Rule = Literal["literal", "lower_bound", "not_worse"]
"""What counts as meeting a criterion.

`literal`: the measured figure reaches the bound, or lies at most the tolerance below the baseline, as the plan
says. It is decided by chance where the two are close; for a team that knows its suite and wants no surprises.

`lower_bound`: the measurement shows it. The 95 % interval of a share lies at the bound or above it, and that of the
paired difference (Tango's score interval) at minus the tolerance or above it. For a release that must not get
worse, on a suite large enough: without a single flip the difference is known to 4 specs only, so a tolerance
below 4 asks for a gain.

`not_worse`: the measurement does not refute it. Only a share whose interval ends below the bound fails, or a
significant loss (5 % by exact McNemar after Holm). For frequent runs that should fail only for a reason; the fewer
the specs, the more it lets through.
"""

# Figures are compared to this many decimals: sums of floats must not decide at an exactly met bound.
DECIMALS = 9
# Lost specs named in a finding's line.
NAMED = 8
# Metrics under which a spec may count for a part.
SHARES = ("sampled", "any_sample")


def outwards(low: float, high: float) -> tuple[int, int]:
    """An interval in whole per cent, rounded so that a bound that lies outside is not shown inside."""
    return math.floor(round(100 * low, DECIMALS)), math.ceil(round(100 * high, DECIMALS))


class Finding(BaseModel):
    """The result of one criterion: the figures it was decided on, and one line that says so.

    `value` and `bound` are shares; `low` and `high` bound the value's 95 % interval over specs.
    `within_tolerance` marks a literal pass that is one of resolution. Compared with a baseline, whose model is
    `baseline`: `difference_low` and `difference_high` bound the paired difference, `p_value` is the exact McNemar
    test (its permutation form for sampled shares, and for `overall`, where a spec weighs as much as in the mean of
    the categories), `adjusted_p` is Holm's over all criteria of the same baseline,
    `lost` and `won` are the specs that went from all to nothing and back under the criterion's metric. `needed` is
    the number of specs that would tell the value from its bound, or the difference from none.
    """

    model_config = ConfigDict(frozen=True)

    criterion: Criterion
    passed: bool
    value: float
    bound: float
    specs: int
    low: float
    high: float
    within_tolerance: bool = False
    p_value: float | None = None
    lost: tuple[str, ...] = ()
    won: tuple[str, ...] = ()
    adjusted_p: float | None = None
    needed: int | None = None
    rule: Rule = "literal"
    baseline: str | None = None
    difference_low: float | None = None
    difference_high: float | None = None

    @property
    def line(self) -> str:
        metric = "" if self.criterion.metric == "greedy" else f" {self.criterion.metric}"
        metric += "" if self.criterion.k is None else f" (k = {self.criterion.k})"
        text = f"{self.criterion.category}{metric}: {self.value:.1%} against {self._against}{self.bound:.1%}"
        text += f" ({'; '.join(self._evidence())})"
        if self.within_tolerance:
            text += f"; below, but within the tolerance of {self._tolerance}: counts as not below"
        if self.rule != "literal":
            text += f"; {'met' if self.passed else 'not met'} by the rule {self.rule}"
        if self.lost:
            more = f" and {len(self.lost) - NAMED} more" if len(self.lost) > NAMED else ""
            text += f"; lost {', '.join(self.lost[:NAMED])}{more}"
        return text

    @property
    def _against(self) -> str:
        if self.baseline is None:
            return ""
        return f"{self.baseline.upper() if self.baseline in BASELINES else self.baseline}'s "

    @property
    def _tolerance(self) -> str:
        specs = self.criterion.tolerance
        return (
            f"{specs}"
            if self.criterion.category != OVERALL
            else f"{specs / self.specs:.1%} ({specs} of {self.specs} specs)"
        )

    def _evidence(self) -> Sequence[str]:
        low, high = outwards(self.low, self.high)
        said = [f"n = {self.specs} specs, 95 % interval {low}% to {high}%"]
        if self.difference_low is not None and self.difference_high is not None:
            low, high = outwards(self.difference_low, self.difference_high)
            said.append(f"difference {low:+}% to {high:+}%")
        if self.p_value is not None:
            weighed = self.criterion.metric in SHARES or self.criterion.category == OVERALL
            test = "permutation" if weighed else "McNemar"
            adjusted = f", {self.adjusted_p:.3f} by Holm" if self.adjusted_p is not None else ""
            said.append(f"{test} p = {self.p_value:.3f}{adjusted}")
        if self.needed is not None:
            specs = "spec" if self.needed == 1 else "specs"
            said.append(f"{self.needed:,} {specs} needed to detect it")
        return said


def decide_all(
    criteria: Sequence[Criterion],
    candidate: Scores,
    baselines: Mapping[str, Scores],
    rule: Rule = "literal",
) -> list[Finding]:
    """Check all criteria by one rule, in their order. Raises ScoreError as `decide` does."""
    findings = [decide(criterion, candidate, baselines) for criterion in criteria]
    # By the model, since criteria may call one by several names.
    for baseline in {finding.baseline for finding in findings}:
        family = {
            number: finding.p_value
            for number, finding in enumerate(findings)
            if finding.baseline == baseline and finding.p_value is not None
        }
        for number, adjusted in zip(family, holm(list(family.values())), strict=True):
            findings[number] = findings[number].model_copy(update={"adjusted_p": adjusted})
    if rule == "literal":
        return findings
    meets = _shown if rule == "lower_bound" else _not_refuted
    return [
        f.model_copy(update={"rule": rule, "passed": meets(f), "within_tolerance": False}) for f in findings
    ]


def _shown(finding: Finding) -> bool:
    if finding.difference_low is None:
        return round(finding.low - finding.bound, DECIMALS) >= 0
    return round(finding.difference_low * finding.specs + finding.criterion.tolerance, DECIMALS) >= 0


def _not_refuted(finding: Finding) -> bool:
    if finding.adjusted_p is None:
        return round(finding.high - finding.bound, DECIMALS) >= 0
    return finding.adjusted_p > ALPHA or round(finding.value - finding.bound, DECIMALS) >= 0


def decide(criterion: Criterion, candidate: Scores, baselines: Mapping[str, Scores]) -> Finding:
    """Check one criterion literally: at most `tolerance` specs below a baseline.

    In `overall` the specs weigh differently; there the tolerance is that of the average spec, 1 / specs each.
    Raises ScoreError when a result or a whole baseline is missing.
    """
    after = _groups(candidate, criterion)
    values = _values(candidate, criterion)
    value, specs = mean(values), sum(map(len, values))
    interval = share_interval(values)
    if criterion.not_below is None:
        assert criterion.at_least is not None
        return Finding(
            criterion=criterion,
            passed=round(value - criterion.at_least, DECIMALS) >= 0,
            value=value,
            bound=criterion.at_least,
            specs=specs,
            low=interval.low,
            high=interval.high,
            needed=needed_for_bound(values, criterion.at_least),
        )
    baseline = baselines.get(criterion.not_below)
    if baseline is None:
        raise ScoreError(
            f"{criterion.id} compares with {criterion.not_below}, which has no scores; build them"
        )
    before = _groups(baseline, criterion)
    flips(_flat(before), _flat(after))
    old = _values(baseline, criterion)
    bound = mean(old)
    changes = [[a - b for b, a in zip(*pair, strict=True)] for pair in zip(old, values, strict=True)]
    difference = difference_interval(changes)
    changed = list(zip(_flat(after), _flat(changes), strict=True))
    behind = round((bound - value) * specs, DECIMALS)
    return Finding(
        criterion=criterion,
        passed=behind <= criterion.tolerance,
        value=value,
        bound=bound,
        specs=specs,
        low=interval.low,
        high=interval.high,
        within_tolerance=0 < behind <= criterion.tolerance,
        p_value=mcnemar(_weighed(old), _weighed(values)),
        lost=tuple(result.task for result, change in changed if change == -1),
        won=tuple(result.task for result, change in changed if change == 1),
        needed=needed_for_difference(changes),
        baseline=baseline.model,
        difference_low=difference.low,
        difference_high=difference.high,
    )


def _groups(scores: Scores, criterion: Criterion) -> list[list[Result]]:
    """The results that a criterion is about, by category."""
    rows = scores.rows if criterion.category == OVERALL else [criterion.category]
    return [scores.of(row) for row in rows]


def _values(scores: Scores, criterion: Criterion) -> list[list[float]]:
    """What the criterion counts of each of them. Raises ScoreError naming the model that lacks it."""
    groups = _groups(scores, criterion)
    try:
        return [[result.value(criterion.metric, criterion.k) for result in group] for group in groups]
    except ScoreError as error:
        raise ScoreError(f"{scores.model}: {error}") from error


def _weighed(groups: Sequence[Sequence[float]]) -> list[float]:
    """Every spec's value by its weight in the mean of the categories; 1 for those of the smallest category."""
    fewest = min(map(len, groups))
    return [value * fewest / len(group) for group in groups for value in group]


def _flat(groups: Iterable[Iterable[T]]) -> list[T]:
    return [item for group in groups for item in group]
