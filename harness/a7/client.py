"""Conversations over the Messages API, many at a time: paced, retried, paid within a budget, stored.

Not covered: a reply under way when the process is killed is paid for and lost, as the API keeps none; what came is
stored before it is used, so nothing else is. What such replies may have cost is not in the next run's accounts.
"""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, TypeVar

from harness.a7.conversation import Answer, Conversation, Done, Progress, advance
from harness.a7.errors import ApiError, Unanswered
from harness.a7.faults import Fault, fault_of
from harness.a7.ledger import Entry, Ledger, Message, Request
from harness.a7.pace import Pace, Pause
from harness.a7.prices import Usage, estimate, worst_case
from harness.a7.replies import message_of
from harness.a7.sdk import make_async_sdk
from harness.a7.settings import ApiSettings
from harness.a7.spending import Budget, Spending

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic

T = TypeVar("T")


class Client:
    """Holds conversations; what they cost is in `spending`, with all that the ledger held before."""

    def __init__(self, settings: ApiSettings, ledger: Ledger, progress: Progress | None = None) -> None:
        self.settings, self.ledger, self.progress = settings, ledger, progress
        self.spending = Spending.of(ledger)

    def hold(self, talks: list[Conversation[T]]) -> list[T]:
        """The results of the conversations, in their order.

        A call that the budget does not allow is answered with Unanswered, as is one that failed too often. Raises
        ApiError where no call can succeed (no key, unknown model), StoreError on a full disk; calls under way are
        then waited for and stored, and no new one is made.
        """
        return asyncio.run(_Session(self).hold(talks))


class _Session:
    """What belongs to one event loop."""

    def __init__(self, client: Client) -> None:
        self.client, self.settings = client, client.settings
        self.budget = Budget(self.settings.budget_usd, client.spending)
        self.calls = asyncio.Semaphore(self.settings.concurrency)
        self.checks = asyncio.Semaphore(os.cpu_count() or 1)
        self.same: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.requests = Pace(self.settings.requests_per_minute)
        self.tokens = Pace(self.settings.tokens_per_minute)
        self.pause = Pause()
        self.sdk: AsyncAnthropic | None = None
        self.broken = False
        self.finished = 0
        self.seen = [self.settings.max_tokens // 4]

    async def hold(self, talks: list[Conversation[T]]) -> list[T]:
        async with AsyncExitStack() as self.cleanup:
            results = await asyncio.gather(
                *(self._hold_one(talk, len(talks)) for talk in talks), return_exceptions=True
            )
        values: list[T] = []
        for result in results:
            if isinstance(result, BaseException):
                raise result
            values.append(result)
        return values

    async def _hold_one(self, talk: Conversation[T], total: int) -> T:
        try:
            step = await self._advance(talk, None)
            while isinstance(step, Request):
                step = await self._advance(talk, await self._answer(step))
        except Exception:
            self.broken = True
            raise
        self.finished += 1
        if self.client.progress is not None:
            self.client.progress(self.finished, total, str(self.client.spending))
        return step.value

    async def _advance(self, talk: Conversation[T], answer: Answer | None) -> Request | Done[T]:
        """In a thread, because a conversation simulates what it is sent."""
        async with self.checks:
            return await asyncio.to_thread(advance, talk, answer)

    async def _answer(self, request: Request) -> Answer:
        """From the ledger, or else from the API; equal requests are made once."""
        async with self.same[request.digest]:
            stored = self.client.ledger.get(request)
            if stored is not None:
                return stored
            async with self.calls:
                return await self._call(request)

    async def _call(self, request: Request) -> Answer:
        worst = worst_case(request.params, batch=False)
        tried = 0
        while True:
            if self.broken:
                return Unanswered("stopped", "another call has failed for good")
            if not await self.budget.reserve(worst):
                limit = f"{self.settings.budget_usd:.2f}"
                return Unanswered(
                    "budget", f"the call may cost ${worst:.2f}, which the budget of ${limit} lacks"
                )
            try:
                tried += 1
                outcome = await self._try(request)
                if not isinstance(outcome, Fault):
                    self.client.ledger.put(request, outcome, batch=False)
                    self.client.spending.add(
                        Entry(request.category, request.params["model"], outcome, batch=False)
                    )
                    return outcome
                self.client.spending.unsettled += worst if outcome.charged else 0.0
            finally:
                await self.budget.release(worst)
            if not outcome.again or tried >= self.settings.tries:
                return Unanswered(outcome.reason, f"{outcome.detail} (tries: {tried})")
            wait = outcome.wait(tried, self.settings.backoff_s)
            if outcome.retry_after is not None:
                self.pause.extend(wait)
            await asyncio.sleep(wait)

    async def _try(self, request: Request) -> Message | Fault:
        """One call. The SDK's own retries are off: they would be neither paced nor counted."""
        sdk = await self._sdk()
        guess = estimate(request.params) + sum(self.seen) // len(self.seen)
        await self.requests.wait(1)
        await self.tokens.wait(guess)
        await self.pause.wait()
        fault: Fault | None = None
        try:
            async with asyncio.timeout(self.settings.timeout_s):
                raw = await sdk.messages.with_raw_response.create(
                    **request.params, timeout=self.settings.timeout_s
                )
            message = message_of(raw.http_response.content)
        except Exception as error:
            fault = fault_of(error, self.settings)
        if fault is not None:
            if fault.stops:
                raise ApiError(fault.detail)
            return fault
        self.seen.append(Usage.of(message).output)
        self.tokens.correct(Usage.of(message).tokens - guess)
        return message

    async def _sdk(self) -> AsyncAnthropic:
        """Made at the first call, so that stored replies need neither key nor SDK."""
        if self.sdk is None:
            self.sdk = await self.cleanup.enter_async_context(make_async_sdk(self.settings))
        return self.sdk
