"""Stimulus without a reference: no races, resets of every kind, and few inputs exhausted."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from harness.rtl.interface import interface_of
from harness.simulate.drive import Drive

CLOCKED = """module m(input clk, input rst_n, input go, input [15:0] d, output reg [15:0] q);
  always @(posedge clk or negedge rst_n) if (!rst_n) q <= 0; else if (go && d == 16'hBEEF) q <= d;
endmodule"""


def test_data_and_clock_never_change_together() -> None:
    """No vector changes the clock and anything else, so a simulator's order of events decides nothing."""
    interface = interface_of(CLOCKED)
    vectors, _ = Drive(interface, CLOCKED, Random(1)).round([])
    for before, after in pairwise(vectors):
        changed = {name for name in after if after[name] != before[name]}
        assert changed == {"clk"} or "clk" not in changed


def test_rounds_reset_in_every_phase_and_use_the_goldens_constants() -> None:
    """Resets come with the clock low, high and over an edge; a constant that the golden compares with comes up."""
    interface = interface_of(CLOCKED)
    drive = Drive(interface, CLOCKED, Random(2))
    vectors = [vector for _ in range(4) for vector in drive.round([])[0]]
    asserted = [v["clk"] for u, v in pairwise(vectors) if u["rst_n"] and not v["rst_n"]]
    risen = [v for u, v in pairwise(vectors) if not v["rst_n"] and v["clk"] and not u["clk"]]
    assert set(asserted) == {0, 1}
    assert risen
    assert any(vector["d"] == 0xBEEF for vector in vectors)


def test_a_way_leads_back_to_where_it_came_from() -> None:
    """The marks of a round are the data of the cycles since reset, and stop where a reset disturbed them."""
    interface = interface_of(CLOCKED)
    drive = Drive(interface, CLOCKED, Random(3))
    vectors, marks = drive.round([])
    assert len(vectors) == len(marks)
    longest = max((way for way in marks if way), key=len)
    again, _ = drive.round([longest])
    left = list(longest)
    for vector in again:
        if left and left[0] == {name: vector[name] for name in left[0]}:
            left.pop(0)
    assert left == []


def test_few_inputs_are_exhausted() -> None:
    """Every combination of a small combinational design is applied once."""
    source = "module m(input [3:0] a, input [2:0] b, output y); assign y = a > b; endmodule"
    vectors = Drive(interface_of(source), source, Random(4)).combinational()
    assert len({(v["a"], v["b"]) for v in vectors}) == len(vectors) == 128
