"""V3 and V4 are regenerated in their recorded numbers, with real faults that V4's testbenches miss."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.dataset import history
from harness.dataset.assemble import categories
from harness.dataset.components import B_CATEGORIES
from harness.dataset.history import (
    V3_COUNTS,
    V3_WRONG,
    V4_COUNTS,
    Candidate,
    build_v3,
    build_v4,
    scaled,
    with_faults,
)
from harness.dataset.leakage import Guard
from harness.dataset.records import DatasetError, Record
from harness.families.catalogue import CATEGORIES, FSM, load
from harness.families.comment import golden
from harness.families.spec import Spec
from harness.simulate.judge import judge_many
from harness.simulate.verdict import Outcome, Verdict
from harness.testbench.run import passes
from harness.testbench.template import template_testbench
from tests.dataset.examples import quiet, specs, twice


def once(category: str) -> int:
    return 1


def spec_of(record: Record) -> Spec:
    return load(record.metadata.spec)


def always(outcome: Outcome, detail: str = "") -> object:
    """A judge that gives everybody the same verdict."""

    def judge(pairs: Sequence[tuple[Spec, str]], progress: object = None) -> list[Verdict]:
        return [Verdict(outcome, detail) for _ in pairs]

    return judge


def test_counts_are_the_recorded_ones() -> None:
    """857 examples in V3, 300 of them in component B's categories; V4's published 844, and 80 beside them."""
    assert sum(V3_COUNTS.values()) == 857
    assert set(V3_COUNTS) == set(CATEGORIES)
    assert sum(V3_COUNTS[category] for category in B_CATEGORIES) == 300
    assert sum(V4_COUNTS.values()) == 844 + 80
    assert set(V4_COUNTS) <= set(CATEGORIES)


@settings(deadline=None)
@given(counts=st.dictionaries(st.sampled_from(CATEGORIES), st.integers(1, 60)), share=st.floats(1e-6, 1.0))
def test_a_share_keeps_every_category(counts: dict[str, int], share: float) -> None:
    """However small the share, each category keeps an example; none grows, and a share of 1 is the plan."""
    small = scaled(counts, share)
    assert small.keys() == counts.keys()
    assert all(1 <= small[category] <= counts[category] for category in counts)
    assert scaled(counts, 1.0) == counts


def test_v3_is_the_same_for_the_same_seed(guard: Guard) -> None:
    """Equal seeds give equal records, another seed others; every category is there, and nothing held out."""
    first, again = (build_v3(guard, 0.001, twice, 7, quiet) for _ in range(2))
    assert first == again
    assert categories(first) == dict.fromkeys(CATEGORIES, 1)
    assert all(guard.allows_record(record) and len(record.prompts) == 2 for record in first)
    assert all(record.metadata.functional == "unverified" for record in first)
    other = build_v3(guard, 0.001, twice, 8, quiet)
    assert not {record.output for record in first} & {record.output for record in other}


@pytest.fixture(scope="module")
def faulty() -> list[Candidate]:
    """One spec of each category, drawn to be wrong."""
    drawn = [spec for category in CATEGORIES for spec in specs(category, 1)]
    return with_faults(drawn, lambda spec: 1.0, "test")


def test_faults_compile_and_misbehave(faulty: list[Candidate]) -> None:
    """Every injected fault is told from the golden by the judge, and nearly every golden has such a fault."""
    wrong = [candidate for candidate in faulty if candidate.fault]
    assert len(wrong) >= 0.9 * len(CATEGORIES)
    verdicts = judge_many([(c.spec, c.rtl) for c in wrong], seed=1)
    assert {verdict.outcome for verdict in verdicts} == {Outcome.MISMATCH}


def test_a_fault_is_one_change(faulty: list[Candidate]) -> None:
    """A faulty candidate is its golden but for a line or two: a mistake, not noise."""
    for candidate in faulty:
        right, rtl = (text.splitlines() for text in (golden(candidate.spec), candidate.rtl))
        assert len(right) - 2 <= len(rtl) <= len(right) + 2
        assert len(set(right) ^ set(rtl)) <= 4


def test_the_golden_stays_where_no_mutant_misbehaves(monkeypatch: pytest.MonkeyPatch) -> None:
    """A spec all of whose mutants are equivalent keeps its golden, and names no fault."""
    monkeypatch.setattr(history, "judge_many", always(Outcome.PASS))
    (spec,) = specs("fsm_2state", 1)
    assert with_faults([spec], lambda spec: 1.0, "test") == [Candidate(spec, golden(spec), "")]


def test_the_share_of_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    """About 16 % of many examples are wrong at V3's share; none is at a share of 0."""
    monkeypatch.setattr(history, "judge_many", always(Outcome.MISMATCH))
    monkeypatch.setattr(history, "mutants", lambda source: [type("Mutant", (), {"source": "x", "kind": "y"})])
    drawn = specs("mux", 1) * 1000
    assert 120 < sum(bool(c.fault) for c in with_faults(drawn, lambda spec: V3_WRONG, "s")) < 200
    assert not any(c.fault for c in with_faults(drawn, lambda spec: 0.0, "s"))


def test_a_tool_error_is_not_taken_for_a_right_mutant(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the judge itself fails, the build stops; it would silently make a set without faults."""
    monkeypatch.setattr(history, "judge_many", always(Outcome.TOOL_ERROR, "vvp ended with code 127"))
    with pytest.raises(DatasetError, match=r"mutant of mux \w+ failed: vvp ended with code 127"):
        with_faults(specs("mux", 1), lambda spec: 1.0, "test")


def test_v4_keeps_what_the_template_passes(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each kept record passed its template testbench and is marked verified, whatever the judge says."""
    counts = {"enable_control": 1, "fsm_2state": 6}
    monkeypatch.setattr(history, "V4_COUNTS", counts)
    records, tally = build_v4(guard, 1.0, once, 3, quiet)
    assert categories(records) == counts
    assert all(passes([(spec_of(r), r.output, template_testbench(spec_of(r))) for r in records]))
    assert {(r.metadata.functional, r.metadata.testbench_type) for r in records} == {("verified", "template")}
    assert {category: kept for category, (kept, tried) in tally.items()} == counts
    assert all(tried >= kept for kept, tried in tally.values())
    right = judge_many([(spec_of(r), r.output) for r in records if r.metadata.category in FSM])
    assert not all(verdict.passed for verdict in right), "a weak testbench lets wrong FSMs through"


def test_v4_gives_up_when_nothing_passes(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    """A simulator that passes nothing is an error that says so, not an endless search."""
    monkeypatch.setattr(history, "V4_COUNTS", {"mux": 2})
    monkeypatch.setattr(history, "V4_CANDIDATES_WRONG", 0.0)
    monkeypatch.setattr(history, "passes", lambda trials: [False for _ in trials])
    with pytest.raises(DatasetError, match=r"only 0 of \d+ mux candidates passed .* does iverilog run here"):
        build_v4(guard, 1.0, once, 3, quiet)
