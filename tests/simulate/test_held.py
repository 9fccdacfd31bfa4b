"""Laps of a golden: where inputs that are held lead, every other setting is tried, and words change on the way."""

from __future__ import annotations

from random import Random

import pytest

from harness.rtl.interface import interface_of
from harness.simulate.drive import Drive
from harness.simulate.held import laps
from harness.simulate.pair import judge_pair
from harness.simulate.stimulus import Vector
from harness.simulate.watch import Watched

MOST = 20_000
FIFO = """module m(input clk, input rst, input put, input get, input [3:0] d, output [3:0] q, output full, output none);
  reg [3:0] kept [0:%d];
  reg [%d:0] in, out;
  assign none = in == out;
  wire [%d:0] held = in - out;
  assign full = held == %d;
  assign q = kept[out %% %d];
  always @(posedge clk)
    if (rst) begin in <= 0; out <= 0; end
    else begin
      if (put && !full) begin kept[in %% %d] <= d; in <= in + 1; end
      if (get && !none) out <= out + 1;
    end
endmodule
"""
SENDER = """module m(input clk, input rst, input go, input [7:0] d, output line);
  reg [8:0] bits; reg [3:0] left; reg [9:0] n;
  assign line = left == 0 || bits[0];
  always @(posedge clk)
    if (rst) begin left <= 0; n <= 0; bits <= 0; end
    else if (left == 0) begin if (go) begin bits <= {d, 1'b0}; left <= 9; n <= 0; end end
    else if (n == %d) begin bits <= bits >> 1; left <= left - 1; n <= 0; end
    else n <= n + 1;
endmodule
"""


def held(golden: str) -> tuple[Watched, list[Vector]]:
    """A golden and its laps."""
    interface = interface_of(golden)
    watched = Watched(golden, interface)
    return watched, laps(watched, Drive(interface, golden, Random(0)), MOST)


@pytest.mark.parametrize("depth", [64, 256])
def test_other_settings_are_tried_where_a_lap_comes_to_rest(depth: int) -> None:
    """A FIFO that is written while it is full, if it is read as well, is told from one that is not."""
    high = depth.bit_length() - 1
    golden = FIFO % (depth - 1, high, high, depth, depth, depth)
    wrong = golden.replace("put && !full", "put && (!full || get)")
    assert [v.passed for v in judge_pair(golden, [golden, wrong]).verdicts] == [True, False]


@pytest.mark.parametrize("clocks", [87, 434, 868])
def test_a_slow_sender_sends_several_words(clocks: int) -> None:
    """Whether it goes idle in time for a lap to close or not, it is asked for frames with three words or more."""
    watched, vectors = held(SENDER % (clocks - 1))
    assert len(vectors) <= MOST + watched.spare_vectors
    lines = watched.samples(vectors)
    (left,) = (place for name, place, _ in watched.columns if name == "left")
    begun = [at for at, line in enumerate(lines) if line[left] == "1001" and lines[at - 1][left] == "0000"]
    ended = [at for at, line in enumerate(lines) if line[left] == "0000" and lines[at - 1][left] == "0001"]
    words = {vectors[at]["d"] for at in begun if any(at < end < at + 2 * 10 * clocks for end in ended)}
    assert len(words) >= 3


def test_a_small_design_is_only_probed() -> None:
    """What comes round at once takes every setting of its inputs once, whatever its words are."""
    golden = "module m(input clk, input rst, input go, input [7:0] d, output reg [7:0] q);\n"
    golden += "always @(posedge clk) if (rst) q <= 0; else if (go) q <= d; endmodule"
    _, vectors = held(golden)
    assert len(vectors) == 7 + 2 * 141
