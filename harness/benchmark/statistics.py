"""What a benchmark result can tell: intervals, paired tests, the specs that a difference would need, pass@k.

Figures are means over specs. A spec's value is 0 or 1, or a share when it was sampled: samples of one spec are no
independent evidence, so nothing here counts them. `Groups` are such values by category, and a mean over several
categories counts each category once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, comb, lcm, sqrt
from statistics import NormalDist

Groups = Sequence[Sequence[float]]

CONFIDENCE, POWER = 0.95, 0.80
ALPHA = 1 - CONFIDENCE
# Floats are equal to this many decimals.
DECIMALS = 9
# Fewer flipped specs, all one way, cannot make the exact McNemar test reach 5 %: 2 * 2**-5 is more.
FEWEST_FLIPS = 6
# Shares are told apart to one part in so many by the paired test.
FINEST = 1000


@dataclass(frozen=True)
class Interval:
    """A two-sided confidence interval: of a share, in 0..1, or of a difference of shares, in -1..1."""

    low: float
    high: float


def wilson(passed: float, total: float, confidence: float = CONFIDENCE) -> Interval:
    """Wilson's score interval (Wilson 1927); an effective sample size need not be a whole number.

    Raises ValueError when nothing was measured.
    """
    if total <= 0 or not 0 <= passed <= total:
        raise ValueError(f"{passed} of {total} is not a share")
    share, z = passed / total, _z(confidence)
    middle = (share + z**2 / (2 * total)) / (1 + z**2 / total)
    half = z * sqrt(share * (1 - share) / total + (z / (2 * total)) ** 2) / (1 + z**2 / total)
    return Interval(max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half)))


def tango(won: float, lost: float, total: float, confidence: float = CONFIDENCE) -> Interval:
    """Tango's score interval of a paired difference, `won` less `lost` of `total` pairs (Tango 1998).

    It is the set of differences that a score test does not reject, and keeps its level where flips are few
    (Newcombe 1998, Fagerland et al. 2014). Raises ValueError when nothing was measured.
    """
    if total <= 0 or min(won, lost) < 0 or round(won + lost - total, DECIMALS) > 0:
        raise ValueError(f"{won} won and {lost} lost of {total} is not a paired result")
    z = _z(confidence)
    return Interval(-_highest(lost, won, total, z), _highest(won, lost, total, z))


def _highest(won: float, lost: float, total: float, z: float) -> float:
    """The highest difference that lies no more than `z` standard errors, as they would be under it, above ours."""
    from scipy.optimize import brentq

    def left(difference: float) -> float:
        # The share lost is the likeliest one under this difference: the larger root of 2n x^2 + b x + c.
        b = (2 * total - won + lost) * difference - won - lost
        c = -lost * difference * (1 - difference)
        share_lost = (sqrt(max(0.0, b * b - 8 * total * c)) - b) / (4 * total)
        variance = total * (2 * share_lost + difference * (1 - difference))
        return z * sqrt(max(0.0, variance)) - (total * difference - won + lost)

    # At the observed difference, and at 1, the standard error may be 0.
    start, end = (won - lost) / total + 1e-9, 1 - 1e-9
    return 1.0 if start >= end or left(end) > 0 else float(brentq(left, start, end))


def mean(groups: Groups) -> float:
    """The mean of the categories' means. Raises ValueError when a category is empty or there is none."""
    if not groups or not all(groups):
        raise ValueError("a mean needs categories, and a spec in each")
    return sum(sum(values) / len(values) for values in groups) / len(groups)


def share_interval(groups: Groups) -> Interval:
    """The 95 % interval of a mean of shares: Wilson's, at the effective sample size.

    For pass and fail in one category it is Wilson's own. Raises ValueError when nothing was measured.
    """
    share = min(1.0, mean(groups))
    total = _effective(groups, share * (1 - share))
    return wilson(share * total, total)


def difference_interval(changes: Groups) -> Interval:
    """The 95 % interval of a mean paired difference: Tango's, at the effective sample size.

    `changes` are after less before, spec by spec. Raises ValueError when nothing was measured.
    """
    won, lost = _won_and_lost(changes)
    total = _effective(changes, won + lost - (won - lost) ** 2)
    return tango(won * total, lost * total, total)


def _won_and_lost(changes: Groups) -> tuple[float, float]:
    won = mean([[max(0.0, change) for change in values] for values in changes])
    lost = mean([[max(0.0, -change) for change in values] for values in changes])
    return won, lost


def _effective(groups: Groups, binary: float) -> float:
    """How many specs of one category, judged once, would tell the mean as well (Kish 1965; Korn and Graubard 1998).

    That is the number at which pass and fail of the same mean (variance `binary` a spec) would vary as much as
    the stratified mean does. How much less the values vary than pass and fail is hard to see where nearly all
    are equal: the estimate is drawn towards "not at all" with the weight of z^2 specs, as Wilson draws a share
    towards 1/2, and is just that where nothing varies or a category has one spec.
    """
    sizes = [len(values) for values in groups]
    total = sum(sizes)
    alike = len(sizes) ** 2 / sum(1 / size for size in sizes)
    if min(sizes) == 1 or round(binary, DECIMALS) == 0:
        return alike
    observed = sum(_variance(values) / len(values) for values in groups) / len(groups) ** 2
    ratio = observed / (binary * total / (total - 1) / alike)
    seen, weight = 4 * total * binary, _z(CONFIDENCE) ** 2
    return alike * (seen + weight) / (seen * ratio + weight)


def _variance(values: Sequence[float]) -> float:
    centre = sum(values) / len(values)
    return sum((value - centre) ** 2 for value in values) / (len(values) - 1)


def mcnemar(before: Sequence[float], after: Sequence[float]) -> float:
    """The exact two-sided McNemar p-value that two models differ on the same specs.

    Only the specs that flipped count: the smaller side is binomial with p = 1/2 (McNemar 1947, exact form).
    For shares it is the paired permutation test of which McNemar's is the case of pass and fail: if the models
    were equal, each spec's change would be as likely the other way (Pitman 1937). Raises ValueError when the
    two are not of the same length.
    """
    if len(before) != len(after):
        raise ValueError(f"paired results must be of the same specs: {len(before)} and {len(after)}")
    from scipy.signal import convolve
    from scipy.stats import binom

    changes = Counter(round(a - b, DECIMALS) for b, a in zip(before, after, strict=True))
    del changes[0.0]
    fractions = {change: Fraction(change).limit_denominator(FINEST) for change in changes}
    unit = min(FINEST, lcm(*(fraction.denominator for fraction in fractions.values())))
    won, counts = 0, Counter[int]()
    for change, count in changes.items():
        size = max(1, round(abs(fractions[change]) * unit))
        counts[size] += count
        won += size * count if change > 0 else 0
    chances: Sequence[float] = [1.0]
    for size, count in counts.items():
        chance = [0.0] * (size * count + 1)
        chance[::size] = binom.pmf(range(count + 1), count, 0.5)
        chances = convolve(chances, chance)
    centre = (len(chances) - 1) / 2
    as_far = (chance for sum_won, chance in enumerate(chances) if abs(sum_won - centre) >= abs(won - centre))
    return min(1.0, max(0.0, float(sum(as_far))))


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's adjusted p-values: at most 5 % that any of several equal pairs is called different (Holm 1979)."""
    adjusted, largest = [0.0] * len(p_values), 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=lambda number: p_values[number])):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = largest
    return adjusted


def needed_for_bound(groups: Groups, bound: float) -> int | None:
    """Specs with which a share like this would be told from `bound`: 5 % two-sided, 80 % power.

    The normal approximation for one sample (Fleiss, Levin and Paik 2003, chapter 2), times the design effect.
    None when the two are equal.
    """
    share = min(1.0, mean(groups))
    return _needed(groups, share - bound, bound * (1 - bound), share * (1 - share))


def needed_for_difference(changes: Groups) -> int | None:
    """Specs with which a paired difference like this would be told from none: 5 % two-sided, 80 % power.

    The unconditional McNemar power of Connor (1987) times the design effect, and as many at least as the exact
    test needs to reach 5 % at all. None when there is no difference.
    """
    won, lost = _won_and_lost(changes)
    needed = _needed(changes, won - lost, won + lost, won + lost - (won - lost) ** 2)
    if needed is None:
        return None
    flipped = mean([[float(round(change, DECIMALS) != 0) for change in values] for values in changes])
    return max(needed, ceil(round(FEWEST_FLIPS / flipped, DECIMALS)))


def _needed(groups: Groups, difference: float, if_equal: float, as_observed: float) -> int | None:
    """Specs to tell a difference whose variance is `if_equal` without it and `as_observed` with it."""
    if round(difference, DECIMALS) == 0:
        return None
    errors = _z(CONFIDENCE) * sqrt(if_equal) + NormalDist().inv_cdf(POWER) * sqrt(max(0.0, as_observed))
    design_effect = sum(map(len, groups)) / _effective(groups, as_observed)
    return max(1, ceil((errors / difference) ** 2 * design_effect))


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)


def pass_at_k(samples: int, passed: int, k: int) -> float:
    """The unbiased estimate that one of k samples passes, if `passed` of `samples` did (Chen et al. 2021).

    Raises ValueError for a k that is not 1 to `samples`.
    """
    if not 0 <= passed <= samples or not 1 <= k <= samples:
        raise ValueError(f"pass@{k} needs 0 <= passed <= samples and k <= samples, not {passed} of {samples}")
    return 1.0 - comb(samples - passed, k) / comb(samples, k)
