"""From a pipeline's artifacts to what a report shows."""

from __future__ import annotations

import json
import shlex
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from harness.benchmark.answers import FIRST
from harness.benchmark.score import Scores
from harness.pipeline import Pipeline
from harness.pipeline.models import MODELS
from harness.release.contest import Contest
from harness.release.criteria import Criterion
from harness.release.gate import decide_all
from harness.report.figures import named
from harness.report.run import Run
from harness.store import NotBuilt


def gather(pipeline: Pipeline, contest: Contest, criteria: Sequence[Criterion]) -> Run:
    """Score whoever is in the contest, decide, and read how the candidate was made if it was made here.

    Raises NotBuilt where the gate may not make what is missing; a baseline that no criterion names is then left out.
    """
    asked = {*contest.given, contest.candidate, *(contest.by_name.get(c.not_below or "") for c in criteria)}
    scores = {
        split: dict(_scores(pipeline, contest, split, asked)) for split in pipeline.splits(contest.candidate)
    }
    first = scores[FIRST]
    findings = decide_all(
        criteria,
        first[contest.candidate],
        {role: first[model] for role, model in contest.by_name.items() if model in first},
        pipeline.profile.benchmark.rule,
    )
    run = Run(
        terms=_terms(pipeline, contest, asked),
        suite=pipeline.suite.name,
        candidate=contest.candidate,
        scores=scores,
        findings=findings,
        texts={task.id: task.texts for task in pipeline.suite.tasks},
        rerun={split: _rerun(pipeline, contest.candidate, split) for split in scores},
    )
    return run if contest.candidate in contest.given else _with_making(run, pipeline)


def _scores(
    pipeline: Pipeline, contest: Contest, split: str, asked: Collection[str | None]
) -> Iterator[tuple[str, Scores]]:
    """Of all who have answers to this split: those who are `asked`, and beside V5 V3 and V4 where they are there.

    Raises NotBuilt where one of those who are asked has no answers stored.
    """
    for model in contest.models:
        if model not in asked and contest.candidate in contest.given:
            continue
        if split in pipeline.splits(model):
            try:
                yield model, pipeline.scores(model, split)
            except NotBuilt as error:
                if model not in asked:
                    continue
                raise NotBuilt(f"{model.upper()} has no stored answers: {error}") from error


def _terms(pipeline: Pipeline, contest: Contest, asked: Collection[str | None]) -> str:
    path = contest.criteria
    file = path.relative_to(pipeline.root) if path.is_relative_to(pipeline.root) else path
    against = [named(model) for model in contest.baselines.values() if model in asked]
    return (
        f"criteria {file}, rule {pipeline.profile.benchmark.rule}, suite {pipeline.suite.name}"
        f" ({pipeline.suite.digest[:8]}), against {' and '.join(against) or 'no baseline'}"
    )


def _rerun(pipeline: Pipeline, model: str, split: str) -> str:
    scores = pipeline.judged(model, split).path / "scores.json"
    suite = pipeline.profile.benchmark.suite if pipeline.outside is None else pipeline.outside.said
    return f"harness rerun {shlex.quote(str(scores))} {{task}} --suite {shlex.quote(str(suite))}"


def _with_making(run: Run, pipeline: Pipeline) -> Run:
    """The same run with its data, its training and where every part came from."""
    stages = [*(pipeline.component(name) for name in "abcd"), pipeline.v5_data()]
    stages += [pipeline.adapter(run.candidate), pipeline.merged(run.candidate)]
    stages += [pipeline.judged(model, FIRST) for model in run.scores[FIRST]]
    tally = json.loads((pipeline.component("c").path / "tally.json").read_text("utf-8"))
    counts = {c: {k: n for k, n in entry.items() if not isinstance(n, dict)} for c, entry in tally.items()}
    return replace(
        run,
        composition=pipeline.composition(run.candidate),
        strictness=pipeline.strictness(),
        writing=counts,
        losses={model: losses for model in MODELS if (losses := _losses(pipeline, model))},
        neighbours=[pair for pair in pipeline.neighbours() if pair.split == FIRST],
        provenance=[(a.stage, a.key, a.manifest["inputs"]) for a in stages],
    )


def _losses(pipeline: Pipeline, model: str) -> list[float]:
    """Nats a token at each step; none for a model whose answers are recorded and that was not trained here."""
    try:
        lines = (pipeline.adapter(model).path / "adapter" / "loss.jsonl").read_text("utf-8").splitlines()
    except NotBuilt:
        return []
    return [json.loads(line)["loss"] for line in lines]
