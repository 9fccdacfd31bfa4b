"""Stimulus without a reference: no races, resets of every kind, and few inputs exhausted."""

from __future__ import annotations

from itertools import groupby, pairwise
from random import Random

from harness.rtl.interface import interface_of
from harness.simulate.drive import Drive, literals

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


RESETS = """module m(input clk, input a_rst, input b_rst, input rst_n, input d,
  output reg a, output reg b, output reg c);
  always @(posedge clk) if (a_rst) a <= 0; else a <= d;
  always @(posedge clk) if (b_rst) b <= 0; else b <= d;
  always @(posedge clk) if (!rst_n) c <= 0; else c <= d;
endmodule"""


def test_resets_act_apart_and_together() -> None:
    """Every choice of resets comes up over an edge; a way begins where all have acted; equal seeds choose equally."""
    interface = interface_of(RESETS)
    drive, again = (Drive(interface, RESETS, Random(5)) for _ in range(2))
    over_edges, last = set(), frozenset[str]()
    for _ in range(4):
        vectors, marks = drive.round([])
        assert (vectors, marks) == again.round([])
        for before, after, way in zip(vectors, vectors[1:], marks[1:], strict=False):
            active = frozenset(r.name for r in interface.resets if after[r.name] != r.active_low)
            last = active or last
            assert way is None or len(last) == 3
            if after["clk"] > before["clk"]:
                over_edges.add(active)
    assert len(over_edges) == 8


DOUBTFUL = """module m(input clk, input stop, input go_n, input d, output reg [3:0] q, output reg [3:0] r);
  always @(posedge clk) if (stop) q <= 0; else q <= q + d;
  always @(posedge clk) if (!go_n) r <= 0; else r <= r + d;
endmodule"""


def test_a_doubtful_reset_is_driven_as_data_too() -> None:
    """It acts with all others in a reset, is held at either level for long, and rests in half of the settings."""
    interface = interface_of(DOUBTFUL)
    drive = Drive(interface, DOUBTFUL, Random(8))
    assert drive.first_release(drive.from_reset()) == 6
    rises = [v for _ in range(4) for u, v in pairwise(drive.round([])[0]) if v["clk"] > u["clk"]]
    for name in ("stop", "go_n"):
        assert {len(list(run)) > 12 for level, run in groupby(v[name] for v in rises) if level} == {
            False,
            True,
        }
        assert {len(list(run)) > 12 for level, run in groupby(v[name] for v in rises) if not level} == {
            False,
            True,
        }
    asleep = [setting for setting in drive.settings() if (setting["stop"], setting["go_n"]) == (0, 1)]
    assert [setting["d"] for setting in asleep] == [0, 1]
    assert len(drive.settings()) == 4


def test_comparing_starts_after_every_reset_has_acted() -> None:
    """The first release counts only once resets of either level have acted; without a reset all counts."""
    for source in (CLOCKED, RESETS):
        drive = Drive(interface_of(source), source, Random(6))
        vectors, _ = drive.round([])
        assert drive.first_release(vectors) == 6
        assert drive.first_release(vectors[:6]) == 6
    without = "module m(input clk, input d, output reg q); always @(posedge clk) q <= d; endmodule"
    drive = Drive(interface_of(without), without, Random(6))
    assert drive.first_release(drive.round([])[0]) == 0


def test_few_inputs_are_exhausted_and_then_revisited() -> None:
    """Every combination of a small design comes up, later ones from other states, and one input changes at a time."""
    source = "module m(input [3:0] a, input [2:0] b, output y); assign y = a > b; endmodule"
    vectors = Drive(interface_of(source), source, Random(4)).combinational()
    assert len({(v["a"], v["b"]) for v in vectors[:128]}) == 128
    assert len(vectors) > 1000
    assert all((u["a"] == v["a"]) != (u["b"] == v["b"]) for u, v in pairwise(vectors))


def test_a_design_without_inputs_is_driven_once() -> None:
    """There is nothing to change, but its constant is still compared."""
    source = "module m(output y); assign y = 1; endmodule"
    assert Drive(interface_of(source), source, Random(7)).combinational() == [{}]


def test_every_number_that_is_a_value_is_favoured() -> None:
    """Plain and based numbers count, in any spelling; sizes, ranges, names, reals and comments do not."""
    source = """module m #(parameter LIMIT = 1_000)(input [15:0] x, input s7, output [31:0] y); // 77
      localparam CTRL = 768; /* 5
      6 */ assign y = x < 100 ? 16 'd 12 : x[9] ? 8'hBE : s7 ? 4'sb1_01 : 2.5 * CTRL + 'o17;
    endmodule"""
    assert literals(source) == [1000, 768, 100, 12, 9, 190, 5, 15]


def test_an_absurd_number_is_no_data() -> None:
    """One of thousands of digits, which Python does not read, is passed over; those beside it are not."""
    assert literals(f"assign y = a == {'9' * 5000} || a == 'd{'8' * 5000} || a == 42;") == [42]
