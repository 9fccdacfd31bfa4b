"""The state graph of a design is complete, follows its reference, and is refused when too large."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.families.explore import TooLarge, explore
from harness.families.fsm import ThreeState
from harness.families.fsm_handshake import Handshake
from harness.families.fsm_sequence import SequenceDetector
from harness.families.fsm_table import MooreMachine
from harness.families.spec import Port, State


@dataclass(frozen=True, kw_only=True)
class Counter(MooreMachine):
    """A counter of 13 bits whose step is an input of `bits` bits."""

    bits: int = 1

    @property
    def ports(self) -> tuple[Port, ...]:
        clock, reset, _, y = super().ports
        return clock, reset, Port("input", "x", self.bits, "step"), y

    def next(self, state: State, inputs: Mapping[str, int]) -> State:
        return ((state[0] + inputs["x"]) % 2**13,)


def counter(bits: int) -> Counter:
    base = MooreMachine.edge_cases("fsm_moore")[0]
    fields = {name: getattr(base, name) for name in base.__dataclass_fields__}
    return Counter(**fields, bits=bits)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_graph_is_the_reference(seed: int) -> None:
    """Each node has one edge for each input vector, to the state that the reference goes to."""
    spec = ThreeState.sample("fsm_3state", Random(seed))
    graph = explore(spec)
    assert graph.graph["initial"] == spec.initial() and len(graph) == 3
    for state in graph:
        edges = list(graph.out_edges(state, keys=True, data="inputs"))
        assert {key for _, _, key, _ in edges} == {(0, 0), (0, 1), (1, 0), (1, 1)} and len(edges) == 4
        for _, following, key, inputs in edges:
            assert tuple(inputs[name] for name in spec.ins) == key
            assert spec.next(state, inputs) == following


def test_timed_states_count_cycles() -> None:
    """A step of 12 cycles is 12 states of the graph."""
    graph = explore(Handshake.edge_cases("fsm_handshake")[3])
    assert sorted(graph) == [(0, 0), *((1, spent) for spent in range(12)), (2, 0)]


def test_detector_states_are_its_history() -> None:
    """A Mealy detector of 4 bits remembers up to 3: the 15 strings of that length."""
    spec = replace(
        SequenceDetector.edge_cases("fsm_sequence")[0], pattern=(1, 0, 1, 1), overlap=True, registered=False
    )
    assert len(explore(spec)) == 15


def test_design_without_inputs() -> None:
    """A free-running machine has one edge a state, with no inputs."""
    graph = explore(ThreeState.edge_cases("fsm_3state")[0])
    assert list(graph.edges(keys=True)) == [((0,), (1,), ()), ((1,), (2,), ()), ((2,), (0,), ())]


def test_too_many_inputs() -> None:
    """Eleven input bits are refused with the name of the design and the limit."""
    with pytest.raises(TooLarge, match=r"edge_fsm \(fsm_moore\) has 11 input bits, more than the 10"):
        explore(counter(11))


def test_too_many_states() -> None:
    """8192 states are refused before they are all built."""
    with pytest.raises(TooLarge, match=r"more than 4096 reachable states"):
        explore(counter(1))
