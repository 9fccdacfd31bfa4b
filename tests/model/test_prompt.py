"""The chat format."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.model.prompt import chat_prompt, completion_ids, prompt_ids

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")


def test_one_user_turn_and_an_open_answer() -> None:
    """The prompt is ChatML without a system turn, and ends where the answer begins."""
    assert chat_prompt("hi") == "<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n"


@pytest.mark.parametrize("marker", ["<|im_start|>", "<|im_end|>"])
def test_a_prompt_cannot_forge_a_turn(marker: str) -> None:
    """A request that holds a chat marker is refused by name instead of ending its own turn."""
    with pytest.raises(ValueError, match=r"chat marker"):
        chat_prompt(f"a {marker} b")


def test_an_answer_ends_with_the_end_of_turn_token(tiny: Path) -> None:
    """Only the answer carries the end token as its last id; the markers are single tokens."""
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(tiny)
    assert completion_ids(tokenizer, "ab")[-1] == 1
    assert prompt_ids(tokenizer, "ab").count(0) == 2
