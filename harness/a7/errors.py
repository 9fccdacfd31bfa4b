"""What can go wrong with the API, and the key, which no message may show."""

from __future__ import annotations

import os
from dataclasses import dataclass

from pydantic import SecretStr

KEY = "ANTHROPIC_API_KEY"


class ApiError(RuntimeError):
    """The API cannot be used at all as things are; the message says why and what to do."""


class Limited(ApiError):
    """The API keeps turning us away; `reason` is one word to count by."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A request that got no reply: `reason` is one word to count by, `detail` says more."""

    reason: str
    detail: str


def api_key() -> SecretStr:
    """The key from the environment. Raises ApiError if there is none, or it cannot be one.

    A key with a line break in it is refused here, because the HTTP library would quote it in its own complaint.
    """
    key = os.environ.get(KEY, "").strip()
    if not key:
        raise ApiError(
            f"{KEY} is not set, and the reply is not stored: set it in the environment, or use the offline A7"
        )
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ApiError(f"{KEY} holds characters that no key has; copy it again")
    return SecretStr(key)


def without_key(text: str) -> str:
    """`text` with the key blotted out, should a server or a library have quoted it."""
    key = os.environ.get(KEY, "").strip()
    return text.replace(key, "[key]") if key else text
