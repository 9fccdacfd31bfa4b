"""Which model is in production: numbered folders that are complete before anything points to them, and a pointer.

`models/production/NNNN/` holds one deployment and is never changed. `models/production/pipeline.toml` says which of
them is in production and how it came to that; it is replaced by one rename, so that a reader, or a process killed at
any moment, finds the old one or the new one. Everything that writes holds a lock.
"""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from filelock import FileLock
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from harness.dataset.tracelog import now
from harness.release.toml import toml
from harness.store import digest_tree, write_atomic

PLACE = Path("models/production")
POINTER = "pipeline.toml"
MERGED = "merged"
FACTS = "deployment.json"
PARTIAL = ".partial"
HEAD = "# The model in production. Written by `pytest -m deploy` and `harness rollback`; not to be edited.\n"


class ProductionError(RuntimeError):
    """Nothing is in production, or what is cannot be used."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Facts(_Part):
    """What is known of one model that was deployed: digests of what the gate was run on, and how to decode."""

    name: str
    weights: str
    """Digest of the safetensors files, by `weights_digest`."""
    suite: str
    criteria: str
    max_new_tokens: int
    temperature: float
    """Of samples, as they were measured; the answer of a single request is greedy."""


class Step(_Part):
    """One change of what is in production: `number` came in, or was gone back to."""

    time: str
    action: Literal["deploy", "rollback"]
    number: int = Field(ge=1)


class Production(_Part):
    """What pipeline.toml says. Paths are relative to the project."""

    behavioral_model: str = Field(alias="BEHAVIORAL_MODEL")
    number: int
    date: str
    gate_report: str
    facts: Facts
    history: tuple[Step, ...] = Field(min_length=1)


def weights_digest(folder: Path) -> str:
    """What identifies a model's weights wherever they lie: the names and bytes of its safetensors files."""
    return digest_tree(folder, "*.safetensors")


def install(root: Path, fill: Callable[[Path], Facts]) -> Production:
    """Make what `fill` writes into a new folder (with the model in `merged`) the production of the project `root`.

    Raises ProductionError when pipeline.toml is there and cannot be read, or the copy is not the model that
    `fill` says; StoreError when something cannot be written. The old production stays in all these cases.
    """
    with _locked(root) as place:
        history = _read(root).history if (place / POINTER).exists() else ()
        for left in place.glob(f"*{PARTIAL}"):  # by a deployment that was killed
            shutil.rmtree(left)
        number = 1 + max((int(one.name) for one in place.iterdir() if one.name.isdigit()), default=0)
        final = place / f"{number:04}"
        work = final.with_name(final.name + PARTIAL)
        work.mkdir()
        facts = fill(work)
        if weights_digest(work / MERGED) != facts.weights:
            raise ProductionError(
                f"{work}: is not a true copy of {facts.name}; is the disk all right? Deploy again"
            )
        write_atomic(work / FACTS, facts.model_dump_json(indent=1))
        work.rename(final)
        return _point(root, facts, (*history, Step(time=now(), action="deploy", number=number)))


def rollback(root: Path, tell: Callable[[str], object] = lambda said: None) -> Production:
    """Put back what was in production before the present one was deployed. The folders and the history are kept.

    One that is no longer what was deployed is skipped, which `tell` hears. Raises ProductionError when there is
    nothing to go back to.
    """
    _read(root)
    with _locked(root):
        history = _read(root).history
        came: list[int] = []
        for step in history:
            if step.action == "deploy":
                came.append(step.number)
            else:
                del came[came.index(step.number) + 1 :]
        unusable = []
        for number in reversed(came[:-1]):
            try:
                facts = _facts(root, number)
                _check(root, number, facts)
            except (OSError, ProductionError) as error:
                unusable.append(str(error))
                tell(f"skipped: {error}")
            else:
                return _point(root, facts, (*history, Step(time=now(), action="rollback", number=number)))
        why = f" that can be used ({'; '.join(unusable)})" if unusable else ""
        raise ProductionError(f"{root / PLACE}: nothing was in production before{why}; deploy another model")


def in_production(root: Path) -> bool:
    """Whether the project has a pointer to a model, be it as it should be or not."""
    return (root / PLACE / POINTER).exists()


def production(root: Path) -> Production:
    """What is in production, its weights checked. Raises ProductionError when nothing is, or not as deployed."""
    found = _read(root)
    try:
        _check(root, found.number, found.facts)
    except ProductionError as error:
        raise ProductionError(f"{error}; deploy again or `harness rollback`") from error
    return found


@contextmanager
def _locked(root: Path) -> Iterator[Path]:
    place = root / PLACE
    place.mkdir(parents=True, exist_ok=True)
    with FileLock(place / ".lock"):
        yield place


def _check(root: Path, number: int, facts: Facts) -> None:
    """The disk may have changed since; a cache's file may be the same as ours (a hard link)."""
    merged = root / PLACE / f"{number:04}" / MERGED
    if weights_digest(merged) != facts.weights:
        raise ProductionError(f"{merged}: is gone or not what was deployed")


def _read(root: Path) -> Production:
    path = root / PLACE / POINTER
    try:
        data = tomllib.loads(path.read_text("utf-8"))
        return Production.model_validate(data)
    except FileNotFoundError as error:
        raise ProductionError(
            f"{path}: nothing is in production; deploy a model that passed the gate: pytest -m deploy"
        ) from error
    except (OSError, ValueError, ValidationError) as error:
        raise ProductionError(
            f"{path}: cannot be read ({str(error).splitlines()[0]}); put it back as it was, or remove it"
        ) from error


def _facts(root: Path, number: int) -> Facts:
    path = root / PLACE / f"{number:04}" / FACTS
    try:
        return Facts.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise ProductionError(f"{path}: cannot be read ({str(error).splitlines()[0]})") from error


def _point(root: Path, facts: Facts, history: tuple[Step, ...]) -> Production:
    """Replace the pointer: the moment in which a deployment or a rollback happens."""
    last = history[-1]
    folder = PLACE / f"{last.number:04}"
    said = Production(
        BEHAVIORAL_MODEL=str(folder / MERGED),
        number=last.number,
        date=last.time,
        gate_report=str(folder / "report.html"),
        facts=facts,
        history=history,
    )
    write_atomic(root / PLACE / POINTER, HEAD + toml(said.model_dump(by_alias=True)))
    return said
