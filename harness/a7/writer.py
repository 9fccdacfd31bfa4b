"""A7 with a Claude model: ask, check, let it put one thing right, and then take the testbench or record why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import Any

from harness.a7.batches import BatchClient
from harness.a7.checks import Complaint, complaint
from harness.a7.client import Client
from harness.a7.conversation import Conversation, Progress, Transport
from harness.a7.errors import Unanswered
from harness.a7.faults import no_outage
from harness.a7.ledger import Ledger
from harness.a7.prompts import first_request, repair_request
from harness.a7.replies import Kind, read
from harness.a7.settings import ApiSettings
from harness.families.spec import Spec
from harness.store import digest_tree
from harness.testbench.a7 import Attempt

STRICT_TYPE, RELAXED_TYPE = "a7_anthropic", "a7_anthropic_relaxed"
TURNS = 2
"""The testbench, and one repair."""


class NoTestbench(RuntimeError):
    """The model gave no testbench that can be used."""


def connect(
    settings: ApiSettings,
    folder: Path,
    progress: Progress | None = None,
    say: Callable[[str], object] | None = None,
) -> Transport:
    """The client that the settings ask for; replies are stored in `folder`, and a stored one is never paid for.

    `say` is told when it goes over to batches by itself. All writers of a run share one client, and so one budget.
    """
    if settings.transport == "batches":
        return BatchClient(settings, Ledger(folder), progress)
    return Client(settings, Ledger(folder), progress, say)


class AnthropicA7:
    """Writes testbenches through the API. The same replies give the same ones, in whatever order they arrive.

    `client` is one that other writers use as well, instead of an own one with its replies in `folder`.
    """

    def __init__(
        self,
        settings: ApiSettings,
        folder: Path,
        progress: Progress | None = None,
        client: Transport | None = None,
    ) -> None:
        self.settings, self.name, self.testbench_type = settings, settings.model, STRICT_TYPE
        self.client = client or connect(settings, folder, progress)

    @property
    def key(self) -> Mapping[str, Any]:
        """The settings that can change a testbench, or end the writing early, and the code that asks."""
        chosen = {"model", "effort", "max_tokens", "with_rtl", "admission", "budget_usd"}
        code = digest_tree(Path(__file__).parent)
        return {"name": STRICT_TYPE, "code": code, **self.settings.model_dump(include=chosen)}

    def relaxed(self) -> AnthropicA7:
        """The same writer, asking for less from now on: see harness.a7.prompts.RELAXED."""
        less = copy(self)
        less.testbench_type = RELAXED_TYPE
        return less

    def __call__(self, spec: Spec) -> str:
        """Raises NoTestbench with the reason, ApiError if the API cannot be used."""
        return self.generate_fsm_testbench(spec, "", spec.category)

    def generate_fsm_testbench(self, spec: Spec, rtl_code: str, category: str) -> str:
        """The plan's API. `rtl_code` is shown to the model only if the settings say so; `category` is the spec's.

        Raises NoTestbench with the reason, ApiError if the API cannot be used.
        """
        attempt = self.write_all([spec], [rtl_code] if rtl_code else None)[0]
        if attempt.testbench is None:
            raise NoTestbench(
                f"{self.name} wrote no usable testbench for {category} {spec.name}:"
                f" {attempt.reason} ({attempt.detail})"
            )
        return attempt.testbench

    def write_all(self, specs: Sequence[Spec], rtl: Sequence[str] | None = None) -> list[Attempt]:
        """One attempt for each spec, in their order; `rtl` is needed only if the settings show it.

        Raises ApiError if the API cannot be used, StoreError if replies cannot be stored, ValueError if the
        settings show the RTL and there is none.
        """
        if self.settings.with_rtl and rtl is None:
            raise ValueError("a7 with_rtl shows the writer the RTL under test: give it, or turn with_rtl off")
        shown = [""] * len(specs) if rtl is None else rtl
        relaxed = self.testbench_type == RELAXED_TYPE
        attempts = self.client.hold(
            [write(spec, code, self.settings, relaxed) for spec, code in zip(specs, shown, strict=True)]
        )
        no_outage(attempt.reason for attempt in attempts)
        return attempts


def write(spec: Spec, rtl: str, settings: ApiSettings, relaxed: bool = False) -> Conversation[Attempt]:
    """The conversation about one testbench."""
    request = first_request(spec, rtl, settings, relaxed)
    found = Complaint("", "")
    for turn in range(1, TURNS + 1):
        answer = yield request
        if isinstance(answer, Unanswered):
            return Attempt(None, turn - 1, answer.reason, answer.detail)
        reading = read(answer, spec.name)
        if reading.kind is Kind.REFUSED:
            return Attempt(None, turn, reading.kind, reading.detail)
        if reading.kind is Kind.TESTBENCH:
            wrong = complaint(spec, reading.code, settings.admission)
            if wrong is None:
                return Attempt(reading.code, turn)
            found = wrong
        else:
            found = Complaint(reading.kind, reading.detail)
        request = repair_request(request, answer, found.text)
    return Attempt(None, TURNS, found.reason, found.text)


def summary(attempts: Sequence[Attempt]) -> str:
    """One line: how many testbenches, how many after a repair, and why there are not more."""
    good = [a for a in attempts if a.testbench is not None]
    repaired = sum(a.turns > 1 for a in good)
    reasons = Counter(a.reason for a in attempts if a.testbench is None)
    why = "".join(f", {count} {reason}" for reason, count in sorted(reasons.items()))
    return f"{len(good)} of {len(attempts)} testbenches ({repaired} after a repair){why}"
