"""What a request has to get past before it is looked at: who sends it, how many there are, how large and slow it is.

Plain ASGI around the whole application, so that no route can be forgotten. The body is read here and handed on.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OPEN = frozenset({"/", "/health"})
"""Paths that need no token."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Of one service. `requests` are answered at a time; a body may have `body_bytes` and take `body_s` to come."""

    requests: int = 16
    body_bytes: int = 256 * 1024
    body_s: float = 10.0
    retry_s: int = 5
    """What a sender who comes when all are taken is told to wait."""


class Refusal(Exception):
    """A request that is not looked at further."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.headers = status, headers


class Guard:
    """The application behind its limits. `tell(path, status, seconds)` hears of every request, refused or not."""

    def __init__(
        self, app: ASGIApp, limits: Limits, token: str | None, tell: Callable[[str, int, float], None]
    ) -> None:
        self.app, self.limits, self.tell = app, limits, tell
        self.token = None if token is None else _hashed(token.encode())
        self.busy = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.monotonic(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._admit(scope, receive, noted)
        finally:
            self.tell(scope["path"], status, time.monotonic() - began)

    async def _admit(self, scope: Scope, receive: Receive, send: Send) -> None:
        works = scope["method"] == "POST"
        try:
            self._authorise(scope)
            if works and self.busy >= self.limits.requests:
                retry = {"Retry-After": str(self.limits.retry_s)}
                raise Refusal(503, "too many requests are being answered; try again later", **retry)
        except Refusal as refusal:
            await _refuse(send, refusal)
            return
        self.busy += works
        try:
            body = await self._body(Headers(scope=scope), receive) if works else b""
            await self.app(scope, _handed_on(body, receive), send)
        except Refusal as refusal:
            await _refuse(send, refusal)
        finally:
            self.busy -= works

    def _authorise(self, scope: Scope) -> None:
        """In constant time, so that a token cannot be found out letter by letter."""
        if self.token is None or scope["path"] in OPEN:
            return
        kind, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
        given = _hashed(token.strip().encode("latin-1", "replace"))
        if not hmac.compare_digest(given, self.token) or kind.lower() != "bearer":
            ask = {"WWW-Authenticate": "Bearer"}
            raise Refusal(401, "a valid token is needed: Authorization: Bearer TOKEN", **ask)

    async def _body(self, headers: Headers, receive: Receive) -> bytes:
        """The whole body. Raises Refusal for one that is too large, too slow or cut off."""
        most = self.limits.body_bytes
        too_large = Refusal(413, f"the body is larger than {most:,} bytes", Connection="close")
        said = headers.get("content-length", "")
        if said.isdigit() and int(said) > most:
            raise too_large
        body = bytearray()
        try:
            async with asyncio.timeout(self.limits.body_s):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise Refusal(400, "the body was cut off", Connection="close")
                    body += message.get("body", b"")
                    if len(body) > most:
                        raise too_large
                    if not message.get("more_body", False):
                        return bytes(body)
        except TimeoutError:
            slow = f"the body took longer than {self.limits.body_s:g} s to come"
            raise Refusal(408, slow, Connection="close") from None


def error_body(status: int, message: str) -> dict[str, object]:
    """An error as OpenAI's clients read it."""
    kind = "invalid_request_error" if status < 500 else "server_error"
    return {"error": {"message": message, "type": kind, "code": status}}


def _hashed(token: bytes) -> bytes:
    return sha256(token).digest()


def _handed_on(body: bytes, receive: Receive) -> Receive:
    """Gives the body that was read, once, and then what comes after it."""
    given = False

    async def hand_on() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return hand_on


async def _refuse(send: Send, refusal: Refusal) -> None:
    body = json.dumps(error_body(refusal.status, str(refusal))).encode()
    headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), **refusal.headers}
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": refusal.status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
