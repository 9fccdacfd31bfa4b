"""Has a category become worse in production than the gate measured it? An alarm whose false alarms are bounded.

Promise: if no category has become worse, the chance that any of them ever raises the alarm is at most ALPHA, for as
long as the model is deployed and however often somebody looks. That the gate knows its own rates from few specs
only is part of it. ALPHA is shared out evenly among the categories (Bonferroni).

For one category the alarm is a bet against "the gate's true rate is p, and each request passes at least as likely":

- on the gate's counts, that another rate than p explains them: a mixture of rates over the likelihood of p,
- on each request, that it passes less likely than p: a mixture of likelihood ratios over several lower rates and over
  the request from which on they hold (a Shiryaev-Roberts statistic with prior weights; Shin, Ramdas and Rinaldo 2024
  call it an e-detector).

Whatever p is, the product of the two stakes cannot be expected to grow, so by Ville's inequality (1939) it ever
reaches 1/level with no more than the chance of that level. Nobody knows p: the alarm is raised when even the p that
explains everything best has lost its bet.

The rates from 0 to 1 are gone through in intervals. Each has the least stake that any p in it can have: on the gate's
counts that of the p in it that explains them best, and on requests that of its lower end, as who passes at least as
likely as p passes at least as likely as that. So wherever the true p lies, the least product over the intervals is no
more than p's own, and the promise holds for it. The first interval begins at 0, below which no rate can fall: there a
request wins nothing, and a category that passed nothing at the gate raises no alarm.

Not covered: a category whose kinds of request are mixed otherwise than in the gate's suite, which is no change of
the model but looks like one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Any

ALPHA = 0.05
DROPS = (0.25, 0.5, 0.75)
"""Rates that are bet on, as shares of p."""
STRIDE = 10
"""A change may begin at every so many requests."""
PRIOR = 3.0, 1.0
"""Of the gate's rate, a beta distribution: models that reach a gate pass more often than not."""
GRID, EDGE = 100, 1e-6
"""So many even steps of p, as many where the gate's counts put it, and as many from EDGE to a half by equal factors."""


@dataclass(frozen=True)
class Measured:
    """`passed` of `total`."""

    passed: int
    total: int

    @property
    def rate(self) -> float:
        return self.passed / self.total


@dataclass(frozen=True)
class Drift:
    """One category in production against the gate.

    `bound` is the rate below which a drop is sure to be found in the end; what lies between it and the gate's rate
    may be chance of the gate's few specs. `alarm_at` is the request (from 1) that raised the alarm, if one did, and
    `since` the request from which on the rate seems to be lower. `evidence` in 0..1 is how near the alarm the stake
    came, as logarithms: each such request adds about as much.
    """

    category: str
    gate: Measured
    production: Measured
    bound: float
    evidence: float
    alarm_at: int | None
    since: int | None


class Chart:
    """The bet of one category: `see` each request in turn. `evidence` is the logarithm of the stake so far.

    `rates` are the lower ends of the intervals of p, `from_gate` the logarithms of their stakes on the gate's counts.
    """

    def __init__(self, gate: Measured) -> None:
        import numpy as np
        from scipy.special import betaln, xlog1py, xlogy
        from scipy.stats import beta

        failed = gate.total - gate.passed
        even = (np.arange(GRID) + 0.5) / GRID
        likely = beta.ppf(even, PRIOR[0] + gate.passed, PRIOR[1] + failed)
        low = np.geomspace(EDGE, 0.5, GRID)
        self.rates: Any = np.sort(np.concatenate([[0.0], low, even, likely])).clip(0, 1 - EDGE)
        best = np.clip(gate.rate, self.rates, np.append(self.rates[1:], 1.0))
        likelihood = xlogy(gate.passed, best) + xlog1py(failed, -best)
        alike, differs = betaln(*PRIOR), betaln(PRIOR[0] + gate.passed, PRIOR[1] + failed)
        self.from_gate: Any = differs - alike - likelihood
        lower = np.outer(DROPS, self.rates)
        self._if_passed: Any = np.array(DROPS)[:, None]
        self._if_failed: Any = (1 - lower) / (1 - self.rates)
        self._bets: Any = np.zeros_like(lower)
        self.seen, self.evidence = 0, 0.0

    def see(self, passed: bool) -> float:
        """Count one request; the evidence after it."""
        import numpy as np

        start = self.seen // STRIDE + 1
        if self.seen % STRIDE == 0:
            # The weights 1/(k(k+1)) of all starts k sum to 1, of which those to come have 1/(start + 1).
            self._bets += 1 / (start * (start + 1) * len(DROPS))
        self.seen += 1
        with np.errstate(over="ignore"):  # a rate that is long refuted
            self._bets *= self._if_passed if passed else self._if_failed
            stake = self._bets.sum(axis=0) + 1 / (start + 1)
        self.evidence = max(self.evidence, float((self.from_gate + np.log(stake)).min()))
        return self.evidence

    def bound(self, needed: float) -> float:
        """The rate below which the gate's counts alone are that much evidence against any p."""
        high = [rate for rate, alone in zip(self.rates, self.from_gate, strict=True) if alone < needed]
        return float(min(high))


def drift(
    gate: Mapping[str, Measured], requests: Mapping[str, Sequence[bool]], alpha: float = ALPHA
) -> list[Drift]:
    """Each category of the gate that production has asked for, by whether its requests passed, in their order.

    Raises ValueError for a gate figure that is no share.
    """
    found = []
    for category, measured in gate.items():
        if not 0 <= measured.passed <= measured.total or measured.total == 0:
            raise ValueError(f"{category}: {measured.passed} of {measured.total} is not a share")
        passed = requests.get(category, ())
        if not passed:
            continue
        chart, needed = Chart(measured), log(len(gate) / alpha)
        alarm_at = next((number for number, good in enumerate(passed, 1) if chart.see(good) >= needed), None)
        bound = min(chart.bound(needed), measured.rate)
        found.append(
            Drift(
                category,
                measured,
                Measured(sum(passed), len(passed)),
                bound,
                min(1.0, chart.evidence / needed),
                alarm_at,
                None if alarm_at is None else _since(passed[:alarm_at], (bound + measured.rate) / 2),
            )
        )
    return found


def _since(passed: Sequence[bool], between: float) -> int:
    """The likeliest beginning of a lower rate: from where on passes lag furthest behind the rate `between`."""
    lag = worst = 0.0
    best = len(passed)
    for number in range(len(passed), 0, -1):
        lag += between - passed[number - 1]
        if lag > worst:
            worst, best = lag, number
    return best
