"""One line of a dataset file: the plan's instruction/input/output record with its metadata."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from harness.families.catalogue import load
from harness.store import write_atomic
from harness.validation import first_fault

LARGEST_LINE = 1_000_000
CHAT_MARKERS = START, END = "<|im_start|>", "<|im_end|>"
"""What begins and ends a turn of the chat that a model is trained on: no text may contain either."""


class DatasetError(ValueError):
    """A dataset file that cannot be used as it is."""


class Version(BaseModel):
    """One example again, in other words and under other names."""

    model_config = ConfigDict(extra="forbid")

    instruction: str = Field(min_length=1)
    output: str = Field(min_length=1)


class Metadata(BaseModel):
    """Where an example comes from and what is known of it.

    `functional` is what was *claimed or shown* when it was made: `verified` by a named testbench, or
    `unverified`. `spec` is the design the text was written from; `versions` are the same example in other
    words and under other names, shared out among the epochs.
    """

    model_config = ConfigDict(extra="allow")

    source: str
    category: str
    functional: Literal["verified", "unverified"] = "unverified"
    testbench_type: str | None = None
    sim_passed: bool | None = None
    compile_success: bool | None = None
    spec: dict[str, Any] | None = None
    versions: list[Version] = Field(default_factory=list)


class Record(BaseModel):
    """One training example."""

    model_config = ConfigDict(extra="forbid")

    instruction: str = Field(min_length=1)
    input: str = ""
    output: str = Field(min_length=1)
    metadata: Metadata

    @property
    def turns(self) -> tuple[tuple[str, str], ...]:
        """(request, answer) as trained on: the instruction with its input, then the versions."""
        first = f"{self.instruction}\n{self.input}" if self.input else self.instruction
        return ((first, self.output), *((v.instruction, v.output) for v in self.metadata.versions))

    @property
    def prompts(self) -> tuple[str, ...]:
        """Every request of `turns`."""
        return tuple(prompt for prompt, _ in self.turns)


def write_records(path: Path, records: Iterable[Record]) -> None:
    """Write a JSONL file, whole or not at all."""
    lines = [json.dumps(r.model_dump(exclude_none=True), ensure_ascii=False) + "\n" for r in records]
    write_atomic(path, "".join(lines))


def read_records(path: Path, categories: Iterable[str] | None = None) -> list[Record]:
    """Read a JSONL file; with `categories`, every record must be of one of them.

    Raises DatasetError naming file, line and fault: a missing file, a cut line, a field of the wrong type,
    an unknown category, a spec that is none.
    """
    known = None if categories is None else frozenset(categories)
    records: list[Record] = []
    try:
        with path.open("rb") as file:
            lines = iter(lambda: file.readline(LARGEST_LINE + 1), b"")
            for number, line in enumerate(lines, 1):
                if line.strip():
                    records.append(_record(f"{path}, line {number}", line, known))
    except OSError as error:
        raise DatasetError(
            f"{path}: cannot be read ({error.strerror}); give the path of a JSONL dataset"
        ) from error
    if not records:
        raise DatasetError(f"{path}: holds no record; a dataset has one JSON object on each line")
    return records


def _record(where: str, line: bytes, known: frozenset[str] | None) -> Record:
    if len(line) > LARGEST_LINE:
        raise DatasetError(
            f"{where}: longer than {LARGEST_LINE:,} bytes; remove it, or put one record on a line"
        )
    try:
        record = Record.model_validate_json(line)
    except ValidationError as error:
        raise DatasetError(f"{where}: {first_fault(error)}; mend or remove this line") from error
    for text in (text for turn in record.turns for text in turn):
        for marker in CHAT_MARKERS:
            if marker in text:
                raise DatasetError(f"{where}: a text contains the chat marker {marker}; remove it")
    if known is not None and record.metadata.category not in known:
        raise DatasetError(
            f"{where}: unknown category {record.metadata.category!r}; known are {', '.join(sorted(known))}"
        )
    if record.metadata.spec is not None:
        try:
            load(record.metadata.spec)
        except ValueError as error:
            raise DatasetError(f"{where}: metadata.spec: {error}; mend or leave out the spec") from error
    return record
