"""What a judge says about one candidate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """`tool_error` is our own or a tool's failure: it counts neither for nor against the model."""

    PASS = "pass"
    MISMATCH = "mismatch"
    COMPILE_ERROR = "compile_error"
    REJECTED = "rejected"
    TIMEOUT = "timeout"
    RESOURCE_LIMIT = "resource_limit"
    TOOL_ERROR = "tool_error"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The first stimulus vector (`step`, from 0) after which an output was wrong.

    Values are binary digits by port name, most significant first; `got` may contain x and z.
    """

    step: int
    inputs: Mapping[str, str]
    expected: Mapping[str, str]
    got: Mapping[str, str]

    def __str__(self) -> str:
        wrong = [
            f"{name} is {self.got[name]}, expected {value}"
            for name, value in self.expected.items()
            if self.got[name] != value
        ]
        inputs = ", ".join(f"{name}={value}" for name, value in self.inputs.items())
        return f"step {self.step} ({inputs}): {'; '.join(wrong)}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One candidate's outcome, a line or two of why, and the first mismatch if that is the outcome."""

    outcome: Outcome
    detail: str = ""
    mismatch: Mismatch | None = None

    @property
    def passed(self) -> bool:
        return self.outcome is Outcome.PASS
