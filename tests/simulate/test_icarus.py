"""The batch testbench."""

from __future__ import annotations

import shutil
from random import Random

import pytest

from harness.families.spec import Port
from harness.rtl.rename import Flat, flatten, parse
from harness.simulate import icarus
from harness.simulate.icarus import Bench, MissingTool, simulate
from harness.simulate.sandbox import Limits

PORTS = (
    Port("input", "a", 3, "operand"),
    Port("output", "y", 2, "result"),
    Port("input", "b", 70, "operand"),
    Port("output", "z", 70, "result"),
)


def design(y: str, z: str) -> Flat:
    ports = "input [2:0] a, output [1:0] y, input [69:0] b, output [69:0] z"
    source = f"module m({ports}); assign y = {y}; assign z = {z}; endmodule"
    return flatten(parse(source))


def test_ports_and_candidates_keep_their_places() -> None:
    """Each candidate of each bench answers its own stimulus, outputs in port order, wide ports whole."""
    rng = Random(1)
    first, second = ([{"a": rng.getrandbits(3), "b": rng.getrandbits(70)} for _ in range(n)] for n in (5, 9))
    benches = [
        Bench("m", PORTS, first, (design("a", "b"), design("~a", "b + 1"))),
        Bench("m", PORTS, second, (design("a[2:1]", "~b"),)),
    ]
    simulation = simulate(benches, Limits())
    wide = (1 << 70) - 1
    assert simulation.compiled
    assert simulation.samples == [
        [f"{v['a'] & 3:02b}{v['b']:070b}{~v['a'] & 3:02b}{v['b'] + 1 & wide:070b}" for v in first],
        [f"{v['a'] >> 1:02b}{~v['b'] & wide:070b}" for v in second],
    ]


def test_unknown_values_are_written() -> None:
    """Undriven and contended outputs come back as z and x."""
    simulation = simulate([Bench("m", PORTS, [{"a": 0, "b": 0}], (design("2'bz", "70'bx"),))], Limits())
    assert simulation.samples == [["zz" + "x" * 70]]


def test_a_missing_simulator_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Icarus the error gives the command that installs it."""
    monkeypatch.setattr(shutil, "which", lambda tool: None)
    icarus.find_tools.cache_clear()
    with pytest.raises(MissingTool, match="sudo apt-get install iverilog"):
        icarus.find_tools()
