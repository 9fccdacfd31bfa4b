"""What is taken of OpenAI's requests: the fields that say nothing, beside those that can be honoured."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from harness.serve.openai import ChatRequest, CompletionRequest

CHAT: dict[str, Any] = {"messages": [{"role": "user", "content": "x"}]}


@pytest.mark.parametrize("kind", [ChatRequest, CompletionRequest])
def test_null_says_nothing(kind: type[ChatRequest] | type[CompletionRequest]) -> None:
    """A request in which every optional field is null, and one of a later date too, is the one without them."""
    asked = CHAT if kind is ChatRequest else {"prompt": "x"}
    nulls = dict.fromkeys([*kind.model_fields, "metadata"])
    said = kind.model_validate_json(json.dumps({**nulls, **asked}))
    assert said == kind.model_validate(asked)


@pytest.mark.parametrize(
    "more",
    [
        {"stop": []},
        {"stream_options": {"include_usage": False}},
        {"stream_options": {"include_usage": None}},
        {"stream_options": {}},
        {"response_format": {"type": "text"}},
        {"store": False},
        {"n": 1, "top_p": 1.0, "frequency_penalty": 0.0, "presence_penalty": 0.0},
    ],
)
def test_neutral_values_are_taken(more: dict[str, Any]) -> None:
    """What clients send without wanting anything by it is no reason to refuse them."""
    assert ChatRequest.model_validate_json(json.dumps({**CHAT, **more})).text == "x"


@pytest.mark.parametrize(
    "more",
    [
        {"stop": ["x"]},
        {"stop": "x"},
        {"stream_options": {"more": True}},
        {"response_format": {"type": "json_object"}},
        {"response_format": {"type": "text", "more": 1}},
        {"store": True},
        {"n": 2},
        {"top_p": 0.9},
        {"metadata": {}},
    ],
)
def test_what_cannot_be_honoured_is_refused_by_name(more: dict[str, Any]) -> None:
    """Anything else would be passed over in silence."""
    with pytest.raises(ValidationError, match=next(iter(more))):
        ChatRequest.model_validate_json(json.dumps({**CHAT, **more}))
