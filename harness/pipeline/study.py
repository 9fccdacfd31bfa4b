"""The stages of a study: its writer's candidates, each cell's data, the cell's model, and what that answers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from harness.benchmark.answers import FIRST
from harness.benchmark.score import Scores, load_scores, score
from harness.benchmark.suite import SPLITS, Suite, Task, parameter_key
from harness.dataset.assemble import assemble
from harness.dataset.history import Candidate, record
from harness.dataset.leakage import training_specs, versions
from harness.dataset.records import Metadata, Record, write_records
from harness.families.catalogue import FSM
from harness.families.spec import Spec
from harness.model.partial import Keep, answer_all
from harness.model.recordings import Recording, read_recording, write_recording
from harness.model.train import Recipe
from harness.pipeline.benchmark import Pipeline
from harness.pipeline.components import ANSWERS, JUDGE_SOURCES
from harness.pipeline.models import GENERATION_VERSION
from harness.pipeline.stages import DATA_SOURCES, RECORDS, records_of
from harness.simulate.cache import VerdictCache
from harness.store import Artifact, canonical, digest, write_atomic
from harness.study.filters import Trial, first_kept, try_filters
from harness.study.plan import Cell, Question, Strictness, StudyError, StudyPlan
from harness.study.report import Measured
from harness.wording.compose import text

POOL = "pool"
FRESH = "fresh"
SEED = "study"


@dataclass(eq=False)
class Study(Pipeline):
    """The pipeline with a study's cells as further models, each named by its cell.

    Answers of finished cells are recorded in the project; a recorded cell is judged, not trained again.
    """

    plan: StudyPlan = field(kw_only=True)

    @cached_property
    def cells(self) -> dict[str, Cell]:
        """All cells by name."""
        return {cell.name: cell for cell in self.plan.cells()}

    @property
    def strictness_plan(self) -> Strictness:
        """Raises StudyError where the plan does not ask for it."""
        if self.plan.strictness is None:
            raise StudyError("the study file has no [strictness]")
        return self.plan.strictness

    def training_data(self, model: str) -> Artifact:
        """A cell's data; of other models as ever."""
        if model not in self.cells:
            return super().training_data(model)
        cell = self.cells[model]
        if cell.question == "strictness":
            return self._kept_by(cell.arm)
        return self._composed(cell.arm) if cell.question == "composition" else self._share(cell.arm)

    def recipe(self, model: str) -> Recipe:
        """The profile's, with the cell's seed."""
        known = super().recipe(model)
        return known.model_copy(update={"seed": self.cells[model].seed}) if model in self.cells else known

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
        recording = self._recorded(POOL, {"writer": plan.writer}, plan.writer, asked)
        return recording.find(prompts, range(plan.candidates))

    def trials(self) -> list[Trial]:
        """Every candidate under every filter."""
        answers = self.pool()

        def build(folder: Path) -> None:
            found = try_filters(self.candidate_specs, answers, self.progress("candidates under every filter"))
            write_atomic(folder / "trials.json", json.dumps([asdict(trial) for trial in found]))

        path = self.store.get("study_trials", self._trials_key(answers), build).path / "trials.json"
        rows = json.loads(path.read_text("utf-8"))
        return [Trial(**{**row, "kept_by": tuple(row["kept_by"])}) for row in rows]

    def chosen(self) -> list[dict[str, Trial]]:
        """For each spec that is trained on, the candidate that each filter gives.

        Raises StudyError where the filters have too few specs in common.
        """
        plan = self.strictness_plan
        kept = first_kept(self.trials(), plan.filters)
        of_kind: Counter[str] = Counter()
        found = []
        for spec, candidates in sorted(kept.items()):
            category = self.candidate_specs[spec].category
            of_kind[category] += 1
            if of_kind[category] <= plan.examples[category]:
                found.append(candidates)
        short = {c: f"{of_kind[c]} of {n}" for c, n in plan.examples.items() if of_kind[c] < n}
        if short:
            said = ", ".join(f"{category} {count}" for category, count in short.items())
            raise StudyError(
                f"every filter keeps a candidate of too few specs: {said}; ask for more specs or candidates, or"
                " for fewer examples"
            )
        return found

    def _kept_by(self, name: str) -> Artifact:
        """The FSMs that one filter gives: specs, texts and order are those of every other filter."""
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
                        kept_by=name,
                        right=trial.right,
                        sample=trial.sample,
                    ),
                )
                for trial in (candidates[name] for candidates in self.chosen())
            ]
            Random(SEED).shuffle(records)
            write_records(folder / RECORDS, records)

        inputs = {
            **self._trials_key(self.pool()),
            "plan": plan.model_dump(),
            "filter": name,
            "epochs": self.profile.train.epochs,
        }
        return self.store.get("study_data", inputs, build)

    def _composed(self, variant: str) -> Artifact:
        """V5's set, or a variant of it."""
        if variant.startswith("b_"):
            data = self.profile.data.model_copy(update={"b_verified": variant == "b_verified"})
            other = replace(self, profile=self.profile.model_copy(update={"data": data}))
            return other.v5_data()
        if variant == "all":
            return self.v5_data()
        parts = {name: self.component(name) for name in "abcd" if variant != f"without_{name}"}

        def build(folder: Path) -> None:
            merged = assemble({name: records_of(part) for name, part in parts.items()}, self.guard)
            write_records(folder / RECORDS, merged)

        inputs = {f"component_{name}": part.key for name, part in parts.items()}
        return self.store.get("study_data", {**inputs, **self._code("dataset")}, build)

    def _share(self, arm: str) -> Artifact:
        """The first examples of each category of V5's shuffled set."""
        whole, share = self.v5_data(), float(arm.removesuffix("%")) / 100

        def build(folder: Path) -> None:
            write_records(folder / RECORDS, _first(records_of(whole), share))

        inputs = {"v5_data": whole.key, "share": share, **self._code("dataset")}
        return self.store.get("study_data", inputs, build)

    def tasks(self, cell: Cell) -> Suite:
        """What a cell is measured on: the FSMs of the benchmark and fresh ones, or the whole benchmark."""
        whole = self.held_out
        if cell.question != "strictness":
            return whole
        fresh = [
            Task(f"{FRESH}-{category}-{number:02d}", FRESH, {FIRST: said}, spec)
            for category in FSM
            for number, (spec, said) in enumerate(self._fresh(category), 1)
        ]
        fsms = [task for task in whole.tasks if task.spec.category in FSM]
        key = digest(canonical([whole.digest, "fsm", self.plan.fresh]))
        return Suite(f"{whole.name}[fsm]", key, (*fsms, *fresh))

    @property
    def main_group(self) -> str:
        """What strictness is decided on: all FSM specs in the words of training."""
        return f"{FIRST} and {FRESH}" if self.plan.fresh else FIRST

    @property
    def specs_of_strictness(self) -> int:
        """How many specs that is."""
        return sum(task.spec.category in FSM for task in self.held_out.tasks) + self.plan.fresh * len(FSM)

    def _fresh(self, category: str) -> list[tuple[Spec, str]]:
        """FSM specs that neither the benchmark has nor the writer was asked for, in the words of training."""
        asked = {parameter_key(spec) for spec in self.candidate_specs}
        found = (s for s in training_specs(category, FRESH, self.guard) if parameter_key(s) not in asked)
        return [
            (spec, text(spec, Random(f"{FRESH}:{category}:{number}")))
            for number, spec in enumerate(islice(found, self.plan.fresh))
        ]

    def answers(self, cell: Cell) -> Recording:
        """What the cell's model answers to each text of its tasks, trained first unless that is recorded."""
        samples = self.plan.samples if cell.question == "strictness" else 0
        asked = {said: samples for task in self.tasks(cell).tasks for said in task.texts.values()}
        part = getattr(self.plan, cell.question).model_dump()
        settings = {"cell": asdict(cell), "plan": part if cell.question == "strictness" else {}}
        return self._recorded(cell.name, settings, cell.name, asked)

    def cell_scores(self, cell: Cell, split: str) -> Scores:
        """The judged answers of one cell on one split; fresh specs are in the first only."""
        suite, recording = self.tasks(cell), self.answers(cell)
        tasks = tuple(task for task in suite.tasks if split in task.texts)
        samples = range(1 + (self.plan.samples if cell.question == "strictness" else 0))
        found = recording.find([task.texts[split] for task in tasks], samples)
        answers = {task.id: texts for task, texts in zip(tasks, found, strict=True)}

        def build(folder: Path) -> None:
            verdicts = VerdictCache(self.store.root / "verdicts.sqlite")
            part = Suite(suite.name, suite.digest, tasks)
            judged = score(
                cell.name, split, part, answers, self.progress(f"judging {cell.name} on {split}"), verdicts
            )
            judged.save(folder / "scores.json")

        inputs = {
            "cell": cell.name,
            "split": split,
            "suite": suite.digest,
            "answers": digest(canonical(answers)),
            **self._code(*JUDGE_SOURCES),
        }
        return load_scores(self.store.get("study_scores", inputs, build).path / "scores.json")

    def measured(self, question: Question) -> Measured | None:
        """The scores of all finished cells of one question; None where there is none yet."""
        on: dict[str, dict[str, dict[int, Scores]]] = {}
        for cell in self.cells.values():
            if cell.question != question or not self.recording_of(cell.name).exists():
                continue
            for split in SPLITS:
                for group, part in _parts(split, self.cell_scores(cell, split)).items():
                    on.setdefault(group, {}).setdefault(cell.arm, {})[cell.seed] = part
        return Measured(on) if on else None

    def recording_of(self, name: str) -> Path:
        """Where a cell's answers (or the pool) are recorded."""
        return self.root / self.plan.recordings / f"{name}.jsonl"

    def _recorded(self, name: str, settings: dict[str, Any], model: str, asked: dict[str, int]) -> Recording:
        """`model`'s answers to `asked` (text to samples), from the project's recordings or made and kept there.

        Raises StudyError when a recording was made with other settings.
        """
        path = self.recording_of(name)
        settings = json.loads(
            json.dumps({**settings, "recipe": self._said_recipe(), "base": self.profile.base})
        )
        if path.exists():
            found = read_recording(path)
            if found.made_by.get("study") != settings:
                raise StudyError(
                    f"{path}: was made with other settings than the study file's; remove it to make it anew, or"
                    " record to another folder (`recordings`)"
                )
            return found
        inputs = {
            **self.identity(model),
            "asked": digest(canonical(asked)),
            "temperature": self.profile.benchmark.temperature,
            "max_new_tokens": self.profile.benchmark.max_new_tokens,
            "version": GENERATION_VERSION,
        }

        def build(folder: Path) -> None:
            def ask(known: Mapping[int, list[str]], keep: Keep) -> object:
                label = f"{name}'s answers"
                return self.generate(model, list(asked), list(asked.values()), label, keep, known)

            answers = answer_all(folder / "checkpoints" / "answers.jsonl", len(asked), ask)
            rows = [(p, k, said) for p, found in zip(asked, answers) for k, said in enumerate(found)]
            write_recording(folder / ANSWERS, {**self._provenance(model), **inputs}, rows)

        artifact = self.store.get("study_answers", inputs, build)
        header, answers = (artifact.path / ANSWERS).read_text("utf-8").split("\n", 1)
        made_by = {"study": settings, **json.loads(header)["made_by"]}
        write_atomic(path, json.dumps({"made_by": made_by}, sort_keys=True) + "\n" + answers)
        return read_recording(path)

    def _said_recipe(self) -> dict[str, Any]:
        return self.profile.train.model_dump(exclude={"workers", "seed"})

    def _trials_key(self, answers: Sequence[Sequence[str]]) -> dict[str, Any]:
        specs = digest(canonical([repr(spec) for spec in self.candidate_specs]))
        sources = self._code(*DATA_SOURCES, "formal", "study")
        return {"specs": specs, "answers": digest(canonical(answers)), **sources}


def _parts(split: str, scores: Scores) -> dict[str, Scores]:
    """The benchmark's specs of a split apart from the fresh ones, and all together."""
    fresh = [result for result in scores.results if result.row == FRESH]
    known = [result for result in scores.results if result.row != FRESH]
    if not fresh:
        return {split: scores}
    parts = {f"{split} and {FRESH}": (*known, *fresh), split: known, FRESH: fresh}
    return {name: scores.model_copy(update={"results": tuple(found)}) for name, found in parts.items()}


def _first(records: Sequence[Record], share: float) -> list[Record]:
    """So much of each category, at least one example of it, in the order of `records`."""
    sizes = Counter(record.metadata.category for record in records)
    seen: Counter[str] = Counter()
    kept = []
    for one in records:
        seen[one.metadata.category] += 1
        if seen[one.metadata.category] <= max(1, round(share * sizes[one.metadata.category])):
            kept.append(one)
    return kept
