"""Stimulus: legal to simulate, long enough, and different where it matters."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.families.spec import Reference, Reset
from harness.simulate.stimulus import trace
from tests.simulate.tiny import TinyAdder, TinyCounter, TinyRegister

SPECS = st.builds(lambda make, width: make(width), st.sampled_from(
    [TinyCounter.make, TinyRegister.make, TinyAdder.make]), st.integers(1, 12))  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(SPECS, st.integers(0, 1000))
def test_vectors_are_complete_in_range_and_repeatable(spec: TinyCounter, seed: int) -> None:
    """Every vector gives every input a value that fits, and equal seeds give equal vectors."""
    widths = {p.name: p.width for p in spec.ports if p.direction == "input"}
    vectors = trace(spec, seed).vectors
    assert vectors == trace(spec, seed).vectors
    assert all(vector.keys() == widths.keys() for vector in vectors)
    assert all(0 <= value < 1 << widths[name] for vector in vectors for name, value in vector.items())


@settings(max_examples=20, deadline=None)
@given(SPECS, st.integers(0, 1000))
def test_only_the_clock_changes_when_it_rises(spec: TinyCounter, seed: int) -> None:
    """No race: in the vector in which the clock rises every other input keeps its value."""
    if spec.clock is None:
        return
    for before, after in pairwise(trace(spec, seed).vectors):
        if after[spec.clock] > before[spec.clock]:
            assert {**before, spec.clock: 1} == after


@settings(max_examples=10, deadline=None)
@given(SPECS, st.integers(0, 1000))
def test_expected_outputs_are_the_references(spec: TinyCounter, seed: int) -> None:
    """The trace's expected outputs are what a fresh reference answers to its vectors."""
    made = trace(spec, seed)
    reference = Reference(spec)
    assert made.expected == [reference.apply(vector) for vector in made.vectors]


@pytest.mark.parametrize("asynchronous", [True, False])
def test_resets_of_every_kind_happen(asynchronous: bool) -> None:
    """Resets come as glitches within either level of the clock, over falling edges and over rising edges."""
    spec = TinyCounter.make(asynchronous=asynchronous)
    kinds, clocks = set(), ""
    for vector in trace(spec, 0).vectors:
        if vector["rst_n"] == 0:
            clocks += str(vector["clk"])
        elif clocks:
            kinds.add("rising" if "01" in clocks else "falling" if "10" in clocks else f"within {clocks[0]}")
            clocks = ""
    assert kinds == {"rising", "falling", "within 0", "within 1"}


def test_a_long_stretch_has_no_reset() -> None:
    """At least 200 cycles in a row run without reset, so slow dividers and counters come round."""
    longest = cycles = 0
    for before, after in pairwise(trace(TinyCounter.make(), 0).vectors):
        cycles = cycles + (after["clk"] > before["clk"]) if after["rst_n"] else 0
        longest = max(longest, cycles)
    assert longest >= 200


@pytest.mark.parametrize("width", [1, 4, 7])
def test_every_state_is_reached(width: int) -> None:
    """An enabled counter shows all its counts, because exploration prefers new states."""
    counts = {outputs["q"] for outputs in trace(TinyCounter.make(width), 0).expected}
    assert counts == set(range(1 << width))


def test_data_changes_at_both_levels_of_the_clock() -> None:
    """Inputs change while the clock is high and while it is low."""
    levels = {
        b["clk"]
        for a, b in pairwise(trace(TinyCounter.make(), 0).vectors)
        if a["en"] != b["en"] and a["clk"] == b["clk"]
    }
    assert levels == {0, 1}


def test_small_combinational_designs_are_driven_exhaustively() -> None:
    """With few input bits every combination occurs."""
    assert len({(v["a"], v["b"]) for v in trace(TinyAdder.make(4), 0).vectors}) == 256


def test_wide_combinational_designs_get_corners() -> None:
    """Equal operands, neighbours and extremes occur, which a comparator needs."""
    pairs = [(v["a"], v["b"]) for v in trace(TinyAdder.make(32), 0).vectors]
    assert {0, 1, -1} <= {a - b for a, b in pairs}
    assert (2**32 - 1, 2**32 - 1) in pairs


def test_unknown_state_is_not_compared() -> None:
    """Without a reset, outputs count only from the first vector that has loaded the register."""
    made = trace(TinyRegister.make(), 0)
    risen = [b["clk"] > a["clk"] and b["en"] for a, b in pairwise(made.vectors)]
    assert made.known_from == risen.index(1) + 1


def test_a_state_that_nothing_forces_is_an_error() -> None:
    """A counter without reset or load can never be judged, and the message says what to do."""
    spec = dataclasses.replace(TinyCounter.make(), reset=None)
    with pytest.raises(ValueError, match="give the spec a reset"):
        trace(spec, 0)


def test_active_high_resets_are_asserted_high() -> None:
    """The reset's polarity is the spec's: the first known vector has it asserted."""
    spec = dataclasses.replace(
        TinyCounter.make(), reset=Reset(name="rst_n", asynchronous=True, active_low=False)
    )
    made = trace(spec, 0)
    assert made.vectors[made.known_from]["rst_n"] == 1
