"""Screening in a process of its own: a text that kills the worker is refused, and the next one is not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.families.spec import Port
from harness.rtl import screener
from harness.rtl.screen import Rejection, screen
from harness.rtl.screener import screen_safely

PORTS = [Port("input", "a", 1, ""), Port("output", "q", 1, "")]
PLAIN = "module dut(input a, output q); assign q = a; endmodule\n"
BOMB = "`define A0 a\n" + "".join(f"`define A{n + 1} `A{n} & `A{n}\n" for n in range(40))
ONES = "parameter [1048574:0] A = {1048575{1'b1}}, parameter [1048574:0] B = A ** A"


@pytest.mark.parametrize(
    "text",
    [BOMB + PLAIN.replace("= a", "= `A40"), PLAIN.replace("dut(input", f"dut #({ONES})(input [B[3]&0:0]")],
)
def test_what_cannot_be_read_within_the_limits_is_refused(text: str) -> None:
    """Macros that double and constants that never end cost a worker, not the judge."""
    assert screen_safely(text, "dut", PORTS) == Rejection("size", "reading it takes more than 3 s or 512 MiB")
    assert screen_safely(PLAIN, "dut", PORTS) == screen(PLAIN, "dut", PORTS)


def test_a_worker_that_vanishes_is_replaced() -> None:
    """A worker killed between two texts changes no answer."""
    screen_safely(PLAIN, "dut", PORTS)
    screener._idle[-1].process.kill()
    assert screen_safely(PLAIN, "dut", PORTS) == screen(PLAIN, "dut", PORTS)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=80) | st.just(PLAIN).map(lambda t: t * 2) | st.sampled_from([PLAIN, PLAIN[:-12]]))
def test_both_ways_to_screen_agree(text: str) -> None:
    """The worker answers exactly what the function does, whatever the text."""
    assert screen_safely(text, "dut", PORTS) == screen(text, "dut", PORTS)
