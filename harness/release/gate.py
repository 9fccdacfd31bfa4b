"""The gate: each criterion against measured scores, with what the measurement can and cannot tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from harness.benchmark.score import Result, ScoreError, Scores, flips
from harness.benchmark.statistics import mcnemar, wilson
from harness.release.criteria import OVERALL, Criterion

# Figures are compared to this many decimals: sums of floats must not decide at an exactly met bound.
DECIMALS = 9


class Finding(BaseModel):
    """The result of one criterion: the figures it was decided on, and one line that says so.

    `value` and `bound` are shares; `low` and `high` bound the value's 95 % Wilson interval over specs.
    `within_tolerance` marks a pass that is one of resolution. `p_value` (the exact McNemar test against the
    baseline), `lost` and `won` (specs that flipped) are of greedy answers, and so given for that metric only;
    `adjusted_p` is Holm's over all criteria of the same baseline, and `needed` the number of specs that would
    be needed to tell the observed difference.
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

    @property
    def line(self) -> str:
        against = f"{self.criterion.not_below.upper()}'s " if self.criterion.not_below else ""
        text = (
            f"{self.criterion.category}: {self.value:.1%} against {against}{self.bound:.1%}"
            f" (n = {self.specs} specs, 95 % interval {self.low:.0%} to {self.high:.0%}"
        )
        text += f", McNemar p = {self.p_value:.2f})" if self.p_value is not None else ")"
        if self.within_tolerance:
            text += f"; below, but within the tolerance of {self.criterion.tolerance}: counts as not below"
        if not self.passed and self.lost:
            text += f"; lost {', '.join(self.lost)}"
        return text


def decide(criterion: Criterion, candidate: Scores, baselines: Mapping[str, Scores]) -> Finding:
    """Check one criterion. Raises ScoreError when a result or a whole baseline is missing."""
    after = _results(candidate, criterion)
    value = _rate(candidate, criterion)
    interval = wilson(round(sum(o.value(criterion.metric) for o in after)), len(after))
    if criterion.not_below is None:
        assert criterion.at_least is not None
        return Finding(
            criterion=criterion,
            passed=round(value - criterion.at_least, DECIMALS) >= 0,
            value=value,
            bound=criterion.at_least,
            specs=len(after),
            low=interval.low,
            high=interval.high,
        )
    baseline = baselines.get(criterion.not_below)
    if baseline is None:
        raise ScoreError(
            f"{criterion.id} compares with {criterion.not_below}, which has no scores; build them"
        )
    before = _results(baseline, criterion)
    changed = flips(before, after)
    bound = _rate(baseline, criterion)
    behind = round((bound - value) * len(after), DECIMALS)
    greedy = criterion.metric == "greedy"
    return Finding(
        criterion=criterion,
        passed=behind <= criterion.tolerance,
        value=value,
        bound=bound,
        specs=len(after),
        low=interval.low,
        high=interval.high,
        within_tolerance=0 < behind <= criterion.tolerance,
        p_value=mcnemar([o.functional for o in before], [o.functional for o in after]) if greedy else None,
        lost=changed.lost if greedy else (),
        won=changed.won if greedy else (),
    )


def _results(scores: Scores, criterion: Criterion) -> Sequence[Result]:
    return scores.results if criterion.category == OVERALL else scores.of(criterion.category)


def _rate(scores: Scores, criterion: Criterion) -> float:
    if criterion.category == OVERALL:
        return scores.overall(criterion.metric)
    return scores.rate(criterion.category, criterion.metric)
