"""Replies by the digest of their request: what is stored here is never paid for again.

A folder of ledger files is also a recorded conversation: with it, a run needs neither key nor network.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from filelock import FileLock

from harness.a7.errors import ApiError
from harness.store import canonical, digest, write_atomic

Message = Mapping[str, Any]
"""A reply as the API sent it (the JSON of a message)."""


@dataclass(frozen=True)
class Request:
    """The parameters of one message; `category` is for the accounts only and not part of the digest."""

    params: Mapping[str, Any]
    category: str

    @cached_property
    def digest(self) -> str:
        """sha256 of all that the model is sent: 64 characters, as a batch entry's name may have."""
        return digest(canonical(self.params))


@dataclass(frozen=True)
class Entry:
    """A stored reply and how it was paid."""

    category: str
    model: str
    message: Message
    batch: bool


class Ledger:
    """A folder of replies; each file is written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = FileLock(folder / ".lock")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Only one run asks at a time: two would keep two budgets, and pay twice for what both ask. May be nested."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._lock:
            yield

    def get(self, request: Request) -> Message | None:
        """The stored reply. Raises ApiError if its file is damaged."""
        path = self._path(request)
        return _read(path).message if path.exists() else None

    def put(self, request: Request, message: Message, *, batch: bool) -> None:
        """Store a reply, before anybody uses it. Raises StoreError when the disk is full."""
        content = {
            "category": request.category,
            "batch": batch,
            "request": request.params,
            "message": message,
        }
        write_atomic(self._path(request), json.dumps(content, indent=1, ensure_ascii=False) + "\n")

    def entries(self) -> Iterator[Entry]:
        """All that is stored, in order of digest."""
        for path in sorted(self.folder.glob("[0-9a-f]*.json")):
            yield _read(path)

    def _path(self, request: Request) -> Path:
        return self.folder / f"{request.digest}.json"


def _read(path: Path) -> Entry:
    try:
        data = json.loads(path.read_text("utf-8"))
        return Entry(data["category"], data["request"]["model"], data["message"], data["batch"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ApiError(
            f"{path} is not a stored reply ({error}); remove it, and it is asked for again"
        ) from error
