"""Score completions of an outside suite twice: by our judge, with the suite's reference, and as the suite does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from harness.benchmark.score import ScoreError
from harness.cores import cores
from harness.rtl.extract import extract
from harness.simulate.pair import judge_pair
from harness.simulate.verdict import Outcome, Verdict
from harness.suites.bench import run_candidate
from harness.suites.problem import UNUSABLE, OutsideProblem, ports_of


@dataclass(frozen=True, slots=True)
class TwoVerdicts:
    """One completion (`sample` from 0) of one problem: our verdict, if we can have one, and the suite's."""

    problem: str
    sample: int
    ours: Verdict | None
    theirs: Verdict


@dataclass(frozen=True, slots=True)
class OutsideScores:
    """All verdicts, in the order of problems and samples; `undriven` says why a problem has none of ours.

    `unmoved` names the outputs of a reference that never changed while we drove it: a constant passes there.
    """

    verdicts: tuple[TwoVerdicts, ...]
    undriven: Mapping[str, str]
    unmoved: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, problem: str) -> list[TwoVerdicts]:
        return [verdict for verdict in self.verdicts if verdict.problem == problem]


def score_outside(
    problems: Sequence[OutsideProblem],
    completions: Mapping[str, Sequence[str]],
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> OutsideScores:
    """Judge every completion of every problem both ways; `progress` is told (problems done, problems in all).

    Raises ScoreError for a problem without completion and for completions of no problem, MissingTool without
    Icarus.
    """
    missing = [problem.id for problem in problems if not completions.get(problem.id)]
    if missing:
        raise ScoreError(
            f"there is no completion for {len(missing)} problems, first {missing[0]}; add them, or score a"
            " smaller suite"
        )
    if extra := sorted(completions.keys() - {problem.id for problem in problems}):
        raise ScoreError(
            f"there are completions for {extra[0]!r}, which is no problem of the suite; remove them"
        )
    verdicts: list[TwoVerdicts] = []
    undriven: dict[str, str] = {}
    unmoved: dict[str, tuple[str, ...]] = {}
    for done, problem in enumerate(problems):
        if progress:
            progress(done, len(problems))
        texts = [extract(answer) for answer in completions[problem.id]]
        ours: Sequence[Verdict | None]
        try:
            judged = judge_pair(problem.reference, texts, problem.module)
            ours = judged.verdicts
            if judged.coverage.constant:
                unmoved[problem.id] = judged.coverage.constant
        except UNUSABLE as error:
            ours, undriven[problem.id] = [None] * len(texts), str(error)
        theirs = _by_the_suite(problem, texts, workers)
        pairs = enumerate(zip(ours, theirs, strict=True))
        verdicts += [TwoVerdicts(problem.id, sample, our, their) for sample, (our, their) in pairs]
    return OutsideScores(tuple(verdicts), undriven, unmoved)


def _by_the_suite(problem: OutsideProblem, texts: Sequence[str], workers: int | None) -> list[Verdict]:
    try:
        ports = ports_of(problem.reference, problem.module)
    except UNUSABLE as error:
        return [Verdict(Outcome.TOOL_ERROR, f"no candidate can be screened: {error}")] * len(texts)
    with ThreadPoolExecutor(workers or cores()) as pool:
        return list(pool.map(partial(run_candidate, problem, ports=ports), texts))
