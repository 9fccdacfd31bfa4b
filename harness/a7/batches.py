"""Conversations over the Message Batches API: half the price, replies within a day, round after round.

Each round sends what all conversations ask for as one batch, waits, and stores the replies. What was sent is
written down before it is sent, and the batch's id as soon as there is one: a run that is killed goes on polling
where it was, and one that was killed between the two looks for its batch in the account's list.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from harness.a7.conversation import Answer, Conversation, Done, Progress, advance
from harness.a7.errors import KEY, ApiError, Limited, Unanswered
from harness.a7.faults import LIMITS, Fault, fault_of
from harness.a7.ledger import Entry, Ledger, Request
from harness.a7.prices import worst_case
from harness.a7.replies import message_of
from harness.a7.sdk import make_sdk
from harness.a7.settings import ApiSettings
from harness.a7.spending import Spending
from harness.cores import cores
from harness.secret import quoted
from harness.store import write_atomic

if TYPE_CHECKING:
    from anthropic import Anthropic
    from anthropic.types.messages import MessageBatch

T = TypeVar("T")
CLOCKS = timedelta(minutes=10)
"""How far this machine's clock and the server's may differ."""
PASSING = {
    "api_error": "server_error",
    "overloaded_error": "overloaded",
    "rate_limit_error": "rate_limited",
    "timeout_error": "timeout",
}
"""Errors of an entry after which it is sent again, as reasons; others are its own fault."""
STOPPING = ("authentication_error", "billing_error", "permission_error", "not_found_error")
"""Errors of an entry that all other requests would meet as well."""


@dataclass(frozen=True)
class Sent:
    """A batch as it is written down, with all it asks; `id` is None until the API has named it."""

    requests: list[Request]
    at: str
    id: str | None = None
    collected: bool = False


class BatchClient:
    """Holds conversations; what they cost is in `spending`, with all that the ledger held before."""

    def __init__(self, settings: ApiSettings, ledger: Ledger, progress: Progress | None = None) -> None:
        self.settings, self.ledger, self.progress = settings, ledger, progress
        self.spending = Spending.of(ledger)

    def take_up(self, total: int) -> None:
        """Finish the batches that an earlier run has sent, whose replies some of `total` conversations may want.

        Raises ApiError where they cannot be had: to ask for the same anew would pay twice.
        """
        with self.ledger.alone(), ExitStack() as cleanup:
            self.spending.reread(self.ledger)
            _Rounds(self, cleanup, total).take_up()

    def hold(self, talks: list[Conversation[T]]) -> list[T]:
        """The results of the conversations, in their order; as harness.a7.client.Client.hold."""
        with self.ledger.alone(), ExitStack() as cleanup, ThreadPoolExecutor(cores()) as pool:
            self.spending.reread(self.ledger)
            rounds = _Rounds(self, cleanup, len(talks))
            steps = list(pool.map(advance, talks, [None] * len(talks)))
            while asked := {n: step for n, step in enumerate(steps) if isinstance(step, Request)}:
                answers = rounds.answers({request.digest: request for request in asked.values()})
                replies = [answers[request.digest] for request in asked.values()]
                following = list(pool.map(advance, [talks[n] for n in asked], replies))
                for number, step in zip(asked, following, strict=True):
                    steps[number] = step
                rounds.done = sum(isinstance(step, Done) for step in steps)
                rounds.report(str(self.spending))
        return [step.value for step in steps if isinstance(step, Done)]


class _Rounds:
    """What belongs to one run: the SDK, made when it is needed, and the notes on what was sent."""

    def __init__(self, client: BatchClient, cleanup: ExitStack, total: int) -> None:
        self.client, self.settings, self.ledger = client, client.settings, client.ledger
        self.cleanup, self.done, self.total = cleanup, 0, total
        self.notes = client.ledger.folder / "batches"
        self._sdk: Anthropic | None = None

    def report(self, note: str) -> None:
        if self.client.progress is not None:
            self.client.progress(self.done, self.total, note)

    def answers(self, requests: dict[str, Request]) -> dict[str, Answer]:
        """An answer to each request; entries that expired or failed are sent again, as often as settings say.

        Where the API has no room even for batches, that is the answer; what is under way is taken up next time.
        """
        problems: dict[str, Unanswered] = {}
        try:
            self._ask(requests, problems)
        except Limited as limited:
            problems |= {digest: Unanswered(limited.reason, str(limited)) for digest in requests}
        found: dict[str, Answer] = {}
        for digest, request in requests.items():
            stored = self.ledger.get(request)
            missing = problems.get(digest, Unanswered("missing", "no batch had a reply to it"))
            found[digest] = missing if stored is None else stored
        return found

    def _ask(self, requests: dict[str, Request], problems: dict[str, Unanswered]) -> None:
        """Send what is not stored, round after round; why something stays unanswered is put into `problems`."""
        problems |= self.take_up()
        for _ in range(self.settings.tries):
            final = {d for d, p in problems.items() if p.reason in ("invalid_request", "budget")}
            left = [r for d, r in requests.items() if d not in final and self.ledger.get(r) is None]
            affordable = self._affordable(left)
            for request in left[len(affordable) :]:
                limit = f"{self.settings.budget_usd:.2f}"
                problems[request.digest] = Unanswered("budget", f"the budget of ${limit} lacks its price")
            if not affordable:
                break
            problems |= self._finish(*self._submit(Sent(affordable, datetime.now(UTC).isoformat())))

    def take_up(self) -> dict[str, Unanswered]:
        """Finish what an earlier run has sent, whatever it was for: it is paid."""
        problems: dict[str, Unanswered] = {}
        for path in sorted(self.notes.glob("*.json")):
            sent = _read(path)
            if sent.collected:
                continue
            if sent.id is None:
                sent = replace(sent, id=self._retried(partial(self._lost, sent), "listing batches"))
            if sent.id is None:  # it never reached the API; what is still wanted of it is sent anew
                _write(path, replace(sent, collected=True))
            else:
                problems |= self._finish(path, sent)
        return problems

    def _affordable(self, left: Sequence[Request]) -> list[Request]:
        """The first requests, as many as the budget allows at their worst."""
        free, chosen = self.settings.budget_usd - self.client.spending.usd, list[Request]()
        for request in left:
            free -= worst_case(request.params, batch=True)
            if free < 0:
                break
            chosen.append(request)
        return chosen

    def _submit(self, sent: Sent) -> tuple[Path, Sent]:
        """Note a new batch and send it; after a failure, which may have hidden a success, look for it first."""
        self._api()  # without a key or the SDK nothing is noted as sent
        number = 1 + max((int(path.stem) for path in self.notes.glob("*.json")), default=-1)
        path = self.notes / f"{number:04d}.json"
        _write(path, sent)
        name = self._retried(
            lambda: self._create(sent),
            "submitting a batch",
            again=lambda fault: (self._lost(sent) if _hides(fault) else None) or self._create(sent),
        )
        return path, replace(sent, id=name)

    def _create(self, sent: Sent) -> str:
        entries: list[Any] = [{"custom_id": r.digest, "params": dict(r.params)} for r in sent.requests]
        return self._api().messages.batches.create(requests=entries).id

    def _lost(self, sent: Sent) -> str | None:
        """The id of this batch, if the API has it: one not in our notes, as large, not older, with our entries.

        Entries show only in results, so those of others may have to be waited for; ended ones are looked at first.
        """
        known = {_read(other).id for other in self.notes.glob("*.json")}
        since = datetime.fromisoformat(sent.at) - CLOCKS
        listed = takewhile(
            lambda batch: batch.created_at >= since, self._api().messages.batches.list(limit=100)
        )
        candidates = [
            batch for batch in listed if batch.id not in known and _size(batch) == len(sent.requests)
        ]
        candidates.sort(key=lambda batch: batch.processing_status != "ended")
        ours = {request.digest for request in sent.requests}
        return next((batch.id for batch in candidates if self._entries(batch.id) & ours), None)

    def _entries(self, name: str) -> set[str]:
        """The names of a batch's entries, as far as they can be had."""
        if self._ended(lambda: self._look(name)).results_url is None:
            return set()
        with closing(self._api().messages.batches.results(name)) as results:
            return {entry.custom_id for entry in results}

    def _ended(self, look: Callable[[], MessageBatch]) -> MessageBatch:
        """Wait for the end of the batch that `look` looks at."""
        while (batch := look()).processing_status != "ended":
            time.sleep(self.settings.poll_s)
        return batch

    def _finish(self, path: Path, sent: Sent) -> dict[str, Unanswered]:
        """Wait for a batch and store its replies; which requests got none, and why."""
        _write(path, sent)
        name = str(sent.id)
        label = f"batch {name}, noted in {path} (remove that to send its requests again),"
        batch = self._ended(lambda: self._retried(lambda: self._look(name), label))
        asked = {request.digest: request for request in sent.requests}
        if batch.results_url is None:  # archived, as all are after some weeks
            gone = Unanswered("expired", f"the results of batch {name} are no longer kept")
            problems = {digest: gone for digest, r in asked.items() if self.ledger.get(r) is None}
            lost = list(problems)
        else:
            problems = self._retried(lambda: self._collect(name, asked), label)
            lost = [digest for digest, problem in problems.items() if problem.reason == "garbled"]
        self.client.spending.unsettled += sum(worst_case(asked[d].params, batch=True) for d in lost)
        _write(path, replace(sent, collected=True))
        for problem in problems.values():
            if problem.reason == "canceled":
                raise ApiError(f"batch {name} was cancelled; run again to send what is missing anew")
            if problem.reason == "refused":
                raise ApiError(f"the API takes nothing more from this account ({problem.detail})")
        return problems

    def _look(self, name: str) -> MessageBatch:
        batch = self._api().messages.batches.retrieve(name)
        self.report(f"batch {name}: {batch.request_counts.processing} of {_size(batch)} under way")
        return batch

    def _collect(self, name: str, asked: dict[str, Request]) -> dict[str, Unanswered]:
        """Store what succeeded. Reading a batch again costs nothing, so a lost connection is no loss."""
        problems: dict[str, Unanswered] = {}
        for entry in self._api().messages.batches.results(name):
            request, result = asked.get(entry.custom_id), entry.result
            if request is None or self.ledger.get(request) is not None:
                continue
            if result.type == "succeeded":
                try:
                    message = message_of(json.dumps(result.message.to_dict(mode="json")).encode())
                except ValueError as error:
                    problems[entry.custom_id] = Unanswered("garbled", str(error))
                    continue
                self.ledger.put(request, message, batch=True)
                self.client.spending.add(
                    Entry(request.category, request.params["model"], message, batch=True)
                )
            elif result.type == "errored":
                said = result.error.error
                reason = "refused" if said.type in STOPPING else PASSING.get(said.type, "invalid_request")
                detail = quoted(f"{said.type}: {said.message}", KEY)
                problems[entry.custom_id] = Unanswered(reason, detail)
            else:
                problems[entry.custom_id] = Unanswered(
                    result.type, f"its entry in batch {name} {result.type}"
                )
        return problems

    def _retried(self, work: Callable[[], T], label: str, again: Callable[[Fault], T] | None = None) -> T:
        """What `work` gives, or later `again` of the last fault. Raises ApiError (or Limited) when it keeps failing."""
        fault = Fault("", "")
        for tried in range(1, self.settings.tries + 1):
            try:
                return work() if again is None or tried == 1 else again(fault)
            except ApiError:
                raise
            except Exception as error:
                fault = fault_of(error, self.settings)
            if not fault.again:
                break
            time.sleep(fault.wait(tried, self.settings.backoff_s))
        advice = "" if fault.stops else "; run again to go on from here"
        problem = f"{label} failed: {fault.reason} ({fault.detail}){advice}"
        # A batch under way is paid: that it may not be looked at now is no answer to its requests.
        turned_away = again is not None and fault.reason in LIMITS
        raise Limited(fault.reason, problem) if turned_away else ApiError(problem)

    def _api(self) -> Anthropic:
        """The SDK without its own retries: a batch sent twice would be paid twice."""
        if self._sdk is None:
            self._sdk = self.cleanup.enter_context(make_sdk(self.settings))
        return self._sdk


def _hides(fault: Fault) -> bool:
    """Whether what failed may have been done all the same."""
    return fault.charged or fault.reason == "server_error"


def _size(batch: MessageBatch) -> int:
    counts = batch.request_counts
    return counts.processing + counts.succeeded + counts.errored + counts.canceled + counts.expired


def _read(path: Path) -> Sent:
    try:
        data = json.loads(path.read_text("utf-8"))
        return Sent(**{**data, "requests": [Request(**request) for request in data["requests"]]})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ApiError(
            f"{path} is not a note on a batch ({error}); remove it, and its requests are sent again"
        ) from error


def _write(path: Path, sent: Sent) -> None:
    write_atomic(path, json.dumps(asdict(sent), indent=1) + "\n")
