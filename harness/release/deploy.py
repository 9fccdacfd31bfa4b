"""Deploy what the gate has released: check its record, make the hand-off forms, put them into production."""

from __future__ import annotations

import json
import os
import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from harness.benchmark.answers import FIRST
from harness.model.base import EMBEDDED, WHEEL
from harness.profile import SHIPPED
from harness.release.criteria import load_criteria
from harness.release.gate import decide_all
from harness.release.production import MERGED, Facts, Production, install, weights_digest
from harness.release.record import (
    RECORD,
    GateRecord,
    read_record,
    read_reports,
    refusal,
    weights_of,
    write_record,
)

if TYPE_CHECKING:
    from harness.pipeline import Pipeline
    from harness.release.contest import Contest

TEMPLATE = "chat_template.jinja"
GENERATION = "generation_config.json"
TOKENS = ("bos_token_id", "eos_token_id", "pad_token_id")
ADAPTER = "adapter"


class Refused(RuntimeError):
    """A model that the gate has not released; the message says why and what to do."""


def deploy(pipeline: Pipeline, contest: Contest, reports: Path) -> Production:
    """Put the contest's candidate into production if the gate's record in the folder `reports` is green for it.

    That is: it was decided on exactly these weights, this suite and these criteria, every criterion is met, and the
    measured results, which are read again, still give the same findings. Nothing is measured or built; weights that
    change meanwhile are not deployed. Raises Refused, RecordError or NotBuilt with the reason, ProductionError or
    StoreError when it cannot be put there.
    """
    criteria = load_criteria(contest.criteria, contest.suite.rows, tuple(contest.by_name))
    name, record = contest.candidate, read_record(reports / RECORD)
    weights = weights_of(pipeline, name)
    reason = refusal(record, weights, pipeline.suite.digest, contest.criteria, criteria)
    if reason is not None:
        raise Refused(reason)
    baselines = {role: pipeline.scores(model, FIRST) for role, model in contest.by_name.items()}
    again = decide_all(criteria, pipeline.scores(name, FIRST), baselines, record.rule)
    if tuple(again) != record.findings:
        raise Refused(
            f"the results of {name} no longer give the findings of its gate record; run the gate again"
        )
    written = read_reports(record, reports)
    source, _ = pipeline.weights(name)
    if not any(source.glob("*.safetensors")):
        raise Refused(f"{source} holds no safetensors; save the model with save_pretrained and gate it again")
    facts = Facts(
        name=_called(pipeline, name),
        weights=weights_digest(source),
        suite=record.suite,
        criteria=record.criteria,
        max_new_tokens=pipeline.profile.benchmark.max_new_tokens,
        temperature=pipeline.profile.benchmark.temperature,
    )
    about = _about(pipeline, contest, facts, record)
    adapter, ours = _adapter(pipeline, name), name not in pipeline.given

    def fill(folder: Path) -> Facts:
        _hand_off(source, folder / MERGED, linked=ours)
        (folder / MERGED / TEMPLATE).write_text(_source(TEMPLATE), "utf-8")
        if (source / GENERATION).is_file():
            (folder / MERGED / GENERATION).write_text(_greedy(source / GENERATION), "utf-8")
        if adapter is not None:
            _hand_off(adapter, folder / ADAPTER, linked=ours)
        if weights_of(pipeline, name) != weights:
            raise Refused(f"{source} changed while it was deployed; run the gate again on what is there now")
        write_record(record, folder)
        for report, content in written.items():
            (folder / report).write_bytes(content)
        for page in ("README.md", "SERVING.md", "Modelfile"):
            (folder / page).write_text(_environment().get_template(f"{page}.j2").render(about), "utf-8")
        return facts

    return install(pipeline.root, fill)


def _called(pipeline: Pipeline, name: str) -> str:
    """What `name` is called in production: a profile of the user's own, such as V6's, names what it makes."""
    own = name not in pipeline.given and pipeline.profile.name not in SHIPPED
    return pipeline.profile.name if own else name


def _hand_off(source: Path, target: Path, linked: bool) -> None:
    """A copy of a model's folder. Weights may be `linked` where the disk allows it and nobody changes them in place.

    That holds for our store; the owner of another folder may copy new weights over the old.
    """
    target.mkdir()
    for path in source.iterdir():
        if path.is_dir() or path.name in (TEMPLATE, "README.md"):
            continue
        if linked and path.suffix == ".safetensors":
            try:
                os.link(path.resolve(), target / path.name)
                continue
            except OSError:
                pass  # another disk
        shutil.copyfile(path, target / path.name)


def _greedy(path: Path) -> str:
    """The generation_config.json at `path` with its tokens alone: a base may bring sampling and penalties, and the gate
    measured greedy answers without. Raises Refused where it is not one."""
    try:
        said = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise Refused(f"{path}: is not JSON ({error}); save the model with save_pretrained again") from error
    if not isinstance(said, dict):
        raise Refused(f"{path}: is not a JSON object; save the model with save_pretrained again")
    return json.dumps({name: said[name] for name in TOKENS if name in said}, indent=2)


def _adapter(pipeline: Pipeline, name: str) -> Path | None:
    """The PEFT folder that `name` was merged from, if there is one."""
    if name not in pipeline.given:
        return pipeline.adapter(name).path / "adapter"
    given = Path(pipeline.given[name]).expanduser()
    return given if (given / "adapter_config.json").is_file() else None


def _about(pipeline: Pipeline, contest: Contest, facts: Facts, record: GateRecord) -> dict[str, Any]:
    """What the model card and the notes are written from."""
    name, adapter = contest.candidate, _adapter(pipeline, contest.candidate)
    made_here = name not in pipeline.given
    config = json.loads((adapter / "adapter_config.json").read_text("utf-8")) if adapter else {}
    counts = pipeline.composition(name) if made_here else {}
    return {
        "facts": facts,
        "record": record,
        "adapter": adapter is not None,
        "rank": config.get("r"),
        "base": _base(pipeline.profile.base if made_here else config.get("base_model_name_or_path")),
        "trained": pipeline.adapter(name).manifest["inputs"] if made_here else {},
        "composition": counts,
        "parts": sorted({part for of in counts.values() for part in of}),
        "rows": contest.suite.rows,
        "scores": {
            split: {
                facts.name if model == name else model: pipeline.scores(model, split)
                for model in contest.models
                if split in pipeline.splits(model)
            }
            for split in pipeline.splits(name)
        },
    }


def _base(name: str | None) -> str:
    """The base model in words."""
    if name == EMBEDDED:
        return f"SmolLM2-135M-Instruct (dequantised from the Python wheel {WHEEL})"
    return name or "not known"


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("harness.release", "handover"),
        undefined=StrictUndefined,
        autoescape=False,
        keep_trailing_newline=True,
    )


def _source(name: str) -> str:
    """A file of the hand-over as it is, without being filled in."""
    return (Path(__file__).parent / "handover" / name).read_text("utf-8")
