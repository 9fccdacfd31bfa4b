"""What strictness is studied with: a writer's candidates for the same specs, and what each filter makes of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from harness.dataset.history import Candidate, record
from harness.dataset.leakage import training_specs, versions
from harness.dataset.records import Metadata, write_records
from harness.families.spec import Spec
from harness.model.recordings import Recording, read_recording
from harness.pipeline.benchmark import Pipeline
from harness.pipeline.models import ANSWERS
from harness.pipeline.stages import DATA_SOURCES, RECORDS
from harness.store import Artifact, canonical, digest, write_atomic
from harness.study.filters import OWN, Trial, first_kept, try_filters
from harness.study.plan import Strictness, StudyError, StudyPlan

POOL = "pool"
SEED = "study"
WAY_OUT = "restore it, or remove it to make it anew"
OTHER = "remove it to make it anew, or record to another folder (`recordings`)"
FLUENT = "fluent"
"""The model that the cells of strictness start from: it knows the wording and the language, and no FSM."""


@dataclass(eq=False)
class StrictnessData(Pipeline):
    """The pipeline with a study's candidates. What models answer in a study is recorded in the project."""

    plan: StudyPlan = field(kw_only=True)

    @property
    def strictness_plan(self) -> Strictness:
        """Raises StudyError where the plan does not ask for it."""
        if self.plan.strictness is None:
            raise StudyError("the study file has no [strictness]")
        return self.plan.strictness

    @property
    def said_plan(self) -> dict[str, Any]:
        """What every arm depends on; which filters are tried once more on specs of their own concerns only those."""
        return self.strictness_plan.model_dump(exclude={"own_specs"})

    @cached_property
    def candidate_specs(self) -> list[Spec]:
        """The specs that candidates are written for, kind by kind."""
        return [
            spec
            for category, count in self.strictness_plan.specs.items()
            for spec in islice(training_specs(category, SEED, self.guard), count)
        ]

    def pool(self) -> list[list[str]]:
        """The writer's answers to `candidate_specs`, the greedy one first; recorded once for all cells."""
        plan = self.strictness_plan
        prompts = [
            versions(spec, "", f"{SEED}:{number}", 1, self.guard)[0][0]
            for number, spec in enumerate(self.candidate_specs)
        ]
        asked = dict.fromkeys(prompts, plan.candidates - 1)
        recording = self.recorded(POOL, {"writer": plan.writer}, plan.writer, asked)
        return recording.find(prompts, range(plan.candidates))

    def trials(self) -> list[Trial]:
        """Every candidate under every filter."""
        answers = self.pool()

        def build(folder: Path) -> None:
            found = try_filters(self.candidate_specs, answers, self.progress)
            write_atomic(folder / "trials.json", json.dumps([asdict(trial) for trial in found]))

        path = self.store.get("study_trials", self._trials_key(answers), build).path / "trials.json"
        rows = json.loads(path.read_text("utf-8"))
        return [Trial(**{**row, "kept_by": tuple(row["kept_by"])}) for row in rows]

    def chosen(self, arm: str) -> list[Trial]:
        """The candidates that an arm of the study trains on, spec by spec.

        Raises StudyError where too few specs are served by its filter, or by all filters where the specs are common.
        """
        plan, name = self.strictness_plan, arm.removesuffix(OWN)
        serving = plan.filters if arm == name else (name,)
        kept = first_kept(self.trials(), serving)
        of_kind: Counter[str] = Counter()
        found = []
        for spec, candidates in sorted(kept.items()):
            category = self.candidate_specs[spec].category
            of_kind[category] += 1
            if of_kind[category] <= plan.examples[category]:
                found.append(candidates[name])
        short = {c: f"{of_kind[c]} of {n}" for c, n in plan.examples.items() if of_kind[c] < n}
        if short:
            said = ", ".join(f"{category} {count}" for category, count in short.items())
            raise StudyError(
                f"too few specs have a candidate kept by {', '.join(serving)}: {said}; ask for more specs or"
                " candidates, or for fewer examples"
            )
        return found

    def training_data(self, model: str) -> Artifact:
        """Component A, which has no FSM, for the model that all arms start from."""
        return self.component("a") if model == FLUENT else super().training_data(model)

    def kept_by(self, arm: str) -> Artifact:
        """The FSMs of one arm: texts and order follow from the specs, so arms on common specs differ in RTL only.

        Records do not say which filter kept them: arms with the same candidates are one model, trained once a seed.
        """
        plan = self.strictness_plan

        def build(folder: Path) -> None:
            texts = self.profile.train.epochs * plan.versions
            records = [
                record(
                    Candidate(self.candidate_specs[trial.spec], trial.rtl, ""),
                    f"{SEED}:{trial.spec}",
                    lambda category: texts,
                    self.guard,
                    Metadata(
                        source="study",
                        category=self.candidate_specs[trial.spec].category,
                        right=trial.right,
                        sample=trial.sample,
                    ),
                )
                for trial in self.chosen(arm)
            ]
            Random(SEED).shuffle(records)
            write_records(folder / RECORDS, records)

        inputs = {
            **self._trials_key(self.pool()),
            "plan": self.said_plan,
            "arm": arm,
            "epochs": self.profile.train.epochs,
        }
        return self.store.get("study_data", inputs, build)

    def recording_of(self, name: str) -> Path:
        """Where a cell's answers (or the pool) are recorded."""
        return self.root / self.plan.recordings / f"{name}.jsonl"

    def recorded(self, name: str, settings: dict[str, Any], model: str, asked: dict[str, int]) -> Recording:
        """`model`'s answers to `asked` (text to samples), from the project's recordings or made and kept there.

        Raises StudyError when a recording was made with other settings, or asked something else, RecordingError when
        it is damaged.
        """
        path, inputs = self.recording_of(name), {"asked": digest(canonical(asked))}
        settings = json.loads(
            json.dumps({**settings, "recipe": self._said_recipe(), "base": self.profile.base})
        )
        if path.exists():
            found = read_recording(path, WAY_OUT)
            told = {key: value for key, value in self.decoding.items() if key in found.made_by}
            made = {**{key: found.made_by[key] for key in told}, **found.made_by.get("study", {})}
            if other := _unlike(made, {**told, **settings}):
                raise StudyError(f"{path}: was made with other settings, {'; '.join(other)}: {OTHER}")
            if found.made_by.get("asked") != inputs["asked"]:
                raise StudyError(
                    f"{path}: other texts were asked, or another number of samples, than the study and the benchmark"
                    f" ask now: {OTHER}"
                )
            return found
        artifact = self.answered("study_answers", model, asked, f"{name}'s answers", inputs)
        header, answers = (artifact.path / ANSWERS).read_text("utf-8").split("\n", 1)
        made_by = {"study": settings, **json.loads(header)["made_by"]}
        write_atomic(path, json.dumps({"made_by": made_by}, sort_keys=True) + "\n" + answers)
        return read_recording(path, WAY_OUT)

    def _said_recipe(self) -> dict[str, Any]:
        return self.profile.train.model_dump(exclude={"workers", "seed"})

    def _trials_key(self, answers: Sequence[Sequence[str]]) -> dict[str, Any]:
        specs = digest(canonical([repr(spec) for spec in self.candidate_specs]))
        sources = self._code(*DATA_SOURCES, "formal", "study/filters.py")
        return {"specs": specs, "answers": digest(canonical(answers)), **sources}


def _unlike(made: Mapping[str, Any], now: Mapping[str, Any], where: str = "") -> list[str]:
    """The entries in which two settings differ, each with what it was and what it is."""
    found = []
    for key in sorted(made.keys() | now.keys()):
        before, after = made.get(key), now.get(key)
        if isinstance(before, dict) and isinstance(after, dict):
            found += _unlike(before, after, f"{where}{key}.")
        elif before != after:
            found.append(f"{where}{key} {before!r}, not {after!r}")
    return found
