"""Counters: they count as they should."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from harness.families.counters import BasicCounter, LoadCounter, UpDownCounter
from harness.families.spec import Spec, State


def counted(spec: Spec, start: int, length: int, **inputs: int) -> list[int]:
    """The values of the first output over `length` clock edges with constant `inputs`, `start` included."""
    state: State = (start,)
    values = [start]
    output = next(p.name for p in spec.ports if p.direction == "output")
    for _ in range(length):
        state = spec.next(state, inputs)
        values.append(spec.outputs(state, inputs)[output])
    return values


def basic(**fields: Any) -> BasicCounter:
    return replace(BasicCounter.sample("counter_basic", Random(0)), **{"enable": None, **fields})


def up_down(**fields: Any) -> UpDownCounter:
    fields = {"enable": None, "direction": "dir", "width": 2, **fields}
    return replace(UpDownCounter.sample("counter_updown", Random(0)), **fields)


def loadable(**fields: Any) -> LoadCounter:
    fields |= {"load_name": "ld", "enable_name": "en", "d": "d", "q": "q", "flag": "tc"}
    return replace(LoadCounter.sample("counter_load", Random(0)), **fields)


@pytest.mark.parametrize(
    ("fields", "start", "expected"),
    [
        ({"counts": "up", "width": 2, "modulus": None}, 2, [2, 3, 0, 1]),
        ({"counts": "down", "width": 2, "modulus": None}, 1, [1, 0, 3, 2]),
        ({"counts": "modulo", "width": 4, "modulus": 10}, 8, [8, 9, 0, 1]),
        ({"counts": "modulo", "width": 1, "modulus": 1}, 0, [0, 0, 0, 0]),
    ],
)
def test_basic_counts(fields: dict[str, Any], start: int, expected: list[int]) -> None:
    """Up, down and modulo counters go on after their last value as their names say."""
    assert counted(basic(**fields), start, 3) == expected


@pytest.mark.parametrize(
    ("up", "saturates", "level", "start", "expected"),
    [
        ("high", False, 1, 2, [2, 3, 0]),
        ("high", False, 0, 1, [1, 0, 3]),
        ("high", True, 1, 2, [2, 3, 3]),
        ("high", True, 0, 1, [1, 0, 0]),
        ("low", False, 0, 2, [2, 3, 0]),
        ("low", True, 1, 1, [1, 0, 0]),
    ],
)
def test_up_down_counts(up: str, saturates: bool, level: int, start: int, expected: list[int]) -> None:
    """The direction input is believed in either polarity, and the limits wrap or hold."""
    assert counted(up_down(up=up, saturates=saturates), start, 2, dir=level) == expected


def test_load_wins_over_counting_and_needs_no_enable() -> None:
    """A load takes effect while the enable holds the counter, and beats counting while it does not."""
    spec = loadable(width=4, way="up", amount=3, load="high", enable="high", flagged=True)
    assert counted(spec, 5, 1, ld=1, en=0, d=9) == [5, 9]
    assert counted(spec, 5, 1, ld=1, en=1, d=9) == [5, 9]
    assert counted(spec, 5, 1, ld=0, en=0, d=9) == [5, 5]
    assert counted(spec, 9, 3, ld=0, en=1, d=9) == [9, 12, 15, 2]


@pytest.mark.parametrize(("way", "last"), [("up", 15), ("down", 0)])
def test_flag_marks_the_last_value(way: str, last: int) -> None:
    """The terminal count flag is 1 at all ones when counting up, at zero when counting down, else 0."""
    spec = loadable(width=4, way=way, flagged=True)
    assert [q for q in range(16) if spec.outputs((q,), {})["tc"]] == [last]


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"counts": "modulo", "width": 3, "modulus": 9}, "modulus 9 is not in 1..8"),
        ({"counts": "modulo", "width": 3, "modulus": 0}, "modulus 0 is not in 1..8"),
        ({"counts": "up", "width": 3, "modulus": 5}, "no other has one"),
        ({"counts": "modulo", "width": 3, "modulus": None}, "a modulo counter has a modulus"),
    ],
)
def test_impossible_moduli_are_refused(fields: dict[str, Any], complaint: str) -> None:
    """A modulus that the width cannot hold, or that is missing or superfluous, is named in the error."""
    with pytest.raises(ValueError, match=complaint):
        basic(**fields)


def test_training_style() -> None:
    """Style 0 is the short form: one if-chain without begin/end, in the order of the text."""
    spec = loadable(width=4, way="down", amount=2, load="high", enable="low", flagged=True)
    spec = replace(spec, name="m", clock="clk", reset=replace(spec.reset, name="r", asynchronous=False))
    reset = "!r" if spec.reset.active_low else "r"
    assert spec.verilog() == (
        "module m(input clk, input r, input ld, input en, input [3:0] d, output reg [3:0] q, output tc);\n"
        "  always @(posedge clk)\n"
        f"    if ({reset}) q <= 0;\n"
        "    else if (ld) q <= d;\n"
        "    else if (!en) q <= q - 2;\n"
        "  assign tc = (q == 0);\n"
        "endmodule\n"
    )
