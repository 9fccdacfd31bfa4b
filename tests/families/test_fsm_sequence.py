"""Sequence detectors: what is particular to them."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.families.explore import explore
from harness.families.fsm_sequence import SequenceDetector
from harness.families.spec import Reference

CATEGORY = "fsm_sequence"


def received(spec: SequenceDetector, bits: str) -> str:
    """What the output shows while each of `bits` is on the input, before its clock edge."""
    reference, samples = Reference(spec), ""
    assert spec.clock is not None and spec.reset is not None
    calm = {spec.reset.name: int(spec.reset.active_low)}
    for bit in bits:
        inputs = {**calm, spec.x: int(bit)}
        samples += str(reference.apply({**inputs, spec.clock: 0})[spec.y])
        reference.apply({**inputs, spec.clock: 1})
    return samples


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_samples_are_of_a_fair_length(seed: int) -> None:
    """Patterns have three to six bits, and the output takes both values."""
    spec = SequenceDetector.sample(CATEGORY, Random(seed))
    assert 3 <= len(spec.pattern) <= 6
    edges = explore(spec).edges(data="inputs")
    assert {spec.outputs(state, inputs)[spec.y] for state, _, inputs in edges} == {0, 1}


@pytest.mark.parametrize(
    ("overlap", "registered", "shown"),
    [
        (True, False, "0001010101"),
        (False, False, "0001000100"),
        (True, True, "0000101010"),
        (False, True, "0000100010"),
    ],
)
def test_overlap_and_register(overlap: bool, registered: bool, shown: str) -> None:
    """1010 in 1010101010: overlap finds shared bits, and a register shows a match one bit later."""
    spec = SequenceDetector.edge_cases(CATEGORY)[0]
    spec = replace(spec, pattern=(1, 0, 1, 0), overlap=overlap, registered=registered)
    assert received(spec, "1010101010") == shown


@settings(max_examples=60, deadline=None)
@given(bits=st.text("01", min_size=1, max_size=40), seed=st.integers(0, 2**32))
def test_reference_against_text_search(bits: str, seed: int) -> None:
    """The reference reports where Python's own search finds the pattern in the text of all bits."""
    spec = SequenceDetector.sample(CATEGORY, Random(seed))
    ends, start = set(), 0
    while (found := bits.find(spec.bits, start)) >= 0:
        ends.add(found + len(spec.bits) - 1 + spec.registered)
        start = found + (1 if spec.overlap else len(spec.bits))
    assert received(spec, bits) == "".join(str(int(i in ends)) for i in range(len(bits)))


def test_zeros_need_to_arrive() -> None:
    """After reset 000 is found at the third zero, not at the first: the history starts empty."""
    spec = next(s for s in SequenceDetector.edge_cases(CATEGORY) if s.bits == "000" and not s.registered)
    assert received(spec, "0000") == "0011"
