"""A study from its file to its report, with models that answer from a script instead of being trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from harness.benchmark.answers import FIRST
from harness.families.naming import header
from harness.families.spec import Spec
from harness.model.partial import Keep
from harness.model.recordings import RecordingError
from harness.pipeline.stages import RECORDS, records_of
from harness.pipeline.study import FRESH, Study
from harness.profile import load_profile
from harness.report.progress import Progress
from harness.store import Artifact, Store, digest_file
from harness.study.plan import Cell, Curve, Strictness, StudyError, StudyPlan
from harness.study.report import bases, filters_table, noise, power_table, tables, write_study

FILTERS = ("nothing", "a7")


@dataclass(eq=False)
class Scripted(Study):
    """The pool is a stub and the golden of each spec; A7's models answer every second spec rightly, others none."""

    trained = 0

    def identity(self, model: str) -> dict[str, Any]:
        data = self.training_data(model).key if model in self.cells else model
        return {"data": data, "seed": self.recipe(model).seed}

    def forget_weights(self, model: str) -> None:
        """There are none."""

    def _provenance(self, model: str) -> dict[str, Any]:
        if model not in self.cells:
            return {"name": model}
        return {"name": model, "trained": {"data": digest_file(self.training_data(model).path / RECORDS)}}

    def generate(
        self,
        model: str,
        prompts: Sequence[str],
        samples: Sequence[int],
        label: str,
        keep: Keep = lambda index, answers: None,
        known: Mapping[int, list[str]] | None = None,
    ) -> list[list[str]]:
        self.trained += 1
        specs = self.candidate_specs
        if cell := self.cells.get(model):
            asked = {said: task.spec for task in self.tasks(cell).tasks for said in task.texts.values()}
            specs = [asked[prompt] for prompt in prompts]
        found = []
        for number, (spec, count) in enumerate(zip(specs, samples, strict=True)):
            right = number // 2 % 2 if cell and cell.arm == "a7" else 0 if cell else None
            answers = (
                [_stub(spec), *[spec.verilog()] * count]
                if right is None
                else [_answer(spec, right)] * (1 + count)
            )
            keep(number, answers)
            found.append(answers)
        return found


def _stub(spec: Spec) -> str:
    return header(spec.name, spec.ports) + "endmodule\n"


def _answer(spec: Spec, right: int) -> str:
    return spec.verilog() if right else _stub(spec)


def plan(recordings: Path, **more: Any) -> StudyPlan:
    return StudyPlan(
        recordings=recordings,
        seeds=(0, 1),
        samples=1,
        fresh=1,
        strictness=Strictness(
            filters=FILTERS, specs={"fsm_2state": 3}, examples={"fsm_2state": 2}, candidates=2, **more
        ),
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("study")


def scripted(folder: Path, plan: StudyPlan) -> Scripted:
    store = Store(folder / "cache")
    return Scripted(load_profile("smoke"), store, lambda label: Progress(label, lambda line: None), plan=plan)


@pytest.fixture(scope="module")
def study(folder: Path) -> Scripted:
    return scripted(folder, plan(folder / "recordings"))


def test_arms_differ_in_rtl_alone(study: Scripted) -> None:
    """Every filter trains on the same texts in the same order; only the code under them differs."""
    nothing, a7 = (records_of(study.training_data(f"strictness-{name}-s0")) for name in FILTERS)
    assert len(nothing) == len(a7) == 2
    assert [record.prompts for record in nothing] == [record.prompts for record in a7]
    assert all(a.output != b.output for a, b in zip(nothing, a7, strict=True))
    assert {record.metadata.model_extra["right"] for record in a7 if record.metadata.model_extra} == {True}


def test_seeds_change_the_training_and_not_the_data(study: Scripted) -> None:
    """Two cells of one arm share their data and have recipes of their own."""
    first, second = (f"strictness-a7-s{seed}" for seed in (0, 1))
    assert study.training_data(first).key == study.training_data(second).key
    assert study.recipe(first) != study.recipe(second)


def test_cells_are_recorded_and_compared(study: Scripted, folder: Path) -> None:
    """Finished cells are replayed by a new run without any model, and the report tells the arms apart."""
    for cell in study.cells.values():
        assert len(study.cell_scores(cell, FIRST).results) == study.specs_of_strictness
    asked = study.trained
    again = scripted(folder, study.plan)
    measured = again.measured("strictness")
    assert measured is not None
    assert (asked, again.trained) == (5, 0)
    assert set(measured.on) == {FIRST, FRESH, f"{FIRST} and {FRESH}", "worded-differently"}
    assert measured.has(FIRST, "sampled") and not measured.has(again.main_group, "sampled")
    found = measured.difference(again.main_group, "a7", "nothing", "greedy")
    assert found is not None
    assert found.mean == pytest.approx(0.5, abs=0.02)
    assert bases("strictness", measured) == ("nothing",)
    filters = filters_table(again.trials(), {name: again.chosen(name) for name in FILTERS})
    can_tell, _ = power_table(
        again.plan, again.specs_of_strictness, noise(measured, again.main_group, "greedy", "nothing")
    )
    results = {"strictness": measured}
    said = tables(again.plan, filters, results, can_tell)  # type: ignore[arg-type]
    text, picture = write_study(said, results, folder / "report")  # type: ignore[arg-type]
    assert "what passes A7's offline testbench" in text.read_text()
    assert picture.read_text().count("<circle") == (1 + 4 * len(FILTERS)) * 2


def test_arms_with_the_same_examples_are_one_model(study: Scripted, folder: Path) -> None:
    """Where a proof keeps what A7 keeps, the second arm takes the first one's answers and nothing is trained."""
    part = study.strictness_plan.model_copy(update={"filters": ("a7", "formal")})
    more = study.plan.model_copy(update={"strictness": part, "seeds": (0,), "recordings": folder / "shared"})
    other = scripted(folder, more)
    strict, proven = other.cells.values()
    said = other.answers(strict)
    asked = other.trained
    assert other.answers(proven) == said
    assert other.model_of(proven) == strict
    assert other.trained == asked
    measured = scripted(folder, more).measured("strictness")
    assert measured is not None and set(measured.on[FRESH]) == {"a7", "formal"}
    assert "formal: what passes it and is proven equal" in (
        table := filters_table(other.trials(), {name: other.chosen(name) for name in part.filters})
    )
    assert "; as a7" in table


def test_a_recording_of_another_plan_is_refused(study: Scripted, folder: Path) -> None:
    """Answers to other data are not passed off as this study's."""
    study.answers(next(iter(study.cells.values())))
    other = scripted(folder, plan(folder / "recordings", versions=2))
    with pytest.raises(StudyError, match=r"other settings, plan\.versions 1, not 2"):
        other.answers(next(iter(other.cells.values())))


def test_a_recording_of_other_questions_is_refused(study: Scripted, folder: Path) -> None:
    """Fewer samples, or other texts, than are asked now are no answers to what is asked now."""
    study.answers(next(iter(study.cells.values())))
    other = scripted(folder, study.plan.model_copy(update={"samples": study.plan.samples + 1}))
    with pytest.raises(StudyError, match="another number of samples"):
        other.answers(next(iter(other.cells.values())))


def test_filters_on_their_own_specs_concern_no_other_arm(study: Scripted, folder: Path) -> None:
    """A filter that is tried once more later on leaves the other arms' answers as they are."""
    cell = next(iter(study.cells.values()))
    said = study.answers(cell)
    assert study.plan.strictness is not None
    part = study.plan.strictness.model_copy(update={"own_specs": ("template",)})
    other = scripted(folder, study.plan.model_copy(update={"strictness": part}))
    assert other.answers(cell).answers == said.answers
    assert other.trained == 0


def test_a_recording_with_other_decoding_is_refused(study: Scripted, folder: Path) -> None:
    """Longer answers, or hotter samples, are not pooled with those that are recorded; the setting is named."""
    study.answers(next(iter(study.cells.values())))
    other = scripted(folder, study.plan)
    longer = other.profile.benchmark.model_copy(update={"max_new_tokens": 7})
    other.profile = other.profile.model_copy(update={"benchmark": longer})
    with pytest.raises(StudyError, match="max_new_tokens 48, not 7"):
        other.answers(next(iter(other.cells.values())))


def test_a_damaged_recording_is_named(folder: Path) -> None:
    """The way out of a study's damaged file is not the flag that makes V3's anew."""
    study = scripted(folder, plan(folder / "damaged"))
    cell = next(iter(study.cells.values()))
    study.answers(cell)
    path = study.recording_of(cell.name)
    path.write_text(path.read_text() + "{")
    with pytest.raises(RecordingError, match=r"line .*restore it, or remove it"):
        scripted(folder, study.plan).answers(cell)


def test_models_on_other_data_are_not_compared(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once a curve's data have changed its recorded models are still judged, but no other is trained beside them."""
    given = plan(folder / "curve").model_copy(update={"curve": Curve(shares=(0.5, 1.0), seeds=(0,))})
    half, whole = Cell("curve", "50%", 0), Cell("curve", "100%", 0)

    def share(said: str) -> Scripted:
        study = scripted(folder, given)

        def made(arm: str) -> Artifact:
            return study.store.get("study_data", {"said": said + arm}, lambda f: write(f, said + arm))

        monkeypatch.setattr(study, "_share", made)
        return study

    def write(folder: Path, said: str) -> None:
        (folder / RECORDS).write_text(said)

    said = share("first").answers(half)
    assert share("second").answers(half) == said
    with pytest.raises(StudyError, match="trained on other data than there is now"):
        share("second").answers(whole)
    assert share("first").answers(whole).made_by["trained"]


def test_a_report_says_what_it_is_of(study: Scripted) -> None:
    """The study, its base and how many cells are there; what is lacking by name."""
    for cell in study.cells.values():
        study.answers(cell)
    assert "study mine: profile embedded, base embedded, 4 of 4 cells" in study.about("mine")
    more = scripted(study.store.root.parent, study.plan.model_copy(update={"seeds": (0, 1, 2)}))
    assert "4 of 6 cells\nnot yet: strictness-nothing-s2, strictness-a7-s2" in more.about("mine")


def test_too_few_specs_are_named(study: Scripted, folder: Path) -> None:
    """Where the filters have too few specs in common, the error says of which kind and what to change."""
    wanted = study.strictness_plan.model_copy(update={"examples": {"fsm_2state": 9}})
    more = scripted(folder, study.plan.model_copy(update={"strictness": wanted}))
    with pytest.raises(StudyError, match="fsm_2state 3 of 9"):
        more.chosen("a7")
