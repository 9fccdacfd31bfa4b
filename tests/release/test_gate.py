"""The gate decides as the criteria say: to the spec, with no help from rounding."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harness.benchmark.score import Metric, Result, ScoreError, Scores
from harness.release.criteria import Baseline, Criterion
from harness.release.gate import Finding, decide
from harness.simulate.verdict import Outcome, Verdict


def scores(model: str, passed: Mapping[str, tuple[int, int]], samples: tuple[Outcome, ...] = ()) -> Scores:
    """Scores in which so many of so many specs of each category pass, the first ones."""
    results = tuple(
        Result(
            task=f"{row}-{number}",
            row=row,
            greedy=Verdict(Outcome.PASS if number < good else Outcome.MISMATCH),
            greedy_text="",
            sampled=samples,
        )
        for row, (good, total) in passed.items()
        for number in range(total)
    )
    return Scores(model=model, split="normal", suite="s", results=results)


def at_least(bound: float, category: str = "fsm", metric: Metric = "greedy") -> Criterion:
    return Criterion(id="c", category=category, at_least=bound, not_below=None, metric=metric, tolerance=1)


def not_below(tolerance: int, category: str = "fsm", metric: Metric = "greedy") -> Criterion:
    baseline: Baseline = "v3"
    return Criterion(
        id="c", category=category, at_least=None, not_below=baseline, metric=metric, tolerance=tolerance
    )


def compare(criterion: Criterion, after: int, before: int, total: int = 20) -> Finding:
    candidate, baseline = (scores(m, {"fsm": (n, total)}) for m, n in (("v5", after), ("v3", before)))
    return decide(criterion, candidate, {"v3": baseline})


@settings(deadline=None)
@given(total=st.integers(1, 80), data=st.data())
def test_an_absolute_bound_has_no_tolerance(total: int, data: st.DataObject) -> None:
    """A bound met exactly passes; one spec less fails, whatever the tolerance says."""
    passed = data.draw(st.integers(0, total))
    found = decide(at_least(passed / total), scores("v5", {"fsm": (passed, total)}), {})
    assert (found.passed, found.value, found.specs) == (True, found.bound, total)
    assert not found.within_tolerance
    if passed:
        assert not decide(at_least(passed / total), scores("v5", {"fsm": (passed - 1, total)}), {}).passed


TENTHS = [17, 20, 18, 14, 18, 19, 17, 19]


@settings(deadline=None)
@given(twentieths=st.lists(st.integers(0, 20), min_size=8, max_size=8), thirtieths=st.integers(0, 30))
@example(twentieths=TENTHS, thirtieths=22)
def test_overall_is_the_mean_of_the_categories(twentieths: list[int], thirtieths: int) -> None:
    """Each category counts once, and at a bound met exactly no sum of floats decides."""
    passed = {f"row{n}": (good, 20) for n, good in enumerate(twentieths)}
    passed |= {"shift_register": (thirtieths, 30), "fsm": (58, 60)}
    exact = sum(Fraction(*share) for share in passed.values()) / 10
    found = decide(at_least(float(exact), "overall"), scores("v5", passed), {})
    assert found.passed
    assert found.value == pytest.approx(float(exact))
    assert found.specs == 250
    higher = float(exact) + 1e-6
    assert higher > 1 or not decide(at_least(higher, "overall"), scores("v5", passed), {}).passed


@settings(deadline=None)
@given(total=st.integers(1, 80), tolerance=st.integers(0, 3), data=st.data())
def test_not_below_counts_specs(total: int, tolerance: int, data: st.DataObject) -> None:
    """A category may lie exactly the tolerance in specs below its baseline; a pass below it is marked."""
    after, before = data.draw(st.integers(0, total)), data.draw(st.integers(0, total))
    found = compare(not_below(tolerance), after, before, total)
    assert found.passed == (before - after <= tolerance)
    assert found.within_tolerance == (0 < before - after <= tolerance)


def test_one_spec_below_is_within_tolerance_and_said() -> None:
    """The note names the tolerance; taken literally (0), the same result fails and names the lost spec."""
    lenient, literal = (compare(not_below(tolerance), 17, 18) for tolerance in (1, 0))
    assert lenient.passed
    assert "below, but within the tolerance of 1: counts as not below" in lenient.line
    assert not literal.passed
    assert literal.line.startswith("fsm: 85.0% against V3's 90.0% (n = 20 specs, 95 % interval 64% to 95%,")
    assert literal.line.endswith(" McNemar p = 1.00); lost fsm-17")


def test_flips_and_their_p_value_are_given() -> None:
    """Specs lost and won against the baseline are listed, with the exact McNemar p-value."""
    found = compare(not_below(1), 14, 20)
    assert found.lost == tuple(f"fsm-{number}" for number in range(14, 20))
    assert found.won == ()
    assert found.p_value == pytest.approx(2 / 64)
    assert (found.low, found.high) == pytest.approx((0.481, 0.855), abs=1e-3)


def test_other_metrics_are_decided_on_their_own_figures() -> None:
    """A bound on samples looks at samples; the flips of greedy answers are not given as its reason."""
    good, bad = (
        (Outcome.PASS, Outcome.PASS, Outcome.MISMATCH),
        (Outcome.PASS, Outcome.MISMATCH, Outcome.MISMATCH),
    )
    v3 = scores("v3", {"fsm": (20, 20)}, bad)
    v5 = scores("v5", {"fsm": (10, 20)}, good)
    found = decide(not_below(0, metric="sampled"), v5, {"v3": v3})
    assert found.passed
    assert (found.value, found.bound) == pytest.approx((2 / 3, 1 / 3))
    assert (found.p_value, found.lost, found.won) == (None, (), ())
    assert decide(at_least(1.0, metric="any_sample"), v5, {}).passed
    assert not decide(at_least(0.67, metric="sampled"), v5, {}).passed


def test_a_missing_category_or_baseline_is_an_error() -> None:
    """A criterion without figures is neither met nor skipped."""
    v5 = scores("v5", {"fsm": (20, 20)})
    with pytest.raises(ScoreError, match="v5 has no result for category 'mux'"):
        decide(at_least(0.5, "mux"), v5, {})
    with pytest.raises(ScoreError, match="c compares with v3, which has no scores"):
        decide(not_below(1), v5, {"v4": v5})
    with pytest.raises(ScoreError, match="v3 has no result for category 'fsm'"):
        decide(not_below(1), v5, {"v3": scores("v3", {"mux": (1, 1)})})


def test_baselines_of_other_specs_are_an_error() -> None:
    """A baseline measured on other specs, or fewer of them, does not count."""
    v5 = scores("v5", {"fsm": (20, 20)})
    with pytest.raises(ScoreError, match="only on the same specs"):
        decide(not_below(1), v5, {"v3": scores("v3", {"fsm": (5, 10)})})
