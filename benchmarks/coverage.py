"""How often do the gate's 95 % intervals hold the truth? By simulation, in per cent, with their mean width.

    .tox/harness/bin/python benchmarks/coverage.py [--trials 3000] [--seed 0]

A model has a chance to pass each spec, drawn from a beta distribution: its mean is what the interval must hold, and
samples of one spec correlate by `icc` (1: they are all alike, as the greedy answer is). Wilson's interval of greedy
answers is summed over all outcomes, not simulated.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from random import Random

from harness.benchmark.statistics import Interval, difference_interval, share_interval, wilson
from harness.report.table import table

SHARES = (0.5, 0.7, 0.8, 0.9, 0.95)
SPECS = (20, 30, 60)
ALIKE = (0.0, 0.1, 0.3, 0.7, 1.0)
# Category sizes of the V5 suite.
SIZES = (*[20] * 8, 30, 60)
# By how much single categories lie above and below their mean: none, and much.
UNEVEN = (0.0, 0.25)
# Chances of a pair: that the candidate loses a spec, and that it wins one.
FLIPS = ((0.02, 0.02), (0.05, 0.05), (0.2, 0.2), (0.1, 0.0), (0.15, 0.05), (0.3, 0.1))

Trial = Callable[[], tuple[Interval, float]]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--trials", type=int, default=3000)
    arguments.add_argument("--samples", type=int, default=5)
    arguments.add_argument("--seed", type=int, default=0)
    chosen = arguments.parse_args()
    random, trials, samples = Random(chosen.seed), chosen.trials, chosen.samples

    shares = [f"{share:.0%}" for share in SHARES]
    rows: list[list[object]] = [[n, *(exact(n, share) for share in SHARES)] for n in SPECS]
    print(table("greedy: Wilson", ["specs", *shares], rows), flush=True)

    rows = []
    for alike in ALIKE:
        for n in SPECS:
            trial = [clustered(random, [n], share, alike, samples) for share in SHARES]
            rows.append([alike, n, *(simulate(t, trials) for t in trial)])
    title = f"{samples} samples of each spec: Wilson at the effective sample size"
    print(table(title, ["icc", "specs", *shares], rows), flush=True)

    rows = []
    for uneven in UNEVEN:
        for alike in (0.3, 1.0):
            trial = [clustered(random, SIZES, share, alike, samples, uneven) for share in SHARES]
            rows.append([f"+-{uneven:.0%}", alike, *(simulate(t, trials // 2) for t in trial)])
    title = f"overall of {len(SIZES)} categories, {sum(SIZES)} specs"
    print(table(title, ["between categories", "icc", *shares], rows), flush=True)

    flips = [f"-{lost:.0%} +{won:.0%}" for lost, won in FLIPS]
    rows = [[n, *(simulate(paired(random, n, *chances), trials) for chances in FLIPS)] for n in SPECS]
    print(table("paired difference: Tango", ["specs", *flips], rows), flush=True)

    rows = []
    for alike in (0.3, 0.7, 1.0):
        for n in SPECS:
            trial = [sampled_difference(random, n, share, alike, samples) for share in SHARES]
            rows.append([alike, n, *(simulate(t, trials) for t in trial)])
    title = f"paired difference of {samples} samples each, 5 points: Tango at the effective sample size"
    print(table(title, ["icc", "specs", *shares], rows), flush=True)


def exact(specs: int, share: float) -> str:
    """Coverage and mean width over all outcomes of greedy answers."""
    from scipy.stats import binom

    found = [(float(binom.pmf(k, specs, share)), wilson(k, specs)) for k in range(specs + 1)]
    held = sum(chance for chance, i in found if i.low <= share <= i.high)
    return shown(held, sum(chance * (i.high - i.low) for chance, i in found))


def simulate(trial: Trial, trials: int) -> str:
    held = width = 0.0
    for _ in range(trials):
        interval, truth = trial()
        held += interval.low <= truth <= interval.high
        width += interval.high - interval.low
    return shown(held / trials, width / trials)


def shown(coverage: float, width: float) -> str:
    return f"{coverage:.1%} ({width:.2f})"


def clustered(
    random: Random, sizes: Sequence[int], share: float, alike: float, samples: int, uneven: float = 0.0
) -> Trial:
    """The mean of categories of these sizes; every second one is `uneven` better or worse, as far as 0..1 allows."""
    uneven = min(uneven, share, 1 - share)
    means = [share + uneven * (-1) ** number if len(sizes) > 1 else share for number in range(len(sizes))]

    def trial() -> tuple[Interval, float]:
        groups = [
            [answers(random, chance(random, mean, alike), samples) for _ in range(size)]
            for mean, size in zip(means, sizes, strict=True)
        ]
        return share_interval(groups), sum(means) / len(means)

    return trial


def paired(random: Random, specs: int, lost: float, won: float) -> Trial:
    """The difference of greedy answers when specs are lost and won with these chances."""

    def trial() -> tuple[Interval, float]:
        draws = [random.random() for _ in range(specs)]
        return difference_interval([[-(d < lost) + (d > 1 - won) for d in draws]]), won - lost

    return trial


def sampled_difference(random: Random, specs: int, share: float, alike: float, samples: int) -> Trial:
    """The difference of two sampled models, the later one 5 points worse, with chances of its own on half the specs."""
    worse = share - 0.05

    def trial() -> tuple[Interval, float]:
        changes = []
        for _ in range(specs):
            before = chance(random, share, alike)
            after = before * worse / share if random.random() < 0.5 else chance(random, worse, alike)
            changes.append(answers(random, after, samples) - answers(random, before, samples))
        return difference_interval([changes]), worse - share

    return trial


def chance(random: Random, share: float, alike: float) -> float:
    """A spec's chance to pass: of this mean, and such that its samples correlate by `alike`."""
    if alike in (0.0, 1.0) or share in (0.0, 1.0):
        return share if alike == 0 else float(random.random() < share)
    spread = 1 / alike - 1
    return random.betavariate(share * spread, (1 - share) * spread)


def answers(random: Random, chance: float, samples: int) -> float:
    return sum(random.random() < chance for _ in range(samples)) / samples


if __name__ == "__main__":
    main()
