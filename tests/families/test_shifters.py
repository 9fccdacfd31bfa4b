"""Shift registers: bits go the right way."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any, TypeVar

import pytest

from harness.families.shifters import Piso, Shift, Shifter, Sipo, UniversalShift

FAMILY: dict[str, type[Shifter]] = {
    "shift_left": Shift,
    "shift_right": Shift,
    "shift_universal": UniversalShift,
    "shift_piso": Piso,
    "shift_sipo": Sipo,
}
S = TypeVar("S", bound=Shifter)


def made(family: type[S], category: str, **fields: Any) -> S:
    names = {"load_name": "ld", "enable_name": "en", "d": "d", "q": "q"}
    return replace(family.sample(category, Random(0)), **{**names, "enable": None, **fields})


def moved(spec: Shifter, start: int, **inputs: int) -> int:
    """The register after one clock edge."""
    return spec.next((start,), inputs)[0]


@pytest.mark.parametrize(
    ("category", "fill", "amount", "expected"),
    [
        ("shift_left", "serial", 1, 0b0011),
        ("shift_right", "serial", 1, 0b1100),
        ("shift_left", "rotate", 1, 0b0011),
        ("shift_right", "rotate", 1, 0b1100),
        ("shift_left", "zeros", 0, 0b1001),
        ("shift_left", "zeros", 2, 0b0100),
        ("shift_right", "zeros", 3, 0b0001),
    ],
)
def test_shift_sides(category: str, fill: str, amount: int, expected: int) -> None:
    """From 1001, with a serial 1: left is towards the most significant bit, right towards the least."""
    spec = made(Shift, category, width=4, load="high", fill=fill, amount=amount, serial="si")
    assert moved(spec, 0b1001, ld=0, si=1) == expected


def test_load_wins_over_shifting_and_needs_no_enable() -> None:
    """A load takes effect while the enable holds the register, and beats shifting while it does not."""
    spec = made(Shift, "shift_left", width=4, load="low", enable="high", fill="rotate", amount=1)
    assert moved(spec, 0b0001, ld=0, en=0, d=7) == 7
    assert moved(spec, 0b0001, ld=0, en=1, d=7) == 7
    assert moved(spec, 0b0001, ld=1, en=0, d=7) == 0b0001
    assert moved(spec, 0b0001, ld=1, en=1, d=7) == 0b0010


def test_universal_modes() -> None:
    """Each code does what its place in the mode table says, with the serial input of that side."""
    modes = ("load", "left", "hold", "right")
    names = {"mode": "m", "from_left": "sr", "from_right": "sl"}
    spec = made(UniversalShift, "shift_universal", width=4, modes=modes, **names)
    after = [moved(spec, 0b0110, m=code, sr=1, sl=0, d=0b0101) for code in range(4)]
    assert after == [0b0101, 0b1100, 0b0110, 0b1011]


@pytest.mark.parametrize(("msb_first", "expected"), [(True, "110100"), (False, "101100")])
def test_piso_order(msb_first: bool, expected: str) -> None:
    """A loaded 1101 leaves from the named end, followed by the fill bits."""
    spec = made(Piso, "shift_piso", width=4, load="high", msb_first=msb_first, vacated=0)
    state, bits = spec.next((0,), {"ld": 1, "d": 0b1101}), ""
    for _ in range(6):
        bits += str(spec.outputs(state, {})["q"])
        state = spec.next(state, {"ld": 0, "d": 0})
    assert bits == expected
    assert moved(replace(spec, vacated=1), 0, ld=0, d=0) == (1 if msb_first else 8)


@pytest.mark.parametrize(("enters_msb", "expected"), [(True, 0b0100), (False, 0b0010)])
def test_sipo_end(enters_msb: bool, expected: int) -> None:
    """A 1 and then a 0 enter at the named end, and the 1 has moved on by one."""
    spec = made(Sipo, "shift_sipo", width=4, enters_msb=enters_msb, serial="si")
    state = spec.initial()
    for bit in (1, 0):
        state = spec.next(state, {"si": bit})
    assert spec.outputs(state, {}) == {"q": expected}


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"fill": "rotate", "amount": 1, "load": None}, "unless it has a load"),
        ({"fill": "serial", "amount": 2, "load": None}, "serial moves by 1 only"),
    ],
)
def test_impossible_shifts_are_refused(fields: dict[str, Any], complaint: str) -> None:
    """A register that could only ever be 0, or an amount that is not said in the text, is an error."""
    with pytest.raises(ValueError, match=complaint):
        made(Shift, "shift_left", **fields)


def test_incomplete_mode_table_is_refused() -> None:
    """A universal shift register does each of its four operations under one code."""
    with pytest.raises(ValueError, match="are not just"):
        made(UniversalShift, "shift_universal", modes=("hold", "hold", "left", "load"))


@pytest.mark.parametrize("category", FAMILY)
def test_one_bit_registers_have_no_part_selects(category: str) -> None:
    """Registers of one bit are scalars in both styles: no bit of them is selected."""
    for spec in FAMILY[category].edge_cases(category):
        if spec.width == 1:
            body = spec.verilog(0).split("\n", 1)[1] + spec.verilog(1).split("\n", 1)[1]
            assert "[" not in body
