"""The drift alarm keeps its promise, finds what is planted, and says from when on."""

from __future__ import annotations

from random import Random

import pytest
from scipy.stats import betabinom, binom

from harness.release.drift import ALPHA, PRIOR, Chart, Measured, drift

NAMES = [f"category {number}" for number in range(5)]
KNOWN = 100_000


@pytest.mark.parametrize(("rate", "specs"), [(0.6, 20), (0.9, 20), (0.9, KNOWN)])
def test_false_alarms_are_as_rare_as_stated(rate: float, specs: int) -> None:
    """Of 60 simulated deployments in which nothing changes, no more raise an alarm than the stated rate allows."""
    rng, false, runs = Random(f"false {rate} {specs}"), 0, 60
    for _ in range(runs):
        passed = [
            round(rate * specs) if specs == KNOWN else sum(rng.random() < rate for _ in range(specs))
            for _ in NAMES
        ]
        gate = {name: Measured(count, specs) for name, count in zip(NAMES, passed, strict=True)}
        requests = {name: [rng.random() < rate for _ in range(150)] for name in NAMES}
        false += any(found.alarm_at for found in drift(gate, requests))
    assert false <= ALPHA * runs


@pytest.mark.parametrize(("rate", "specs"), [(0.0, 20), (0.001, 20)])
def test_false_alarms_of_the_lowest_rates(rate: float, specs: int) -> None:
    """Unchanged production raises no alarm but after gate counts that are rarer together than its share allows."""
    requests = {NAMES[0]: [number % 1000 < round(1000 * rate) for number in range(1, 12_001)]}
    alarming = [
        passed
        for passed in range(5)
        if any(found.alarm_at for found in drift(dict.fromkeys(NAMES, Measured(passed, specs)), requests))
    ]
    assert sum(binom.pmf(passed, specs, rate) for passed in alarming) <= ALPHA / len(NAMES)


@pytest.mark.parametrize(("rate", "specs"), [(0.0007, 1000), (0.03, 20), (0.987, 60)])
def test_a_true_rate_between_those_of_the_grid(rate: float, specs: int) -> None:
    """The gate's counts are no more evidence against it, as the chart takes them, than they are in truth."""
    for passed in range(specs + 1):
        chart = Chart(Measured(passed, specs))
        taken = chart.from_gate[chart.rates <= rate][-1]
        true = betabinom.logpmf(passed, specs, *PRIOR) - binom.logpmf(passed, specs, rate)
        assert taken <= true + 1e-9


def test_better_than_the_gate_is_no_alarm() -> None:
    """A category that passes more often than at the gate, and then just as often, is not called worse."""
    rng = Random(1)
    requests = [True] * 300 + [rng.random() < 0.6 for _ in range(300)]
    (found,) = drift({"fsm": Measured(36, 60)}, {"fsm": requests})
    assert found.alarm_at is None


def test_a_planted_drop_is_found() -> None:
    """A fall from 95 to 30 % after 100 requests is found, mostly within 60 more, and dated to within 20."""
    delays = []
    for seed in range(10):
        rng = Random(f"planted {seed}")
        requests = [rng.random() < (0.95 if number < 100 else 0.3) for number in range(250)]
        gate = dict.fromkeys(NAMES, Measured(19, 20))
        (found,) = drift(gate, {NAMES[0]: requests})
        assert found.alarm_at is not None and found.since is not None
        assert abs(found.since - 101) <= 20
        delays.append(found.alarm_at - 100)
    assert sorted(delays)[5] <= 40 and sorted(delays)[7] <= 60


def test_a_drop_that_the_gate_cannot_exclude() -> None:
    """From 20 specs a rate is known roughly: production above `bound` never raises the alarm, however long it lasts."""
    gate = {"mux": Measured(18, 20)}
    (found,) = drift(gate, {"mux": [number % 4 != 0 for number in range(2000)]})
    assert found.bound < 0.7 and found.alarm_at is None and 0 < found.evidence < 1
    assert found.production == Measured(1500, 2000)


def test_what_is_not_compared() -> None:
    """Categories without requests or without gate figures have no row; figures that are no share are refused."""
    assert drift({"mux": Measured(18, 20)}, {"fsm": [False] * 100}) == []
    with pytest.raises(ValueError, match="mux: 3 of 2 is not a share"):
        drift({"mux": Measured(3, 2)}, {"mux": [True]})


def test_the_end_of_the_scale() -> None:
    """A gate that passed nothing cannot be undercut; one that passed all can."""
    nothing, everything = drift(
        {"a": Measured(0, 20), "b": Measured(20, 20)}, {"a": [False] * 500, "b": [False] * 40}
    )
    assert nothing.alarm_at is None
    assert everything.alarm_at is not None and everything.since == 1
