"""Component C's candidates written by a Claude model: RTL, from the same texts that a local model is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.a7.conversation import Conversation, Transport
from harness.a7.errors import Unanswered
from harness.a7.faults import no_outage
from harness.a7.prompts import request
from harness.a7.replies import CUT_SHORT, text_of
from harness.a7.settings import ApiSettings
from harness.families.spec import Spec
from harness.store import digest_tree

SYSTEM = """\
You write synthesizable Verilog from specifications. Reply with one fenced code block that holds the one module \
that is specified, with the module and port names given, and with nothing else: no testbench, no explanation, no \
other module. Leave out delays, initial blocks and system tasks. What the specification says of reset, of its \
polarity and of whether it waits for the clock is to be followed to the letter."""


class NoCandidate(str):
    """An empty answer; `reason` is one word to count by."""

    __slots__ = ("reason",)
    reason: str

    @classmethod
    def because(cls, reason: str) -> NoCandidate:
        nothing = cls()
        nothing.reason = reason
        return nothing


class AnthropicCandidates:
    """Writes candidates through the API: a harness.dataset.component_c.CandidateWriter.

    One try each, without repair: what comes is what is tested. `client` is shared with A7's writer, so that both
    keep to one budget and one store of replies.
    """

    def __init__(self, settings: ApiSettings, client: Transport) -> None:
        self.settings, self.client, self.name = settings, client, settings.model

    @property
    def key(self) -> Mapping[str, Any]:
        """The settings that can change a candidate, or end the writing early, and the code that asks."""
        chosen = {"model", "effort", "max_tokens", "budget_usd"}
        code = digest_tree(Path(__file__).parent)
        return {"name": "anthropic", "code": code, **self.settings.model_dump(include=chosen)}

    def __call__(self, specs: Sequence[Spec], prompts: Sequence[str]) -> list[str]:
        """An answer for each prompt, in their order; NoCandidate for one that has none.

        Raises ApiError if the API cannot be used, StoreError if replies cannot be stored.
        """
        answers = self.client.hold(
            [write(spec, prompt, self.settings) for spec, prompt in zip(specs, prompts, strict=True)]
        )
        no_outage(answer.reason for answer in answers if isinstance(answer, NoCandidate))
        return answers


def write(spec: Spec, prompt: str, settings: ApiSettings) -> Conversation[str]:
    """The conversation about one candidate. Of the spec only the category is looked at, for the accounts."""
    answer = yield request(SYSTEM, prompt, spec.category, settings)
    if isinstance(answer, Unanswered):
        return NoCandidate.because(answer.reason)
    if answer["stop_reason"] == "refusal":
        return NoCandidate.because("refused")
    if answer["stop_reason"] in CUT_SHORT:
        return NoCandidate.because("cut")
    return text_of(answer) if text_of(answer).strip() else NoCandidate.because("no_code")
