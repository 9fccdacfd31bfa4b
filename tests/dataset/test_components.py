"""The components hold what the plan asks: A and B by category, C what A7 accepts, D what the judge does."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.dataset import components
from harness.dataset.assemble import categories
from harness.dataset.component_c import _next_round
from harness.dataset.components import (
    A_COUNTS,
    B_CATEGORIES,
    C_TARGETS,
    MAX_ATTEMPTS,
    ComponentC,
    Tally,
    component_a,
    component_b,
    component_c,
    component_d,
    verified,
)
from harness.dataset.history import scaled, with_faults
from harness.dataset.leakage import Guard
from harness.dataset.records import DatasetError, Record
from harness.families.catalogue import FSM, load
from harness.families.spec import Spec
from harness.simulate.judge import judge_many
from harness.simulate.verdict import Outcome, Verdict
from harness.testbench.a7 import Attempt, OfflineA7
from tests.dataset.examples import golden, goldens, specs


def quiet(done: int, total: int) -> None:
    pass


def twice(category: str) -> int:
    return 2


def right(records: Sequence[Record]) -> list[bool]:
    return [v.passed for v in judge_many([(load(r.metadata.spec), r.output) for r in records], seed=1)]


def labelled(category: str, count: int) -> list[Record]:
    """Records of a category that differ in their text only."""
    (first,) = goldens(category, 1)
    return [first.model_copy(update={"instruction": f"{category} {number}"}) for number in range(count)]


# --- A and B ----------------------------------------------------------------------------------------------


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


# --- C ----------------------------------------------------------------------------------------------------

SMALL = {"fsm_2state": 3, "fsm_mealy": 2}
ATTEMPTS = 12


class Model:
    """Answers with what `say` makes of a spec and the number of the attempt; remembers what it was asked."""

    def __init__(self, say: str) -> None:
        self.say = say
        self.asked: list[Spec] = []

    def __call__(self, specs: Sequence[Spec], texts: Sequence[str]) -> list[str]:
        assert len(specs) == len(texts)
        faulty = with_faults(specs, lambda spec: 1.0, f"test {len(self.asked)}") if "f" in self.say else []
        answers = []
        for number, spec in enumerate(specs):
            kind = self.say[(len(self.asked) + number) % len(self.say)]
            answers.append(
                {
                    "g": f"Sure, this module does it:\n```verilog\n{spec.verilog(1)}```\n",
                    "f": faulty[number].rtl if faulty else "",
                    "n": "I cannot do that.",
                    "e": "",
                    "c": spec.verilog().replace("endmodule", ""),
                }[kind]
            )
        self.asked += specs
        return answers


@pytest.fixture
def run_c(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setattr("harness.dataset.component_c.C_TARGETS", SMALL)
    monkeypatch.setattr("harness.dataset.component_c.MAX_ATTEMPTS", ATTEMPTS)

    def run(model: Model) -> ComponentC:
        return component_c(
            model, OfflineA7(), guard, writer_name="fake", share=1.0, texts=twice, seed=1, progress=quiet
        )

    return run


def test_c_takes_right_rtl_until_the_targets(run_c) -> None:  # type: ignore[no-untyped-def]
    """A perfect writer is asked until each category has its target, and no further than needed."""
    model = Model("g")
    made = run_c(model)
    assert categories(made.records) == SMALL
    assert len(model.asked) <= ATTEMPTS
    assert all(tally.rate == 1.0 for tally in made.tally.values())
    assert all(right(made.records))
    for record in made.records:
        assert record.metadata.testbench_type == "a7_offline"
        assert record.metadata.model_extra == {"a7_model": "offline", "candidate_writer": "fake"}
        assert len(set(record.prompts)) == 2


@pytest.mark.parametrize("say", ["f", "gf", "necg"])
def test_c_takes_only_right_rtl(run_c, say: str) -> None:  # type: ignore[no-untyped-def]
    """Of mutants, refusals, empty and cut answers none is accepted; the budget and the targets hold."""
    model = Model(say)
    made = run_c(model)
    assert all(right(made.records))
    assert len(model.asked) == sum(tally.attempts for tally in made.tally.values()) <= ATTEMPTS
    assert all(tally.accepted <= tally.target for tally in made.tally.values())
    assert categories(made.records) == {k: t.accepted for k, t in made.tally.items() if t.accepted}
    assert bool(made.records) == ("g" in say)


def test_c_uses_up_its_budget_and_no_more(run_c) -> None:  # type: ignore[no-untyped-def]
    """A writer of nothing is asked just as often as the plan allows; what is missing shows in the tally."""
    made = run_c(Model("n"))
    assert made.records == []
    assert sum(tally.attempts for tally in made.tally.values()) == ATTEMPTS
    assert {category: tally.target for category, tally in made.tally.items()} == SMALL


def test_c_counts_what_could_not_be_tested(run_c, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    """Right RTL without a testbench is not accepted, and shows as untested, not as wrong."""
    silent = [Attempt(None, 1, "refused")]
    monkeypatch.setattr(OfflineA7, "write_all", lambda self, specs, rtl: silent * len(specs))
    made = run_c(Model("g"))
    assert made.records == []
    assert sum(t.untested for t in made.tally.values()) == sum(t.attempts for t in made.tally.values()) > 0


def test_c_targets_are_the_plans() -> None:
    """170 FSMs of all six kinds, and 400 attempts are enough at the pass rate that the plan expects."""
    assert sum(C_TARGETS.values()) == 170
    assert set(C_TARGETS) == set(FSM)
    assert sum(C_TARGETS.values()) / 0.45 <= MAX_ATTEMPTS


@st.composite
def tallies(draw: st.DrawFn) -> dict[str, Tally]:
    tally = {}
    for category in draw(st.lists(st.sampled_from(FSM), unique=True)):
        target = draw(st.integers(0, 40))
        attempts = draw(st.integers(0, 100))
        tally[category] = Tally(target, attempts, draw(st.integers(0, min(target, attempts))))
    return tally


@settings(deadline=None)
@given(tally=tallies(), budget=st.integers(1, 400))
def test_a_round_stays_within_the_budget(tally: dict[str, Tally], budget: int) -> None:
    """A round asks only for what is short, within the budget, and for something while any is short."""
    asked = _next_round(tally, budget)
    short = {category for category, t in tally.items() if t.accepted < t.target}
    assert set(asked) <= short
    assert all(count >= 1 for count in asked.values())
    assert sum(asked.values()) <= budget
    assert bool(asked) == bool(short)


@settings(deadline=None)
@given(tally=tallies(), budget=st.integers(1, 400), chance=st.floats(0, 1), seed=st.integers(0, 999))
def test_rounds_end(tally: dict[str, Tally], budget: int, chance: float, seed: int) -> None:
    """Whatever is accepted, the rounds end: with every target met, or with the budget used up."""
    rng, left = Random(seed), budget
    while left > 0 and (asked := _next_round(tally, left)):
        for category, count in asked.items():
            entry = tally[category]
            entry.attempts += count
            passed = sum(rng.random() < chance for _ in range(count))
            entry.accepted = min(entry.target, entry.accepted + passed)
        left -= sum(asked.values())
    assert left == 0 or all(t.accepted == t.target for t in tally.values())


# --- D ----------------------------------------------------------------------------------------------------


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
