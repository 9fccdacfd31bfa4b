"""An outside suite is asked and scored like our own."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from harness.benchmark.score import ScoreError
from harness.simulate.verdict import Outcome, Verdict
from harness.suites.score import OutsideScores, TwoVerdicts
from harness.suites.suite import OutsideSuite, load_outside, score_suite

SILENT = "module silent(input a, output y); assign y = {}; endmodule\n"


@pytest.fixture(scope="module")
def suite(suites: Mapping[str, Path]) -> OutsideSuite:
    """RTLLM's fixture, of which one testbench accepts anything."""
    return load_outside(f"rtllm:{suites['rtllm']}")


def only(suite: OutsideSuite, *ids: str) -> OutsideSuite:
    return replace(suite, problems=tuple(p for p in suite.problems if p.id in ids))


def test_requests(suite: OutsideSuite) -> None:
    """Every problem is one request in the suite's category, worded as the suite words it."""
    (silent,) = (task for task in suite.tasks if task.id == "silent")
    assert silent.row == "Logic"
    assert silent.texts["normal"] == next(p.prompt for p in suite.problems if p.id == "silent")


def test_our_verdict_counts_and_theirs_stands_beside(suite: OutsideSuite) -> None:
    """A wrong answer that the suite's own testbench accepts is a failure; a criterion may ask for the suite's own."""
    answers = {"silent": [SILENT.format("1'b0"), SILENT.format("a")]}
    scores = score_suite("m", only(suite, "silent"), answers)
    (result,) = scores.results
    assert result.greedy.outcome is Outcome.MISMATCH
    assert result.sampled == (Outcome.PASS,)
    assert result.by_suite == (Outcome.PASS, Outcome.PASS)
    assert (scores.rate("Logic"), scores.rate("Logic", "by_suite")) == (0.0, 1.0)


def test_the_digest_follows_what_decides(suite: OutsideSuite) -> None:
    """Another testbench is another suite; the folder's name is not looked at."""
    first, *rest = suite.problems
    assert replace(suite, said="rtllm:elsewhere").digest == suite.digest
    changed = replace(suite, problems=(replace(first, testbench=first.testbench + " "), *rest))
    assert changed.digest != suite.digest


def test_the_digest_has_the_names_of_data(suite: OutsideSuite, tmp_path: Path) -> None:
    """A testbench reads its data by name: the same bytes under another name are another suite."""
    (masked,) = only(suite, "masked").problems
    renamed = tmp_path / "renamed.dat"
    shutil.copyfile(masked.data[0], renamed)
    (tmp_path / "elsewhere").mkdir()
    moved = tmp_path / "elsewhere" / masked.data[0].name
    shutil.copyfile(masked.data[0], moved)
    digests = [replace(suite, problems=(replace(masked, data=(file,)),)).digest for file in (moved, renamed)]
    assert digests[0] == only(suite, "masked").digest != digests[1]


CLOCKS = (
    "module silent(input a, output reg y); reg x; always @(posedge a) x <= 1; always @(negedge x) y <= 0;"
)


def test_one_answer_ends_no_run(suite: OutsideSuite) -> None:
    """An answer that makes the simulator crash fails by both judges, also where the suite's is the only one."""
    deep = "function automatic [31:0] f(input [31:0] n); f = f(n + 1) + 1; endfunction"
    answer = SILENT.replace("assign", f"{deep} assign").format("f({31'b0, a})")
    (silent,) = only(suite, "silent").problems
    undriven = replace(silent, golden=f"{CLOCKS} endmodule", golden_module="silent")
    for problem in (silent, undriven):
        (result,) = score_suite("m", replace(suite, problems=(problem,)), {"silent": [answer]}).results
        assert (result.greedy.outcome, result.by_suite) == (Outcome.RESOURCE_LIMIT, (Outcome.RESOURCE_LIMIT,))


def test_a_pass_that_is_worth_less_has_a_note(suite: OutsideSuite) -> None:
    """Where our judge has no verdict, or saw an output that never changed, the result says so; elsewhere nothing."""
    (silent,) = only(suite, "silent").problems
    still = replace(silent, golden=SILENT.format("1'b0"), golden_module="silent")
    undriven = replace(silent, golden=f"{CLOCKS} endmodule", golden_module="silent")
    notes = []
    for problem in (silent, still, undriven):
        (result,) = score_suite(
            "m", replace(suite, problems=(problem,)), {"silent": [SILENT.format("0")]}
        ).results
        notes.append(result.note)
    assert notes[:2] == ["", "y never changed: a constant passes"]
    assert notes[2].startswith(
        "decided by the suite's testbench: the golden silent never gave y a known value"
    )


def test_what_the_suites_testbench_said_is_kept(suites: Mapping[str, Path]) -> None:
    """A criterion on the suite's own verdicts can say why one was missed."""
    gate = load_outside(f"verilog-eval:{suites['verilog-eval']}")
    answer = "module TopModule(input a, input b, output y); assign y = a; endmodule"
    (result,) = score_suite("m", only(gate, "Prob001_gate"), {"Prob001_gate": [answer]}).results
    assert result.by_suite == (Outcome.MISMATCH,)
    assert result.suite_said == "the testbench counts 2 mismatches"


def test_who_cannot_judge_is_named(suite: OutsideSuite, monkeypatch: pytest.MonkeyPatch) -> None:
    """A problem that no judge can drive is the suite's fault; a failure of our tools is not."""
    (silent,) = only(suite, "silent").problems
    golden = "module silent(inout a, output y); assign y = a; endmodule"
    inout = replace(suite, problems=(replace(silent, golden=golden, golden_module="silent"),))
    said = r"silent of rtllm cannot be judged: .* \(port 'a' .*\), and by the suite's .*'a'.*; take it out"
    with pytest.raises(ScoreError, match=said):
        score_suite("m", inout, {"silent": [SILENT.format("a")]})
    broken = Verdict(Outcome.TOOL_ERROR, "the machine is too busy")
    both = OutsideScores((TwoVerdicts("silent", 0, broken, broken),), {})
    monkeypatch.setattr("harness.suites.suite.score_outside", lambda *_, **__: both)
    with pytest.raises(ScoreError, match="silent of m failed on our side: the machine is too busy"):
        score_suite("m", only(suite, "silent"), {"silent": [SILENT.format("a")]})


def test_missing_answers(suite: OutsideSuite) -> None:
    """A problem without an answer is named."""
    with pytest.raises(ScoreError, match="silent"):
        score_suite("m", only(suite, "silent"), {})
