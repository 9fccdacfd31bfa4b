"""Completions get two verdicts, ours and the suite's own, and neither can be had by cheating."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from harness.benchmark.score import ScoreError
from harness.simulate.verdict import Outcome
from harness.suites.bench import run_candidate
from harness.suites.layouts import read_suite
from harness.suites.problem import OutsideProblem, ports_of
from harness.suites.score import score_outside

MASKED = (
    "module masked(input [3:0] data, input [3:0] mask, output [3:0] q); assign q = data {} mask; endmodule\n"
)
SILENT = "module silent(input a, output y); assign y = {}; endmodule\n"


@pytest.fixture(scope="module")
def problems(suites: Mapping[str, Path]) -> dict[str, OutsideProblem]:
    """All of RTLLM's fixture, and the sound one of VerilogEval's."""
    gate = read_suite(f"verilog-eval:{suites['verilog-eval']}")[:1]
    return {problem.id: problem for problem in [*read_suite(f"rtllm:{suites['rtllm']}"), *gate]}


def test_two_verdicts(problems: Mapping[str, OutsideProblem]) -> None:
    """Where the testbench is sound both judges agree; where it accepts anything ours says what is wrong."""
    answers = {
        "masked": [f"Here it is:\n```verilog\n{MASKED.format('&')}```\n", MASKED.format("|"), "no idea"],
        "silent": [SILENT.format("a"), SILENT.format("1'b0")],
    }
    scores = score_outside([problems["masked"], problems["silent"]], answers)
    found = {(v.problem, v.sample): (v.ours and v.ours.outcome, v.theirs.outcome) for v in scores.verdicts}
    assert found == {
        ("masked", 0): (Outcome.PASS, Outcome.PASS),
        ("masked", 1): (Outcome.MISMATCH, Outcome.MISMATCH),
        ("masked", 2): (Outcome.COMPILE_ERROR, Outcome.COMPILE_ERROR),
        ("silent", 0): (Outcome.PASS, Outcome.PASS),
        ("silent", 1): (Outcome.MISMATCH, Outcome.PASS),
    }
    assert len(json.loads(json.dumps(asdict(scores)))["verdicts"]) == 5


def test_a_reference_that_is_not_driven(problems: Mapping[str, OutsideProblem]) -> None:
    """Where our judge has no verdict, the suite's stands alone, and the reason is told."""
    clocks = "output reg y); reg x; always @(posedge a) x <= b; always @(posedge b) y <= x; endmodule"
    gate = problems["Prob001_gate"]
    golden = f"module RefModule(input a, input b, {clocks}"
    two = replace(gate, golden=golden, testbench=gate.testbench.replace(gate.golden, golden))
    scores = score_outside([two], {gate.id: [f"module TopModule(input a, input b, {clocks}"]})
    assert scores.verdicts[0].ours is None
    assert scores.verdicts[0].theirs.passed
    assert "several clocks" in scores.undriven[gate.id]


def test_every_problem_is_answered(problems: Mapping[str, OutsideProblem]) -> None:
    """A problem without completion and a completion without problem are errors, not failures of the model."""
    with pytest.raises(ScoreError, match=r"no completion for 1 problems, first masked; add them, or"):
        score_outside([problems["masked"]], {})
    with pytest.raises(
        ScoreError, match=r"completions for 'masks', which is no problem of the suite; remove"
    ):
        score_outside([problems["masked"]], {"masked": [""], "masks": [""]})


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ('assign y = 0; initial $display("Mismatches: 0 in 8 samples");', Outcome.MISMATCH),
        ('assign y = 0; initial begin $display("Mismatches: 0 in 8 samples"); $finish; end', Outcome.REJECTED),
        ("assign y = 0; always @(a) tb.errors = 0;", Outcome.REJECTED),
        ("assign y = 0; helper tb(a); endmodule module helper(input a); reg u; always @(a) tb.errors = 0;",
         Outcome.COMPILE_ERROR),
        ("RefModule copy(a, b, y);", Outcome.COMPILE_ERROR),
        ("RefModule copy(a, b, y); endmodule module RefModule(input a, b, output y); assign y = a;",
         Outcome.MISMATCH),
        ("part copy(a, b, y); endmodule module part(input a, b, output y); assign y = a & ~b;",
         Outcome.PASS),
    ],
)  # fmt: skip
def test_a_candidate_does_not_decide(
    problems: Mapping[str, OutsideProblem], body: str, outcome: Outcome
) -> None:
    """No print, name of the testbench's or copy of its reference gets a wrong design past the suite's verdict."""
    gate = problems["Prob001_gate"]
    rtl = f"module TopModule(input a, input b, output y); {body} endmodule\n"
    assert run_candidate(gate, rtl, ports_of(gate.reference, gate.module)).outcome is outcome
