"""State machines: what is particular to them: reachability, moves, texts."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.families.explore import explore
from harness.families.fsm import ThreeState, TwoState
from harness.families.fsm_table import MealyMachine, MooreMachine
from harness.families.machine import Machine
from harness.families.spec import Reference

FAMILY: dict[str, type[Machine]] = {
    "fsm_2state": TwoState,
    "fsm_3state": ThreeState,
    "fsm_moore": MooreMachine,
    "fsm_mealy": MealyMachine,
}
categories = pytest.mark.parametrize("category", FAMILY)


@categories
def test_states_of_edge_cases_are_reachable(category: str) -> None:
    """One state, traps, all-equal rows, constant outputs: every state can be reached all the same."""
    for spec in FAMILY[category].edge_cases(category):
        assert {state for (state,) in explore(spec)} == set(range(len(spec.states)))


@categories
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_samples_move(category: str, seed: int) -> None:
    """States of a drawn machine are reachable and left again, and its output is not constant."""
    spec = FAMILY[category].sample(category, Random(seed))
    graph = explore(spec)
    assert {state for (state,) in graph} == set(range(len(spec.states)))
    assert all(set(graph.successors(state)) != {state} for state in graph)
    edges = graph.edges(data="inputs")
    assert len({spec.outputs(state, inputs)[spec.out] for state, _, inputs in edges}) > 1


@categories
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_every_input_matters(category: str, seed: int) -> None:
    """Each input changes the next state or the output somewhere, so the text names none in vain."""
    spec = FAMILY[category].sample(category, Random(seed))
    edges = list(explore(spec).edges(data="inputs"))
    for name in spec.ins:
        assert any(
            spec.next(state, inputs) != spec.next(state, {**inputs, name: 1 - inputs[name]})
            or spec.outputs(state, inputs) != spec.outputs(state, {**inputs, name: 1 - inputs[name]})
            for state, _, inputs in edges
        )


def test_reset_state_need_not_be_the_first() -> None:
    """A machine that starts in its second state does so after reset, in the reference and in the text."""
    spec = TwoState.edge_cases("fsm_2state")[3]
    low = {"clk": 0, "rst": 1, "j": 0, "k": 0}
    assert Reference(spec).apply(low) == {"y": 1}
    assert spec.effect.slots == {"state": "S1"}


def test_two_state_text() -> None:
    """The golden of a two-state machine is the short code that training shows."""
    spec = TwoState.edge_cases("fsm_2state")[3]
    assert spec.verilog() == (
        "module edge_fsm(input clk, input rst, input j, input k, output y);\n"
        "  localparam S0 = 3'd0, S1 = 3'd1;\n"
        "  reg [2:0] state;\n"
        "  always @(posedge clk or posedge rst)\n"
        "    if (rst) state <= S1;\n"
        "    else case (state)\n"
        "      S0: state <= (k && !j) ? S1 : S0;\n"
        "      S1: state <= (j || k) ? S0 : S1;\n"
        "      default: state <= S1;\n"
        "    endcase\n"
        "  assign y = (state == S1);\n"
        "endmodule\n"
    )


def test_mealy_text() -> None:
    """The golden of a Mealy machine has one row a state in two tables, input 0 first as in the text."""
    spec = MealyMachine.edge_cases("fsm_mealy")[-1]
    assert spec.verilog() == (
        "module edge_fsm(input clk, input rst_n, input x, output reg y);\n"
        "  localparam A = 3'd0, B = 3'd1, C = 3'd2;\n"
        "  reg [2:0] state;\n"
        "  always @(posedge clk)\n"
        "    if (!rst_n) state <= A;\n"
        "    else case (state)\n"
        "      A: state <= !x ? A : B;\n"
        "      B: state <= !x ? B : C;\n"
        "      C: state <= !x ? C : C;\n"
        "      default: state <= A;\n"
        "    endcase\n"
        "  always @* case (state)\n"
        "    A: y = !x ? 1'b0 : 1'b0;\n"
        "    B: y = !x ? 1'b0 : 1'b1;\n"
        "    C: y = !x ? 1'b1 : 1'b0;\n"
        "    default: y = 1'b0;\n"
        "  endcase\n"
        "endmodule\n"
    )
