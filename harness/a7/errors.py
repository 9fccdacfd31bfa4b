"""What can go wrong with the API, and its key."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import SecretStr

from harness.secret import read_key

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
    """The key from the environment. Raises ApiError if there is none, or it cannot be one."""
    try:
        key = read_key(KEY)
    except ValueError as error:
        raise ApiError(str(error)) from None
    if not key:
        raise ApiError(
            f"{KEY} is not set, and the reply is not stored: set it in the environment, or use the offline A7"
        )
    return SecretStr(key)
