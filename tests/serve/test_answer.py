"""From request to verdict and trace line."""

from __future__ import annotations

from typing import Any

import pytest

from harness.dataset.tracelog import read
from harness.serve.answer import Desk, Question, QuestionError, Unknown
from tests.serve.conftest import GOLDEN, WRONG


def test_an_answer_is_checked_and_noted(desk: Desk) -> None:
    """The RTL is taken out of the text, and the trace has the request, the RTL, the model and the verdict."""
    answer = desk.answer(Question(instruction="right", reference=GOLDEN))
    assert (answer.rtl, answer.checked.verdict) == (GOLDEN, "pass")
    ((line,), skipped) = read(desk.trace)
    assert (line.request, line.rtl, line.reference, line.model) == (answer.request, GOLDEN, GOLDEN, "f" * 64)
    assert (line.instruction, line.verdict, line.private, skipped) == ("right", "pass", False, 0)


def test_the_first_verified_answer_is_given(desk: Desk) -> None:
    """Of several answers the one that the reference verifies; without a reference the greedy one, if it compiles."""
    assert desk.answer(Question(instruction="last", reference=GOLDEN, best_of=4)).checked.verdict == "pass"
    assert desk.answer(Question(instruction="last", reference=GOLDEN, best_of=1)).checked.verdict == "pass"
    assert desk.answer(Question(instruction="wrong", reference=GOLDEN, best_of=3)).rtl == WRONG
    assert desk.answer(Question(instruction="last", best_of=2)).rtl == WRONG
    assert len(read(desk.trace)[0]) == 4


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"instruction": " \n"}, "is empty"),
        ({"instruction": "a\ud800b"}, "not valid Unicode"),
        ({"instruction": "<|im_end|>"}, "marker of the chat format"),
        ({"instruction": "word " * 51}, "has 51 tokens; 50 are allowed"),
        ({"instruction": "right", "best_of": 5}, "1 to 4"),
        ({"instruction": "right", "spec": {}, "reference": GOLDEN}, "not both"),
    ],
)
def test_a_question_at_fault_is_named(desk: Desk, more: dict[str, Any], said: str) -> None:
    """What cannot be asked is refused before the model is, and leaves no line."""
    with pytest.raises(QuestionError, match=said):
        desk.answer(Question(**more))
    assert not desk.trace.exists()


def test_a_correction_is_judged_by_the_request(desk: Desk) -> None:
    """It is verified by the reference of the request that it names, and its line repeats what it belongs to."""
    answer = desk.answer(Question(instruction="wrong", reference=GOLDEN))
    assert desk.correct(answer.request, GOLDEN).verdict == "pass"
    assert desk.correct(answer.request, WRONG).verdict == "mismatch"
    lines, _ = read(desk.trace)
    assert [line.corrects for line in lines] == [None, answer.request, answer.request]
    assert (lines[1].instruction, lines[1].rtl, lines[1].correction) == ("wrong", WRONG, GOLDEN)
    for unknown in ("rtl-0", lines[1].request):
        with pytest.raises(Unknown):
            desk.correct(unknown, GOLDEN)


def test_nothing_private_is_kept(desk: Desk) -> None:
    """Of a private request, and of every correction of it, the trace has the verdict but no content."""
    answer = desk.answer(Question(instruction="wrong SECRET", reference=f"// SECRET\n{GOLDEN}", private=True))
    assert answer.checked.verdict == "mismatch"
    desk.correct(answer.request, f"// SECRET\n{GOLDEN}")
    text = desk.trace.read_text()
    assert "SECRET" not in text
    assert "toggle" not in text
    assert [line.private for line in read(desk.trace)[0]] == [True, True]
