"""Registers: golden Verilog, reference model, facts and parameters agree."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.families.registers import EnableRegister, Register, SetReset
from harness.families.spec import Reference, Spec
from tests.families.agreement import (
    assert_all_agree,
    assert_clean,
    assert_parameters_decide,
    assert_sound,
)

FAMILY: dict[str, type[Spec]] = {
    "register_basic": Register,
    "async_reset": Register,
    "sync_reset": Register,
    "enable_control": EnableRegister,
    "register_set_reset": SetReset,
}
categories = pytest.mark.parametrize("category", FAMILY)


@categories
@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_samples_agree(category: str, seed: int) -> None:
    """Drawn registers behave in Icarus as the reference says, in both styles, without warnings."""
    rng = Random(seed)
    specs = [FAMILY[category].sample(category, rng) for _ in range(6)]
    assert_all_agree([(spec, style) for spec in specs for style in range(spec.styles)])


@categories
def test_edge_cases_agree(category: str) -> None:
    """So do the corners: one bit, 64 bits, each reset, each condition."""
    cases = FAMILY[category].edge_cases(category)
    for spec in cases:
        assert_sound(spec)
    assert_all_agree([(spec, style) for spec in cases for style in range(spec.styles)])
    assert_clean(cases[0])
    assert_clean(cases[0], 1)


@categories
@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_samples_are_sound(category: str, seed: int) -> None:
    """Names and facts are in order, and the parameters alone decide what a register does."""
    rng = Random(seed)
    spec, donor = (FAMILY[category].sample(category, rng) for _ in range(2))
    assert_sound(spec)
    assert_parameters_decide(spec, donor)
    assert FAMILY[category].sample(category, Random(seed)) == spec


def test_set_wins() -> None:
    """With set first, both inputs active give all ones; with clear first, zero."""
    for spec in SetReset.edge_cases("register_set_reset")[:2]:
        reference = Reference(spec)
        quiet = {"clk": 0, "rst": 0, "set": 1, "clr": 1}
        reference.apply(quiet)
        assert reference.apply({**quiet, "clk": 1}) == {"q": int(spec.set_first)}


def test_text_example() -> None:
    """The golden of a small register is exactly the short code that training shows."""
    spec = EnableRegister.edge_cases("enable_control")[-1]
    assert spec.verilog() == (
        "module corner(input clk, input rst, input en, input en2, input [2:0] d, output reg [2:0] q);\n"
        "  always @(posedge clk or negedge rst)\n"
        "    if (!rst) q <= 0;\n"
        "    else if (en && !en2) q <= d;\n"
        "endmodule\n"
    )
