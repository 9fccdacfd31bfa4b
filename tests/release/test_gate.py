"""The gate decides as the criteria say: to the spec, with no help from rounding."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harness.benchmark.score import Metric, Result, ScoreError, Scores
from harness.benchmark.statistics import share_interval, wilson
from harness.release.criteria import Criterion
from harness.release.gate import Finding, Rule, decide, decide_all, outwards
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


def at_least(
    bound: float, category: str = "fsm", metric: Metric = "greedy", k: int | None = None
) -> Criterion:
    return Criterion(
        id="c", category=category, at_least=bound, not_below=None, metric=metric, tolerance=1, k=k
    )


def not_below(
    tolerance: int, category: str = "fsm", metric: Metric = "greedy", baseline: str = "v3"
) -> Criterion:
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
    assert literal.line == (
        "fsm: 85.0% against V3's 90.0% (n = 20 specs, 95 % interval 63% to 95%; difference -24% to +12%;"
        " McNemar p = 1.000; 155 specs needed to detect it); lost fsm-17"
    )


def test_flips_and_their_p_value_are_given() -> None:
    """Specs lost and won against the baseline are listed, with the exact McNemar p-value."""
    found = compare(not_below(1), 14, 20)
    assert found.lost == tuple(f"fsm-{number}" for number in range(14, 20))
    assert found.won == ()
    assert found.p_value == pytest.approx(2 / 64)
    assert (found.low, found.high) == pytest.approx((0.481, 0.855), abs=1e-3)


def test_other_metrics_are_decided_on_their_own_figures() -> None:
    """A bound on samples looks at samples, and so do its test and its flips; greedy answers are no reason."""
    good, bad = (
        (Outcome.PASS, Outcome.PASS, Outcome.MISMATCH),
        (Outcome.PASS, Outcome.MISMATCH, Outcome.MISMATCH),
    )
    v3 = scores("v3", {"fsm": (20, 20)}, bad)
    v5 = scores("v5", {"fsm": (10, 20)}, good)
    found = decide(not_below(0, metric="sampled"), v5, {"v3": v3})
    assert found.passed
    assert (found.value, found.bound) == pytest.approx((2 / 3, 1 / 3))
    assert found.p_value == pytest.approx(2 / 2**20)
    assert (found.lost, found.won) == ((), ())
    assert found.line.startswith("fsm sampled: 66.7% against V3's 33.3% (n = 20 specs")
    assert "permutation p = 0.000" in found.line
    assert decide(at_least(1.0, metric="any_sample", k=3), v5, {}).passed
    assert not decide(at_least(0.67, metric="sampled"), v5, {}).passed


def test_more_samples_are_no_more_tries() -> None:
    """pass@k is of the k that the criterion names, for the candidate and its baseline, however many were drawn."""
    few, many = (Outcome.PASS, Outcome.MISMATCH), (Outcome.PASS, *[Outcome.MISMATCH] * 11)
    v3, v5 = scores("v3", {"fsm": (0, 20)}, few), scores("v5", {"fsm": (0, 20)}, many)
    criterion = not_below(0, metric="any_sample").model_copy(update={"k": 2})
    found = decide(criterion, v5, {"v3": v3})
    assert (found.value, found.bound) == pytest.approx((2 / 12, 1.0))
    assert not found.passed
    assert found.line.startswith("fsm any_sample (k = 2): 16.7% against V3's 100.0%")
    with pytest.raises(
        ScoreError, match="v3: fsm-0 has 2 samples; metric any_sample needs 5: sample more of"
    ):
        decide(not_below(0, metric="any_sample").model_copy(update={"k": 5}), v5, {"v3": v3})


@pytest.mark.parametrize(("won", "lost", "passes"), [(36, 11, True), (12, 12, False)])
def test_in_overall_a_change_weighs_as_in_the_mean(won: int, lost: int, passes: bool) -> None:
    """A third of a point for a spec of sixty, a whole one for one of twenty: by that a loss is significant or not.

    Counted alike, 36 won and 11 lost would be a significant gain, and 12 won and 12 lost nothing at all.
    """
    v3 = scores("v3", {"fsm": (60 - won, 60), "mux": (20, 20)})
    v5 = scores("v5", {"fsm": (60, 60), "mux": (20 - lost, 20)})
    (found,) = decide_all([not_below(0, "overall")], v5, {"v3": v3}, "not_worse")
    assert found.passed is passes
    assert "permutation p = " in found.line
    single = decide(not_below(0, "mux"), v5, {"v3": v3})
    assert single.p_value == pytest.approx(2 / 2**lost)


def test_the_tolerance_of_overall_is_in_specs_of_average_weight() -> None:
    """One spec of a category of twenty is more than one of all eighty, one of sixty is less; the note says it."""
    full = {"fsm": (60, 60), "mux": (20, 20)}
    v3 = scores("v3", full)
    small, large = (
        decide(not_below(1, "overall"), scores("v5", {**full, **less}), {"v3": v3})
        for less in ({"mux": (19, 20)}, {"fsm": (59, 60)})
    )
    assert (small.passed, large.passed) == (False, True)
    assert "below, but within the tolerance of 1.2% (1 of 80 specs)" in large.line


def test_samples_of_a_spec_are_no_more_specs() -> None:
    """Five samples that all say the same leave the interval of one."""
    same = scores("v5", {"fsm": (15, 20)}, (Outcome.PASS,) * 5)
    interval, one = decide(at_least(0.5, metric="sampled"), same, {}), wilson(20, 20)
    assert (interval.low, interval.high) == pytest.approx((one.low, one.high))


def test_the_interval_of_overall_is_of_a_mean_of_categories() -> None:
    """Failures in a small category weigh as much as its share of the mean does."""
    v5 = scores("v5", {"fsm": (60, 60), "mux": (14, 20)})
    found, expected = decide(at_least(0.5, "overall"), v5, {}), share_interval([[1] * 60, [1] * 14 + [0] * 6])
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert found.low < 0.85 < found.high


def test_an_interval_is_rounded_as_the_verdict_sees_it() -> None:
    """229 of 250 reach down to 87.5 %: the line of a bound of 88 % that is not shown does not say 88."""
    v5 = scores("v5", {"fsm": (229, 250)})
    (found,) = decide_all([at_least(0.88)], v5, {}, "lower_bound")
    assert not found.passed
    assert "95 % interval 87% to 95%" in found.line
    assert outwards(-0.07, 0.57) == (-7, 57)


def test_holm_counts_the_criteria_of_one_baseline() -> None:
    """Of several comparisons with one baseline the smallest p-value counts that many times; others not at all."""
    rows = {f"row{n}": (20, 20) for n in range(4)}
    v3, v4, v5 = scores("v3", rows), scores("v4", rows), scores("v5", {**rows, "row0": (14, 20)})
    criteria = [
        at_least(0.5, "row0"),
        *(not_below(1, row) for row in rows),
        not_below(1, "row0", baseline="v4"),
    ]
    found = decide_all(criteria, v5, {"v3": v3, "v4": v4})
    assert [f.criterion for f in found] == criteria
    assert [f.p_value for f in found] == [None, pytest.approx(1 / 32), 1, 1, 1, pytest.approx(1 / 32)]
    assert [f.adjusted_p for f in found] == [None, pytest.approx(4 / 32), 1, 1, 1, pytest.approx(1 / 32)]
    assert "McNemar p = 0.031, 0.125 by Holm; 24 specs needed to detect it)" in found[1].line
    assert [f.model_copy(update={"adjusted_p": None}) for f in found] == [
        decide(c, v5, {"v3": v3, "v4": v4}) for c in criteria
    ]


def test_a_baseline_of_two_names_is_one() -> None:
    """Whatever the criteria call a model, comparisons with it are corrected together."""
    rows = {f"row{n}": (20, 20) for n in range(4)}
    old, new = scores("old", rows), scores("new", {**rows, "row0": (14, 20)})
    criteria = [not_below(1, row, baseline=name) for row, name in zip(rows, ["v3", "v3", "baseline", "old"])]
    found = decide_all(criteria, new, dict.fromkeys(("v3", "baseline", "old"), old))
    assert found[0].adjusted_p == pytest.approx(4 / 32)


def by_rule(rule: Rule, criterion: Criterion, after: int, before: int, total: int) -> bool:
    candidate, baseline = (scores(m, {"fsm": (n, total)}) for m, n in (("v5", after), ("v3", before)))
    (found,) = decide_all([criterion], candidate, {"v3": baseline}, rule)
    assert (found.rule, found.within_tolerance) == (rule, False)
    assert found.line.endswith(f"{'met' if found.passed else 'not met'} by the rule {rule}") or found.lost
    return found.passed


@pytest.mark.parametrize(
    ("bound", "passed", "lower_bound", "not_worse"),
    [(0.76, 44, True, True), (0.77, 44, False, True), (0.94, 44, False, True), (0.95, 44, False, False)],
)
def test_rules_on_a_bound(bound: float, passed: int, lower_bound: bool, not_worse: bool) -> None:
    """44 of 50 lies between 76 and 94 %: it shows a bound of 76, and refutes one of 95."""
    assert by_rule("lower_bound", at_least(bound), passed, passed, 50) == lower_bound
    assert by_rule("not_worse", at_least(bound), passed, passed, 50) == not_worse


@pytest.mark.parametrize(
    ("tolerance", "after", "before", "total", "lower_bound", "not_worse"),
    [
        (4, 1000, 1000, 1000, True, True),  # no flip: known to 3.8 specs
        (3, 1000, 1000, 1000, False, True),
        (0, 20, 14, 20, True, True),
        (0, 17, 14, 20, False, True),
        (0, 15, 20, 20, False, True),
        (0, 14, 20, 20, False, False),  # 6 of 6 flips are significant
        (6, 14, 20, 20, False, False),  # not_worse has no tolerance, and needs none
    ],
)
def test_rules_on_a_comparison(
    tolerance: int, after: int, before: int, total: int, lower_bound: bool, not_worse: bool
) -> None:
    """lower_bound asks for an interval above minus the tolerance, not_worse for no significant loss."""
    assert by_rule("lower_bound", not_below(tolerance), after, before, total) == lower_bound
    assert by_rule("not_worse", not_below(tolerance), after, before, total) == not_worse


def test_a_loss_must_be_significant_among_all_categories() -> None:
    """Six flips of six in one category of ten may be chance; ten of ten is not."""
    rows = {f"row{n}": (20, 20) for n in range(10)}
    criteria = [not_below(1, row) for row in rows]
    for left, passed in ((14, True), (10, False)):
        v5 = scores("v5", {**rows, "row0": (left, 20)})
        first, *others = decide_all(criteria, v5, {"v3": scores("v3", rows)}, "not_worse")
        assert first.passed == passed
        assert all(finding.passed for finding in others)


def test_many_lost_specs_are_counted() -> None:
    """The line names eight lost specs and says how many more there are; the finding has them all."""
    found = compare(not_below(1), 9, 20)
    assert found.line.endswith("; lost " + ", ".join(f"fsm-{n}" for n in range(9, 17)) + " and 3 more")
    assert len(found.lost) == 11


def test_a_baseline_of_the_users_own_is_called_by_its_name() -> None:
    """Criteria may name any baseline, and the line says which model stood there."""
    criterion = not_below(1, baseline="ours")
    base = scores("Our-Model", {"fsm": (20, 20)})
    (found,) = decide_all([criterion], scores("v5", {"fsm": (19, 20)}), {"ours": base})
    assert found.line.startswith("fsm: 95.0% against Our-Model's 100.0% (")


def test_equal_figures_need_no_more_specs() -> None:
    """Where there is no difference, no number of specs would tell it."""
    assert compare(not_below(1), 18, 18).needed is None
    exact = decide(at_least(0.9), scores("v5", {"fsm": (18, 20)}), {})
    assert exact.needed is None
    assert "needed to" not in exact.line


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
