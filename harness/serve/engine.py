"""What answers requests: one protocol, with a resident model behind it in production and a fake in tests."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol


class EngineError(RuntimeError):
    """The engine itself failed; no fault of the request."""


class TooSlow(TimeoutError):
    """No complete answer within the time that a request may take."""


class Gone(Exception):
    """Nobody waits for the answer any more."""


@dataclass(frozen=True)
class Ask:
    """One prompt and one answer to it for each of `temperatures` (0: greedy), of at most `max_tokens` tokens."""

    prompt: str
    temperatures: tuple[float, ...]
    max_tokens: int
    seed: int = 0


@dataclass(frozen=True)
class Piece:
    """A further piece of answer number `index`.

    Its last one has `end` (`stop`, or `length` at the limit) and the `tokens` of the whole answer.
    """

    index: int
    text: str
    end: str | None = None
    tokens: int = 0


class Engine(Protocol):
    """May be used by many threads at once."""

    name: str
    weights: str
    """Digest of the weights, as harness.release.production.weights_digest says it."""

    def length(self, prompt: str) -> int:
        """Tokens of the prompt as it is asked. Raises ValueError for a text that cannot be asked."""
        ...

    def ready(self) -> bool:
        """Whether it can answer at all."""
        ...

    def answer(self, ask: Ask, timeout_s: float) -> Generator[Piece]:
        """The pieces of all answers as they come. Closing the generator gives them up.

        Raises TooSlow after `timeout_s`, and EngineError.
        """
        ...


def heard(pieces: Generator[Piece], gone: Callable[[], bool]) -> Generator[Piece]:
    """The pieces while they are waited for. Raises Gone, and gives them up, once `gone` says that nobody does."""
    with closing(pieces):
        for piece in pieces:
            if gone():
                raise Gone("who asked has gone")
            yield piece


def texts(pieces: Iterable[Piece]) -> list[str]:
    """The whole answers."""
    found: dict[int, str] = {}
    for piece in pieces:
        found[piece.index] = found.get(piece.index, "") + piece.text
    return [found[index] for index in sorted(found)]
