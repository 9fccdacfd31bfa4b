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


UNVERIFIED = "unverified"
"""Said instead of an Outcome of RTL that was screened and compiled, but that there was nothing to compare with."""


@dataclass(frozen=True, slots=True)
class Row:
    """One stimulus vector (`step`, from 0) and the answers to it.

    Values are binary digits by port name, most significant first. `expected` has an x where anything is
    right; `got` may contain x and z.
    """

    step: int
    inputs: Mapping[str, str]
    expected: Mapping[str, str]
    got: Mapping[str, str]

    @property
    def wrong(self) -> list[str]:
        """The names of the outputs that are not what was expected."""
        return [name for name, value in self.expected.items() if not agrees(value, self.got[name])]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The first step after which an output was wrong, and a few steps around it."""

    step: int
    window: tuple[Row, ...]

    @property
    def row(self) -> Row:
        """The step itself."""
        return next(row for row in self.window if row.step == self.step)

    def __str__(self) -> str:
        row = self.row
        wrong = [f"{name} is {row.got[name]}, expected {row.expected[name]}" for name in row.wrong]
        inputs = ", ".join(f"{name}={value}" for name, value in row.inputs.items())
        return f"step {self.step} ({inputs}): {'; '.join(wrong)}"


def agrees(expected: str, got: str) -> bool:
    """Whether digits are those expected; an expected x allows anything, any other x or z is wrong."""
    if expected == got or "x" not in expected:
        return expected == got
    return len(expected) == len(got) and all(e in ("x", g) for e, g in zip(expected, got, strict=True))


@dataclass(frozen=True, slots=True)
class Verdict:
    """One candidate's outcome, a line or two of why, and the first mismatch if that is the outcome."""

    outcome: Outcome
    detail: str = ""
    mismatch: Mismatch | None = None

    @property
    def passed(self) -> bool:
        return self.outcome is Outcome.PASS
