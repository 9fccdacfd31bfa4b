"""Suspicious lines: a simple reading of the text that never fails on it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.report.highlight import suspicious

MACHINE = """\
module m #(parameter N = 4) (input clk, input a, output reg q, output r);
  localparam IDLE = 0, BUSY = 1; // q <= wrong;
  reg state; wire other = a;
  always @(posedge clk)
    if (a <= state) state <= BUSY;
    else begin
      {q, state} <=
        {state, a};
    end
  assign r = a <= q;
endmodule
"""


def test_the_lines_that_drive_an_output() -> None:
    """Its assignments, over all their lines, and those of what they read; no comment, constant or comparison."""
    assert suspicious(MACHINE, ["q"]) == {5: "feeds", 7: "drives", 8: "drives"}
    assert suspicious(MACHINE, ["r"]) == {7: "feeds", 8: "feeds", 10: "drives"}


def test_what_the_compiler_names() -> None:
    """Lines named in a message are marked whatever they assign."""
    assert suspicious(MACHINE, [], "line 3: error: x\nline 5: y") == {3: "error", 5: "error"}


@pytest.mark.parametrize(
    "text", ["a[" * 3000 + "=", "=" * 5000, "((" * 3000 + "q=1;", "/*" * 3000, '"' * 4000]
)
def test_hostile_texts_take_no_time(text: str) -> None:
    """Unbalanced signs by the thousand are read once."""
    suspicious(text, ["q"])


@settings(deadline=None)  # the machine may be busy
@given(st.text("qa=<>;()[]{} \n\"/*'0"))
def test_any_text_can_be_read(text: str) -> None:
    """Marks lie on lines that exist."""
    assert all(1 <= line <= text.count("\n") + 1 for line in suspicious(text, ["q"]))
