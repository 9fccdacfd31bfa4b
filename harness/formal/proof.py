"""What a formal check says about two designs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Vector = dict[str, int]
"""A value for every input, clock and reset included."""


class Outcome(StrEnum):
    """`undecided` is never a guess: neither a proof nor a difference was found, and the detail says why."""

    EQUAL = "equal"
    DIFFERENT = "different"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Proof:
    """An outcome, a line of why, and where the designs differ the vectors after the last of which they do.

    A counterexample begins when power comes on, and each of its vectors is applied and left to settle.
    """

    outcome: Outcome
    detail: str
    counterexample: list[Vector] | None = None
