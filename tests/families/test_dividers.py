"""Clock dividers: periods are right."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from harness.families.dividers import ClockDivider

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


def test_edge_cases_divide_by_little() -> None:
    """The corners divide by one and by two."""
    cases = ClockDivider.edge_cases(CATEGORY)
    assert {(case.wave, case.n) for case in cases} >= {("tick", 1), ("tick", 2), ("square", 2)}


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
