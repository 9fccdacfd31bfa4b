"""The benchmark: what each model answers, and the verdicts on it."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path

from harness.benchmark.answers import FIRST, read_answers
from harness.benchmark.score import Scores, load_scores, score
from harness.benchmark.suite import Suite
from harness.model.recordings import read_recording
from harness.pipeline.components import JUDGE_SOURCES, Components
from harness.pipeline.models import ANSWERS, BASELINES
from harness.simulate.cache import VerdictCache, simulator
from harness.simulate.judge import judge_many
from harness.store import Artifact, canonical, digest
from harness.suites.suite import score_suite


class Pipeline(Components):
    """All stages."""

    def completions(self, model: str, split: str) -> dict[str, list[str]]:
        """Each task's answers, the greedy one first; only the first split has samples as well."""
        if self.given.get(model, "").endswith(".jsonl"):
            return self._read(model)[split]
        recorded = self._recording(model)
        if recorded is None:
            artifact = self._generated(model)
            recorded = read_recording(artifact.path / ANSWERS)
            if self._records_anew and model in BASELINES:
                self._keep_recording(artifact.path / ANSWERS, model)
        samples = self.profile.benchmark.samples if split == FIRST else 0
        answers = recorded.find([task.texts[split] for task in self.suite.tasks], range(samples + 1))
        return {task.id: found for task, found in zip(self.suite.tasks, answers, strict=True)}

    def splits(self, model: str) -> tuple[str, ...]:
        """The splits that `model` is measured on: all of the suite's, unless a file holds its answers to fewer."""
        if self.given.get(model, "").endswith(".jsonl"):
            return tuple(split for split in self.suite.splits if split in self._read(model))
        return self.suite.splits

    @cache  # noqa: B019 - a pipeline lasts as long as the run
    def _read(self, model: str) -> dict[str, dict[str, list[str]]]:
        return read_answers(Path(self.given[model]), self.suite.ids, self.suite.left_out)

    def _generated(self, model: str) -> Artifact:
        """What a model answers to every text of the suite, prompt by prompt as it comes."""
        count = self.profile.benchmark.samples
        asked = {
            task.texts[split]: count if split == FIRST else 0
            for split in self.suite.splits
            for task in self.suite.tasks
        }
        inputs = {"suite": self.suite.digest, "samples": count}
        return self.answered("completions", model, asked, f"{model.upper()}'s answers", inputs)

    def judged(self, model: str, split: str) -> Artifact:
        """The folder of `scores`."""
        answers = self.completions(model, split)
        inputs = {
            "model": model,
            "split": split,
            "suite": self.suite.digest,
            "answers": digest(canonical(answers)),
            "simulator": simulator(),
            **self._code(*JUDGE_SOURCES, *(() if self.outside is None else ("suites",))),
        }

        def build(folder: Path) -> None:
            progress = self.progress(f"judging {model.upper()} on {split}")
            suite = self.suite
            if isinstance(suite, Suite):
                verdicts = VerdictCache(self.store.root / "verdicts.sqlite")
                on = self.cluster
                judge = partial(judge_many, workers=on.slots, executor=on) if on else judge_many
                judged = score(model, split, suite, answers, progress, verdicts, judge)
            else:
                judged = score_suite(model, suite, answers, progress)
            judged.save(folder / "scores.json")

        return self.store.get("scores", inputs, build)

    def scores(self, model: str, split: str) -> Scores:
        """The judged results of one model on one split of the suite."""
        return load_scores(self.judged(model, split).path / "scores.json")
