"""The stages of a study: each cell's data, the cell's model, and what that answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from harness.benchmark.answers import FIRST
from harness.benchmark.score import Result, Scores, load_scores, score
from harness.benchmark.suite import SPLITS, Suite, Task, parameter_key
from harness.dataset.assemble import assemble
from harness.dataset.leakage import training_specs
from harness.dataset.records import Record, write_records
from harness.families.catalogue import FSM
from harness.families.spec import Spec
from harness.model.recordings import Recording, read_recording, write_recording
from harness.model.train import Recipe
from harness.pipeline.components import JUDGE_SOURCES
from harness.pipeline.stages import RECORDS, records_of
from harness.pipeline.strictness import FLUENT, OTHER, WAY_OUT, StrictnessData
from harness.simulate.cache import VerdictCache, simulator
from harness.store import Artifact, canonical, digest, digest_file
from harness.study.plan import Cell, Question, StudyError
from harness.study.report import Measured
from harness.wording.compose import text

FRESH, FSM_ROW = "fresh", "fsm"
SAME_AS = "same_as"
"""In a recording without answers: the cell whose model, and so whose recording, serves this one too."""


@dataclass(eq=False)
class Study(StrictnessData):
    """The pipeline with a study's cells as further models, each named by its cell.

    Answers of finished cells are recorded in the project; a recorded cell is judged, not trained again.
    """

    @cached_property
    def cells(self) -> dict[str, Cell]:
        """All cells by name."""
        return {cell.name: cell for cell in self.plan.cells()}

    def training_data(self, model: str) -> Artifact:
        """A cell's data; of other models as ever."""
        if model not in self.cells:
            return super().training_data(model)
        cell = self.cells[model]
        if cell.question == "strictness":
            return self.kept_by(cell.arm)
        return self._composed(cell.arm) if cell.question == "composition" else self._share(cell.arm)

    def start(self, model: str) -> tuple[Path, Any]:
        """A cell of strictness goes on from the fluent model: FSMs alone would first have to teach it the language."""
        if model not in self.cells or self.cells[model].question != "strictness":
            return super().start(model)
        return self.weights(FLUENT)

    def recipe(self, model: str) -> Recipe:
        """The profile's, with the cell's seed."""
        known = super().recipe(model)
        return known.model_copy(update={"seed": self.cells[model].seed}) if model in self.cells else known

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
        """What the cell's model answers to each text of its tasks, trained first unless that is recorded.

        Raises StudyError where models that are compared with this one were trained on other data than there is now.
        """
        if not self.is_answered(cell):
            self._find_twin(cell)
        one = self.model_of(cell)
        asked = {
            said: self._samples(one, task) for task in self.tasks(one).tasks for said in task.texts.values()
        }
        settings = {"cell": asdict(one), "plan": self.said_plan if one.question == "strictness" else {}}
        made = self.recording_of(one.name).exists()
        found = self.recorded(one.name, settings, one.name, asked)
        if not made and self.training_data(one.name).stage != "v5_data":  # V5's own are the gate's as well
            self.forget_weights(one.name)
        if made and cell.question == "strictness":  # whose filters are shown beside it, as they are now
            self._require_data(cell)
        return found

    def is_answered(self, cell: Cell) -> bool:
        """Whether there is a recording of the cell; nothing is made to find out."""
        return self.recording_of(cell.name).exists()

    def model_of(self, cell: Cell) -> Cell:
        """The cell itself, or another whose model serves it too, as its recording says."""
        if not self.is_answered(cell):
            return cell
        return self.cells.get(self._made_by(cell).get(SAME_AS, ""), cell)

    def _find_twin(self, cell: Cell) -> None:
        """Before a cell is trained: the recording of one that differs at most in its name is taken for it.

        Where a proof keeps what A7 keeps, and in a curve's whole share, nothing is trained or asked twice.
        """
        alike = [
            other
            for other in self.cells.values()
            if (other.question == "strictness") == (cell.question == "strictness") and self.is_answered(other)
        ]
        for other in alike:
            self._require_data(other)
        own = self._digest(cell)
        twin = next((o for o in alike if o.seed == cell.seed and self._digest(o) == own), None)
        if twin:
            same = {SAME_AS: self.model_of(twin).name, "trained": {"data": own}}
            write_recording(self.recording_of(cell.name), same, ())

    def _require_data(self, cell: Cell) -> None:
        """Raise StudyError if a recorded cell was trained on other data than its arm has now."""
        if self._made_by(cell)["trained"]["data"] != self._digest(cell):
            raise StudyError(
                f"{self.recording_of(cell.name)}: its model was trained on other data than there is now, so nothing"
                f" made now could be compared with it; undo the change, or {OTHER}"
            )

    def _made_by(self, cell: Cell) -> Mapping[str, Any]:
        return read_recording(self.recording_of(cell.name), WAY_OUT).made_by

    def _digest(self, cell: Cell) -> str:
        return digest_file(self.training_data(cell.name).path / RECORDS)

    def _provenance(self, model: str) -> dict[str, Any]:
        """Of a cell of strictness also the model that it goes on from: made anew elsewhere, it is rounded otherwise."""
        said = super()._provenance(model)
        if model not in self.cells or self.cells[model].question != "strictness":
            return said
        return {**said, "start": super()._provenance(FLUENT)["weights"]}

    def _samples(self, cell: Cell, task: Task) -> int:
        """Samples beside the greedy answer: those of one spec are much alike, so fresh specs tell more for the time."""
        return self.plan.samples if cell.question == "strictness" and task.row != FRESH else 0

    def cell_scores(self, cell: Cell, split: str) -> Scores:
        """The judged answers of one cell on one split; fresh specs are in the first only."""
        suite, recording = self.tasks(cell), self.answers(cell)
        tasks = tuple(task for task in suite.tasks if split in task.texts)
        answers = {
            task.id: recording.find([task.texts[split]], range(1 + self._samples(cell, task)))[0]
            for task in tasks
        }

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
            "simulator": simulator(),
            **self._code(*JUDGE_SOURCES),
        }
        return load_scores(self.store.get("study_scores", inputs, build).path / "scores.json")

    def about(self, name: str) -> str:
        """What a report is of: the study, its base, its cells, and from how many models those of strictness go on."""
        missing = [cell.name for cell in self.cells.values() if not self.is_answered(cell)]
        there = len(self.cells) - len(missing)
        said = [
            f"study {name}: profile {self.plan.profile}, base {self.profile.base}, {there} of {len(self.cells)} cells"
        ]
        if missing:
            said.append(f"not yet: {', '.join(missing)}")
        starts: dict[str, list[str]] = {}
        for cell in self.cells.values():
            if cell.question == "strictness" and self.is_answered(cell) and self.model_of(cell) == cell:
                starts.setdefault(self._made_by(cell).get("start", "unknown"), []).append(cell.name)
        if len(starts) > 1:
            said.append(
                "the model that strictness goes on from was trained more than once, with other rounding: "
                + "; ".join(f"{start[:12]} for {', '.join(names)}" for start, names in starts.items())
            )
        return "\n".join(said)

    def measured(self, question: Question) -> Measured | None:
        """The scores of all finished cells of one question; None where there is none yet."""
        on: dict[str, dict[str, dict[int, Scores]]] = {}
        for cell in self.cells.values():
            if cell.question != question or not self.is_answered(cell):
                continue
            for split in SPLITS:
                for group, part in _parts(split, self.cell_scores(cell, split)).items():
                    on.setdefault(group, {}).setdefault(cell.arm, {})[cell.seed] = part
        return Measured(on) if on else None


def _parts(split: str, scores: Scores) -> dict[str, Scores]:
    """All specs of a split, then parts of them: fresh ones and the benchmark's, or the FSMs of a whole benchmark."""
    fresh = [result for result in scores.results if result.row == FRESH]
    known = [result for result in scores.results if result.row != FRESH]
    fsms = [result for result in known if result.row == FSM_ROW]
    parts: dict[str, Sequence[Result]] = {split: known}
    if fresh:
        parts = {f"{split} and {FRESH}": (*known, *fresh), split: known, FRESH: fresh}
    elif 0 < len(fsms) < len(known):
        parts[f"{split}, {FSM_ROW}"] = fsms
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
