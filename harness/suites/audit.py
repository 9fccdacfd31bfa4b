"""Is a suite's testbench sound? It must accept its reference and reject what has no behaviour, whatever x is.

A suite is a measure only where that holds: a testbench that rejects its reference fails every model, and one
that accepts constants passes any.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from harness.cores import cores
from harness.families.spec import Port
from harness.rtl.mutate_data import all_mutants
from harness.rtl.stand_ins import free_prefix, reading_x, spoiled, stubs
from harness.simulate.pair import judge_pair
from harness.simulate.verdict import Outcome, Verdict
from harness.suites.bench import run_trusted
from harness.suites.problem import UNUSABLE, OutsideProblem, as_candidate, ports_of

WRAPPED = "the reference inside another module"


@dataclass(frozen=True, slots=True)
class Audit:
    """What a testbench did.

    `faults` make it unsound. Of the wrong designs that were made from the reference or come with the suite,
    `live` are known to differ from it: the testbench `killed` some, and `survivors` are the others. `notes` say
    what could not be asked, and why; it was not `asked` at all if nothing but the reference could be run.
    """

    problem: str
    faults: tuple[str, ...] = ()
    live: int = 0
    killed: int = 0
    survivors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    asked: bool = True

    @property
    def sound(self) -> bool | None:
        """Whether it has no fault; None if it was not asked, so that nobody knows."""
        return not self.faults if self.asked else None


def audit(problem: OutsideProblem, workers: int | None = None) -> Audit:
    """Run the reference, stubs and mutants against the problem's own testbench, `workers` at a time.

    A stub that passes is a fault unless our judge finds that it behaves as the reference does. Raises
    MissingTool without Icarus.
    """
    try:
        reference = problem.reference
        first = run_trusted(problem, reference)
        if not first.passed:
            return Audit(problem.id, (f"rejects its reference: {first.outcome}: {first.detail}",))
        ports = ports_of(reference, problem.module)
        wrong = dict(_wrong(problem, reference))
    except UNUSABLE as error:
        return Audit(problem.id, notes=(f"nothing but the reference was run: {error}",), asked=False)
    prefix = free_prefix(ports)
    inner = as_candidate(reference, problem.module, prefix + problem.module)
    wrappers = dict(_wrappers(inner, prefix, problem.module, ports))
    idle = dict(stubs(problem.module, ports))
    partial = dict(spoiled(inner, prefix, problem.module, ports))
    trials = {**wrappers, **idle, **partial, **wrong}
    with ThreadPoolExecutor(workers or cores()) as pool:
        ran = pool.map(lambda source: run_trusted(problem, source), trials.values())
        theirs = dict(zip(trials, ran, strict=True))

    ours: dict[str, Verdict] = {}
    faults, notes = _x_faults(theirs, wrappers)
    try:
        asked = {**idle, **partial, **wrong}
        judged = judge_pair(reference, list(asked.values()), problem.module)
        ours = dict(zip(asked, judged.verdicts, strict=True))
    except UNUSABLE as error:
        unknown = sum(theirs[name].passed for name in wrong)
        notes.append(f"our judge cannot drive the reference, so {unknown} more mutants may differ: {error}")
    accepted = [s for s in (*idle, *partial) if theirs[s].passed and not (s in ours and ours[s].passed)]
    # One that accepts a stub accepts everything: which of its outputs it looks at is no longer a question.
    faults += [f"accepts {s}" for s in accepted if s in idle or not idle.keys() & accepted]
    killed = sum(theirs[name].outcome in (Outcome.MISMATCH, Outcome.TIMEOUT) for name in wrong)
    survivors = tuple(
        name
        for name in wrong
        if theirs[name].passed and name in ours and ours[name].outcome is Outcome.MISMATCH
    )
    return Audit(problem.id, tuple(faults), killed + len(survivors), killed, survivors, tuple(notes))


def _x_faults(theirs: Mapping[str, Verdict], wrappers: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Whether unknown outputs decide, as faults and notes.

    A testbench that rejects even a wrapper which changes nothing cannot be asked: it looks inside the design, or
    reads an output in the very step in which it changes.
    """
    plain = theirs[WRAPPED]
    if not plain.passed:
        return [], [f"not asked about x and stubs: it rejects {WRAPPED}: {plain.detail}"]
    return [f"its verdict depends on x: it rejects {n}" for n in wrappers if not theirs[n].passed], []


def _wrappers(inner: str, prefix: str, module: str, ports: Sequence[Port]) -> Iterator[tuple[str, str]]:
    """The reference inside a module that passes its outputs on: as they are, with x read as 0, and as 1."""
    for name, bit in ((WRAPPED, "x"), *((f"the reference with x read as {bit}", bit) for bit in "01")):
        yield name, reading_x(inner, prefix, module, ports, bit)


def _wrong(problem: OutsideProblem, reference: str) -> Iterator[tuple[str, str]]:
    for number, mutant in enumerate(all_mutants(reference), 1):
        yield f"mutant {number} ({mutant.kind}, line {mutant.line}: {mutant.detail})", mutant.source
    for number, source in enumerate(problem.mutants, 1):
        yield f"the suite's mutant {number}", as_candidate(source, problem.module, problem.module)
