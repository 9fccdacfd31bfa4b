"""Conversations over the Messages API, many at a time: paced, retried, paid within a budget, stored.

Where the API turns too many calls away, what is left is sent as batches (the plan's risk 1).

Not covered: a reply under way when the process is killed is paid for and lost, as the API keeps none; what came is
stored before it is used, so nothing else is. What such replies may have cost is not in the next run's accounts.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from typing import TYPE_CHECKING, TypeVar

from harness.a7.batches import BatchClient
from harness.a7.conversation import Answer, Conversation, Done, Progress, advance, resumed
from harness.a7.errors import ApiError, Unanswered
from harness.a7.faults import LIMITS, Fault, fault_of
from harness.a7.ledger import Entry, Ledger, Message, Request
from harness.a7.pace import Congestion, Pace, Pause
from harness.a7.prices import Usage, estimate, worst_case
from harness.a7.replies import message_of
from harness.a7.sdk import make_async_sdk
from harness.a7.settings import ApiSettings
from harness.a7.spending import Budget
from harness.cores import cores

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic

T = TypeVar("T")
TO_BATCHES = (
    "risk 1: the API turns too many calls away (429, 529), so the rest of the requests are sent as batches"
)


class Client:
    """Holds conversations; what they cost is in `spending`, with all that the ledger held before.

    `say` is told when the client goes over to batches; it then stays with them.
    """

    def __init__(
        self,
        settings: ApiSettings,
        ledger: Ledger,
        progress: Progress | None = None,
        say: Callable[[str], object] | None = None,
    ) -> None:
        self.settings, self.ledger, self.progress, self.say = settings, ledger, progress, say
        self.batches = BatchClient(settings, ledger, progress)
        self.spending = self.batches.spending
        self.congestion = Congestion()

    def hold(self, talks: list[Conversation[T]]) -> list[T]:
        """The results of the conversations, in their order.

        A call that the budget does not allow is answered with Unanswered, as is one that failed too often. Raises
        ApiError where no call can succeed (no key, unknown model), StoreError on a full disk; calls under way are
        then waited for and stored, and no new one is made.
        """
        with self.ledger.alone():
            self.batches.take_up(len(talks))
            if self.congestion.lasting:
                return self.batches.hold(talks)
            held = asyncio.run(_Session(self).hold(talks))
            left = [step for step in held if not isinstance(step, Done)]
            if left and self.say is not None:
                self.say(TO_BATCHES)
            rest = iter(self.batches.hold(left) if left else [])
        return [step.value if isinstance(step, Done) else next(rest) for step in held]


class _Session:
    """What belongs to one event loop."""

    def __init__(self, client: Client) -> None:
        self.client, self.settings = client, client.settings
        self.budget = Budget(self.settings.budget_usd, client.spending)
        self.calls = asyncio.Semaphore(self.settings.concurrency)
        self.checks = asyncio.Semaphore(cores())
        self.same: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.requests = Pace(self.settings.requests_per_minute)
        self.tokens = Pace(self.settings.tokens_per_minute)
        self.pause = Pause()
        self.sdk: AsyncAnthropic | None = None
        self.broken = False
        self.stop = asyncio.Event()
        self.finished = 0
        self.seen = [self.settings.max_tokens // 4]

    async def hold(self, talks: list[Conversation[T]]) -> list[Done[T] | Conversation[T]]:
        """What each conversation came to, or the conversation itself where it is left to the batches."""
        async with AsyncExitStack() as self.cleanup:
            results = await asyncio.gather(
                *(self._hold_one(talk, len(talks)) for talk in talks), return_exceptions=True
            )
        values: list[Done[T] | Conversation[T]] = []
        for result in results:
            if isinstance(result, BaseException):
                raise result
            values.append(result)
        return values

    async def _hold_one(self, talk: Conversation[T], total: int) -> Done[T] | Conversation[T]:
        try:
            step = await self._advance(talk, None)
            while isinstance(step, Request):
                answer = await self._answer(step)
                if answer is None:
                    return resumed(step, talk)
                step = await self._advance(talk, answer)
        except Exception:
            self.broken = True
            self.stop.set()
            raise
        self.finished += 1
        if self.client.progress is not None:
            self.client.progress(self.finished, total, str(self.client.spending))
        return step

    async def _advance(self, talk: Conversation[T], answer: Answer | None) -> Request | Done[T]:
        """In a thread, because a conversation simulates what it is sent."""
        async with self.checks:
            return await asyncio.to_thread(advance, talk, answer)

    async def _answer(self, request: Request) -> Answer | None:
        """From the ledger, or else from the API; equal requests are made once. None: it is left to the batches."""
        async with self.same[request.digest]:
            stored = self.client.ledger.get(request)
            if stored is not None:
                return stored
            async with self.calls:
                return await self._call(request)

    async def _call(self, request: Request) -> Answer | None:
        worst = worst_case(request.params, batch=False)
        tried = 0
        while True:
            if self.broken:
                return Unanswered("stopped", "another call has failed for good")
            if self.client.congestion.lasting:
                return None
            if not await self.budget.reserve(worst):
                limit = f"{self.settings.budget_usd:.2f}"
                return Unanswered(
                    "budget", f"the call may cost ${worst:.2f}, which the budget of ${limit} lacks"
                )
            try:
                tried += 1
                outcome = await self._try(request)
                if outcome is None:
                    continue
                if not isinstance(outcome, Fault):
                    self.client.ledger.put(request, outcome, batch=False)
                    self.client.spending.add(
                        Entry(request.category, request.params["model"], outcome, batch=False)
                    )
                    return outcome
                self.client.spending.unsettled += worst if outcome.charged else 0.0
            finally:
                await self.budget.release(worst)
            if self.client.congestion.lasting:
                self.stop.set()
                continue
            if outcome.again and outcome.retry_after is not None:
                self.pause.extend(outcome.retry_after)
            if not outcome.again or tried >= self.settings.tries:
                return Unanswered(outcome.reason, f"{outcome.detail} (tries: {tried})")
            await self._rest(outcome.wait(tried, self.settings.backoff_s))

    async def _rest(self, seconds: float) -> None:
        """Sleep, but not after there is nothing left to wait for."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.stop.wait()

    async def _try(self, request: Request) -> Message | Fault | None:
        """One call; None if it was not made, for meanwhile none may be.

        The SDK's own retries are off: they would be neither paced nor counted.
        """
        sdk = await self._sdk()
        guess = estimate(request.params) + sum(self.seen) // len(self.seen)
        await self.requests.wait(1)
        await self.tokens.wait(guess)
        while self.pause.left > 0 and not self.stop.is_set():
            await self._rest(self.pause.left)
        if self.stop.is_set():
            return None
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
            if fault.reason in LIMITS:
                self.client.congestion.turned_away(final=not fault.again)
            return fault
        self.client.congestion.answered()
        self.seen.append(Usage.of(message).output)
        self.tokens.correct(Usage.of(message).tokens - guess)
        return message

    async def _sdk(self) -> AsyncAnthropic:
        """Made at the first call, so that stored replies need neither key nor SDK."""
        if self.sdk is None:
            self.sdk = await self.cleanup.enter_async_context(make_async_sdk(self.settings))
        return self.sdk
