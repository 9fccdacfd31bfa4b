"""Edge detectors: golden Verilog, reference model, facts and parameters agree."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.families.edges import EdgeDetector
from harness.families.spec import Reference
from tests.families.agreement import assert_all_agree, assert_clean, assert_parameters_decide, assert_sound

CATEGORY = "edge_detector"


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_samples_agree(seed: int) -> None:
    """Drawn detectors behave in Icarus as the reference says, in both styles, without warnings."""
    rng = Random(seed)
    specs = [EdgeDetector.sample(CATEGORY, rng) for _ in range(8)]
    assert_all_agree([(spec, style) for spec in specs for style in range(spec.styles)])


def test_edge_cases_agree() -> None:
    """So do the corners: one bit and 64 bits of every kind."""
    cases = EdgeDetector.edge_cases(CATEGORY)
    for spec in cases:
        assert_sound(spec)
    assert_all_agree([(spec, style) for spec in cases for style in range(spec.styles)])
    assert_clean(cases[1])
    assert_clean(cases[1], 1)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_samples_are_sound(seed: int) -> None:
    """Names and facts are in order, and the parameters alone decide what a detector does."""
    rng = Random(seed)
    spec, donor = (EdgeDetector.sample(CATEGORY, rng) for _ in range(2))
    assert_sound(spec)
    assert_parameters_decide(spec, donor)
    assert EdgeDetector.sample(CATEGORY, Random(seed)) == spec


@pytest.mark.parametrize(("registered", "expected"), [(False, [1, 0, 0, 0]), (True, [0, 1, 1, 0])])
def test_pulse_timing(registered: bool, expected: list[int]) -> None:
    """Combinational: the pulse lasts from the input's change to the edge; registered: the cycle after it."""
    (spec,) = (s for s in EdgeDetector.edge_cases(CATEGORY)[:2] if s.registered == registered)
    detector = Reference(spec)
    detector.apply({"clk": 0, "rst_n": 1, "d": 0})
    steps = [{"clk": clk, "rst_n": 1, "d": 1} for clk in (0, 1, 0, 1)]
    assert [detector.apply(step)["y"] for step in steps] == expected
