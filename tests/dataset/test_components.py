"""Components A, B and D hold what the plan asks: A and B by category, D what the judge accepts."""

from __future__ import annotations

from random import Random

import pytest

from harness.dataset import components
from harness.dataset.assemble import categories
from harness.dataset.components import (
    A_COUNTS,
    B_CATEGORIES,
    component_a,
    component_b,
    component_d,
    verified,
)
from harness.dataset.history import scaled
from harness.dataset.leakage import Guard
from harness.dataset.records import DatasetError, Record
from harness.simulate.verdict import Outcome, Verdict
from tests.dataset.examples import golden, goldens, quiet, right, specs, twice


def labelled(category: str, count: int) -> list[Record]:
    """Records of a category that differ in their text only."""
    (first,) = goldens(category, 1)
    return [first.model_copy(update={"instruction": f"{category} {number}"}) for number in range(count)]


def test_a_takes_the_planned_counts() -> None:
    """A is the plan's 414 of V4's winners, the first of each category in V4's order, and no FSM."""
    v4 = [r for category in (*A_COUNTS, "fsm_2state", "clock_divider") for r in labelled(category, 70)]
    Random(1).shuffle(v4)
    chosen = component_a(v4)
    assert len(chosen) == 414
    assert categories(chosen) == A_COUNTS
    assert all(chosen.index(r) < A_COUNTS[r.metadata.category] * len(A_COUNTS) for r in chosen)
    for category, count in A_COUNTS.items():
        assert [r for r in chosen if r.metadata.category == category] == [
            r for r in v4 if r.metadata.category == category
        ][:count]
    assert categories(component_a(v4, 0.04)) == scaled(A_COUNTS, 0.04)


def test_a_needs_enough() -> None:
    """V4 one example short of a category is an error with both numbers and the way out."""
    v4 = [r for category, count in A_COUNTS.items() for r in labelled(category, count)]
    short = [r for r in v4 if r.instruction != "shift_piso 0"]
    with pytest.raises(
        DatasetError, match=r"V4 holds 35 shift_piso examples; .* needs 36 .*a V4 file with more"
    ):
        component_a(short)


def test_b_is_v3_as_it_was() -> None:
    """B keeps every example of its categories, in order, and nothing else."""
    v3 = [r for category in ("mux", *B_CATEGORIES, "comparator") for r in labelled(category, 2)]
    assert component_b(v3) == v3[2:-2]
    with pytest.raises(DatasetError, match=r"V3 holds no enable_gating, fsm_moore examples.*whole V3 file"):
        component_b([r for r in v3 if r.metadata.category not in ("enable_gating", "fsm_moore")])


def test_verified_needs_the_spec() -> None:
    """Right RTL is verified; wrong RTL, and a record without its spec, are not."""
    one, two, three = goldens("mux", 3)
    wrong = two.model_copy(update={"output": one.output})
    unknown = three.model_copy(update={"metadata": three.metadata.model_copy(update={"spec": None})})
    assert verified([wrong, unknown, one], quiet) == [False, False, True]


def test_d_is_edge_cases_holes_and_mined(guard: Guard) -> None:
    """D holds as many corners as asked, of different families, the holes' examples, and what was mined."""
    mined = [golden(spec, "v5_trace") for spec in specs("mux", 1)]
    records = component_d(guard, 12, {"sync_reset": 3, "mux": 1}, mined, texts=twice, seed=1)
    corners = [r for r in records if r.metadata.source == "v5_edge_case"]
    assert len(corners) == 12
    assert len(categories(corners)) >= 8
    assert categories([r for r in records if r.metadata.source == "v5_hole"]) == {"sync_reset": 3, "mux": 1}
    assert records[-1:] == mined
    assert all(right(records))
    assert all(map(guard.allows_record, records))
    assert all(record.metadata.functional == "verified" for record in records[:-1])


def test_d_refuses_a_wrong_golden(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    """A family that contradicts itself stops the build and is named."""
    verdict = Verdict(Outcome.MISMATCH, "step 3: q is 0, expected 1")
    monkeypatch.setattr(components, "judge_many", lambda pairs: [verdict for _ in pairs])
    with pytest.raises(DatasetError, match=r"the golden of mux \w+ is not right: step 3: q is 0, expected 1"):
        component_d(guard, 0, {"mux": 1}, [], texts=twice, seed=1)
