"""A missed criterion in text: the specs that made it miss, safe to print and never endless."""

from __future__ import annotations

from dataclasses import replace

from harness.benchmark.score import Metric, Scores
from harness.release.criteria import Criterion
from harness.release.gate import Finding, decide
from harness.report.explain import explain, failure
from harness.report.html import html
from harness.report.run import Run
from harness.simulate.verdict import Outcome
from tests.report.runs import bare, noted, result


def missed(metric: Metric, *outcomes: Outcome, k: int | None = None) -> tuple[Run, Finding]:
    """A run whose candidate's greedy answers to one category ended so, with a bound of 1 on them."""
    run = bare()
    found = tuple(result(f"a{n}", "fsm", outcome) for n, outcome in enumerate(outcomes, 1))
    scores = Scores(model="v5", split="normal", suite="s", results=found)
    criterion = Criterion(id="c", category="fsm", at_least=1, not_below=None, metric=metric, tolerance=0, k=k)
    finding = decide(criterion, scores, {})
    return replace(run, scores={"normal": {"v5": scores}}, findings=[finding]), finding


def test_what_a_metric_lost_by_is_shown() -> None:
    """A compile rate is explained by what does not compile, a rate of samples by samples, not by greedy mismatches."""
    mismatch, broken, passed = Outcome.MISMATCH, Outcome.COMPILE_ERROR, Outcome.PASS
    run, finding = missed("compiles", mismatch, mismatch, mismatch, broken)
    said = explain(run, finding)
    assert "--- a4 ---" in said
    assert "a1" not in said
    assert "1 fail</a>: 1 compile error" in html(run)
    run, finding = missed("sampled", passed, mismatch, passed)
    said = explain(run, finding)
    assert "--- a2 ---" in said
    assert "samples that pass: 1 of 2" in said
    assert "a1" not in said


def test_a_passing_greedy_answer_is_not_shown_for_a_failing_sample() -> None:
    """Its RTL has no fault, and to judge it again would show none; what the samples ended in is said."""
    run, _ = missed("sampled", Outcome.PASS)
    (only,) = run.scores["normal"]["v5"].results
    failing = only.model_copy(update={"sampled": (Outcome.PASS, Outcome.TIMEOUT, Outcome.TIMEOUT)})
    v5 = run.scores["normal"]["v5"].model_copy(update={"results": (failing,)})
    (finding,) = run.findings
    said = explain(replace(run, scores={"normal": {"v5": v5}}), finding)
    assert "greedy answer: pass\nsamples that pass: 1 of 3, 2 timeout" in said
    assert "module m" not in said
    assert "again:" not in said


def test_the_suites_own_verdict_is_given_with_its_reason() -> None:
    """Where a criterion is on that, it is what has to be explained; ours stands below."""
    run = noted()
    criterion = run.findings[0].criterion.model_copy(update={"metric": "by_suite", "at_least": 1.0})
    said = explain(run, decide(criterion, run.scores["normal"]["v5"], {}))
    assert (
        "by the suite's testbench: mismatch: the testbench counts 3 mismatches\nby our judge: compile" in said
    )
    assert "a2" not in said


def test_what_a_model_wrote_cannot_steer_the_terminal() -> None:
    """Escape codes, also those of one character, are shown as what they are in RTL, request and detail."""
    hostile = "module m; // \x1b[8m\x1b]0;owned\x07 \x9b31m \x7f"
    said = failure(
        result("a1", "fsm", Outcome.COMPILE_ERROR, hostile, detail="line 1: \x9b8m"), "ask \x1b[2J"
    )
    assert not set(said) & {"\x1b", "\x07", "\x9b", "\x7f"}
    assert "[8m" in said


def test_a_long_answer_is_cut() -> None:
    """Of megabytes a screenful is shown, at once, with how much is missing."""
    said = failure(result("a1", "fsm", Outcome.MISMATCH, "q=d;\n" * 800_000), "ask")
    assert len(said) < 20_000
    assert "more lines" in said
