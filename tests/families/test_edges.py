"""Edge detectors: what is particular to them."""

from __future__ import annotations

import pytest

from harness.families.edges import EdgeDetector
from harness.families.spec import Reference

CATEGORY = "edge_detector"


@pytest.mark.parametrize(("registered", "expected"), [(False, [1, 0, 0, 0]), (True, [0, 1, 1, 0])])
def test_pulse_timing(registered: bool, expected: list[int]) -> None:
    """Combinational: the pulse lasts from the input's change to the edge; registered: the cycle after it."""
    (spec,) = (s for s in EdgeDetector.edge_cases(CATEGORY)[:2] if s.registered == registered)
    detector = Reference(spec)
    detector.apply({"clk": 0, "rst_n": 1, "d": 0})
    steps = [{"clk": clk, "rst_n": 1, "d": 1} for clk in (0, 1, 0, 1)]
    assert [detector.apply(step)["y"] for step in steps] == expected
