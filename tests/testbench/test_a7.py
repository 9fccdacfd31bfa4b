"""A7's offline writer: every right machine passes, and wrong ones do not."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.families.catalogue import FSM, family
from harness.families.fsm_sequence import SequenceDetector
from harness.rtl.mutate import mutants
from harness.simulate.judge import judge
from harness.testbench.a7 import OfflineA7
from harness.testbench.run import passes, run_testbench

A7 = OfflineA7()


def test_goldens_pass() -> None:
    """A7 accepts the goldens of all state machines in every style, corners included."""
    specs = [family(c).sample(c, Random(n)) for c in FSM for n in (1, 2)] + [
        family(c).edge_cases(c)[0] for c in FSM
    ]
    trials = [(spec, spec.verilog(style), A7(spec)) for spec in specs for style in range(spec.styles)]
    verdicts = passes(trials)
    assert [rtl for (_, rtl, _), passed in zip(trials, verdicts, strict=True) if not passed] == []


@pytest.mark.parametrize(
    "category", ["async_reset", "enable_gating", "counter_updown", "mux", "clock_divider"]
)
def test_other_families_pass(category: str) -> None:
    """Designs without a small state graph, with a latch, or without a clock get a long walk instead."""
    spec = family(category).sample(category, Random(6))
    verdict = run_testbench(spec.verilog(), A7(spec), spec.name, spec.ports)
    assert verdict.passed, verdict


@pytest.mark.parametrize("category", FSM)
def test_kills_mutants(category: str) -> None:
    """What A7 accepts among mutants, the judge cannot tell from the golden either."""
    spec = family(category).sample(category, Random(11))
    wrong = [m.source for m in mutants(spec.verilog(1))[::2]]
    accepted = [
        s for s, passed in zip(wrong, passes([(spec, s, A7(spec)) for s in wrong]), strict=True) if passed
    ]
    assert len(accepted) < len(wrong) / 2
    assert all(verdict.passed for verdict in judge(spec, accepted))


def test_tells_far_states_apart() -> None:
    """A wrong fall-back deep in a sequence, seen only much later, is found: 11100 restarts at S1, not S0."""
    corner = family("fsm_sequence").edge_cases("fsm_sequence")[0]
    assert isinstance(corner, SequenceDetector)
    spec = type(corner)(
        **{**vars(corner), "pattern": (1, 1, 1, 1, 0, 0), "overlap": False, "registered": False}
    )
    golden = spec.verilog(1)
    wrong = golden.replace("S3: state <= !x ? S0", "S3: state <= !x ? S1").replace(
        "S3: state <= x ? S4 : S0", "S3: state <= x ? S4 : S1"
    )
    assert wrong != golden
    assert passes([(spec, golden, A7(spec)), (spec, wrong, A7(spec))]) == [True, False]


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(FSM), st.integers(0, 999))
def test_deterministic(category: str, seed: int) -> None:
    """The same spec gives the same testbench, whatever RTL is under test; its verdict is its last line."""
    spec = family(category).sample(category, Random(seed))
    bench = A7(spec)
    assert bench == OfflineA7().generate_fsm_testbench(spec, "module wrong; endmodule", category)
    assert bench.count('"TEST PASSED"') == 1
