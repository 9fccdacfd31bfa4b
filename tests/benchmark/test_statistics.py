"""Intervals, paired tests and pass@k agree with published values and with counting by hand."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.benchmark.statistics import mcnemar, pass_at_k, wilson


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
    """The interval lies in 0..1, holds the measured share, and is wider at higher confidence."""
    passed = data.draw(st.integers(0, total))
    interval, wider = wilson(passed, total), wilson(passed, total, 0.99)
    assert 0 <= wider.low <= interval.low <= passed / total <= interval.high <= wider.high <= 1


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
