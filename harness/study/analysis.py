"""What cells can tell: means over seeds and specs together, with intervals that respect both.

A cell gives each spec a value (the share of its samples that pass). Seeds and specs are crossed random effects: a
new study would draw other ones of both. The variance of a mean and its degrees of freedom come from the mean squares of
the two-way table (Satterthwaite 1946; Brennan, Generalizability Theory, 2001, on crossed designs). Two or three seeds
tell next to nothing of how seeds vary, so that mean square is pooled over arms, as in any analysis of variance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from harness.benchmark.statistics import CONFIDENCE, Interval

Table = Sequence[Sequence[float]]
"""Values by seed, then by spec."""
DRAWS = 20_000
"""Studies that a power is the mean of: it is then known to less than half a point."""


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


@dataclass(frozen=True)
class SeedSquare:
    """The mean square from seed to seed of one arm's values, as all arms show it, and its degrees of freedom."""

    square: float
    freedom: int


def seed_square(means: Mapping[str, Mapping[int, float]], specs: int, crossed: bool) -> SeedSquare | None:
    """From each arm's means by seed, each over `specs`; None where no arm can show it.

    It is what an additive fit leaves over: of arms, and where `crossed` of seeds as well, since what a seed does to all
    arms alike is no part of a difference (fitting constants, with cells missing too: Henderson 1953, method 3; Searle,
    Casella and McCulloch, Variance Components, 1992). It takes seeds to vary as much in each arm.
    """
    import numpy as np

    cells = [(arm, seed) for arm, found in means.items() for seed in found]
    columns = [[float(arm == name) for arm, _ in cells] for name in means]
    if crossed:
        columns += [[float(seed == one) for _, seed in cells] for one in sorted({seed for _, seed in cells})]
    design, values = np.array(columns).T, np.array([means[arm][seed] for arm, seed in cells])
    fit, _, rank, _ = np.linalg.lstsq(design, values, rcond=None)
    freedom = len(cells) - int(rank)
    left = float(((values - design @ fit) ** 2).sum())
    return SeedSquare(specs * left / freedom, freedom) if freedom > 0 else None


def estimate(table: Table, pooled: SeedSquare | None = None, arms: int = 1) -> Estimate:
    """The mean of a table of seeds by specs. With one seed the interval is of that one model: only specs vary.

    `pooled` is how seeds vary in each of the `arms` that the table is made of (two in a difference); without it the
    table's own seeds tell. Raises ValueError for a table without two specs or with rows of unequal length.
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
    of_seeds = pooled.freedom if pooled else seeds - 1
    square = arms * pooled.square if pooled else specs * sum((v - mean) ** 2 for v in by_seed) / of_seeds
    rest = [
        value - by_seed[s] - by_spec[n] + mean for s, row in enumerate(table) for n, value in enumerate(row)
    ]
    rest_square = sum(value**2 for value in rest) / ((seeds - 1) * (specs - 1))
    total, freedom = _spread(
        square, spec_square, rest_square, (of_seeds, specs - 1, (seeds - 1) * (specs - 1))
    )
    components = Components(
        sqrt(max(0.0, square - rest_square) / specs),
        sqrt(max(0.0, spec_square - rest_square) / seeds),
        sqrt(rest_square),
    )
    return Estimate(mean, _interval(mean, float(total) / (seeds * specs), float(freedom)), components)


def _spread(seeds: Any, specs: Any, rest: Any, freedoms: tuple[int, int, int]) -> tuple[Any, Any]:
    """The variance of one value's share in the mean, and its degrees of freedom; of mean squares or arrays of them.

    Where a component comes out negative, the larger of the two sources alone bounds the variance. Its degrees of
    freedom are those of the sum still: that a source was not seen does not make its variance known.
    """
    import numpy as np

    total = np.maximum(seeds + specs - rest, np.maximum(seeds, specs))
    parts = sum(square**2 / freedom for square, freedom in zip((seeds, specs, rest), freedoms, strict=True))
    return total, np.where(parts > 0, total**2 / np.where(parts > 0, parts, 1.0), 1.0)


def paired(after: Table, before: Table) -> Table:
    """`after` less `before`, by seed and spec. Raises ValueError for unlike tables."""
    if [len(row) for row in after] != [len(row) for row in before]:
        raise ValueError("two arms can be compared only on the same seeds and specs")
    return [[a - b for a, b in zip(one, other)] for one, other in zip(after, before)]


def power(effect: float, components: Components, seeds: int, specs: int, arms: int = 2) -> float:
    """The chance that the 95 % interval of `estimate` leaves out 0 when the true difference is `effect`, in 0..1.

    How seeds vary is pooled over `arms`. `components` are those of the difference, spec by spec, taken as normal: then
    mean squares are independent multiples of chi-square variables, which are drawn (DRAWS times, always the same), and
    of the mean too.
    Raises ValueError below two seeds or specs.
    """
    import numpy as np
    from scipy.stats import norm, t

    if min(seeds, specs) < 2:
        raise ValueError("power needs two seeds and two specs")
    rest = components.rest**2
    of_seeds, of_specs = rest + specs * components.seed**2, rest + seeds * components.spec**2
    deviation = sqrt((of_seeds + of_specs - rest) / (seeds * specs))
    if deviation == 0:
        return 1.0
    draw = np.random.default_rng(0)
    freedoms = ((arms - 1) * (seeds - 1), specs - 1, (seeds - 1) * (specs - 1))
    by_seed, by_spec, left = (
        square * draw.chisquare(freedom, DRAWS) / freedom
        for square, freedom in zip((of_seeds, of_specs, rest), freedoms, strict=True)
    )
    total, freedom = _spread(by_seed, by_spec, left, freedoms)
    half = t.ppf((1 + CONFIDENCE) / 2, freedom) * np.sqrt(total / (seeds * specs))
    told = norm.sf((half - effect) / deviation) + norm.cdf((-half - effect) / deviation)
    return float(told.mean())


def _interval(mean: float, variance: float, freedom: float) -> Interval:
    from scipy.stats import t

    half = float(t.ppf((1 + CONFIDENCE) / 2, freedom)) * sqrt(variance)
    return Interval(max(-1.0, mean - half), min(1.0, mean + half))
