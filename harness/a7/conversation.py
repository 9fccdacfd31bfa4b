"""A conversation as a generator: it yields requests, is sent answers, and returns what came of it.

What is said is kept apart from how it is carried: calls at once or batches, the conversations are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from harness.a7.errors import Unanswered
from harness.a7.ledger import Message, Request

T = TypeVar("T")
Answer = Message | Unanswered
Conversation = Generator[Request, Answer, T]
Progress = Callable[[int, int, str], object]
"""Called with (conversations finished, all of them, a note on the money)."""


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """A conversation's result."""

    value: T


def resumed(request: Request, talk: Conversation[T]) -> Conversation[T]:
    """A conversation that has asked for something and got no answer, so that another transport can go on with it."""
    step: Request | Done[T] = request
    while isinstance(step, Request):
        answer = yield step
        step = advance(talk, answer)
    return step.value


class Transport(Protocol):
    """Carries requests to the model; results come in the order of the conversations."""

    def hold(self, talks: list[Conversation[T]]) -> list[T]: ...


def advance(talk: Conversation[T], answer: Answer | None) -> Request | Done[T]:
    """The next request, or the result. `answer` is None at the beginning."""
    try:
        return next(talk) if answer is None else talk.send(answer)
    except StopIteration as stop:
        return Done(stop.value)
