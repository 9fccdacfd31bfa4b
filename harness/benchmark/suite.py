"""A suite: frozen specs with their texts, grouped into the benchmark's categories.

`specs.jsonl` is written once (`python -m harness.benchmark.suite FOLDER`) and then kept, so that scores stay
comparable: training must stay away from it (dataset/leakage.py), not the other way round.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from random import Random

from pydantic import BaseModel, ConfigDict, ValidationError

from harness.families import catalogue
from harness.families.spec import Spec
from harness.store import canonical, digest, digest_file, write_atomic
from harness.validation import first_fault
from harness.wording.compose import Split, text

SPLITS: dict[str, Split] = {"normal": "training", "worded-differently": "held-out"}

# The ten rows of the published benchmark, the families that make them, and how many specs each gets here.
ROWS: dict[str, dict[str, int]] = {
    "clock_divider": {"clock_divider": 20},
    "edge_detect": {"edge_detector": 20},
    "enable_gating": {"enable_gating": 20},
    "sync_reset": {"sync_reset": 20},
    "async_reset": {"async_reset": 20},
    "enable_control": {"enable_control": 20},
    "updown_counter": {"counter_updown": 20},
    "load_enable": {"counter_load": 20},
    "shift_register": dict.fromkeys(catalogue.SHIFT, 6),
    "fsm": dict.fromkeys(catalogue.FSM, 10),
}
# A held-out spec must leave at least this many others of its shape to train on, out of SURVEY draws.
SIBLINGS, SURVEY = 6, 3000
SEED = "v5-benchmark"
# Categories of one family whose name alone differs: each is a register with some kind of reset.
REGISTERS = ("register_basic", "async_reset", "sync_reset")


class SuiteError(ValueError):
    """A suite file that is missing, broken or does not match its specs."""


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str
    row: str
    texts: dict[str, str]
    spec: dict[str, object]


@dataclass(frozen=True)
class Request:
    """What a model is asked: `row` is its benchmark category, `texts` one wording for each split."""

    id: str
    row: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Task(Request):
    """One spec of the suite."""

    spec: Spec


@dataclass(frozen=True)
class Suite:
    """The tasks of one suite folder, and the digest of the file that holds them."""

    name: str
    digest: str
    tasks: tuple[Task, ...]
    left_out: tuple[str, ...] = ()
    """Ids of the whole suite that `first` took out."""

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(task.id for task in self.tasks)

    @property
    def splits(self) -> tuple[str, ...]:
        """The wordings that every task has."""
        return tuple(SPLITS)

    @cached_property
    def rows(self) -> tuple[str, ...]:
        """The benchmark categories, in file order."""
        return tuple(dict.fromkeys(task.row for task in self.tasks))

    def families(self, row: str) -> frozenset[str]:
        """The families whose specs make up one category."""
        return frozenset(task.spec.category for task in self.tasks if task.row == row)

    def first(self, per_family: int) -> Suite:
        """The same suite with at most `per_family` specs of each family: for quick runs, not a release."""
        seen: Counter[str] = Counter()
        kept = []
        for task in self.tasks:
            seen[task.spec.category] += 1
            if seen[task.spec.category] <= per_family:
                kept.append(task)
        left_out = tuple(task.id for task in self.tasks if task not in kept)
        key = digest(canonical([self.digest, per_family]))
        return Suite(f"{self.name}[{per_family}]", key, tuple(kept), left_out)


def parameter_key(spec: Spec) -> str:
    """What a spec does, names apart: equal keys mean equal behaviour, also across the categories of registers."""
    parameters = [[name, "register" if value in REGISTERS else value] for name, value in spec.parameters]
    return digest(canonical(json.loads(json.dumps([type(spec).__name__, parameters], default=str))))


def shape(spec: Spec) -> str:
    """The structure of a spec: which kinds of facts it states, whatever their values."""
    return ",".join(sorted({spec.kind.key, *(fact.key for fact in spec.facts())}))


def load_suite(folder: Path) -> Suite:
    """Read a suite. Raises SuiteError naming the file, the line and the rule."""
    path = folder / "specs.jsonl"
    try:
        lines = path.read_text("utf-8").removesuffix("\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SuiteError(f"{path}: cannot be read ({error}); a suite folder holds specs.jsonl") from error
    if lines == [""]:
        raise SuiteError(f"{path}: holds no spec; write one with `python -m harness.benchmark.suite FOLDER`")
    tasks = [_task(f"{path}, line {number}", line) for number, line in enumerate(lines, 1)]
    twice = [task_id for task_id, count in Counter(task.id for task in tasks).items() if count > 1]
    if twice:
        raise SuiteError(f"{path}: these ids occur twice: {', '.join(twice)}; every spec has its own")
    return Suite(folder.name, digest_file(path), tuple(tasks))


def _task(where: str, line: str) -> Task:
    try:
        entry = _Line.model_validate_json(line)
        spec = catalogue.load(entry.spec)
    except ValidationError as error:
        raise SuiteError(f"{where}: {first_fault(error)}; restore the file, it is never edited") from error
    except ValueError as error:
        raise SuiteError(f"{where}: {error}; restore the file, it is never edited") from error
    unsaid = [split for split in SPLITS if not entry.texts.get(split)]
    if unsaid:
        raise SuiteError(
            f"{where}: {entry.id} has no text for split {', '.join(unsaid)}; every spec has both"
        )
    return Task(entry.id, entry.row, entry.texts, spec)


def sample_suite() -> Iterator[Task]:
    """Draw the specs of a new suite: distinct in behaviour, each with siblings left to train on.

    Raises SuiteError when a family has too few.
    """
    for row, families in ROWS.items():
        for category, count in families.items():
            specs = list(islice(_held_out(category), count))
            if len(specs) < count:
                raise SuiteError(
                    f"only {len(specs)} of {count} {category} specs leave {SIBLINGS} siblings each"
                )
            for number, spec in enumerate(specs, 1):
                texts = {
                    split: text(spec, Random(f"{SEED}:{split}:{category}:{number}"), said_by)
                    for split, said_by in SPLITS.items()
                }
                yield Task(f"{category}-{number:02d}", row, texts, spec)


def _held_out(category: str) -> Iterator[Spec]:
    survey = {
        parameter_key(spec): shape(spec)
        for spec in islice(catalogue.draw(category, f"{SEED}:survey"), SURVEY)
    }
    left = Counter(survey.values())
    taken: set[str] = set()
    for spec in islice(catalogue.draw(category, SEED), SURVEY):
        key, form = parameter_key(spec), shape(spec)
        if key not in taken and left[form] > SIBLINGS:
            taken.add(key)
            left[form] -= 1
            yield spec


def write_suite(folder: Path) -> None:
    """Sample a suite and write it to `folder`/specs.jsonl."""
    lines = [
        canonical({"id": t.id, "row": t.row, "texts": dict(t.texts), "spec": catalogue.dump(t.spec)}) + "\n"
        for t in sample_suite()
    ]
    write_atomic(folder / "specs.jsonl", "".join(lines))


if __name__ == "__main__":
    write_suite(Path(sys.argv[1]))
