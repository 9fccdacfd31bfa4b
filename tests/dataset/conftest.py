"""The shipped suite and its guard, for every test of the datasets."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.benchmark.suite import Suite, load_suite
from harness.dataset.leakage import Guard

SUITE = Path(__file__).resolve().parents[2] / "benchmarks" / "suites" / "v5"


@pytest.fixture(scope="session")
def suite() -> Suite:
    return load_suite(SUITE)


@pytest.fixture(scope="session")
def guard(suite: Suite) -> Guard:
    return Guard(suite)
