"""From completions to verdicts to the figures of each category."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from harness.benchmark.statistics import pass_at_k
from harness.benchmark.suite import Suite
from harness.rtl.extract import extract
from harness.simulate.cache import VerdictCache
from harness.simulate.judge import judge_many
from harness.simulate.verdict import Outcome, Verdict
from harness.store import write_atomic

Judge = Callable[..., list[Verdict]]
"""judge_many, or that with some arguments bound."""
Metric = Literal["greedy", "sampled", "any_sample", "compiles", "by_suite"]


class ScoreError(RuntimeError):
    """Results that cannot be scored: a missing completion, or a verdict that our own tools failed to give."""


class Result(BaseModel):
    """One spec of one split: the verdict of the greedy answer and of each sample."""

    model_config = ConfigDict(frozen=True)

    task: str
    row: str
    greedy: Verdict
    greedy_text: str
    sampled: tuple[Outcome, ...] = Field(default=(), description="the outcome of each sample")
    by_suite: tuple[Outcome, ...] = Field(
        default=(), description="an outside suite's own verdict on each answer, the greedy one first"
    )
    suite_said: str = Field(default="", description="why the greedy one is not its pass")
    note: str = Field(default="", description="what a pass is worth here, if less than elsewhere")

    @property
    def functional(self) -> bool:
        return self.greedy.passed

    def value(self, metric: Metric, k: int | None = None) -> float:
        """This spec's share under one metric; `any_sample` is pass@k, of all its samples if k is None.

        Raises ScoreError when what the metric needs is not there: samples (k of them), the suite's verdict.
        """
        if metric == "greedy":
            return float(self.functional)
        if metric == "by_suite":
            if not self.by_suite or self.by_suite[0] is Outcome.TOOL_ERROR:
                raise ScoreError(
                    f"{self.task} has no verdict of its suite's own testbench, which by_suite needs"
                )
            return float(self.by_suite[0] is Outcome.PASS)
        if metric == "compiles":
            return float(self.greedy.outcome in (Outcome.PASS, Outcome.MISMATCH, Outcome.TIMEOUT))
        count, passed = len(self.sampled), sum(outcome is Outcome.PASS for outcome in self.sampled)
        tries = 1 if metric == "sampled" else k or count
        if not self.sampled or count < tries:
            raise ScoreError(
                f"{self.task} has {count} samples; metric {metric} needs {tries or 'some'}: sample more often"
                " (`samples` of the profile, or more lines of the completions file)"
            )
        return pass_at_k(count, passed, tries)

    def outcomes(self, metric: Metric) -> tuple[Outcome, ...]:
        """The outcomes that a metric is made from."""
        if metric in ("sampled", "any_sample"):
            return self.sampled
        return self.by_suite[:1] if metric == "by_suite" else (self.greedy.outcome,)


class Scores(BaseModel):
    """All results of one model on one split of a suite, in suite order."""

    model_config = ConfigDict(frozen=True)

    model: str
    split: str
    suite: str
    results: tuple[Result, ...]

    @property
    def rows(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(result.row for result in self.results))

    def of(self, row: str) -> list[Result]:
        """The results of one benchmark category. Raises ScoreError when there are none."""
        found = [result for result in self.results if result.row == row]
        if not found:
            raise ScoreError(f"{self.model} has no result for category {row!r} on split {self.split}")
        return found

    def rate(self, row: str, metric: Metric = "greedy") -> float:
        """The mean of one category, in 0..1."""
        found = self.of(row)
        return sum(result.value(metric) for result in found) / len(found)

    def overall(self, metric: Metric = "greedy") -> float:
        """The mean over categories, each counting once, as in the published table (one spec a category)."""
        return sum(self.rate(row, metric) for row in self.rows) / len(self.rows)

    def save(self, path: Path) -> None:
        write_atomic(path, self.model_dump_json())


def load_scores(path: Path) -> Scores:
    """Read what `Scores.save` wrote. Raises ScoreError naming the file."""
    try:
        return Scores.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        why = str(error).splitlines()[0]
        raise ScoreError(
            f"{path}: cannot be read as scores ({why}); give a scores.json, or build again"
        ) from error


def score(
    model: str,
    split: str,
    suite: Suite,
    completions: Mapping[str, Sequence[str]],
    progress: Callable[[int, int], None] | None = None,
    cache: VerdictCache | None = None,
    judge: Judge | None = None,
) -> Scores:
    """Judge every completion of every task: the first of each task is the greedy one, the others are samples.

    Verdicts that are in `cache` are taken from there; the others are given by `judge`, judge_many itself if None,
    or judge_many with an executor bound to it. Raises ScoreError for a task without completion, and for
    a tool error: it says nothing about the model, so the run must be repaired, not scored.
    """
    missing = [task.id for task in suite.tasks if not completions.get(task.id)]
    if missing:
        raise ScoreError(
            f"{model} has no completion for {len(missing)} specs of {suite.name}, first {missing[0]};"
            " generate them all before scoring"
        )
    texts = {task.id: [extract(answer) for answer in completions[task.id]] for task in suite.tasks}
    pairs = [(t.spec, answer) for t in suite.tasks for answer in texts[t.id]]
    verdicts = iter((judge or judge_many)(pairs, progress=progress, cache=cache))
    results = []
    for task in suite.tasks:
        greedy, *sampled = [next(verdicts) for _ in texts[task.id]]
        for verdict in (greedy, *sampled):
            if verdict.outcome is Outcome.TOOL_ERROR:
                raise ScoreError(f"judging {task.id} of {model} failed on our side: {verdict.detail}")
        results.append(
            Result(
                task=task.id,
                row=task.row,
                greedy=greedy,
                greedy_text=texts[task.id][0],
                sampled=tuple(verdict.outcome for verdict in sampled),
            )
        )
    return Scores(model=model, split=split, suite=suite.digest, results=tuple(results))


@dataclass(frozen=True)
class Flips:
    """The specs on which two models differ: passed before only, passed after only."""

    lost: tuple[str, ...]
    won: tuple[str, ...]


def flips(before: Sequence[Result], after: Sequence[Result]) -> Flips:
    """Which specs changed sides. Raises ScoreError when the two are not of the same specs."""
    if [b.task for b in before] != [a.task for a in after]:
        raise ScoreError("two models can be compared only on the same specs of the same suite")
    pairs = list(zip(before, after, strict=True))
    return Flips(
        tuple(b.task for b, a in pairs if b.functional and not a.functional),
        tuple(b.task for b, a in pairs if a.functional and not b.functional),
    )
