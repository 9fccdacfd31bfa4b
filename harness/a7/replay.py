"""A recorded conversation instead of the API: no key, no network, nothing to pay."""

from __future__ import annotations

from harness.a7.conversation import Conversation, T, advance
from harness.a7.errors import Unanswered
from harness.a7.ledger import Ledger, Request


class Replay:
    """A transport that knows the ledger's replies and no others."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def hold(self, talks: list[Conversation[T]]) -> list[T]:
        """The results of the conversations; a request that was not recorded stays unanswered, which is told."""
        return [self._hold_one(talk) for talk in talks]

    def _hold_one(self, talk: Conversation[T]) -> T:
        step = advance(talk, None)
        while isinstance(step, Request):
            stored = self.ledger.get(step)
            unknown = Unanswered("not_recorded", f"{self.ledger.folder} holds no reply to this request")
            step = advance(talk, unknown if stored is None else stored)
        return step.value
