"""A completions file is read whole or refused with every fault in it named."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.benchmark.answers import LARGEST_LINE, SAMPLES, AnswersError, read_answers

TASKS = ["a", "b"]


def written(folder: Path, *lines: object) -> Path:
    """A file with one line for each object; text stands as it is."""
    path = folder / "answers.jsonl"
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    return path


def row(spec: str, text: str = "x", **more: object) -> dict[str, object]:
    return {"spec": spec, "text": text, **more}


def test_samples_in_order(tmp_path: Path) -> None:
    """Lines may come in any order; answers come by spec and sample, and a split that is not there is left out."""
    lines = [row("b", "b1", sample=1), row("a", "a0"), row("b", "b0"), row("a", "a1", sample=1)]
    assert read_answers(written(tmp_path, *lines), TASKS) == {
        "normal": {"a": ["a0", "a1"], "b": ["b0", "b1"]}
    }


def test_both_splits(tmp_path: Path) -> None:
    """Each split has its own number of samples."""
    other = [row(task, split="worded-differently") for task in TASKS]
    first = [row(task, sample=sample) for task in TASKS for sample in (0, 1)]
    found = read_answers(written(tmp_path, *other, *first), TASKS)
    assert {split: len(answers["a"]) for split, answers in found.items()} == {
        "normal": 2,
        "worded-differently": 1,
    }


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([row("a")], "1 missing: b, sample 0"),
        (
            [row("a"), row("b"), row("b", sample=2)],
            "1 of a higher sample number than other specs have: line 3: b, sample 2",
        ),
        ([row("a"), row("b"), row("c")], "1 no spec or split of the suite: line 3: 'c'"),
        ([row("a"), row("b", split="other")], "no spec or split of the suite: line 2: 'b', split 'other'"),
        (
            [row("a"), row("b"), row("a", "y")],
            "again (a prompt of another split needs its `split`): line 3: a, sample 0",
        ),
        (
            [row("a"), row("b"), row("a")],
            "again (a prompt of another split needs its `split`): line 3: a, sample 0",
        ),
        ([row("a"), row("b"), '{"spec": "a", "te'], "1 malformed: line 3 (the line: Invalid JSON"),
        ([row("a"), row("b"), {"spec": "a"}], "1 malformed: line 3 (text: Field required; it has spec)"),
        ([row("a"), row("b"), row("a", sample=-1)], "1 malformed: line 3 (sample:"),
        ([], "holds no answer"),
    ],
    ids=[
        "missing",
        "gap",
        "extra",
        "split",
        "other text",
        "same text",
        "cut",
        "field",
        "sign",
        "empty",
    ],
)
def test_faults_are_named(tmp_path: Path, lines: list[object], said: str) -> None:
    """Each kind of fault is refused with its place."""
    path = written(tmp_path, *lines)
    with pytest.raises(AnswersError) as caught:
        read_answers(path, TASKS)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)


def test_what_else_a_line_says_is_passed_over(tmp_path: Path) -> None:
    """Files of completions hold more than we ask for; a verdict among it decides nothing."""
    lines = row("a", model="mine", passed=True), row("b", tokens=[1, 2])
    assert read_answers(written(tmp_path, *lines), TASKS) == read_answers(
        written(tmp_path, row("a"), row("b")), TASKS
    )


def test_all_kinds_at_once(tmp_path: Path) -> None:
    """One error names all kinds, and counts what it does not list."""
    lines = [row("a"), "no", *(row(f"x{n}") for n in range(20))]
    with pytest.raises(AnswersError, match=r"1 malformed.*20 no spec.* and 12 more.*1 missing"):
        read_answers(written(tmp_path, *lines), TASKS)


@pytest.mark.parametrize("sample", [SAMPLES, 1_000_000, 1_700_000_000, 10**30])
def test_a_seed_is_no_sample_number(tmp_path: Path, sample: int) -> None:
    """A seed or a time in `sample` is refused in its line, and not counted up to."""
    path = written(tmp_path, row("a", sample=sample), row("b", sample=sample))
    with pytest.raises(AnswersError, match=r"2 malformed: line 1 \(sample: .*numbered from 0"):
        read_answers(path, TASKS)


def test_many_missing_answers_are_counted_at_once(tmp_path: Path) -> None:
    """The highest sample number for every spec of a large suite is millions of missing answers, and no wait."""
    tasks = [f"task{number}" for number in range(300)]
    path = written(tmp_path, *(row(task, sample=SAMPLES - 1) for task in tasks))
    begun = time.process_time()
    with pytest.raises(
        AnswersError, match=rf"{300 * (SAMPLES - 1)} missing: task0, sample 0; .* and \d+ more\. A line is"
    ):
        read_answers(path, tasks)
    assert time.process_time() - begun < 1


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    """Editors on Windows put one at the head of a file."""
    path = written(tmp_path, row("a"), row("b"))
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_answers(path, TASKS) == {"normal": {"a": ["x"], "b": ["x"]}}


def test_specs_that_are_left_out(tmp_path: Path) -> None:
    """Answers to the rest of the suite are no fault when a profile asks for a part of it only."""
    path = written(tmp_path, row("a"), row("b"), row("c"))
    assert read_answers(path, TASKS, ["c"]) == {"normal": {"a": ["x"], "b": ["x"]}}


def test_unreadable(tmp_path: Path) -> None:
    """A missing file and a line without end are errors that say so."""
    with pytest.raises(AnswersError, match="cannot be read"):
        read_answers(tmp_path / "none.jsonl", TASKS)
    with pytest.raises(AnswersError, match="longer than"):
        read_answers(written(tmp_path, "x" * (LARGEST_LINE + 1)), TASKS)


@given(st.binary(max_size=200))
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    """No content makes anything but an AnswersError."""
    path = tmp_path_factory.mktemp("any") / "a.jsonl"
    path.write_bytes(content)
    with pytest.raises(AnswersError):
        read_answers(path, TASKS)
