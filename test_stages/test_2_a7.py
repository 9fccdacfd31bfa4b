"""Stage 2: the A7 testbench writer is there, and its testbench of a sample FSM is a good one (plan tasks 2.1, 2.3)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.a7.availability import availability
from harness.families.catalogue import FSM
from harness.pipeline import Pipeline
from harness.report.table import table
from harness.testbench.a7 import OfflineA7

pytestmark = pytest.mark.build


def test_a7_is_available(pipeline: Pipeline, announce: Callable[[str], None]) -> None:
    """The chosen writer can be asked; of the API, key, model and address are looked up, which costs nothing."""
    if isinstance(pipeline.a7, OfflineA7):
        announce("A7 writes from the reference models: no API is used")
        return
    found = availability(pipeline.profile.api)
    announce(f"A7: {found.message}")
    assert found.usable, found.message


def test_sample_testbenches_are_admitted(pipeline: Pipeline, announce: Callable[[str], None]) -> None:
    """For each kind of FSM, A7's testbench of a sample passes the golden, fails stubs and kills 95 % of live mutants.

    What V4's template lets through of the same mutants stands beside it.
    """
    found = pipeline.strictness()
    rows = [[s.category, s.writer, f"{s.killed}/{s.live}", "yes" if s.admitted else "no"] for s in found]
    announce(table("testbenches on mutants", ["category", "writer", "killed", "admitted"], rows))
    by_a7 = [one for one in found if one.writer == pipeline.a7.name]
    assert {one.category for one in by_a7} == set(FSM)
    assert all(one.admitted for one in by_a7), [one for one in by_a7 if not one.admitted]
