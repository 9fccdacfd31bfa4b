"""Stage 2: the A7 testbench writer is there, and its testbench of a sample FSM is a good one (plan tasks 2.1, 2.3)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

import pytest

from harness.a7.availability import availability
from harness.families.catalogue import FSM, draw
from harness.pipeline import Pipeline
from harness.testbench.a7 import OfflineA7
from harness.testbench.admission import Subject, admit

pytestmark = pytest.mark.build


def test_a7_is_available(pipeline: Pipeline, announce: Callable[[str], None]) -> None:
    """The chosen writer can be asked; of the API, key, model and address are looked up, which costs nothing."""
    if isinstance(pipeline.a7, OfflineA7):
        announce("A7 writes from the reference models: no API is used")
        return
    found = availability(pipeline.profile.api)
    announce(f"A7: {found.message}")
    assert found.usable, found.message


@pytest.mark.parametrize("category", FSM)
def test_sample_testbench_is_admitted(category: str, pipeline: Pipeline) -> None:
    """A7's testbench of a sample FSM passes the golden, fails stubs and kills at least 95 % of live mutants."""
    (spec,) = islice(draw(category, "a7-sample"), 1)
    (attempt,) = pipeline.a7.write_all([spec], [spec.verilog()])
    assert attempt.testbench is not None, attempt
    admission = admit(Subject.of_spec(spec), attempt.testbench)
    assert admission.admitted, admission
