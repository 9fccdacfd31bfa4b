"""The one chat format of training and generation: ChatML, a single user turn, no system prompt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.dataset.records import CHAT_MARKERS, END, START

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


def chat_prompt(text: str) -> str:
    """What the model completes for the request `text`. Raises ValueError if `text` holds a chat marker."""
    for marker in CHAT_MARKERS:
        if marker in text:
            raise ValueError(f"the prompt contains the chat marker {marker}; remove it: {text!r}")
    return f"{START}user\n{text}{END}\n{START}assistant\n"


def prompt_ids(tokenizer: PreTrainedTokenizerBase, text: str) -> list[int]:
    """Token ids of `chat_prompt(text)`."""
    return list(tokenizer(chat_prompt(text), add_special_tokens=False)["input_ids"])


def end_of_turn(tokenizer: PreTrainedTokenizerBase) -> int:
    """Id of the token that ends an answer. Raises ValueError for a tokenizer without it."""
    token = tokenizer.convert_tokens_to_ids(END)
    if not isinstance(token, int) or tokenizer.convert_ids_to_tokens(token) != END:
        raise ValueError(f"the tokenizer has no {END} token; use a base model whose tokenizer knows ChatML")
    return token


def completion_ids(tokenizer: PreTrainedTokenizerBase, text: str) -> list[int]:
    """Token ids of an answer with its end-of-turn token."""
    return [*tokenizer(text, add_special_tokens=False)["input_ids"], end_of_turn(tokenizer)]
