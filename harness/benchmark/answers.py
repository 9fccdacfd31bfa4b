"""Completions of any system, read from a file: what it answered to which spec of a suite.

A line is a JSON object: `spec` (the id), `sample` (0, the default, is the greedy answer), `text` (the answer as
it came, prose and fences included) and `split` (the first split of the suite if it is not said). What else it
says is passed over.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import islice
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from harness.benchmark.suite import SPLITS
from harness.validation import first_fault

LARGEST_LINE = 4_000_000
SAMPLES = 10_000
"""Samples that a spec may have: a seed or a time in the place of a sample's number is more."""
NAMED = 8
"""Faults of one kind that an error names; it counts the others."""
FIRST = next(iter(SPLITS))


class AnswersError(ValueError):
    """A completions file that cannot be scored; the message names every kind of fault in it."""


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore")

    spec: str = Field(min_length=1)
    sample: int = Field(0, ge=0, lt=SAMPLES, strict=True)
    text: str
    split: str = FIRST


def read_answers(
    path: Path, tasks: Sequence[str], left_out: Collection[str] = ()
) -> dict[str, dict[str, list[str]]]:
    """By split, the answers to every task in suite order, the greedy one first; splits that are not there are left out.

    Raises AnswersError for a file that cannot be read, and for one with malformed lines, specs and splits that
    the suite does not have, two answers of one number, and missing ones: within a split every spec needs the
    same samples, from 0 without a gap. Answers to specs that are `left_out` this time are passed over.
    """
    rows, malformed = _rows(path)
    skipped = frozenset(left_out)
    rows = [(where, row) for where, row in rows if row.spec not in skipped]
    known = frozenset(tasks)
    faults = {
        "malformed": malformed,
        "no spec or split of the suite": [
            f"{where}: {r.spec!r}, split {r.split!r}"
            for where, r in rows
            if r.spec not in known or r.split not in SPLITS
        ],
    }
    found: dict[tuple[str, str, int], str] = {}
    twice = []
    for where, row in rows:
        key = row.split, row.spec, row.sample
        if key in found:
            twice.append(f"{where}: {row.spec}, sample {row.sample}")
        found[key] = row.text
    faults["the same spec and sample again (a prompt of another split needs its `split`)"] = twice
    splits = [split for split in SPLITS if any(row.split == split for _, row in rows)]
    counts = {split: _samples([key for key in found if key[0] == split]) for split in splits}
    faults["of a higher sample number than other specs have"] = [
        f"{where}: {row.spec}, sample {row.sample}"
        for where, row in rows
        if row.split in counts and row.sample >= counts[row.split] and row.spec in known
    ]
    said = [_listed(kind, len(faulty), faulty) for kind, faulty in faults.items() if faulty]
    there = sum(spec in known and sample < counts.get(split, 0) for split, spec, sample in found)
    if missing := len(known) * sum(counts.values()) - there:
        # Counted, and listed only as far as they are named: a high sample number makes millions of them.
        listed = (
            f"{task}, sample {sample}{'' if split == FIRST else f', split {split}'}"
            for split in splits
            for task in tasks
            for sample in range(counts[split])
            if (split, task, sample) not in found
        )
        said.append(_listed("missing", missing, listed))
    if said:
        raise AnswersError(
            f"{path}: {'; '.join(said)}. A line is a JSON object of `spec`, `text` and, if wanted, `sample` and"
            " `split`; every spec needs one answer for each sample, numbered from 0"
        )
    if not rows:
        raise AnswersError(
            f"{path}: holds no answer; write one JSON object (spec, sample, text) on each line"
        )
    if FIRST not in splits:
        raise AnswersError(f"{path}: has no answer for the split {FIRST}, which criteria are decided on")
    return {
        split: {task: [found[split, task, sample] for sample in range(counts[split])] for task in tasks}
        for split in splits
    }


def _samples(keys: Sequence[tuple[str, str, int]]) -> int:
    """How many samples most specs of a split have."""
    highest: dict[str, int] = {}
    for _, spec, sample in keys:
        highest[spec] = max(sample, highest.get(spec, 0))
    return 1 + Counter(highest.values()).most_common(1)[0][0]


def _rows(path: Path) -> tuple[list[tuple[str, _Row]], list[str]]:
    """The well-formed lines with their places, and what is wrong with the others."""
    rows, malformed = [], []
    try:
        with path.open("rb") as file:
            for number, line in enumerate(iter(lambda: file.readline(LARGEST_LINE + 1), b""), 1):
                if len(line) > LARGEST_LINE:
                    raise AnswersError(
                        f"{path}, line {number}: longer than {LARGEST_LINE:,} bytes; put one answer on a line"
                    )
                if number == 1:
                    line = line.removeprefix(BOM_UTF8)
                if line.strip():
                    try:
                        rows.append((f"line {number}", _Row.model_validate_json(line)))
                    except ValidationError as error:
                        first = error.errors()[0]
                        has = f"; it has {', '.join(first['input'])}" if first["type"] == "missing" else ""
                        malformed.append(f"line {number} ({first_fault(error)}{has[:100]})")
    except OSError as error:
        raise AnswersError(
            f"{path}: cannot be read ({error.strerror}); give a JSONL file of completions"
        ) from error
    return rows, malformed


def _listed(kind: str, count: int, faulty: Iterable[str]) -> str:
    rest = f" and {count - NAMED} more" if count > NAMED else ""
    return f"{count} {kind}: {'; '.join(islice(faulty, NAMED))}{rest}"
