"""What was answered is replayed to the letter, and what was not recorded is an error."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.model.recordings import RecordingError, read_recording, write_recording

texts = st.text(max_size=20)
answers = st.dictionaries(st.tuples(texts, st.integers(0, 5)), texts, max_size=6)


def triples(found: dict[tuple[str, int], str]) -> list[tuple[str, int, str]]:
    return [(prompt, sample, text) for (prompt, sample), text in found.items()]


@settings(max_examples=40, deadline=None)
@given(found=answers, seed=st.integers())
def test_round_trip(
    tmp_path_factory: pytest.TempPathFactory, found: dict[tuple[str, int], str], seed: int
) -> None:
    """Every answer is found again, line separators and all; equal answers give equal bytes in any order."""
    folder = tmp_path_factory.getbasetemp()
    made_by = {"model": "v3", "temperature": 0.4}
    write_recording(folder / "one.jsonl", made_by, triples(found))
    shuffled = triples(found) * 2
    Random(seed).shuffle(shuffled)
    write_recording(folder / "two.jsonl", dict(reversed(made_by.items())), shuffled)
    assert (folder / "one.jsonl").read_bytes() == (folder / "two.jsonl").read_bytes()
    recording = read_recording(folder / "one.jsonl")
    assert recording.made_by == made_by
    for (prompt, sample), text in found.items():
        assert recording.find([prompt], [sample]) == [[text]]


def test_answers_come_in_the_order_asked(tmp_path: Path) -> None:
    """One list a prompt, one answer a sample."""
    path = tmp_path / "v3.jsonl"
    write_recording(
        path, {}, [(prompt, sample, f"{prompt}{sample}") for prompt in "ab" for sample in range(3)]
    )
    assert read_recording(path).find(["b", "a", "b"], [2, 0]) == [["b2", "b0"], ["a2", "a0"], ["b2", "b0"]]


@pytest.mark.parametrize(("prompt", "sample"), [("other", 0), ("asked", 1)])
def test_what_is_missing_is_an_error(tmp_path: Path, prompt: str, sample: int) -> None:
    """A prompt or sample that was never recorded is named, with the way to record it."""
    path = tmp_path / "v3.jsonl"
    write_recording(path, {}, [("asked", 0, "answer")])
    with pytest.raises(
        RecordingError, match=rf"v3\.jsonl has no answer {sample} for the prompt '{prompt}'.*--from-scratch"
    ):
        read_recording(path).find([prompt], [sample])
    with pytest.raises(RecordingError, match=r": restore it$"):
        read_recording(path, "restore it").find([prompt], [sample])


def test_two_answers_to_one_question_are_an_error(tmp_path: Path) -> None:
    """What could not be replayed faithfully is not recorded."""
    with pytest.raises(RecordingError, match=r"two answers 0 for the prompt 'asked'"):
        write_recording(tmp_path / "v3.jsonl", {}, [("asked", 0, "one"), ("asked", 0, "two")])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "line 1"),
        (b"{}\n", "line 1"),
        (b"[]\n", "line 1"),
        (b'{"made_by": 5}\n', "line 1"),
        (b'{"made_by": {}}\n{"prompt": "a", "sample": 0, "te', "line 2: .*EOF"),
        (b'{"made_by": {}}\n{"prompt": "a", "sample": "x", "text": ""}\n', "line 2: sample: .*integer"),
        (
            b'{"made_by": {}}\n{"prompt": "a", "sample": 0, "text": "", "passed": true}\n',
            "line 2: passed: Extra",
        ),
        (b'{"made_by": {}}\n\n', "line 2"),
        (b"\xff\n", "utf-8"),
        (None, "No such file"),
    ],
)
def test_broken_recording(tmp_path: Path, content: bytes | None, complaint: str) -> None:
    """A file that is missing, cut, or holds a verdict is named with its line and the way out."""
    path = tmp_path / "v3.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(RecordingError, match=rf"v3\.jsonl.*{complaint}.*--from-scratch"):
        read_recording(path)


def test_other_settings_are_an_error(tmp_path: Path) -> None:
    """What a recording tells of itself has to be what is asked for; what it does not tell is not held against it."""
    path = tmp_path / "v3.jsonl"
    write_recording(path, {"name": "v3", "temperature": 0.4, "trained": {"base": "embedded"}}, [])
    recording = read_recording(path)
    recording.require(base="embedded", temperature=0.4, max_new_tokens=512)
    with pytest.raises(
        RecordingError,
        match=r"v3\.jsonl: was made with base 'embedded', not 'mine', temperature 0\.4, not 1\.5;",
    ):
        recording.require(base="mine", temperature=1.5, name="v3")
