"""Laps: faults that show only after a long history are met."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from harness.families.catalogue import CATEGORIES, family
from harness.families.fsm_sequence import SequenceDetector
from harness.families.spec import Reference
from harness.simulate.judge import judge
from harness.simulate.laps import long_trace
from harness.simulate.stimulus import trace
from harness.simulate.verdict import Outcome
from tests.simulate.tiny import TinyAdder, TinyCounter


@pytest.mark.parametrize("category", CATEGORIES)
def test_the_long_trace_goes_on_where_the_common_one_ends(category: str) -> None:
    """The common trace is the beginning of the long one, whose answers are the reference's."""
    spec = family(category).sample(category, Random(f"laps:{category}"))
    common, long = trace(spec, 0), long_trace(spec, 0)
    count = len(common.vectors)
    assert long.vectors[:count] == common.vectors
    reference = Reference(spec)
    assert long.expected == [reference.apply(vector) for vector in long.vectors]
    assert long.known_from == common.known_from


@pytest.mark.parametrize("width", [1, 8, 12])
def test_a_counter_goes_all_the_way_round(width: int) -> None:
    """A counter that skips its highest value is found wrong up to 12 bits."""
    spec = TinyCounter.make(width)
    early = spec.verilog().replace("q <= q + 1'b1", f"q <= (q == {(1 << width) - 2}) ? 0 : q + 1'b1")
    assert judge(spec, [spec.verilog(), early])[0].passed
    assert judge(spec, [early])[0].outcome is Outcome.MISMATCH


def test_what_never_comes_round_is_not_waited_for() -> None:
    """A 32-bit counter and a design without a clock get little or nothing beyond the common trace."""
    wide = TinyCounter.make(32)
    assert len(long_trace(wide, 0).vectors) < len(trace(wide, 0).vectors) + 2000
    assert long_trace(TinyAdder.make(4), 0).vectors == trace(TinyAdder.make(4), 0).vectors


def test_a_detector_that_looks_one_bit_too_far_back_is_found() -> None:
    """A pattern also comes after a 1 that does not belong to it, whatever the seed."""
    spec = family("fsm_sequence").sample("fsm_sequence", Random("crosscheck:fsm_sequence:3"))
    golden = spec.verilog()
    assert "reg [N-2:0] hist" in golden
    forgetful = golden.replace("reg [N-2:0] hist", "reg [N-1:0] hist")
    for seed in range(6):
        assert judge(spec, [forgetful], seed=seed)[0].outcome is Outcome.MISMATCH


@pytest.mark.parametrize("overlap", [True, False])
@pytest.mark.parametrize("registered", [True, False])
@pytest.mark.parametrize("pattern", ["0101", "0110", "11011", "110110", "100101"])
def test_what_a_detector_remembers_of_a_hit_is_seen(pattern: str, registered: bool, overlap: bool) -> None:
    """A detector that forgets its history on a hit is told from one that lets hits overlap, whatever the seed."""
    corner = SequenceDetector.edge_cases("fsm_sequence")[0]
    spec = replace(corner, pattern=tuple(map(int, pattern)), registered=registered, overlap=overlap)
    wrong = replace(spec, overlap=not overlap)
    for seed in range(3):
        verdicts = judge(spec, [s.verilog(style) for s in (spec, wrong) for style in (0, 1)], seed=seed)
        assert [verdict.passed for verdict in verdicts] == [True, True, False, False]
