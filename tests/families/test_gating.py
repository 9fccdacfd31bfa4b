"""Enable gating: golden Verilog, reference model, facts and parameters agree."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.families.gating import SHARES, EnableGating
from harness.families.spec import Reference
from tests.families.agreement import assert_all_agree, assert_clean, assert_parameters_decide, assert_sound

CATEGORY = "enable_gating"


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_samples_agree(seed: int) -> None:
    """Drawn gates behave in Icarus as the reference says, in both styles, without warnings."""
    rng = Random(seed)
    specs = [EnableGating.sample(CATEGORY, rng) for _ in range(8)]
    assert_all_agree([(spec, style) for spec in specs for style in range(spec.styles)])


def test_edge_cases_agree() -> None:
    """So do the corners, which cover every form."""
    cases = EnableGating.edge_cases(CATEGORY)
    assert {spec.form for spec in cases} == set(SHARES)
    for spec in cases:
        assert_sound(spec)
    assert_all_agree([(spec, style) for spec in cases for style in range(spec.styles)])
    for spec in cases[-3:]:
        assert_clean(spec)
        assert_clean(spec, 1)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_samples_are_sound(seed: int) -> None:
    """Names and facts are in order, and the parameters alone decide what a gate does."""
    rng = Random(seed)
    spec, donor = (EnableGating.sample(CATEGORY, rng) for _ in range(2))
    assert_sound(spec)
    assert_parameters_decide(spec, donor)
    assert EnableGating.sample(CATEGORY, Random(seed)) == spec


def test_clock_gate_holds_while_the_clock_is_high() -> None:
    """An enable that changes while the clock is high reaches the gated clock only in the next cycle."""
    spec = EnableGating.edge_cases(CATEGORY)[-2]
    gate = Reference(spec)
    walk = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (1, 1, 1), (1, 0, 1), (0, 0, 0), (1, 0, 0)]
    assert [gate.apply({"clk": clk, "en": en})["gclk"] for clk, en, _ in walk] == [out for *_, out in walk]
