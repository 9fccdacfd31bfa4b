"""Component C holds what A7 accepts, within its budget."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.dataset.assemble import categories
from harness.dataset.component_c import C_TARGETS, MAX_ATTEMPTS, ComponentC, Tally, _next_round, component_c
from harness.dataset.history import with_faults
from harness.dataset.leakage import Guard
from harness.families.catalogue import FSM
from harness.families.spec import Spec
from harness.testbench.a7 import Attempt, OfflineA7
from tests.dataset.examples import quiet, right, twice

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
