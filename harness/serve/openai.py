"""The part of OpenAI's completions interface that a model of single requests can honour.

What it cannot is refused by name and not passed over: several messages, several choices, penalties, tools.
"""

from __future__ import annotations

import time
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from harness.serve.answer import Answer


class _Fields(BaseModel):
    """What is not known is refused, but null says no more than leaving the field out."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _said(cls, fields: Any) -> Any:
        if not isinstance(fields, dict):
            return fields
        return {name: value for name, value in fields.items() if value is not None}


class StreamOptions(_Fields):
    """`include_usage`: a last chunk counts the tokens."""

    include_usage: bool = False


class TextFormat(_Fields):
    """The only format of answers."""

    type: Literal["text"]


class _Request(_Fields):
    """Fields whose only value is the neutral one are for clients that always send them."""

    model: str = ""
    max_tokens: int | None = Field(None, ge=1)
    temperature: float = Field(0.0, ge=0, le=2, description="0: greedy, as the gate measured it")
    seed: int = Field(0, ge=0, lt=2**63)
    stream: bool = False
    stream_options: StreamOptions = StreamOptions()
    n: Literal[1] = 1
    top_p: Literal[1] = 1
    frequency_penalty: Literal[0] = 0
    presence_penalty: Literal[0] = 0
    stop: tuple[()] = ()
    user: str | None = None
    private: bool = Field(False, description="an extension: keep nothing of the content in the trace")


class TextPart(BaseModel):
    """A piece of a message."""

    type: Literal["text"]
    text: str


class Message(BaseModel):
    """The request to the model."""

    role: Literal["user"]
    content: str | list[TextPart]


class ChatRequest(_Request):
    """Exactly one user message: the model was trained on single requests, without a system prompt."""

    messages: list[Message] = Field(min_length=1, max_length=1)
    max_completion_tokens: int | None = Field(None, ge=1)
    response_format: TextFormat | None = None
    store: Literal[False] = False

    @property
    def text(self) -> str:
        """What is asked."""
        content = self.messages[0].content
        return content if isinstance(content, str) else "".join(part.text for part in content)

    @property
    def most(self) -> int | None:
        """The most tokens of the answer, if said."""
        return self.max_completion_tokens or self.max_tokens


class CompletionRequest(_Request):
    """A request in one string; it is asked as one user message."""

    prompt: str

    @property
    def text(self) -> str:
        """What is asked."""
        return self.prompt

    @property
    def most(self) -> int | None:
        """The most tokens of the answer, if said."""
        return self.max_tokens


class Reply:
    """The objects of one reply, whole or in chunks, to a chat or a plain completion.

    `counted`: it is streamed to a client that wants the tokens counted in a last chunk, and null in the others.
    """

    def __init__(self, chat: bool, model: str, id: str, prompt_tokens: int, counted: bool = False) -> None:
        self.chat, self.model, self.id, self.created = chat, model, id, int(time.time())
        self.prompt_tokens, self.counted = prompt_tokens, counted

    def chunk(self, text: str, end: str | None) -> dict[str, Any]:
        """A piece of a streamed answer."""
        said = {"delta": {"role": "assistant", "content": text}} if self.chat else {"text": text}
        return {**self._streamed([_choice(said, end)]), **({"usage": None} if self.counted else {})}

    def count(self, tokens: int) -> dict[str, Any]:
        """The last chunk of a streamed answer that is `counted`."""
        return {**self._streamed([]), "usage": self._usage(tokens)}

    def whole(self, text: str, end: str, tokens: int) -> dict[str, Any]:
        """The whole answer."""
        said = {"message": {"role": "assistant", "content": text}} if self.chat else {"text": text}
        kind = "chat.completion" if self.chat else "text_completion"
        return {**self._object(kind, [_choice(said, end)]), "usage": self._usage(tokens)}

    def _streamed(self, choices: list[dict[str, Any]]) -> dict[str, Any]:
        return self._object("chat.completion.chunk" if self.chat else "text_completion", choices)

    def _object(self, kind: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
        head = {"id": self.id, "object": kind, "created": self.created, "model": self.model}
        return {**head, "choices": choices}

    def _usage(self, tokens: int) -> dict[str, int]:
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": tokens,
            "total_tokens": self.prompt_tokens + tokens,
        }


def _choice(said: dict[str, Any], end: str | None) -> dict[str, Any]:
    return {"index": 0, **said, "finish_reason": end}


def verdict(answer: Answer) -> dict[str, Any]:
    """What we add to a reply: the request's id for corrections, and what is known of the RTL."""
    return {
        "rtl": {
            "request": answer.request,
            "verdict": answer.checked.verdict,
            "detail": answer.checked.detail,
        }
    }
