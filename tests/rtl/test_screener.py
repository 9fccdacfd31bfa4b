"""Screening in a process of its own: a text that kills the worker is refused, and the next one is not."""

from __future__ import annotations

import subprocess
import sys
from collections import deque

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.families.spec import Port
from harness.rtl import screener
from harness.rtl.screen import Rejection, screen
from harness.rtl.screener import ScreenerError, screen_safely

PORTS = [Port("input", "a", 1, ""), Port("output", "q", 1, "")]
PLAIN = "module dut(input a, output q); assign q = a; endmodule\n"
BOMB = "`define A0 a\n" + "".join(f"`define A{n + 1} `A{n} & `A{n}\n" for n in range(40))
IMPORT = "from harness.families.spec import Port\n"
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


def test_a_limit_that_is_there_already_is_kept() -> None:
    """Under a hard limit of CPU time, as batch systems set one, texts are read as ever."""
    code = f"from harness.rtl.screener import *\nprint(type(screen_safely({PLAIN!r}, 'dut', {PORTS!r})).__name__)"
    told = ["sh", "-c", 'ulimit -t 5000; exec "$0" -c "$1"', sys.executable, f"{IMPORT}{code}"]
    assert subprocess.run(told, capture_output=True, text=True, check=True).stdout == "Screened\n"


@pytest.mark.parametrize(
    "does", ["import sys; sys.exit(1)", "import os; print('there'); os.kill(os.getpid(), 9)"]
)
def test_what_is_ours_is_not_said_of_the_text(does: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that cannot start, or is killed from outside, is an error of ours and no verdict on the text."""
    program = [sys.executable, "-c", does]
    start = subprocess.Popen
    monkeypatch.setattr(screener, "_idle", deque())
    monkeypatch.setattr(subprocess, "Popen", lambda argv, **more: start(program, **more))
    with pytest.raises(ScreenerError):
        screen_safely(PLAIN, "dut", PORTS)
