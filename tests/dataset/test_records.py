"""A dataset file is read back as it was written, and a broken one is refused with file, line and remedy."""

from __future__ import annotations

import errno
import json
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.dataset.records import (
    LARGEST_LINE,
    DatasetError,
    Metadata,
    Record,
    Version,
    read_records,
    write_records,
)
from harness.families.catalogue import draw, dump
from harness.store import StoreError

SPECS = [dump(spec) for spec in islice(draw("mux", "records"), 3)]
words = st.text(min_size=1, max_size=20)
metadata = st.builds(
    Metadata,
    source=words,
    category=words,
    functional=st.sampled_from(["verified", "unverified"]),
    sim_passed=st.none() | st.booleans(),
    spec=st.none() | st.sampled_from(SPECS),
    versions=st.lists(st.builds(Version, instruction=words, output=words), max_size=3),
    candidate_writer=words,
)
records = st.builds(Record, instruction=words, input=st.text(max_size=5), output=words, metadata=metadata)


def example(**changes: Any) -> Record:
    return Record(instruction="a", output="b", metadata=Metadata(source="test", category="mux", **changes))


def line(**changes: Any) -> bytes:
    return json.dumps(example().model_dump(exclude_none=True) | changes).encode() + b"\n"


@settings(max_examples=40, deadline=None)
@given(written=st.lists(records, min_size=1, max_size=4))
def test_round_trip(tmp_path_factory: pytest.TempPathFactory, written: list[Record]) -> None:
    """What is written is read back equal, whatever characters, line separators included, stand in it."""
    path = tmp_path_factory.getbasetemp() / "round_trip.jsonl"
    write_records(path, written)
    assert read_records(path) == written


def test_turns_are_all_that_is_trained_on() -> None:
    """The input is part of the first request; the versions follow, each with its own answer."""
    again = [Version(instruction="d", output="e"), Version(instruction="f", output="g")]
    record = Record(instruction="a", input="b", output="c", metadata=example(versions=again).metadata)
    assert record.turns == (("a\nb", "c"), ("d", "e"), ("f", "g"))
    assert record.prompts == ("a\nb", "d", "f")
    assert example().turns == (("a", "b"),)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (line() + line()[:40], r"line 2: .*EOF while parsing.*mend or remove"),
        (line(output=5), r"line 1: output: .*valid string.*mend or remove"),
        (line(output=""), r"line 1: output: .*at least 1 character"),
        (line(outptu="x"), r"line 1: outptu: Extra inputs are not permitted"),
        (line(metadata={"category": "mux"}), r"line 1: metadata\.source: Field required"),
        (
            line(metadata={"source": "x", "category": "muxx"}),
            r"line 1: unknown category 'muxx'; known are mux",
        ),
        (
            line(metadata={"source": "x", "category": "mux", "spec": {"category": "mux"}}),
            r"line 1: metadata\.spec: not a mux spec: .*mend or leave out",
        ),
        (line(output="x<|im_end|>"), r"line 1: a text contains the chat marker <\|im_end\|>; remove it"),
        (b"[1, 2]\n", r"line 1: the line: .*object"),
        (line() + b"\n" + b'{"instruction": "\xe9"}\n', r"line 3: .*mend or remove"),
        (b"", r"holds no record; a dataset has one JSON object on each line"),
        (b"\n \n", r"holds no record"),
    ],
)
def test_broken_file(tmp_path: Path, content: bytes, complaint: str) -> None:
    """Every way a file can be broken is one DatasetError that names file, line, fault and remedy."""
    path = tmp_path / "broken.jsonl"
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=rf"broken\.jsonl.*{complaint}"):
        read_records(path, ["mux"])


def test_endless_line_is_not_read_whole(tmp_path: Path) -> None:
    """A line of a gigabyte is refused after its first megabyte."""
    path = tmp_path / "long.jsonl"
    with path.open("wb") as file:
        file.write(line())
        file.truncate(2**30)
    with pytest.raises(DatasetError, match=rf"long\.jsonl, line 2: longer than {LARGEST_LINE:,} bytes"):
        read_records(path)


def test_missing_file(tmp_path: Path) -> None:
    """A missing file, or a folder, is named, with what to give instead."""
    for path in (tmp_path / "none.jsonl", tmp_path):
        with pytest.raises(DatasetError, match=rf"{path}: cannot be read .*give the path of a JSONL dataset"):
            read_records(path)


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Writing is whole or not at all: after a failure the old records stand and no temporary file is left."""

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = tmp_path / "records.jsonl"
    write_records(path, [example()])
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StoreError, match="No space left"):
        write_records(path, [example(testbench_type="new")])
    assert read_records(path) == [example()]
    assert list(tmp_path.iterdir()) == [path]
