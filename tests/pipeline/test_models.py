"""Recorded answers stand in for a model only where they are that model's."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.dataset.records import Metadata, Record, write_records
from harness.model.recordings import RecordingError
from harness.pipeline import Pipeline
from harness.pipeline.stages import RECORDS
from harness.profile import Profile, load_profile
from harness.report.progress import Progress
from harness.store import Store


def pipeline(profile: Profile, folder: Path) -> Pipeline:
    return Pipeline(profile, Store(folder, may_build=()), lambda label: Progress(label, lambda line: None))


def changed(part: str, **settings: Any) -> Profile:
    """The default profile with other settings in one part, as a file of one's own may have."""
    profile = load_profile("embedded")
    if not part:
        return profile.model_copy(update=settings)
    return profile.model_copy(update={part: getattr(profile, part).model_copy(update=settings)})


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        (changed("", base="Qwen/Other"), "base 'embedded', not 'Qwen/Other'"),
        (changed("benchmark", temperature=1.5), r"temperature 0\.4, not 1\.5"),
        (changed("benchmark", max_new_tokens=64), "max_new_tokens 512, not 64"),
    ],
)
def test_another_models_recorded_answers_are_refused(profile: Profile, said: str, tmp_path: Path) -> None:
    """A profile of one's own that still names the shipped recordings does not get their V3 unseen."""
    assert len(pipeline(load_profile("embedded"), tmp_path).completions("v3", "normal")) == 250
    with pytest.raises(RecordingError, match=said):
        pipeline(profile, tmp_path).completions("v3", "normal")


def test_another_writers_candidates_are_refused(tmp_path: Path) -> None:
    """Component C by V4 is not made from what V3 was recorded to write."""
    with pytest.raises(RecordingError, match=r"component_c\.jsonl: was made with name 'v3', not 'v4'"):
        pipeline(changed("data", c_writer="v4"), tmp_path).component_c()


def test_a_composition_counts_by_category_and_component(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a card shows of the training data; an example that names no component stands under a question mark."""
    made_of = [("mux", {"component": "a"}), ("fsm_mealy", {"component": "c"}), ("mux", {})]
    metadata = [Metadata(source="x", category=category, **part) for category, part in made_of]
    write_records(tmp_path / RECORDS, [Record(instruction="i", output="o", metadata=m) for m in metadata])
    monkeypatch.setattr(Pipeline, "training_data", lambda self, model: SimpleNamespace(path=tmp_path))
    found = pipeline(load_profile("embedded"), tmp_path).composition("v5")
    assert list(found.items()) == [("fsm_mealy", Counter(c=1)), ("mux", Counter({"a": 1, "?": 1}))]
