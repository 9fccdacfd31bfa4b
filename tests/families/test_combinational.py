"""Multiplexers and comparators: golden Verilog, reference model, facts and parameters agree."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.families.combinational import Comparator, Mux
from harness.families.spec import Reference, Spec
from tests.families.agreement import assert_all_agree, assert_clean, assert_parameters_decide, assert_sound

FAMILY: dict[str, type[Spec]] = {"mux": Mux, "comparator": Comparator}
categories = pytest.mark.parametrize("category", FAMILY)


@categories
@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_samples_agree(category: str, seed: int) -> None:
    """Drawn designs behave in Icarus as the reference says, in both styles, without warnings."""
    rng = Random(seed)
    specs = [FAMILY[category].sample(category, rng) for _ in range(8)]
    assert_all_agree([(spec, style) for spec in specs for style in range(spec.styles)], cycles=100)


@categories
def test_edge_cases_agree(category: str) -> None:
    """So do the corners: one bit, 64 bits, signed bits, permuted inputs."""
    cases = FAMILY[category].edge_cases(category)
    for spec in cases:
        assert_sound(spec)
    assert_all_agree([(spec, style) for spec in cases for style in range(spec.styles)], cycles=200)
    assert_clean(cases[-1])
    assert_clean(cases[-1], 1)


@categories
@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_samples_are_sound(category: str, seed: int) -> None:
    """Names and facts are in order, and the parameters alone decide what a design does."""
    rng = Random(seed)
    spec, donor = (FAMILY[category].sample(category, rng) for _ in range(2))
    assert_sound(spec)
    assert_parameters_decide(spec, donor)
    assert FAMILY[category].sample(category, Random(seed)) == spec


def test_signed_order() -> None:
    """In two bits, 3 is below 0 for a signed comparator (it is -1) and above it for an unsigned one."""
    unsigned = Comparator.edge_cases("comparator")[2]
    assert Reference(unsigned).apply({"a": 3, "b": 0}) == {"ge": 1, "ne": 1}
    signed = Comparator.edge_cases("comparator")[4]
    assert Reference(signed).apply({"a": 3, "b": 0})["lt"] == 1
