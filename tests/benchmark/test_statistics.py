"""Intervals, paired tests and pass@k agree with published values and with counting by hand."""

from __future__ import annotations

from itertools import combinations, product
from math import sqrt
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from harness.benchmark.statistics import (
    ALPHA,
    Interval,
    difference_interval,
    holm,
    mcnemar,
    mean,
    needed_for_bound,
    needed_for_difference,
    pass_at_k,
    share_interval,
    tango,
    wilson,
)

Z = 1.959963984540054


def limits(interval: Interval) -> tuple[float, float]:
    return interval.low, interval.high


@pytest.mark.parametrize(
    ("passed", "total", "low", "high"),
    [
        (44, 50, 0.762, 0.944),
        (81, 263, 0.255, 0.366),  # Newcombe 1998, table I, method 3
        (15, 148, 0.062, 0.161),
        (0, 20, 0.0, 0.161),
        (1, 29, 0.006, 0.172),
        (20, 20, 0.839, 1.0),
    ],
)
def test_wilson(passed: int, total: int, low: float, high: float) -> None:
    """Wilson's 95 % interval has the values of Newcombe's comparison (1998), and 76-94 % for 44 of 50."""
    interval = wilson(passed, total)
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=6e-4)


@settings(deadline=None)
@given(total=st.integers(1, 300), data=st.data())
def test_wilson_holds_the_share(total: int, data: st.DataObject) -> None:
    """The interval lies in 0..1, holds the measured share, is wider at higher confidence, and is scipy's."""
    passed = data.draw(st.integers(0, total))
    interval, wider = wilson(passed, total), wilson(passed, total, 0.99)
    assert 0 <= wider.low <= interval.low <= passed / total <= interval.high <= wider.high <= 1
    theirs = binomtest(passed, total).proportion_ci(0.95, method="wilson")
    assert limits(interval) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


@pytest.mark.parametrize(("passed", "total"), [(0, 0), (5, 4), (-1, 4)])
def test_no_share(passed: int, total: int) -> None:
    """Nothing measured, or more passes than specs, is an error."""
    with pytest.raises(ValueError, match=f"{passed} of {total} is not a share"):
        wilson(passed, total)


@pytest.mark.parametrize(
    ("lost", "won", "p"),
    [(0, 0, 1.0), (1, 0, 1.0), (0, 5, 0.0625), (6, 0, 0.03125), (1, 9, 0.021484375), (4, 4, 1.0)],
)
def test_mcnemar(lost: int, won: int, p: float) -> None:
    """The exact p-value is twice the binomial tail over the flipped specs, at most 1; others do not count."""
    before = [True] * lost + [False] * won + [True, False] * 10
    after = [False] * lost + [True] * won + [True, False] * 10
    assert mcnemar(before, after) == pytest.approx(p)
    assert mcnemar(after, before) == pytest.approx(p)


def test_mcnemar_is_paired() -> None:
    """Results of different specs cannot be compared."""
    with pytest.raises(ValueError, match="same specs: 2 and 1"):
        mcnemar([True, False], [True])


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=8))
def test_mcnemar_of_shares_tries_all_signs(pairs: list[tuple[int, int]]) -> None:
    """For sampled specs the p-value is the share of all ways to turn the changes round that add up to as much."""
    before, after = [b / 5 for b, _ in pairs], [a / 5 for _, a in pairs]
    changes = [a - b for b, a in pairs]
    sums = [abs(sum(map(int.__mul__, signs, changes))) for signs in product((-1, 1), repeat=len(pairs))]
    expected = sum(total >= abs(sum(changes)) for total in sums) / len(sums)
    assert mcnemar(before, after) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("p_values", "adjusted"),
    [
        ([], []),
        ([0.04], [0.04]),
        ([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02]),
        ([0.5, 0.6, 1.0], [1.0, 1.0, 1.0]),
        ([0.02, 0.02], [0.04, 0.04]),
    ],
)
def test_holm(p_values: list[float], adjusted: list[float]) -> None:
    """The smallest p-value counts for all, the next for one less, none for less than the one before it."""
    assert holm(p_values) == pytest.approx(adjusted)


@pytest.mark.parametrize(
    ("won", "lost", "total", "low", "high"),
    [
        (1, 7, 21, -0.517, -0.026),  # Fagerland et al. 2014, airway hyper-responsiveness
        (0, 0, 20, -(Z**2) / (20 + Z**2), Z**2 / (20 + Z**2)),
        (20, 0, 20, 0.678, 1.0),
    ],
)
def test_tango(won: int, lost: int, total: int, low: float, high: float) -> None:
    """Tango's interval has its published values; without a flip it is z^2 / (n + z^2) to either side."""
    assert limits(tango(won, lost, total)) == pytest.approx((low, high), abs=6e-4)


@settings(deadline=None)
@given(total=st.integers(1, 100), data=st.data())
def test_tango_is_what_its_test_does_not_reject(total: int, data: st.DataObject) -> None:
    """It holds the difference, mirrors when sides are changed, and excludes 0 when McNemar's statistic does."""
    won = data.draw(st.integers(0, total))
    lost = data.draw(st.integers(0, total - won))
    interval, mirrored = tango(won, lost, total), tango(lost, won, total)
    assert -1 <= interval.low <= (won - lost) / total <= interval.high <= 1
    assert limits(mirrored) == pytest.approx((-interval.high, -interval.low))
    significant = won + lost > 0 and abs(won - lost) / sqrt(won + lost) > Z
    assert significant == (interval.low > 1e-9 or interval.high < -1e-9)


@pytest.mark.parametrize(("won", "lost", "total"), [(0, 0, 0), (2, 2, 3), (-1, 0, 3)])
def test_no_pairs(won: int, lost: int, total: int) -> None:
    """Nothing measured, or more flips than specs, is an error."""
    with pytest.raises(ValueError, match=f"{won} won and {lost} lost of {total} is not a paired result"):
        tango(won, lost, total)


@settings(deadline=None)
@given(st.lists(st.integers(-1, 1), min_size=1, max_size=60))
def test_pass_and_fail_are_the_plain_intervals(changes: list[int]) -> None:
    """For pass and fail in one category nothing is estimated: the intervals are Wilson's and Tango's."""
    won, lost, total = changes.count(1), changes.count(-1), len(changes)
    assert limits(difference_interval([changes])) == pytest.approx(limits(tango(won, lost, total)), abs=1e-6)
    passes = [change == 1 for change in changes]
    assert limits(share_interval([passes])) == pytest.approx(limits(wilson(won, total)))


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 5), min_size=1, max_size=30), min_size=1, max_size=5))
def test_intervals_of_shares(counts: list[list[int]]) -> None:
    """Whatever was sampled, the interval holds the mean, lies in 0..1, and is no point."""
    shares = [[count / 5 for count in group] for group in counts]
    interval = share_interval(shares)
    assert 0 <= interval.low <= mean(shares) + 1e-12
    assert mean(shares) - 1e-12 <= interval.high <= 1
    assert interval.high - interval.low > 0.01


def test_samples_that_differ_tell_more() -> None:
    """Five samples of 20 specs lie between 20 and 100 answers: at 20 when all agree, nearer 100 when they vary."""
    alike, mixed = [[1.0] * 10 + [0.0] * 10], [[0.4, 0.6] * 10]
    assert limits(share_interval(alike)) == pytest.approx(limits(wilson(10, 20)))
    assert wilson(10, 20).low < wilson(50, 100).low - 0.05 < share_interval(mixed).low < 0.5
    assert limits(share_interval([[1.0] * 20])) == pytest.approx(limits(wilson(20, 20)))
    assert limits(share_interval([[0.0] * 20])) == pytest.approx(limits(wilson(0, 20)))
    nearly = share_interval([[1.0] * 19 + [0.8]])
    assert nearly.low == pytest.approx(wilson(20, 20).low, abs=0.005)


def test_a_mean_of_categories_is_as_sure_as_its_categories() -> None:
    """Two sure categories and one open one vary by a third of the open one, whatever the size of the others."""
    groups = [[1.0] * 60, [0.0] * 60, [1.0, 0.0] * 10]
    interval, alone = share_interval(groups), wilson(10, 20)
    assert (interval.low + interval.high) / 2 == pytest.approx(0.5, abs=1e-6)
    third = (alone.high - alone.low) / 3
    assert interval.high - interval.low == pytest.approx(third, rel=0.12)
    assert limits(share_interval([[1.0] * 20, [1.0] * 60])) == pytest.approx(limits(wilson(60, 60)))
    assert limits(share_interval([[1.0], [0.0], [1.0], [1.0]])) == pytest.approx(limits(wilson(3, 4)))


@pytest.mark.parametrize("groups", [[], [[]], [[1.0], []]])
def test_an_empty_category(groups: list[list[float]]) -> None:
    """Nothing measured is an error, not a share."""
    with pytest.raises(ValueError, match="needs categories, and a spec in each"):
        share_interval(groups)


@pytest.mark.parametrize(("won", "lost"), [(5, 15), (2, 8), (0, 5), (30, 10)])
def test_needed_for_a_difference(won: int, lost: int) -> None:
    """At the number of specs that it gives, the exact test finds such a difference about 4 times in 5."""
    changes = [[1] * won + [-1] * lost + [0] * (100 - won - lost)]
    needed = needed_for_difference(changes)
    assert needed is not None
    power, share = 0.0, max(won, lost) / (won + lost)
    for flips in range(1, needed + 1):
        chance = binom.pmf(flips, needed, (won + lost) / 100)
        power += chance * binom.sf(binom.isf(ALPHA / 2, flips, 0.5), flips, share)
    assert 0.7 <= power <= 0.85


@pytest.mark.parametrize(("passed", "bound"), [(44, 0.7), (44, 0.95), (25, 0.6), (50, 0.9)])
def test_needed_for_a_bound(passed: int, bound: float) -> None:
    """At the number of specs that it gives, the test of one share finds such a distance 4 times in 5."""
    needed = needed_for_bound([[1] * passed + [0] * (50 - passed)], bound)
    assert needed is not None
    margin = Z * sqrt(needed * bound * (1 - bound))
    share = passed / 50
    above = binom.sf(needed * bound + margin - 1e-9, needed, share)
    below = binom.cdf(needed * bound - margin + 1e-9, needed, share)
    assert above + below >= 0.74


def test_what_nothing_would_tell() -> None:
    """Equal figures have no number; a clear loss needs as many flips as the exact test asks for."""
    assert needed_for_difference([[1, -1, 0]]) is None
    assert needed_for_bound([[1, 0]], 0.5) is None
    assert needed_for_difference([[-1] * 20]) == 6
    assert mcnemar([1] * 6, [0] * 6) < ALPHA < mcnemar([1] * 5, [0] * 5)


def test_needed_for_sampled_specs_is_between() -> None:
    """Samples that vary tell a difference with fewer specs than pass and fail, but no fewer than if independent."""
    single, sampled = [[1] * 12 + [0] * 8], [[0.6] * 16 + [0.8] * 2 + [0.4] * 2]
    assert mean(single) == pytest.approx(mean(sampled))
    apart = [needed_for_bound(groups, 0.5) for groups in (single, sampled)]
    assert apart[0] == 194
    assert apart[1] is not None and 20 < apart[1] < 100


@pytest.mark.parametrize("alike", [0.3, 0.7, 1.0])
@pytest.mark.parametrize("share", [0.6, 0.85])
def test_coverage(alike: float, share: float) -> None:
    """However alike the samples of a spec are, the interval misses the truth about once in twenty."""
    random, trials = Random(f"{alike} {share}"), 500
    held = {"one": 0, "categories": 0, "difference": 0}

    def spec() -> float:
        if alike == 1:
            return float(random.random() < share)
        spread = 1 / alike - 1
        chance = random.betavariate(share * spread, (1 - share) * spread)
        return sum(random.random() < chance for _ in range(5)) / 5

    for _ in range(trials):
        specs = [[spec() for _ in range(20)] for _ in range(4)]
        one, categories = share_interval(specs[:1]), share_interval(specs)
        difference = difference_interval([[a - b for a, b in zip(*specs[:2], strict=True)]])
        held["one"] += one.low <= share <= one.high
        held["categories"] += categories.low <= share <= categories.high
        held["difference"] += difference.low <= 0 <= difference.high
    assert all(count / trials >= 0.92 for count in held.values()), held


@settings(deadline=None)
@given(samples=st.integers(1, 8), data=st.data())
def test_pass_at_k_is_the_share_of_draws(samples: int, data: st.DataObject) -> None:
    """pass@k is the share of all draws of k samples that hold a passing one."""
    passed, k = data.draw(st.integers(0, samples)), data.draw(st.integers(1, samples))
    draws = list(combinations([number < passed for number in range(samples)], k))
    assert pass_at_k(samples, passed, k) == pytest.approx(sum(map(any, draws)) / len(draws))


@pytest.mark.parametrize(("samples", "passed", "k"), [(5, 6, 1), (5, -1, 1), (5, 1, 6), (5, 1, 0), (0, 0, 1)])
def test_pass_at_k_needs_enough_samples(samples: int, passed: int, k: int) -> None:
    """More passes or draws than samples is an error."""
    with pytest.raises(ValueError, match=rf"pass@{k} needs .* not {passed} of {samples}"):
        pass_at_k(samples, passed, k)
