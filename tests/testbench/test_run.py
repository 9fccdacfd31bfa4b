"""Running testbenches on RTL that may be anything: only TEST PASSED at the testbench's own end is a pass."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from harness.families.catalogue import family
from harness.families.spec import Port
from harness.simulate.sandbox import Completed, Limits, run
from harness.testbench.a7 import OfflineA7
from harness.testbench.run import passes, run_testbench

PORTS = (Port("input", "a", 1, "data"), Port("output", "y", 1, "data"))
GOLDEN = "module inv(input a, output y); assign y = ~a; endmodule\n"
BENCH = """module testbench;
  reg a; wire y; integer errors;
  inv dut(.a(a), .y(y));
  initial begin
    errors = 0;
    a = 0; #1 if (y !== 1) errors = errors + 1;
    a = 1; #1 if (y !== 0) errors = errors + 1;
    if (errors == 0) $display("TEST PASSED"); else $display("TEST FAILED");
    $finish;
  end
endmodule
"""


def outcome(rtl: str, bench: str = BENCH) -> str:
    return run_testbench(rtl, bench, "inv", PORTS).outcome


def test_right_and_wrong() -> None:
    """The golden passes, although vvp adds a line about $finish; a wrong design is a mismatch."""
    assert outcome(GOLDEN) == "pass"
    assert outcome(GOLDEN.replace("~a", "a")) == "mismatch"


@pytest.mark.parametrize(
    ("rtl", "expected"),
    [
        (
            'module inv(input a, output y); initial begin $display("TEST PASSED"); $finish; end endmodule',
            "rejected",
        ),
        ("module inv(input a, output y); initial testbench.errors = 0; assign y = a; endmodule", "rejected"),
        ("module inv(input a, output y, output z); assign y = ~a; endmodule", "rejected"),
        ("module other(input a, output y); assign y = ~a; endmodule", "rejected"),
        ("module inv(input a, output y) assign y = ~a; endmodule", "compile_error"),
        ("module inv(input a, output y); assign y = ~missing; endmodule", "compile_error"),
    ],
)
def test_bad_rtl(rtl: str, expected: str) -> None:
    """RTL that prints, reaches out, has other ports or does not compile is told apart and never passes."""
    assert outcome(rtl + "\n") == expected


def test_endless_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """RTL that never settles is stopped at the limit."""
    monkeypatch.setattr("harness.testbench.run.LIMITS", Limits(cpu_s=1))
    assert (
        outcome(
            "module inv(input a, output y); reg t = 0; always @(a, t) t <= ~t; assign y = ~a; endmodule\n"
        )
        == "timeout"
    )


def test_cannot_reach_the_testbench() -> None:
    """A helper that bears the testbench's name does not let RTL write into the real one."""
    rtl = """module inv(input a, output y);
  helper testbench(a);
  assign y = a;
endmodule
module helper(input a);
  reg unused;
  always @(a) testbench.errors = 0;
endmodule
"""
    assert outcome(rtl) != "pass"


@pytest.mark.parametrize(
    "bench",
    [
        BENCH.replace("$finish", '$display("bye"); $finish'),
        BENCH.replace("errors = 0;\n", 'errors = 0; $display("TEST FAILED");\n', 1),
        BENCH.replace("$display", "// $display"),
        BENCH.replace("endmodule", ""),
        BENCH.replace("inv dut", "invert dut"),
        BENCH.replace("TEST PASSED", "TEST PASSED?"),
    ],
)
def test_bad_testbench(bench: str) -> None:
    """A testbench that is broken, silent, contradicts itself or does not end in its verdict is a tool error; the RTL
    is not to blame, nor passed."""
    assert outcome(GOLDEN, bench) == "tool_error"


def test_a_testbench_may_talk() -> None:
    """Reports before the verdict, waveforms of the testbench by its name, and delays of a fraction change nothing."""
    talks = BENCH.replace("errors = 0;\n", '$dumpfile("t.vcd"); $dumpvars(0, testbench); errors = 0;\n', 1)
    talks = talks.replace(
        "errors = errors + 1;", 'begin errors = errors + 1; $display("wrong at %0t", $time); end'
    )
    talks = "`timescale 1ns/100ps\n" + talks.replace("#1", "#0.3")
    assert outcome(GOLDEN, talks) == "pass"
    assert outcome(GOLDEN.replace("~a", "a"), talks) == "mismatch"


def test_passes_in_order() -> None:
    """Verdicts come in the order of the trials, one for each, whatever the number of workers."""
    spec = family("fsm_2state").sample("fsm_2state", Random(3))
    good, bad, bench = spec.verilog(), spec.verilog().replace("assign", "// assign"), OfflineA7()(spec)
    trials = [(spec, rtl, bench) for rtl in (good, bad, bad, good, good)]
    for workers in (1, 2):
        assert passes(trials, workers) == [True, False, False, True, True]


def test_a_busy_machine_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A simulation that did not get the processor in time is run again, and if nothing runs that is an error."""
    spec = family("fsm_2state").sample("fsm_2state", Random(3))
    trials = [(spec, spec.verilog(), OfflineA7()(spec))]
    late = iter([True])

    def busy(*arguments: Any, **named: Any) -> Completed:
        done = run(*arguments, **named)
        return replace(done, timed_out=next(late, False))

    monkeypatch.setattr("harness.testbench.run.run", busy)
    assert passes(trials) == [True]
    late = iter([True] * 3)
    with pytest.raises(RuntimeError, match=r"no testbench of .* can be run: .*wall clock"):
        passes(trials)


def test_a_testbench_that_breaks_over_the_rtl_alone_does_not_pass_it() -> None:
    """Where the golden gets a verdict, it is the RTL that has none."""
    spec = family("fsm_2state").sample("fsm_2state", Random(3))
    bench = OfflineA7()(spec).replace('$display("TEST FAILED")', '$display("?")')
    assert passes([(spec, spec.verilog(), bench), (spec, spec.verilog().replace("<=", "<= ~"), bench)]) == [
        True,
        False,
    ]
