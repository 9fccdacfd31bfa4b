"""What holds for every family: goldens, reference model, facts and parameters agree."""

from __future__ import annotations

import dataclasses
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.families.catalogue import CATEGORIES, family
from harness.families.spec import Spec
from tests.families.agreement import (
    assert_all_agree,
    assert_clean,
    assert_parameters_decide,
    assert_sound,
)

categories = pytest.mark.parametrize("category", CATEGORIES)


def shape(spec: Spec) -> list[int]:
    """What two specs must share for one to take the names of the other: how many there are of each."""
    named = [getattr(spec, f.name) for f in dataclasses.fields(spec) if "surface" in f.metadata]
    return [len(names) for names in named if isinstance(names, tuple)]


@categories
@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_samples_agree(category: str, seed: int) -> None:
    """Drawn designs behave in Icarus as the reference says, in every style, without warnings."""
    rng = Random(seed)
    specs = [family(category).sample(category, rng) for _ in range(6)]
    assert_all_agree([(s, style) for s in specs for style in range(s.styles)], seed, cycles=120)


@categories
def test_edge_cases_agree(category: str) -> None:
    """So do the corners (one bit, 64 bits, shift by 0, divide by 1, one state, ...), alone and all together."""
    cases = family(category).edge_cases(category)
    for spec in cases:
        assert_sound(spec)
    assert_all_agree([(s, style) for s in cases for style in range(s.styles)], cycles=200)
    for spec in (cases[0], cases[-1]):
        for style in range(spec.styles):
            assert_clean(spec, style)


@categories
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_samples_are_sound(category: str, seed: int) -> None:
    """Names and facts are in order, equal seeds give equal specs, and the parameters alone decide what it does."""
    kind, rng = family(category), Random(seed)
    spec = kind.sample(category, rng)
    assert kind.sample(category, Random(seed)) == spec
    assert_sound(spec)
    donor = next(d for d in iter(lambda: kind.sample(category, rng), None) if shape(d) == shape(spec))
    assert_parameters_decide(spec, donor)
