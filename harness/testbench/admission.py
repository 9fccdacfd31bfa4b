"""Is this testbench any good? Only an admitted one may verify data.

It must accept right designs, reject stubs and designs with one wrong output, not depend on unknown values, and kill
the mutants of the golden that behave differently. A mutant that it leaves alive is a survivor if the judge, on long
stimuli of its own, or a formal check tells it from the golden; it is set apart as equivalent if the formal check proves
it equal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from harness.cores import cores
from harness.families.spec import Port, Reset, Spec
from harness.formal.equivalence import equivalent
from harness.formal.proof import Outcome as Fate
from harness.rtl.interface import Interface
from harness.rtl.mutate import Mutant
from harness.rtl.mutate_data import all_mutants
from harness.rtl.rename import rename
from harness.rtl.stand_ins import constant, free_prefix, reading_x, spoiled, stubs
from harness.simulate.golden import golden_problem
from harness.simulate.judge import judge_many
from harness.simulate.problem import Problem
from harness.simulate.verdict import Outcome, Verdict
from harness.testbench.run import run_testbench

THRESHOLD = 0.95
JUDGE_SEEDS = (101, 102, 103)
"""Of stimuli that no testbench has been written with."""
NO_VERDICT = (Outcome.TOOL_ERROR, Outcome.TIMEOUT)
FORMAL_S = 3
"""Seconds of processor time for the formal check of one mutant."""


@dataclass(frozen=True)
class Admission:
    """What a testbench did: `faults` it has (empty is good), how many of the `live` mutants it `killed`.

    `survivors` are different from the golden and passed; `equivalent` mutants are proven to behave as it does;
    of `undecided` ones neither is known. On `unjudged` ones the testbench does not end, or gives no verdict. None of
    these three counts either way.
    """

    faults: tuple[str, ...]
    live: int
    killed: int
    equivalent: int
    undecided: int
    unjudged: int
    survivors: tuple[Mutant, ...]

    @property
    def score(self) -> float:
        """The share of live mutants killed; 0 if there are none, as then nothing shows what it would notice."""
        return self.killed / self.live if self.live else 0.0

    @property
    def admitted(self) -> bool:
        return not self.faults and self.score >= THRESHOLD


@dataclass(frozen=True)
class Subject:
    """A design whose testbench is in question: right spellings of it by name, the first of which is mutated,
    and `problems` that tell a wrong design from it."""

    module: str
    ports: tuple[Port, ...]
    clock: str | None
    reset: Reset | None
    goldens: Mapping[str, str]
    problems: tuple[Problem, ...]

    @classmethod
    def of_spec(cls, spec: Spec) -> Subject:
        """A spec's golden in all styles, and long stimuli that no testbench of ours has seen."""
        goldens = {f"the golden in style {style}": spec.verilog(style) for style in range(spec.styles)}
        problems = tuple(Problem.of_spec(spec, seed) for seed in JUDGE_SEEDS)
        return cls(spec.name, spec.ports, spec.clock, spec.reset, goldens, problems)

    @classmethod
    def of_source(cls, source: str, interface: Interface) -> Subject:
        """Somebody's golden. Raises GoldenError if it cannot be simulated."""
        problems = tuple(golden_problem(source, interface, seed)[0] for seed in JUDGE_SEEDS)
        resets = [Reset(name=r.name, asynchronous=False, active_low=r.active_low) for r in interface.resets]
        reset = resets[0] if resets else None
        goldens = {"the golden": source}
        return cls(interface.module, interface.ports, interface.clock, reset, goldens, problems)

    @property
    def golden(self) -> str:
        return next(iter(self.goldens.values()))


def admit(subject: Subject, testbench: str, workers: int | None = None) -> Admission:
    """Try a testbench on goldens, stubs and mutants; on goldens only if it gives no verdict on any of them.

    Mutants that do not compile are left out.
    """
    prefix = free_prefix(subject.ports)
    inner = rename(subject.golden, prefix)
    goldens = dict(_goldens(subject, inner, prefix))
    of_goldens = _run_all(subject, list(goldens.values()), testbench, workers)
    if all(verdict.outcome in NO_VERDICT for verdict in of_goldens):
        endless = any(verdict.outcome is Outcome.TIMEOUT for verdict in of_goldens)
        hint = "; does it call $finish?" if endless else ""
        fault = f"gives no verdict on the golden: {of_goldens[0].detail}{hint}"
        return Admission((fault,), 0, 0, 0, 0, 0, ())
    faults = [
        f"rejects {name}: {v.detail}" for name, v in zip(goldens, of_goldens, strict=True) if not v.passed
    ]

    idle = dict(_stubs(subject))
    partial = dict(spoiled(inner, prefix, subject.module, subject.ports))
    unfit, wrong = {**idle, **partial}, all_mutants(subject.golden)
    sources = [*unfit.values(), *(m.source for m in wrong)]
    verdicts = iter(_run_all(subject, sources, testbench, workers))
    accepted = [name for name, v in zip(unfit, verdicts, strict=False) if v.passed]
    # One that accepts a stub accepts everything: which of its outputs it looks at is no longer a question.
    accepted = [name for name in accepted if name in idle] or accepted
    fates = _fates(subject, [unfit[name] for name in accepted])
    faults += [
        f"accepts {name}" for name, fate in zip(accepted, fates, strict=True) if fate is Fate.DIFFERENT
    ]

    of_mutants = list(verdicts)
    killed = sum(verdict.outcome is Outcome.MISMATCH for verdict in of_mutants)
    unjudged = [v for v in of_mutants if v.outcome in NO_VERDICT]
    if unjudged and not killed:
        faults.append(f"gives no verdict on {len(unjudged)} of {len(wrong)} mutants: {unjudged[0].detail}")
    alive = [mutant for mutant, verdict in zip(wrong, of_mutants, strict=True) if verdict.passed]
    fates = _fates(subject, [mutant.source for mutant in alive])
    survivors = tuple(mutant for mutant, fate in zip(alive, fates, strict=True) if fate is Fate.DIFFERENT)
    return Admission(
        tuple(faults),
        killed + len(survivors),
        killed,
        fates.count(Fate.EQUAL),
        fates.count(Fate.UNDECIDED),
        len(unjudged),
        survivors,
    )


def _run_all(subject: Subject, sources: Sequence[str], testbench: str, workers: int | None) -> list[Verdict]:
    with ThreadPoolExecutor(workers or cores()) as pool:
        return list(
            pool.map(lambda source: run_testbench(source, testbench, subject.module, subject.ports), sources)
        )


def _fates(subject: Subject, sources: Sequence[str]) -> list[Fate]:
    """What becomes of mutants that passed: different if the judge or a formal check finds it, equal if proven."""
    passed = [v.passed for v in judge_many([(p, source) for source in sources for p in subject.problems])]
    count = len(subject.problems)
    alike = [all(passed[at : at + count]) for at in range(0, len(passed), count)]
    return [
        equivalent(
            subject.golden, source, subject.module, subject.ports, subject.clock, subject.reset, FORMAL_S
        ).outcome
        if same
        else Fate.DIFFERENT
        for source, same in zip(sources, alike, strict=True)
    ]


def _goldens(subject: Subject, inner: str, prefix: str) -> Iterator[tuple[str, str]]:
    """Right designs: every spelling, and the first with unknown output bits turned into 0 and into 1.

    If the verdict changed with those, the testbench would be checking outputs that are not known.
    """
    yield from subject.goldens.items()
    for bit in "01":
        yield f"the golden with x read as {bit}", reading_x(inner, prefix, subject.module, subject.ports, bit)


def _stubs(subject: Subject) -> Iterator[tuple[str, str]]:
    """Designs with the right ports and no behaviour."""
    yield from stubs(subject.module, subject.ports)
    problem = subject.problems[0]
    answer, digits = iter(problem.answers[problem.known_from].replace("x", "0").replace("z", "0")), {}
    for port in subject.ports:
        if port.direction == "output":
            digits[port.name] = "".join(islice(answer, port.width))
    yield "a stub that stays at its reset outputs", constant(subject.module, subject.ports, digits)
