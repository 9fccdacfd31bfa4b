"""Means over seeds and specs: against hand calculation and against simulated studies."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.study.analysis import Components, Table, estimate, paired, power, seed_square

SHARES = st.floats(0, 1, allow_nan=False)
TABLES = st.tuples(st.integers(1, 5), st.integers(2, 12)).flatmap(
    lambda size: st.lists(
        st.lists(SHARES, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
    )
)


def drawn(rng: Random, components: Components, seeds: int, specs: int, mean: float = 0.0) -> Table:
    """A study's differences from normal distributions with these standard deviations."""
    by_seed = [rng.gauss(0, components.seed) for _ in range(seeds)]
    by_spec = [rng.gauss(0, components.spec) for _ in range(specs)]
    return [[mean + a + b + rng.gauss(0, components.rest) for b in by_spec] for a in by_seed]


@settings(deadline=None)
@given(TABLES)
def test_the_interval_holds_the_mean(table: Table) -> None:
    """Whatever the values, the mean is theirs and lies in its interval."""
    found = estimate(table)
    assert found.mean == pytest.approx(sum(map(sum, table)) / sum(map(len, table)))
    assert found.interval.low - 1e-9 <= found.mean <= found.interval.high + 1e-9


@settings(deadline=None)
@given(TABLES)
def test_no_difference_from_itself(table: Table) -> None:
    """An arm does not differ from itself, and that is certain."""
    found = estimate(paired(table, table))
    assert (found.mean, found.interval.low, found.interval.high) == (0, 0, 0)


def test_one_seed_varies_by_spec_alone() -> None:
    """With one seed the interval is Student's over the specs, and seeds are not spoken of."""
    found = estimate([[0.4, 0.6, 0.4, 0.6]])
    assert found.mean == 0.5
    assert found.interval.high - 0.5 == pytest.approx(3.182 * (0.04 / 3 / 4) ** 0.5, rel=1e-3)
    assert found.components is None


def test_components_are_found_again() -> None:
    """From a large table the standard deviations that made it."""
    made = Components(seed=0.05, spec=0.2, rest=0.1)
    found = estimate(drawn(Random(1), made, 200, 300)).components
    assert found is not None
    assert (found.seed, found.spec, found.rest) == pytest.approx((0.05, 0.2, 0.1), rel=0.15)


@pytest.mark.parametrize("components", [Components(0.03, 0.25, 0.2), Components(0.1, 0.05, 0.2)])
def test_intervals_cover_and_power_is_kept(components: Components) -> None:
    """Of 600 simulated studies 93 % or more of the intervals hold the truth; power is no more than what they show."""
    rng, effect, told, held = Random(2), 0.1, 0, 0
    for _ in range(600):
        interval = estimate(drawn(rng, components, 3, 60, effect)).interval
        held += interval.low <= effect <= interval.high
        told += interval.low > 0 or interval.high < 0
    assert held >= 0.93 * 600
    assert power(effect, components, 3, 60) == pytest.approx(told / 600, abs=0.05)


def test_two_seeds_of_several_arms_cover_as_well() -> None:
    """How seeds vary is pooled over arms: of 600 studies of five arms with two seeds 94 % or more hold the truth."""
    rng, held = Random(3), 0
    for _ in range(600):
        seeds = [[rng.gauss(0, 0.03) for _ in range(2)] for _ in range(5)]
        arms = [[[seed + rng.gauss(0, 0.3) for _ in range(60)] for seed in of] for of in seeds]
        means = {str(n): {s: sum(row) / 60 for s, row in enumerate(arm)} for n, arm in enumerate(arms)}
        pooled = seed_square(means, 60, crossed=True)
        interval = estimate(paired(arms[1], arms[0]), pooled, arms=2).interval
        held += interval.low <= 0 <= interval.high
    assert held >= 0.94 * 600


def test_seeds_are_pooled_by_an_additive_fit() -> None:
    """By hand: what arms and seeds leave over, a cell missing or not; what moves all arms alike moves no difference."""
    full = {"a": {0: 0.1, 1: 0.3}, "b": {0: 0.2, 1: 0.2}}
    shifted = {arm: {seed: value + 0.5 * seed for seed, value in of.items()} for arm, of in full.items()}
    for means in (full, shifted, {**full, "c": {1: 0.9}}):
        found = seed_square(means, 10, crossed=True)
        assert found is not None
        assert found.square == pytest.approx(10 * 0.01)
        assert found.freedom == 1
    apart = seed_square(full, 10, crossed=False)
    assert apart is not None
    assert apart.square == pytest.approx(10 * 0.02 / 2)
    assert apart.freedom == 2
    assert seed_square({"a": {0: 0.1}, "b": {0: 0.2}}, 10, crossed=True) is None


def test_an_interval_does_not_jump() -> None:
    """One more spec that is won does not double or halve it, whichever of seeds and specs varied more before."""
    rng = Random(5)
    table = [[float(rng.choice((-1, 0, 0, 0, 1))) for _ in range(300)] for _ in range(2)]
    widths = []
    for spec in [n for n in range(300) if table[1][n] < 0][:40]:
        table[1][spec] = 0.0
        found = estimate(table).interval
        widths.append(found.high - found.low)
    assert max(widths) > 5 * min(widths)
    assert all(0.5 < after / before < 2 for before, after in pairwise(widths)), widths


def test_power_grows_with_seeds_and_specs() -> None:
    """More of either tells more."""
    noise = Components(0.03, 0.25, 0.2)
    small, seeds, specs = (power(0.1, noise, *size) for size in ((3, 60), (8, 60), (3, 180)))
    assert small < seeds
    assert small < specs


def test_power_goes_from_the_level_to_certainty() -> None:
    """Of no effect it is the test's level, about 5 %; of a large one beside little noise it is 1, never undefined."""
    noise = Components(0.03, 0.3, 0.4)
    assert 0.02 <= power(0.0, noise, 3, 300) <= 0.07
    assert power(0.1, Components(0.01, 0.1, 0.2), 3, 300) > 0.99
    assert power(0.2, noise, 3, 3000) > 0.95
    assert power(0.1, Components(0.0, 0.0, 0.0), 3, 300) == 1.0


def test_unlike_tables_are_refused() -> None:
    """Arms with other specs cannot be paired, and one spec tells nothing."""
    with pytest.raises(ValueError, match="same seeds and specs"):
        paired([[1.0, 0.0]], [[1.0, 0.0, 1.0]])
    with pytest.raises(ValueError, match="two specs"):
        estimate([[1.0]])
    with pytest.raises(ValueError, match="two seeds"):
        power(0.1, Components(0.1, 0.1, 0.1), 1, 60)
