"""Clock dividers: golden Verilog, reference model, facts and parameters agree, and periods are right."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.families.dividers import ClockDivider
from tests.families.agreement import (
    assert_all_agree,
    assert_clean,
    assert_parameters_decide,
    assert_sound,
)

CATEGORY = "clock_divider"


def divider(**fields: Any) -> ClockDivider:
    fields = {"enable": None, "enable_name": "en", "y": "y", **fields}
    return replace(ClockDivider.sample(CATEGORY, Random(0)), **fields)


def wave(spec: ClockDivider, enables: list[int]) -> str:
    """The output after reset and after each clock edge, one edge per level of the enable."""
    state, levels = spec.initial(), "0"
    for enable in enables:
        state = spec.next(state, {"en": enable})
        levels += str(spec.outputs(state, {})["y"])
    return levels


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_samples_agree(seed: int) -> None:
    """Drawn dividers behave in Icarus as the reference says, in both styles, without warnings."""
    rng = Random(seed)
    specs = [ClockDivider.sample(CATEGORY, rng) for _ in range(8)]
    assert_all_agree([(spec, style) for spec in specs for style in range(spec.styles)], seed, cycles=150)


def test_edge_cases_agree() -> None:
    """So do the corners: divide by 1, by 2, and counts that just fill or just outgrow a power of two."""
    cases = ClockDivider.edge_cases(CATEGORY)
    assert {(case.wave, case.n) for case in cases} >= {("tick", 1), ("tick", 2), ("square", 2)}
    assert len({case.parameters for case in cases}) == len(cases)
    for spec in cases:
        assert_sound(spec)
    assert_all_agree([(spec, style) for spec in cases for style in range(spec.styles)], cycles=120)
    assert_clean(cases[0])
    assert_clean(cases[0], 1)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_samples_are_sound(seed: int) -> None:
    """Names and facts are in order, equal seeds give equal specs, and the parameters alone decide."""
    rng = Random(seed)
    spec, donor = (ClockDivider.sample(CATEGORY, rng) for _ in range(2))
    assert_sound(spec)
    assert_parameters_decide(spec, donor)
    assert ClockDivider.sample(CATEGORY, Random(seed)) == spec


@pytest.mark.parametrize(
    ("shape", "n", "expected"),
    [
        ("square", 2, "010101010"),
        ("square", 4, "001100110"),
        ("square", 6, "000111000"),
        ("tick", 1, "011111111"),
        ("tick", 2, "001010101"),
        ("tick", 3, "000100100"),
    ],
)
def test_waves(shape: str, n: int, expected: str) -> None:
    """A square toggles every n/2 edges, a tick is 1 for one cycle after every n-th edge."""
    assert wave(divider(wave=shape, n=n), [1] * 8) == expected


@pytest.mark.parametrize(("shape", "expected"), [("square", "0011110"), ("tick", "0011101")])
def test_enable_holds_count_and_output(shape: str, expected: str) -> None:
    """While the enable is inactive both the count and the output stay as they are, a tick included."""
    enables = [1, 1, 0, 0, 1, 1]
    n = 4 if shape == "square" else 2
    assert wave(divider(wave=shape, n=n, enable="high"), enables) == expected
    assert wave(divider(wave=shape, n=n, enable="low"), [1 - e for e in enables]) == expected


@pytest.mark.parametrize(("shape", "n"), [("square", 3), ("square", 0), ("tick", 0)])
def test_impossible_divisors_are_refused(shape: str, n: int) -> None:
    """A square wave of an odd number of cycles, or a period of none, is named in the error."""
    with pytest.raises(ValueError, match=f"n = {n} is impossible for a {shape}"):
        divider(wave=shape, n=n)


@pytest.mark.parametrize(("n", "width"), [(2, "[7:0] "), (256, "[7:0] "), (257, "[8:0] "), (513, "[9:0] ")])
def test_count_holds_the_period(n: int, width: str) -> None:
    """The internal count has eight bits, and more only where n - 1 needs them."""
    assert f"  reg {width}cnt;\n" in divider(wave="tick", n=n).verilog()
