"""Components A, B and D of V5's training data, as the plan defines them; C is `component_c.py`.

A: what V4 won, by category. B: V3's floor, as it was. D: edge cases, a category the plan left without data, and
successes mined from a trace.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from harness.dataset.history import Candidate, Progress, Texts, record, scaled
from harness.dataset.leakage import Guard, training_specs
from harness.dataset.records import DatasetError, Metadata, Record
from harness.families.catalogue import FSM, SHIFT, family, load
from harness.families.comment import golden
from harness.families.spec import Spec
from harness.rtl.extract import extract
from harness.simulate.judge import judge_many

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
