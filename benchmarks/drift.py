"""The drift alarm tried on simulated production: how often it is false, and how late it is true.

    .tox/harness/bin/python benchmarks/drift.py [--runs 400] [--requests 1000]

Ten categories, each measured by a gate of 20 or 60 specs, which pass by chance as production does, or of so many
that it knows the rate.
False: nothing changes, and any alarm in `requests` requests of each category counts; the promise is 5 % at most.
Delay: from request 101 on one category passes at another rate; requests from there to the alarm.
"""

from __future__ import annotations

import argparse
from random import Random
from statistics import median

from harness.release.drift import Measured, drift
from harness.report.table import table

CATEGORIES = [f"category {number}" for number in range(10)]
BEFORE = 100
KNOWN = 100_000


def gate_of(rate: float, specs: int, rng: Random) -> dict[str, Measured]:
    """What a gate measures where the true rate of every category is `rate`; from KNOWN specs on, just that."""
    if specs >= KNOWN:
        return dict.fromkeys(CATEGORIES, Measured(round(rate * specs), specs))
    return {name: Measured(sum(rng.random() < rate for _ in range(specs)), specs) for name in CATEGORIES}


def false_alarms(rate: float, specs: int, runs: int, requests: int, seed: str) -> float:
    """The share of unchanged deployments with any alarm."""
    rng, false = Random(f"{seed}:{rate}:{specs}"), 0
    for _ in range(runs):
        gate = gate_of(rate, specs, rng)
        asked = {name: [rng.random() < rate for _ in range(requests)] for name in CATEGORIES}
        false += any(found.alarm_at for found in drift(gate, asked))
    return false / runs


def delays(rate: float, later: float, specs: int, runs: int, requests: int, seed: str) -> list[int | None]:
    """Requests from the change to the alarm, None where there was none."""
    rng, found = Random(f"{seed}:{rate}:{later}:{specs}"), []
    (changed, *_) = CATEGORIES
    for _ in range(runs):
        asked = [rng.random() < (rate if number < BEFORE else later) for number in range(requests)]
        (one,) = drift(gate_of(rate, specs, rng), {changed: asked})
        found.append(None if one.alarm_at is None else one.alarm_at - BEFORE)
    return found


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--runs", type=int, default=400)
    arguments.add_argument("--requests", type=int, default=1000)
    chosen = arguments.parse_args()
    rows = [
        [f"{rate:.0%}"]
        + [
            f"{false_alarms(rate, specs, chosen.runs, chosen.requests, 'false'):.2%}"
            for specs in (20, 60, KNOWN)
        ]
        for rate in (0.5, 0.8, 0.95)
    ]
    print(
        f"deployments of {chosen.runs} with any false alarm in {chosen.requests} requests a category, ten categories"
    )
    print(table("", ["rate", "20 specs", "60 specs", "rate known"], rows))
    rows = []
    for rate, later in ((0.95, 0.7), (0.95, 0.5), (0.95, 0.3), (0.8, 0.5), (0.8, 0.3), (0.65, 0.3)):
        row = [f"{rate:.0%} to {later:.0%}"]
        for specs in (20, 60):
            found = delays(rate, later, specs, chosen.runs, chosen.requests, "delay")
            seen = sorted(delay for delay in found if delay is not None)
            row.append(f"{len(seen) / len(found):.0%}")
            row += [f"{median(seen):.0f}", str(seen[int(0.9 * len(seen))])] if seen else ["", ""]
        rows.append(row)
    print(
        f"share of changes seen within {chosen.requests - BEFORE} requests, and after how many (median, 90 %)"
    )
    print(table("", ["change", "20 specs", "median", "90 %", "60 specs", "median", "90 %"], rows))


if __name__ == "__main__":
    main()
