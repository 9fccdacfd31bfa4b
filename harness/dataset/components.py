"""The four components of V5's training data, as the plan defines them.

A: what V4 won, by category. B: V3's floor, as it was. C: FSMs written by a model and accepted by an A7
testbench. D: edge cases, a category the plan left without data, and successes mined from a trace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import ceil

from harness.dataset.history import Candidate, Progress, Texts, record, scaled
from harness.dataset.leakage import Guard, training_specs, versions
from harness.dataset.records import DatasetError, Metadata, Record
from harness.families.catalogue import FSM, SHIFT, family, load
from harness.families.comment import golden
from harness.families.spec import Spec
from harness.rtl.extract import extract
from harness.simulate.judge import judge_many
from harness.testbench.a7 import Writer
from harness.testbench.run import passes

A_COUNTS: dict[str, int] = {
    "edge_detector": 42,
    "async_reset": 40,
    "enable_control": 40,
    "shift_left": 41,
    "shift_right": 37,
    "shift_universal": 37,
    "shift_piso": 36,
    "shift_sipo": 34,
    "counter_updown": 56,
    "counter_load": 51,
}
B_CATEGORIES = ("clock_divider", "enable_gating", *FSM)
C_TARGETS: dict[str, int] = {
    "fsm_2state": 35,
    "fsm_3state": 35,
    "fsm_handshake": 30,
    "fsm_sequence": 30,
    "fsm_mealy": 20,
    "fsm_moore": 20,
}
MAX_ATTEMPTS = 400
# Rounds are sized by the pass rate seen so far, but never as if it were below this.
LOWEST_RATE = 0.2

# Writes one answer for each spec and its text; called once a round.
CandidateWriter = Callable[[Sequence[Spec], Sequence[str]], Sequence[str]]


def component_a(v4: Sequence[Record], share: float = 1.0) -> list[Record]:
    """V4's winners: the plan's count of each improved category, in V4's order.

    Raises DatasetError when V4 holds too few of a category.
    """
    chosen: list[Record] = []
    for category, count in scaled(A_COUNTS, share).items():
        found = [r for r in v4 if r.metadata.category == category][:count]
        if len(found) < count:
            raise DatasetError(
                f"V4 holds {len(found)} {category} examples; component A needs {count} of them:"
                " give a V4 file with more, or a smaller data.share"
            )
        chosen += found
    return chosen


def component_b(v3: Sequence[Record]) -> list[Record]:
    """V3's baseline: all its clock_divider, enable_gating and FSM examples, faults included.

    Raises DatasetError when V3 holds none of one of these categories.
    """
    chosen = [r for r in v3 if r.metadata.category in B_CATEGORIES]
    missing = set(B_CATEGORIES) - {r.metadata.category for r in chosen}
    if missing:
        raise DatasetError(
            f"V3 holds no {', '.join(sorted(missing))} examples; component B keeps them as the floor:"
            " give the whole V3 file"
        )
    return chosen


def verified(records: Sequence[Record], progress: Progress) -> list[bool]:
    """Which records the judge finds right. A record without its spec cannot be judged and counts as wrong."""
    pairs = [(load(r.metadata.spec), extract(r.output)) for r in records if r.metadata.spec is not None]
    verdicts = iter(judge_many(pairs, progress=progress))
    return [r.metadata.spec is not None and next(verdicts).passed for r in records]


@dataclass
class Tally:
    """Component C's bookkeeping for one category; `untested` attempts had no testbench, whatever their RTL."""

    target: int
    attempts: int = 0
    accepted: int = 0
    untested: int = 0

    @property
    def rate(self) -> float:
        """The share of attempts accepted; 0 before the first."""
        return self.accepted / self.attempts if self.attempts else 0.0


@dataclass(frozen=True)
class ComponentC:
    """The accepted records, and what was tried."""

    records: list[Record]
    tally: Mapping[str, Tally]


def component_c(
    write: CandidateWriter,
    a7: Writer,
    guard: Guard,
    *,
    writer_name: str,
    share: float,
    texts: Texts,
    seed: int,
    progress: Progress,
) -> ComponentC:
    """FSMs written by a model (`write`) and accepted by A7's strict testbenches, at most 400 attempts in all.

    Each round asks for as many candidates as the pass rate so far says are needed. What is still missing when
    the attempts are used up stays missing and shows in the tally: a weaker check is never taken instead.
    """
    tally = {category: Tally(count) for category, count in scaled(C_TARGETS, share).items()}
    budget = max(len(tally), round(MAX_ATTEMPTS * share))
    streams = {category: training_specs(category, f"c:{seed}", guard) for category in tally}
    records: list[Record] = []
    while budget > 0 and (todo := _next_round(tally, budget)):
        specs = [spec for category, count in todo.items() for spec in islice(streams[category], count)]
        labels = [
            f"c:{seed}:{category}:{tally[category].attempts + i}"
            for category, count in todo.items()
            for i in range(count)
        ]
        prompts = [versions(s, "", label, 1, guard)[0][0] for s, label in zip(specs, labels, strict=True)]
        answers = [extract(answer) for answer in write(specs, prompts)]
        benches = [attempt.testbench for attempt in a7.write_all(specs, answers)]
        trials = zip(specs, answers, benches, strict=True)
        results = iter(passes([(spec, answer, bench) for spec, answer, bench in trials if bench is not None]))
        accepted = [bench is not None and next(results) for bench in benches]
        for spec, label, answer, bench, good in zip(specs, labels, answers, benches, accepted, strict=True):
            entry = tally[spec.category]
            entry.attempts += 1
            entry.untested += bench is None
            keep = good and entry.accepted < entry.target
            entry.accepted += keep
            if keep:
                metadata = _c_metadata(spec.category, writer_name, a7)
                records.append(record(Candidate(spec, answer, ""), label, texts, guard, metadata))
        budget -= len(specs)
        progress(sum(t.accepted for t in tally.values()), sum(t.target for t in tally.values()))
    return ComponentC(records, tally)


def _next_round(tally: Mapping[str, Tally], budget: int) -> dict[str, int]:
    """How many candidates to ask for, per category still short; the budget is shared in proportion.

    The first round asks for the targets, later ones for what the pass rate so far says is needed.
    """
    wanted = {
        category: ceil((t.target - t.accepted) / (max(t.rate, LOWEST_RATE) if t.attempts else 1.0))
        for category, t in tally.items()
        if t.accepted < t.target
    }
    total = sum(wanted.values())
    shrink = min(1.0, budget / total) if total else 0.0
    counts = {category: max(1, int(count * shrink)) for category, count in wanted.items()}
    allowed: dict[str, int] = {}
    for category, count in counts.items():
        allowed[category] = min(count, budget - sum(allowed.values()))
    return {category: count for category, count in allowed.items() if count > 0}


def _c_metadata(category: str, writer_name: str, a7: Writer) -> Metadata:
    return Metadata(
        source="v5_a7_verified",
        category=category,
        functional="verified",
        testbench_type=a7.testbench_type,
        sim_passed=True,
        compile_success=True,
        a7_model=a7.name,
        candidate_writer=writer_name,
    )


def component_d(
    guard: Guard,
    edge_cases: int,
    holes: Mapping[str, int],
    mined: Sequence[Record],
    *,
    texts: Texts,
    seed: int,
) -> list[Record]:
    """Edge cases (golden RTL, confirmed by the judge), golden examples for `holes`, and mined records.

    `holes` are categories of the benchmark that components A to C do not touch. Raises DatasetError when the
    judge rejects a golden, which would mean that a family contradicts itself.
    """
    corners = list(islice((s for s in _corner_cases() if guard.allows(s)), edge_cases))
    fillers = [
        spec
        for category, count in holes.items()
        for spec in islice(training_specs(category, f"d:{seed}", guard), count)
    ]
    verdicts = judge_many([(spec, golden(spec)) for spec in corners + fillers])
    for spec, verdict in zip(corners + fillers, verdicts, strict=True):
        if not verdict.passed:
            raise DatasetError(f"the golden of {spec.category} {spec.name} is not right: {verdict.detail}")
    records = []
    for source, specs in (("v5_edge_case", corners), ("v5_hole", fillers)):
        for number, spec in enumerate(specs):
            metadata = Metadata(
                source=source,
                category=spec.category,
                functional="verified",
                testbench_type="reference_judge",
                sim_passed=True,
                compile_success=True,
            )
            records.append(
                record(
                    Candidate(spec, golden(spec), ""), f"d:{seed}:{source}:{number}", texts, guard, metadata
                )
            )
    return records + list(mined)


def _corner_cases() -> Iterator[Spec]:
    """The families' own corners, one of each family in turn, benchmark categories first."""
    order = ("counter_basic", "counter_updown", "counter_load", *SHIFT, "clock_divider", "edge_detector",
             "async_reset", "sync_reset", "enable_control", "enable_gating", *FSM)  # fmt: skip
    pools = [family(category).edge_cases(category) for category in order]
    for depth in range(max(map(len, pools))):
        yield from (pool[depth] for pool in pools if depth < len(pool))
