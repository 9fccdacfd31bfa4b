"""Deployment: only what the gate released, with everything that somebody else needs to serve it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from jinja2 import Environment

from harness.benchmark.score import Result, Scores
from harness.model.prompt import chat_prompt
from harness.pipeline import Pipeline
from harness.profile import load_profile
from harness.release.contest import Contest
from harness.release.criteria import load_criteria
from harness.release.deploy import Refused, deploy
from harness.release.gate import decide_all
from harness.release.production import production
from harness.release.record import RecordError, record_of, write_record
from harness.simulate.verdict import Outcome, Verdict
from harness.store import NotBuilt

ROWS = ("fsm", "mux")
CRITERIA = """
[[criterion]]
name = "fsm-floor"
category = "fsm"
at_least = 0.5

[[criterion]]
name = "each"
category = "each"
not_below = "v3"
"""


def scores(name: str, passed: int) -> Scores:
    results = [
        Result(
            task=f"{row}-{number}",
            row=row,
            greedy=Verdict(Outcome.PASS if number < passed else Outcome.MISMATCH),
            greedy_text="",
        )
        for row in ROWS
        for number in range(10)
    ]
    return Scores(model=name, split="normal", suite="s", results=tuple(results))


@dataclass
class Fake:
    """As much of a pipeline as deployment looks at: V3 passes 6 of 10, V5 as many as it is told."""

    root: Path
    passed: int
    given: dict[str, str] = field(default_factory=dict)
    suite: Any = field(default_factory=lambda: SimpleNamespace(digest="s", rows=ROWS))
    profile: Any = field(default_factory=lambda: load_profile("embedded"))

    def weights(self, model: str) -> tuple[Path, dict[str, Any]]:
        return self.root / "store" / "model", {"merged": "key"}

    def scores(self, model: str, split: str) -> Scores:
        return scores(model, 6 if model == "v3" else self.passed)

    def splits(self, model: str) -> tuple[str, ...]:
        return ("normal",)

    def adapter(self, model: str) -> Any:
        inputs = {"data": "d", "recipe": {"lr": 0.001}, "torch": "2"}
        return SimpleNamespace(path=self.root / "store", manifest={"inputs": inputs})

    def composition(self, model: str) -> dict[str, Counter[str]]:
        return {"mux": Counter(a=1)}


@pytest.fixture
def contest(tmp_path: Path) -> Contest:
    """A model's folders, as a build leaves them, and who is measured on what."""
    files = {
        "model/model.safetensors": "weights",
        "model/config.json": "{}",
        "model/chat_template.jinja": "You are a helpful assistant",
        "model/generation_config.json": '{"eos_token_id": [2, 3], "do_sample": true, "repetition_penalty": 1.1}',
        "adapter/adapter_config.json": '{"r": 32}',
        "adapter/adapter_model.safetensors": "adapter",
        "criteria.toml": CRITERIA,
    }
    for name, content in files.items():
        path = tmp_path / "store" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    suite: Any = SimpleNamespace(rows=ROWS)
    return Contest(suite, tmp_path / "store" / "criteria.toml", "v5", {"v3": "v3"}, {})


def gated(tmp_path: Path, contest: Contest, passed: int) -> tuple[Pipeline, Path]:
    """A pipeline, and the folder of what its gate has reported."""
    pipeline = cast(Pipeline, Fake(tmp_path, passed, dict(contest.given)))
    criteria = load_criteria(contest.criteria, ROWS, ("v3",))
    candidate = pipeline.scores(contest.candidate, "normal")
    findings = decide_all(criteria, candidate, {"v3": pipeline.scores("v3", "normal")})
    reports = tmp_path / "reports"
    reports.mkdir(exist_ok=True)
    (reports / "report.html").write_text("<p>report")
    write_record(record_of(pipeline, contest, findings, [reports / "report.html"]), reports)
    return pipeline, reports


def test_a_green_model_is_deployed_with_its_hand_off_forms(tmp_path: Path, contest: Contest) -> None:
    """Weights, adapter, card, notes and the gate's reports lie in the new folder, and the pointer names it."""
    pipeline, reports = gated(tmp_path, contest, 7)
    made = deploy(pipeline, contest, reports)
    assert production(tmp_path) == made
    merged = tmp_path / made.behavioral_model
    assert (merged / "model.safetensors").read_text() == "weights"
    assert (merged.parent / "adapter" / "adapter_model.safetensors").read_text() == "adapter"
    assert (tmp_path / made.gate_report).read_text() == "<p>report"
    card = (merged.parent / "README.md").read_text()
    assert "| mux | 1 | 1 |" in card
    assert "| category | specs | v3 | v5 |\n|---|--:|--:|--:|\n| fsm | 10 | 60 | 70 |\n| mux | 10 |" in card
    assert "- fsm: 70.0% against 50.0%" in card
    assert "| lr | 0.001 |" in card
    assert "--max-lora-rank 32" in (merged.parent / "SERVING.md").read_text()
    modelfile = (merged.parent / "Modelfile").read_text()
    assert "user\n{{ .Prompt }}<|im_end|>\n<|im_start|>assistant\n" in modelfile


def test_another_runs_report_is_refused(tmp_path: Path, contest: Contest) -> None:
    """A report that the recorded run did not write, or that is gone, does not go into production beside its record."""
    pipeline, reports = gated(tmp_path, contest, 7)
    for spoil in (lambda path: path.write_text("v5 is not released"), Path.unlink):
        spoil(reports / "report.html")
        with pytest.raises(RecordError, match=r"report\.html: .*; run the gate again"):
            deploy(pipeline, contest, reports)
    assert not (tmp_path / "models/production").exists()


def test_weights_that_change_meanwhile_are_not_deployed(
    tmp_path: Path, contest: Contest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A trainer that saves over the gated weights while they are deployed does not get its own into production."""
    pipeline, reports = gated(tmp_path, contest, 7)
    before = Fake.scores

    def saves(self: Fake, model: str, split: str) -> Scores:
        (tmp_path / "store/model/model.safetensors").write_text("seen by no gate")
        return before(self, model, split)

    monkeypatch.setattr(Fake, "scores", saves)
    with pytest.raises(Refused, match="model changed while it was deployed; run the gate again"):
        deploy(pipeline, contest, reports)
    assert not (tmp_path / "models/production/pipeline.toml").exists()


@pytest.mark.parametrize("given", [False, True])
def test_only_weights_of_our_store_are_linked(tmp_path: Path, contest: Contest, given: bool) -> None:
    """What is copied over a user's own model folder later does not reach into production."""
    source = tmp_path / "store/model"
    if given:
        contest = replace(contest, candidate="mine", given={"mine": str(source)})
    pipeline, reports = gated(tmp_path, contest, 7)
    made = deploy(pipeline, contest, reports)
    deployed = tmp_path / made.behavioral_model / "model.safetensors"
    assert deployed.samefile(source / "model.safetensors") is not given
    assert deployed.read_text() == "weights"


def test_the_hand_off_speaks_as_the_model_was_trained(tmp_path: Path, contest: Contest) -> None:
    """Its chat template writes exactly our prompt, where the base's would put a system prompt in front."""
    pipeline, reports = gated(tmp_path, contest, 7)
    template = (
        tmp_path / deploy(pipeline, contest, reports).behavioral_model / "chat_template.jinja"
    ).read_text()
    messages = [{"role": "user", "content": "A mux, please."}]
    said = Environment().from_string(template).render(messages=messages, add_generation_prompt=True)
    assert said == chat_prompt("A mux, please.")


def test_the_hand_off_answers_greedily(tmp_path: Path, contest: Contest) -> None:
    """A base's sampling and penalties, under which nothing was measured, stay behind; its tokens do not."""
    pipeline, reports = gated(tmp_path, contest, 7)
    deployed = tmp_path / deploy(pipeline, contest, reports).behavioral_model / "generation_config.json"
    assert json.loads(deployed.read_text()) == {"eos_token_id": [2, 3]}


@pytest.mark.parametrize("said", ["{", "[]", "\udcff"])
def test_a_broken_generation_config_is_named(tmp_path: Path, contest: Contest, said: str) -> None:
    """What is no JSON object ends the deployment before anything comes into production."""
    path = tmp_path / "store/model/generation_config.json"
    path.write_bytes(said.encode("utf-8", "surrogateescape"))
    pipeline, reports = gated(tmp_path, contest, 7)
    with pytest.raises(Refused, match=r"generation_config\.json: is not .* save_pretrained again"):
        deploy(pipeline, contest, reports)
    assert not (tmp_path / "models/production/pipeline.toml").exists()


def test_what_the_gate_has_not_released_is_refused(tmp_path: Path, contest: Contest) -> None:
    """A missing record, a red one, other weights, and results that changed since: nothing comes into production."""
    pipeline, reports = gated(tmp_path, contest, 4)
    with pytest.raises(Refused, match="is red"):
        deploy(pipeline, contest, reports)
    with pytest.raises(RecordError, match="no gate record"):
        deploy(pipeline, contest, tmp_path)
    pipeline, reports = gated(tmp_path, contest, 7)
    with pytest.raises(Refused, match="no longer give the findings"):
        deploy(cast(Pipeline, Fake(tmp_path, 8)), contest, reports)
    (tmp_path / "store" / "model" / "model.safetensors").write_text("other")
    with pytest.raises(Refused, match="other weights"):
        deploy(pipeline, contest, reports)
    assert not (tmp_path / "models").exists()


@pytest.mark.parametrize("said", ["mine.jsonl", "http://127.0.0.1:1/v1"])
def test_answers_alone_cannot_be_deployed(tmp_path: Path, contest: Contest, said: str) -> None:
    """A gate that was run on a file of answers, or on a model behind a server, knows no weights."""
    files = Contest(contest.suite, contest.criteria, "mine", contest.baselines, {"mine": said})
    pipeline, reports = gated(tmp_path, files, 7)
    with pytest.raises(Refused, match="no weights to deploy"):
        deploy(pipeline, files, reports)


def test_a_given_model_is_deployed_without_a_history(tmp_path: Path, contest: Contest) -> None:
    """Of a merged model made elsewhere the card says that its data and recipe are not known."""
    given = Contest(contest.suite, contest.criteria, "mine", contest.baselines, {"mine": "elsewhere"})
    pipeline, reports = gated(tmp_path, given, 7)
    folder = (tmp_path / deploy(pipeline, given, reports).behavioral_model).parent
    assert "nothing is known of its training data" in (folder / "README.md").read_text()
    assert not (folder / "adapter").exists()
    assert "enable-lora" not in (folder / "SERVING.md").read_text()
    assert json.loads((folder / "gate.json").read_text())["record"]["model"] == "mine"


def test_a_model_that_is_not_built_is_not_deployed(
    tmp_path: Path, contest: Contest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deployment makes nothing: weights that are gone from the store are said to be."""
    pipeline, reports = gated(tmp_path, contest, 7)

    def gone(model: str) -> tuple[Path, dict[str, Any]]:
        raise NotBuilt("merged is not built for these settings")

    monkeypatch.setattr(pipeline, "weights", gone)
    with pytest.raises(NotBuilt):
        deploy(pipeline, contest, reports)
