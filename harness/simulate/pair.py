"""Judge a candidate against a golden module, where there is no spec: for any user's pair of sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.rtl.interface import Interface, interface_of
from harness.simulate.golden import Coverage, golden_problem
from harness.simulate.judge import judge_many
from harness.simulate.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Judgement:
    """Verdicts in the order of the candidates, what they were driven through, and what that reached."""

    interface: Interface
    coverage: Coverage
    verdicts: tuple[Verdict, ...]


def judge_pair(
    golden: str,
    candidates: Sequence[str],
    module: str | None = None,
    clock: str | None = None,
    reset: str | None = None,
    seed: int = 0,
) -> Judgement:
    """Does each candidate behave as the golden does? All define `module` (without it, the golden's top module).

    `clock` and `reset` (with `!` for active low, or `none`) name those inputs where harness.rtl.interface finds
    the wrong ones. Raises InterfaceError or GoldenError for a golden that cannot be driven, MissingTool without
    Icarus.
    """
    interface = interface_of(golden, module, clock, reset)
    problem, coverage = golden_problem(golden, interface, seed)
    verdicts = judge_many([(problem, candidate) for candidate in candidates])
    return Judgement(interface, coverage, tuple(verdicts))
