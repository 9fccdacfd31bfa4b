"""From a request to RTL with a verdict: ask the model, take the RTL out, check it, choose the best, note it in a trace.

`harness generate` and the HTTP service are two faces of this.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.dataset import tracelog
from harness.dataset.tracelog import TraceError, TraceLine
from harness.rtl.extract import extract
from harness.serve.engine import Ask, Engine, Piece, heard, texts
from harness.simulate.check import Checked, Checker, best


class QuestionError(ValueError):
    """A request that cannot be answered as it is: its sender's fault."""


class Unknown(QuestionError):
    """A correction of a request that nobody has made."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How the model is asked, and what a request may demand of it."""

    max_new_tokens: int = 512
    temperature: float = 0.4
    """Of the samples of best-of-n; a single answer is greedy."""
    prompt_tokens: int = 1024
    best_of: int = 16
    answer_s: float = 120.0


@dataclass(frozen=True, kw_only=True)
class Question:
    """A request for RTL. `spec` (as catalogue.dump writes it) or `reference` (a golden module) verify the answer.

    Of `best_of` answers the first that is verified is given. `private`: nothing of the content is kept.
    """

    instruction: str
    spec: dict[str, Any] | None = None
    reference: str | None = None
    best_of: int = 1
    private: bool = False
    request: str = field(default_factory=lambda: f"rtl-{uuid.uuid4().hex}")
    """Its id."""


@dataclass(frozen=True)
class Answer:
    """The RTL that was chosen, the model's whole text that it stood in, and what is known of it."""

    request: str
    rtl: str
    text: str
    checked: Checked
    latency_s: float


class Desk:
    """Answers questions with one engine and one trace. May be used by many threads."""

    def __init__(self, engine: Engine, checker: Checker, trace: Path, settings: Settings) -> None:
        self.engine, self.checker, self.trace, self.settings = engine, checker, trace, settings

    def answer(self, question: Question, gone: Callable[[], bool] = lambda: False) -> Answer:
        """Ask, check and note. The trace has the line before the answer is given.

        Raises QuestionError for the question, Fault for its spec or reference, TooSlow and EngineError for the
        model, Gone when `gone` says that nobody waits for it, Busy and MissingTool for the check, TraceError when
        the trace cannot be written.
        """
        self.examine(question)
        if question.spec is not None or question.reference is not None:
            self.checker.names(question.spec, question.reference)  # a Fault costs no answer of the model's
        began = time.monotonic()
        heats = (0.0,) + (self.settings.temperature,) * (question.best_of - 1)
        ask = Ask(question.instruction, heats, self.settings.max_new_tokens)
        found = texts(heard(self.engine.answer(ask, self.settings.answer_s), gone))
        return self.conclude(question, found, began)

    def listen(self, question: Question, ask: Ask) -> Generator[Piece]:
        """The pieces of one answer as they come; `conclude` is for the caller, who has heard them all."""
        self.examine(question)
        if ask.max_tokens > self.settings.max_new_tokens:
            raise QuestionError(f"at most {self.settings.max_new_tokens} tokens can be asked for")
        return self.engine.answer(ask, self.settings.answer_s)

    def conclude(self, question: Question, found: Sequence[str], began: float) -> Answer:
        """Check the model's texts, choose one and note it. Raises what `answer` does, but for the model's part."""
        rtl = [extract(text) for text in found]
        checked = self.checker.check(rtl, question.spec, question.reference)
        chosen = best(checked)
        latency = time.monotonic() - began
        self._note(question, rtl[chosen], checked[chosen], latency)
        return Answer(question.request, rtl[chosen], found[chosen], checked[chosen], latency)

    def correct(self, request: str, rtl: str, private: bool = False) -> Checked:
        """Note that a user put the answer to `request` right; its verdict, by the spec or reference of the request.

        A correction of a private request is private. Raises Unknown when the trace has no such request, and
        otherwise what `answer` does.
        """
        began = time.monotonic()
        _sound(rtl, "rtl")
        try:
            original = tracelog.find(self.trace, request)
        except TraceError:
            original = None  # nothing was ever asked
        if original is None or original.corrects is not None:
            raise Unknown("there is no request of that id")
        (checked,) = self.checker.check([rtl], original.spec, original.reference or None)
        question = Question(
            instruction=original.instruction,
            spec=original.spec,
            reference=original.reference,
            private=private or original.private,
            request=f"correction-{uuid.uuid4().hex}",
        )
        more = {
            "correction": rtl,
            "corrects": request,
            "category": original.category,
            "model": original.model,
        }
        self._note(question, original.rtl, checked, time.monotonic() - began, **more)
        return checked

    def examine(self, question: Question) -> None:
        """Raises QuestionError when the question cannot be asked, in words for its sender."""
        limits = self.settings
        if not question.instruction.strip():
            raise QuestionError("the instruction is empty; say what the module has to do")
        _sound(question.instruction, "instruction")
        _sound(question.reference or "", "reference")
        if question.spec is not None and question.reference is not None:
            raise QuestionError("give a spec or a reference to verify with, not both")
        if not 1 <= question.best_of <= limits.best_of:
            raise QuestionError(f"best_of is {question.best_of}; it can be 1 to {limits.best_of}")
        try:
            length = self.engine.length(question.instruction)
        except ValueError as error:
            raise QuestionError("the instruction holds a marker of the chat format; leave it out") from error
        if length > limits.prompt_tokens:
            raise QuestionError(
                f"the instruction has {length} tokens; {limits.prompt_tokens} are allowed, so say it shorter"
            )

    def _note(self, question: Question, rtl: str, checked: Checked, latency: float, **more: Any) -> None:
        said: dict[str, Any] = {
            "model": self.engine.weights,
            "category": None if question.spec is None else question.spec.get("category"),
        }
        line = TraceLine(
            time=tracelog.now(),
            request=question.request,
            instruction=question.instruction,
            rtl=rtl,
            verdict=checked.verdict,
            detail=checked.detail,
            latency_s=round(latency, 4),
            spec=question.spec,
            reference=question.reference,
            private=question.private,
            **said | more,
        )
        tracelog.append(self.trace, line)


def _sound(text: str, name: str) -> None:
    """Raise QuestionError for half of a character, which neither a tokenizer nor a file can take."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise QuestionError(f"the {name} is not valid Unicode") from error
