"""Learning: a small golden's machine is found by simulation, and its stimulus shows where transitions end."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from harness.rtl.interface import interface_of
from harness.simulate.drive import Drive
from harness.simulate.learn import identify
from harness.simulate.watch import Watched

RING = """module ring(input clk, input rst, input go, input [%d:0] d, output top);
  reg [4:0] q;
  assign top = q == %d;
  always @(posedge clk) if (rst) q <= %s; else if (go && d[0]) q <= q == %d ? 0 : q + 1;
endmodule
"""


def identified(golden: str, most: int = 40_000) -> tuple[int, int]:
    """Vectors and states of one call."""
    interface = interface_of(golden)
    watched, drive = Watched(golden, interface), Drive(interface, golden, Random(0))
    vectors, states = identify(watched, drive, most)
    assert len(vectors) <= most
    return len(vectors), states


@pytest.mark.parametrize("states", [1, 3, 12])
def test_a_small_machine_is_identified(states: int) -> None:
    """All states of a ring are told apart by when it comes round."""
    vectors, found = identified(RING % (0, states - 1, "0", states - 1))
    assert found == states
    assert vectors > 0


def test_a_doubtful_reset_is_an_input_like_any_other() -> None:
    """A ring that only its use says how to reset is identified, with that input in every combination."""
    golden = (RING % (0, 2, "0", 2)).replace("rst", "home")
    interface = interface_of(golden)
    watched, drive = Watched(golden, interface), Drive(interface, golden, Random(0))
    vectors, states = identify(watched, drive, 40_000)
    assert states == 3
    assert {(v["home"], v["go"], v["d"]) for v in vectors if v["clk"]} == set(product((0, 1), repeat=3))


def test_some_inputs_identify_nothing_for_sure() -> None:
    """Of wide data only some values are tried: their vectors are driven, and nothing is promised."""
    vectors, found = identified(RING % (7, 2, "0", 2))
    assert vectors > 0 == found


@pytest.mark.parametrize(
    ("golden", "most"),
    [
        (RING % (0, 30, "0", 30), 40_000),
        (RING % (0, 11, "5'bx", 11), 40_000),
        (RING % (0, 11, "0", 11), 500),
        (
            (RING % (0, 11, "0", 11))
            .replace("if (rst) q <= 0; else", "")
            .replace("reg [4:0] q", "reg [4:0] q = 0"),
            40_000,
        ),
    ],
    ids=["too far from reset", "unknown after reset", "no room", "no reset"],
)
def test_what_cannot_be_learnt_is_left(golden: str, most: int) -> None:
    """Nothing is driven for a golden whose states are not all found."""
    assert identified(golden, most) == (0, 0)
