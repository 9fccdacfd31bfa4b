"""An outside suite as a benchmark: tasks to ask a model, and scores of its answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from harness.benchmark.answers import FIRST
from harness.benchmark.score import Result, ScoreError, Scores
from harness.benchmark.suite import Request
from harness.rtl.extract import extract
from harness.simulate.verdict import Outcome
from harness.store import canonical, digest, digest_file
from harness.suites.layouts import read_suite
from harness.suites.problem import OutsideProblem
from harness.suites.score import OutsideScores, score_outside


@dataclass(frozen=True)
class OutsideSuite:
    """The problems of one suite. It has one wording only, which counts as the first split."""

    name: str
    said: str
    problems: tuple[OutsideProblem, ...]
    splits: ClassVar[tuple[str, ...]] = (FIRST,)
    left_out: ClassVar[tuple[str, ...]] = ()

    @cached_property
    def digest(self) -> str:
        """What decides its verdicts."""
        said = [
            [p.id, p.prompt, p.golden, p.testbench, p.category, [[f.name, digest_file(f)] for f in p.data]]
            for p in self.problems
        ]
        return digest(canonical(said))

    @cached_property
    def tasks(self) -> tuple[Request, ...]:
        return tuple(Request(p.id, p.category, {FIRST: p.prompt}) for p in self.problems)

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(problem.id for problem in self.problems)

    @cached_property
    def rows(self) -> tuple[str, ...]:
        """The categories, in the order of the problems."""
        return tuple(dict.fromkeys(task.row for task in self.tasks))


def load_outside(said: str) -> OutsideSuite:
    """The suite that `LAYOUT:PATH` names. Raises SuiteError."""
    return OutsideSuite(said.partition(":")[0], said, tuple(read_suite(said)))


def score_suite(
    model: str,
    suite: OutsideSuite,
    completions: Mapping[str, Sequence[str]],
    progress: Callable[[int, int], None] | None = None,
) -> Scores:
    """Both judges' verdicts on every completion, ours first: the suite's own stands in where we have none.

    Raises ScoreError for a task without completion, for a problem that neither judge can decide (the reference
    is at fault), and where our own tools failed.
    """
    both = score_outside(suite.problems, completions, progress=progress)
    results = []
    for problem in suite.problems:
        found = both.of(problem.id)
        greedy, *sampled = [pair.ours or pair.theirs for pair in found]
        for verdict in (greedy, *sampled):
            if verdict.outcome is Outcome.TOOL_ERROR:
                raise ScoreError(_no_verdict(problem, suite, model, verdict.detail, both.undriven))
        results.append(
            Result(
                task=problem.id,
                row=problem.category,
                greedy=greedy,
                greedy_text=extract(completions[problem.id][0]),
                sampled=tuple(verdict.outcome for verdict in sampled),
                by_suite=tuple(pair.theirs.outcome for pair in found),
                suite_said=found[0].theirs.detail,
                note=_note(problem.id, both),
            )
        )
    return Scores(model=model, split=FIRST, suite=suite.digest, results=tuple(results))


def _note(problem: str, both: OutsideScores) -> str:
    """What a pass is worth where it is worth less than elsewhere."""
    if problem in both.undriven:
        return f"decided by the suite's testbench: {both.undriven[problem]}"
    if problem in both.unmoved:
        return f"{', '.join(both.unmoved[problem])} never changed: a constant passes"
    return ""


def _no_verdict(
    problem: OutsideProblem, suite: OutsideSuite, model: str, detail: str, undriven: Mapping[str, str]
) -> str:
    """Who is at fault: the suite if our judge cannot even drive the reference, else our own tools."""
    if problem.id not in undriven:
        return f"judging {problem.id} of {model} failed on our side: {detail}; repair that, and run the gate again"
    return (
        f"{problem.id} of {suite.name} cannot be judged: our judge cannot drive its reference"
        f" ({undriven[problem.id]}), and by the suite's testbench: {detail}; take it out of the suite"
    )
