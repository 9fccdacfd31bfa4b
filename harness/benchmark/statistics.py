"""What a benchmark result can tell: intervals, paired tests and pass@k."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb


@dataclass(frozen=True)
class Interval:
    """A two-sided confidence interval of a share, in 0..1."""

    low: float
    high: float


def wilson(passed: int, total: int, confidence: float = 0.95) -> Interval:
    """Wilson's score interval (Wilson 1927, by scipy). Raises ValueError when nothing was measured."""
    if total <= 0 or not 0 <= passed <= total:
        raise ValueError(f"{passed} of {total} is not a share")
    from scipy.stats import binomtest

    found = binomtest(passed, total).proportion_ci(confidence, method="wilson")
    return Interval(float(found.low), float(found.high))


def mcnemar(before: Sequence[bool], after: Sequence[bool]) -> float:
    """The exact two-sided McNemar p-value that two models differ on the same specs.

    Only the specs that flipped count: the smaller side is binomial with p = 1/2 (McNemar 1947, exact form).
    Raises ValueError when the two are not of the same length.
    """
    if len(before) != len(after):
        raise ValueError(f"paired results must be of the same specs: {len(before)} and {len(after)}")
    lost = sum(b and not a for b, a in zip(before, after, strict=True))
    won = sum(a and not b for b, a in zip(before, after, strict=True))
    if lost + won == 0:
        return 1.0
    from scipy.stats import binomtest

    return float(binomtest(won, lost + won).pvalue)


def pass_at_k(samples: int, passed: int, k: int) -> float:
    """The unbiased estimate that one of k samples passes, if `passed` of `samples` did (Chen et al. 2021).

    Raises ValueError for a k that is not 1 to `samples`.
    """
    if not 0 <= passed <= samples or not 1 <= k <= samples:
        raise ValueError(f"pass@{k} needs 0 <= passed <= samples and k <= samples, not {passed} of {samples}")
    return 1.0 - comb(samples - passed, k) / comb(samples, k)
