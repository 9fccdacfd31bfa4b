"""An outside suite is asked and scored like our own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from harness.benchmark.score import ScoreError
from harness.simulate.verdict import Outcome
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


def test_missing_answers(suite: OutsideSuite) -> None:
    """A problem without an answer is named."""
    with pytest.raises(ScoreError, match="silent"):
        score_suite("m", only(suite, "silent"), {})
