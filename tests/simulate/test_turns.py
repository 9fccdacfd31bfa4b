"""What is wrong only where a long lap of the golden turns is found, from reset and from behind a start sequence."""

from __future__ import annotations

from random import Random

import pytest

from harness.rtl.interface import interface_of
from harness.simulate.drive import Drive
from harness.simulate.pair import judge_pair
from harness.simulate.turns import turned
from harness.simulate.watch import Watched

COUNTER = """module m(input clk, input rst, input en, output reg [9:0] q, output tc);
  assign tc = en && q == 999;
  always @(posedge clk)
    if (rst) q <= 0;
    else if (en) q <= q == 999 ? 0 : q + 1;
endmodule
"""
FALL = """module m(input clk, input rst, input ground, output falling, output dead);
  reg [1:0] s; reg [5:0] n;
  assign falling = s == 1, dead = s == 2;
  always @(posedge clk)
    if (rst) begin s <= 0; n <= 0; end
    else begin
      if (s == 0) s <= ground ? 0 : 1;
      else if (s == 1 && ground) s <= n >= 20 ? 2 : 0;
      if (s != 1) n <= 0;
      else if (n < 20) n <= n + 1;
    end
endmodule
"""
TIMER = """module m(input clk, input rst, input data, input ack, output counting, output done);
  reg [3:0] s; reg [9:0] n; reg [1:0] d;
  assign counting = s == 6, done = s == 7;
  always @(posedge clk)
    if (rst) begin s <= 0; n <= 0; d <= 0; end
    else begin
      case (s)
        0: s <= data ? 1 : 0;
        1: s <= data ? 2 : 0;
        2: s <= data ? 2 : 3;
        3: s <= data ? 4 : 0;
        4: begin d <= {d[0], data}; s <= 5; end
        5: begin d <= {d[0], data}; s <= 6; end
        6: if (n == 699 && d == 0) s <= 7;
        7: if (ack) s <= 0;
      endcase
      if (s == 6) begin n <= n == 699 ? 0 : n + 1; if (n == 699) d <= d - 1; end
      else n <= 0;
    end
endmodule
"""


@pytest.mark.parametrize(
    ("golden", "right", "wrong"),
    [
        (
            COUNTER,
            "else if (en) q <= q == 999 ? 0 : q + 1",
            "else if (q == 999) q <= 0; else if (en) q <= q + 1",
        ),
        (COUNTER, "en && q == 999", "q == 999"),
        (FALL, "else if (n < 20) n", "else n"),
        (TIMER, "if (ack) s <= 0", "s <= 0"),
        (TIMER, "n == 699 && d == 0", "n == 698 && d == 0"),
    ],
)
def test_a_fault_at_a_turn_is_found(golden: str, right: str, wrong: str) -> None:
    """A wrap or a tick without enable, a saturated count that wraps, an ignored acknowledgement, an early end."""
    assert golden.count(right) == 1
    judged = judge_pair(golden, [golden, golden.replace(right, wrong)])
    assert [verdict.passed for verdict in judged.verdicts] == [True, False]


def test_within_what_is_allowed() -> None:
    """There are never more vectors than asked for, and none for a design that has no long lap."""
    interface = interface_of(COUNTER)
    golden, few = Watched(COUNTER, interface), 5_000
    found = turned(golden, Drive(interface, COUNTER, Random(0)), [()], few)
    assert 0 < len(found) <= few
    assert not turned(golden, Drive(interface, COUNTER, Random(0)), [()], 0)
    plain = "module m(input clk, input rst, input d, output reg q); always @(posedge clk) q <= d & ~rst; endmodule"
    drive = Drive(interface_of(plain), plain, Random(0))
    assert not turned(Watched(plain, interface_of(plain)), drive, [()], few)
