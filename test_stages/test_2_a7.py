"""Stage 2: the A7 testbench writer is there, and its testbench of a sample FSM is a good one (plan tasks 2.1, 2.3)."""

from __future__ import annotations

from itertools import islice

import pytest

from harness.families.catalogue import FSM, draw
from harness.testbench.a7 import OfflineA7
from harness.testbench.admission import Subject, admit

pytestmark = pytest.mark.build


@pytest.mark.parametrize("category", FSM)
def test_sample_testbench_is_admitted(category: str) -> None:
    """A7's testbench of a sample FSM passes the golden, fails stubs and kills at least 95 % of live mutants."""
    (spec,) = islice(draw(category, "a7-sample"), 1)
    admission = admit(Subject.of_spec(spec), OfflineA7()(spec))
    assert admission.admitted, admission
