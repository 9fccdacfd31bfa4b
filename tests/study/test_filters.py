"""The filters, from none to a proof."""

from __future__ import annotations

from random import Random

import pytest

from harness.families.catalogue import family
from harness.rtl.mutate import mutants
from harness.simulate.judge import judge
from harness.simulate.verdict import Outcome
from harness.study.filters import (
    A7,
    COMPILES,
    FILTERS,
    FORMAL,
    NOTHING,
    TEMPLATE,
    Trial,
    first_kept,
    tally,
    try_filters,
)
from harness.testbench.run import passes
from harness.testbench.template import template_testbench

SPEC = family("fsm_2state").sample("fsm_2state", Random(3))


@pytest.fixture(scope="module")
def trials() -> list[Trial]:
    """Text that is no Verilog, a mutant that the template accepts, and the golden."""
    golden = SPEC.verilog()
    wrong = [m.source for m in mutants(golden)]
    outcomes = judge(SPEC, wrong)
    mistaken = [m for m, v in zip(wrong, outcomes, strict=True) if v.outcome is Outcome.MISMATCH]
    accepted = passes([(SPEC, m, template_testbench(SPEC)) for m in mistaken])
    fooled = next(m for m, passed in zip(mistaken, accepted, strict=True) if passed)
    return try_filters([SPEC], [["module broken(", fooled, golden]])


def test_each_filter_keeps_less(trials: list[Trial]) -> None:
    """Garbage gets past nothing but no filter, a wrong FSM past the template, the golden past all."""
    assert [trial.kept_by for trial in trials] == [
        (NOTHING,),
        (NOTHING, COMPILES, TEMPLATE),
        (NOTHING, COMPILES, TEMPLATE, A7, FORMAL),
    ]
    assert [trial.right for trial in trials] == [False, False, True]


def test_what_a_filter_keeps_is_counted_once(trials: list[Trial]) -> None:
    """Of two wrong candidates the template keeps one and A7 none, both keep the right one; equal texts count once."""
    assert tally([*trials, *trials], TEMPLATE) == ((1, 2), (1, 1))
    assert tally(trials, A7) == ((0, 2), (1, 1))


def test_only_specs_that_all_filters_serve_are_trained_on(trials: list[Trial]) -> None:
    """Each filter gives its first candidate; a spec without a right one is in no arm."""
    found = first_kept(trials, tuple(FILTERS))
    assert {name: trial.sample for name, trial in found[0].items()} == {
        NOTHING: 0,
        COMPILES: 1,
        TEMPLATE: 1,
        A7: 2,
        FORMAL: 2,
    }
    assert first_kept(trials[:2], tuple(FILTERS)) == {}
