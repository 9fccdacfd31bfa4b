"""Admission: a testbench may verify data only if it accepts what is right and rejects what is not."""

from __future__ import annotations

from random import Random

import pytest

from harness.families.catalogue import family
from harness.families.spec import Spec
from harness.rtl.interface import interface_of
from harness.testbench.a7 import OfflineA7
from harness.testbench.admission import Subject, admit
from harness.testbench.template import template_testbench


@pytest.fixture(scope="module")
def machine() -> Spec:
    return family("fsm_2state").sample("fsm_2state", Random(12))


def test_a7_is_admitted(machine: Spec) -> None:
    """A7's testbench accepts the goldens, rejects stubs and kills all mutants but the equivalent ones."""
    admission = admit(Subject.of_spec(machine), OfflineA7()(machine))
    assert admission.admitted, admission
    assert admission.live == admission.killed > 8
    assert admission.survivors == ()


def test_template_is_not(machine: Spec) -> None:
    """A template testbench of a state machine accepts wrong transitions, and is not admitted."""
    admission = admit(Subject.of_spec(machine), template_testbench(machine))
    assert not admission.admitted
    assert admission.score < 0.7
    assert "next_state" in {mutant.kind for mutant in admission.survivors}


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("if (errors == 0)", "if (1)", "accepts a stub with ports only"),
        ("if (errors == 0)", "if (0)", "rejects the golden in style 0"),
        ("!== want", "!= want", "accepts a stub with ports only"),
    ],
)
def test_vacuous_testbenches(machine: Spec, old: str, new: str, fault: str) -> None:
    """One that always passes, always fails, or compares so that x is right has a fault that says so."""
    bench = OfflineA7()(machine)
    parts = bench.rpartition(old) if old == "!== want" else bench.partition(old)
    assert parts[1]
    admission = admit(Subject.of_spec(machine), parts[0] + new + parts[2])
    assert not admission.admitted
    assert any(said.startswith(fault) for said in admission.faults), admission.faults


def test_every_output_is_looked_at() -> None:
    """One that leaves an output out is at fault, though mutants of the logic behind it show in another output too."""
    golden = """module m(input clk, input rst, output reg [1:0] q, output last);
  assign last = q == 2;
  always @(posedge clk) if (rst) q <= 0; else q <= last ? 0 : q + 1;
endmodule
"""
    bench = """module tb;
  reg clk = 0, rst = 1; wire [1:0] q; wire last; reg [1:0] want = 0; integer n, errors = 0;
  m dut(.clk(clk), .rst(rst), .q(q), .last(last));
  always #5 clk = ~clk;
  initial begin
    @(negedge clk); @(negedge clk); rst = 0;
    for (n = 0; n < 20; n = n + 1) begin
      if (q !== want || LAST) errors = errors + 1;
      want = want == 2 ? 0 : want + 1;
      if (n == 10) begin rst = 1; want = 0; end else rst = 0;
      @(negedge clk);
    end
    if (errors == 0) $display("TEST PASSED"); else $display("TEST FAILED");
    $finish;
  end
endmodule
"""
    subject = Subject.of_source(golden, interface_of(golden))
    assert admit(subject, bench.replace("LAST", "last !== (want == 2)")).faults == ()
    found = admit(subject, bench.replace("LAST", "0"))
    assert found.score > 0.9
    assert found.faults == tuple(
        f"accepts a design whose last {how}" for how in ("is inverted", "stays 0", "stays 1")
    )


def test_no_verdict_on_mutants(machine: Spec) -> None:
    """One that says nothing where it finds an error is at fault, not admitted for want of mutants; one that explains
    its errors kills as many as before."""
    bench, quiet = OfflineA7()(machine), 'else $display("TEST FAILED");'
    assert quiet in bench
    counts = "errors = errors + 1;"
    talks = f'begin {counts} $display("wrong"); end'
    assert counts in bench
    silent = admit(Subject.of_spec(machine), bench.replace(quiet, ""))
    assert not silent.admitted
    assert silent.live == 0 < silent.unjudged
    assert any(said.startswith("gives no verdict on") for said in silent.faults), silent.faults
    explains = admit(Subject.of_spec(machine), bench.replace(counts, talks))
    assert explains == admit(Subject.of_spec(machine), bench)


def test_checking_x(machine: Spec) -> None:
    """One that wants outputs to be unknown before reset is at fault: real hardware is never unknown."""
    bench = OfflineA7()(machine)
    (out,) = [p.name for p in machine.ports if p.direction == "output"]
    unknown = f"    #1 if ({out} !== 1'bx) errors = 1;\n    for (i"
    checked = (
        bench.replace("    for (i", unknown, 1)
        .replace("errors = 0;", "", 1)
        .replace("integer i, errors;", "integer i, errors = 0;")
    )
    faults = admit(Subject.of_spec(machine), checked).faults
    assert any("with x read as 0" in fault for fault in faults), faults


def test_without_a_verdict_on_goldens_nothing_else_is_tried(machine: Spec) -> None:
    """A testbench that never ends would use up its time on each of many mutants."""
    mute = admit(Subject.of_spec(machine), OfflineA7()(machine).replace("TEST ", "DONE "))
    assert not mute.admitted
    assert [said.partition(":")[0] for said in mute.faults] == ["gives no verdict on the golden"], mute.faults
    assert mute.live == mute.unjudged == 0
