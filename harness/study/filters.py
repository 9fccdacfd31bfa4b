"""The filters that the study compares, from none to a proof, and what each makes of a writer's candidates.

Whether a candidate is really right is for the judge to say, and for the prover where it knows a difference that the
judge's stimulus did not meet. A filter's false accepts are the wrong ones that it lets through.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from harness.families.spec import Spec
from harness.formal.equivalence import equivalent
from harness.formal.proof import Outcome as Proven
from harness.rtl.extract import extract
from harness.simulate.judge import judge_many
from harness.simulate.verdict import Outcome
from harness.testbench.a7 import OfflineA7
from harness.testbench.run import passes
from harness.testbench.template import template_testbench

NOTHING, COMPILES, TEMPLATE, A7, FORMAL = "nothing", "compiles", "template", "a7", "formal"
FILTERS: Mapping[str, str] = {
    NOTHING: "every candidate",
    COMPILES: "what compiles",
    TEMPLATE: "what passes V4's template testbench",
    A7: "what passes A7's offline testbench",
    FORMAL: "what passes it and is proven equal",
}
OWN = "_own"
"""Ends the name of a filter that is tried on specs of its own."""

RUNS = (Outcome.PASS, Outcome.MISMATCH, Outcome.TIMEOUT)
"""Outcomes of what compiles."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Trial:
    """Candidate number `sample` for spec number `spec`: its RTL, whether it is right, and the filters that keep it."""

    spec: int
    sample: int
    rtl: str
    right: bool
    kept_by: tuple[str, ...]


def try_filters(
    specs: Sequence[Spec],
    answers: Sequence[Sequence[str]],
    progress: Callable[[str], Progress] = lambda label: lambda done, total: None,
) -> list[Trial]:
    """Every answer to every spec under every filter, in order; `progress` begins a line of progress.

    Raises RuntimeError where our own tools fail: the answer would otherwise count as wrong.
    """
    rows = [(n, k, extract(text)) for n, found in enumerate(answers) for k, text in enumerate(found)]
    verdicts = judge_many([(specs[n], rtl) for n, _, rtl in rows], progress=progress("judging candidates"))
    if broken := next((v for v in verdicts if v.outcome is Outcome.TOOL_ERROR), None):
        raise RuntimeError(f"judging a candidate failed on our side: {broken.detail}")
    template = [template_testbench(spec) for spec in specs]
    strict = [OfflineA7()(spec) for spec in specs]
    kept = {
        TEMPLATE: passes([(specs[n], rtl, template[n]) for n, _, rtl in rows]),
        A7: passes([(specs[n], rtl, strict[n]) for n, _, rtl in rows]),
    }
    trials = []
    tried = progress("candidates under every filter")
    proofs: dict[tuple[int, str], Proven] = {}
    for place, ((n, k, rtl), verdict) in enumerate(zip(rows, verdicts, strict=True)):
        by = [NOTHING]
        by += [COMPILES] * (verdict.outcome in RUNS)
        by += [name for name, passed in kept.items() if passed[place]]
        proof = Proven.UNDECIDED
        if verdict.passed or kept[A7][place]:
            if (n, rtl) not in proofs:
                proofs[n, rtl] = _proof(specs[n], rtl)
            proof = proofs[n, rtl]
        by += [FORMAL] * (kept[A7][place] and proof is Proven.EQUAL)
        trials.append(Trial(n, k, rtl, verdict.passed and proof is not Proven.DIFFERENT, tuple(by)))
        tried(place + 1, len(rows))
    return trials


def _proof(spec: Spec, rtl: str) -> Proven:
    return equivalent(spec.verilog(), rtl, spec.name, spec.ports, spec.clock, spec.reset).outcome


def first_kept(trials: Sequence[Trial], filters: Sequence[str]) -> dict[int, dict[str, Trial]]:
    """For each spec that all `filters` have a candidate for, the first that each of them keeps."""
    found: dict[int, dict[str, Trial]] = {}
    for trial in trials:
        for name in filters:
            if name in trial.kept_by:
                found.setdefault(trial.spec, {}).setdefault(name, trial)
    return {spec: kept for spec, kept in found.items() if len(kept) == len(filters)}


def in_words(arm: str) -> str:
    """What an arm of the study trains on, in words."""
    name = arm.removesuffix(OWN)
    return FILTERS[name] if arm == name else f"{FILTERS[name]}, on its own specs"


def tally(trials: Sequence[Trial], name: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """(kept by the filter, all) of the wrong candidates, and of the right ones; equal texts of a spec count once."""
    once = {(trial.spec, trial.rtl): trial for trial in trials}.values()
    wrong, right = ([name in t.kept_by for t in once if t.right is is_right] for is_right in (False, True))
    return (sum(wrong), len(wrong)), (sum(right), len(right))
