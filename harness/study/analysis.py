"""What cells can tell: means over seeds and specs together, with intervals that respect both.

A cell gives each spec a value (the share of its samples that pass). Seeds and specs are crossed random effects: a
new study would draw other ones of both. The variance of a mean and its degrees of freedom come from the mean squares of
the two-way table (Satterthwaite 1946; Brennan, Generalizability Theory, 2001, on crossed designs).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from harness.benchmark.statistics import CONFIDENCE, Interval

Table = Sequence[Sequence[float]]
"""Values by seed, then by spec."""


@dataclass(frozen=True)
class Components:
    """Standard deviations of a value: from seed to seed, from spec to spec, and what neither explains."""

    seed: float
    spec: float
    rest: float


@dataclass(frozen=True)
class Estimate:
    """A mean, its 95 % interval, and the standard deviations behind it (None with one seed: they cannot be told)."""

    mean: float
    interval: Interval
    components: Components | None


def estimate(table: Table) -> Estimate:
    """The mean of a table of seeds by specs. With one seed the interval is of that one model: only specs vary.

    Raises ValueError for a table without two specs or with rows of unequal length.
    """
    seeds, specs = len(table), len(table[0]) if table else 0
    if specs < 2 or any(len(row) != specs for row in table):
        raise ValueError("a table needs two specs, and as many values for each seed")
    mean = sum(map(sum, table)) / (seeds * specs)
    by_spec = [sum(row[n] for row in table) / seeds for n in range(specs)]
    spec_square = seeds * sum((value - mean) ** 2 for value in by_spec) / (specs - 1)
    if seeds == 1:
        return Estimate(mean, _interval(mean, spec_square / specs, specs - 1), None)
    by_seed = [sum(row) / specs for row in table]
    seed_square = specs * sum((value - mean) ** 2 for value in by_seed) / (seeds - 1)
    rest = [
        value - by_seed[s] - by_spec[n] + mean for s, row in enumerate(table) for n, value in enumerate(row)
    ]
    rest_freedom = (seeds - 1) * (specs - 1)
    rest_square = sum(value**2 for value in rest) / rest_freedom
    total, freedom = seed_square + spec_square - rest_square, 1.0
    if total <= max(seed_square, spec_square):
        # A negative component: the larger of the two sources alone then bounds the variance.
        total, freedom = max((seed_square, seeds - 1.0), (spec_square, specs - 1.0))
    else:
        squares = ((seed_square, seeds - 1), (spec_square, specs - 1), (rest_square, rest_freedom))
        freedom = total**2 / sum(square**2 / own for square, own in squares)
    components = Components(
        sqrt(max(0.0, seed_square - rest_square) / specs),
        sqrt(max(0.0, spec_square - rest_square) / seeds),
        sqrt(rest_square),
    )
    return Estimate(mean, _interval(mean, total / (seeds * specs), freedom), components)


def difference(after: Table, before: Table) -> Estimate:
    """The mean of `after` less that of `before`, paired by seed and spec. Raises ValueError for unlike tables."""
    if [len(row) for row in after] != [len(row) for row in before]:
        raise ValueError("two arms can be compared only on the same seeds and specs")
    return estimate([[a - b for a, b in zip(one, other)] for one, other in zip(after, before)])


def power(effect: float, components: Components, seeds: int, specs: int) -> float:
    """The chance that a two-sided 5 % test tells a true difference of `effect`, in 0..1.

    `components` are those of the difference, spec by spec. Takes the t test with the fewest degrees of freedom that the
    design can have, so it promises too little rather than too much. Raises ValueError below two seeds or specs.
    """
    from scipy.stats import nct, t

    if min(seeds, specs) < 2:
        raise ValueError("power needs two seeds and two specs")
    variance = components.seed**2 / seeds + components.spec**2 / specs + components.rest**2 / (seeds * specs)
    if variance == 0:
        return 1.0
    of_seeds, of_specs = components.seed**2 / seeds, components.spec**2 / specs
    of_rest = components.rest**2 / (seeds * specs)
    spread = (of_seeds + of_rest) ** 2 / (seeds - 1) + (of_specs + of_rest) ** 2 / (specs - 1)
    freedom = max(1.0, variance**2 / spread)
    bound = float(t.ppf((1 + CONFIDENCE) / 2, freedom))
    shift = effect / sqrt(variance)
    return float(1 - nct.cdf(bound, freedom, shift) + nct.cdf(-bound, freedom, shift))


def _interval(mean: float, variance: float, freedom: float) -> Interval:
    from scipy.stats import t

    half = float(t.ppf((1 + CONFIDENCE) / 2, freedom)) * sqrt(variance)
    return Interval(max(-1.0, mean - half), min(1.0, mean + half))
