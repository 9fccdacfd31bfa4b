"""One request to a server that speaks OpenAI's protocol, its faults sorted into those that may pass and the others.

The key comes from the environment and goes nowhere but to the server: not along a redirect, and into no message.
"""

from __future__ import annotations

import json
from http.client import HTTPException
from typing import Any, TypeVar
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from pydantic import BaseModel, ValidationError

from harness.model.base import BaseModelError
from harness.secret import quoted, read_key
from harness.validation import first_fault

KEY = "OPENAI_API_KEY"
"""The environment variable that holds the server's key, if it wants one."""
TIMEOUT_S = 600.0
"""How long nothing may come from the server; it sends an answer only when it is whole."""
AGAIN = (408, 425, 429)
"""Statuses below 500 that may pass."""
ABSENT = (404, 405, 501)
"""Statuses of what a server does not have."""
HINTS = {
    401: f"put the server's key into the environment variable {KEY}",
    403: f"put a key that may do this into the environment variable {KEY}",
    **dict.fromkeys(ABSENT, "check the address, which ends in /v1 on most servers, and the model's name"),
}
Reply = TypeVar("Reply", bound=BaseModel)


class MayPass(Exception):
    """A fault of the connection or the server. `pause`: the seconds that the server asks to be left alone."""

    def __init__(self, said: str, pause: float = 0.0) -> None:
        super().__init__(said)
        self.pause = pause


class Absent(BaseModelError):
    """The server has nothing that could be asked at this address."""


def call(url: str, body: dict[str, Any] | None, kind: type[Reply]) -> Reply:
    """One request. Raises MayPass, or BaseModelError where another try would fare no better.

    Both are raised outside the handler: the library's exceptions hold the request with its headers, and so the key.
    """
    fault: Exception
    try:
        with build_opener(_NoRedirects).open(_request(url, body), timeout=TIMEOUT_S) as reply:
            said = reply.read()
        return kind.model_validate_json(said)
    except HTTPError as error:
        fault = _refused(url, error)
    except ValidationError as error:
        words = quoted(said.decode("utf-8", "replace"), KEY)
        fault = BaseModelError(
            f"{url}: the reply is not of OpenAI's protocol ({first_fault(error, 'the reply')}): {words!r};"
            " check the address and the server's log"
        )
    except (OSError, HTTPException, UnicodeError) as error:  # the last for the name of a host or a proxy
        fault = MayPass(quoted(str(getattr(error, "reason", error)) or type(error).__name__, KEY))
    raise fault


def _refused(url: str, error: HTTPError) -> Exception:
    """What a status that is not a success means, with the server's own words."""
    try:
        with error:
            words = quoted(error.read().decode("utf-8", "replace"), KEY)
    except (OSError, HTTPException):
        words = ""
    said = f"the server says {error.code} {words}".rstrip()
    if (error.code >= 500 or error.code in AGAIN) and error.code not in ABSENT:
        asked = error.headers.get("retry-after") or ""
        return MayPass(said, float(asked) if asked.isdecimal() else 0.0)
    hint = HINTS.get(error.code, "change the server's settings, or `benchmark` in the profile")
    if error.code < 400:
        hint = "give the address that it leads to"
    return (Absent if error.code in ABSENT else BaseModelError)(f"{url}: {said}; {hint}")


def _request(url: str, body: dict[str, Any] | None) -> Request:
    """Raises BaseModelError for a key that cannot be one."""
    headers = {"Content-Type": "application/json"}
    try:
        key = read_key(KEY)
    except ValueError as error:
        raise BaseModelError(str(error)) from None
    if key:
        headers["Authorization"] = f"Bearer {key}"
    return Request(url, None if body is None else json.dumps(body).encode(), headers)


class _NoRedirects(HTTPRedirectHandler):
    """A redirect is an error: following it would carry the key to wherever it leads."""

    def redirect_request(self, *_: Any) -> None:
        return None
