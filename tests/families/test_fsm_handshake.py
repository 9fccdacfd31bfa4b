"""Handshake controllers: what is particular to them: reachability, moves, texts."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.families import naming
from harness.families.explore import explore
from harness.families.fsm_handshake import Handshake
from harness.families.spec import Reference

CATEGORY = "fsm_handshake"


def test_states_of_edge_cases_are_reachable() -> None:
    """Delays of 1 and of 16 cycles, aborts from everywhere, an idle state with an output: all states are reachable."""
    for spec in Handshake.edge_cases(CATEGORY):
        assert {state[0] for state in explore(spec)} == set(range(len(spec.states)))


@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_samples_move(seed: int) -> None:
    """State names clash with nothing, every state is reachable, and every output moves."""
    spec = Handshake.sample(CATEGORY, Random(seed))
    names = {name.lower() for name in spec.states}
    assert len(names) == len(spec.states) == len(spec.steps)
    assert not set(spec.states) & ({p.name for p in spec.ports} | naming.KEYWORDS)
    graph = explore(spec)
    assert {state[0] for state in graph} == set(range(len(spec.states)))
    assert spec.outs
    for name in spec.outs:
        shown = {spec.outputs(state, inputs)[name] for state, _, inputs in graph.edges(data="inputs")}
        assert shown == {0, 1}


@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_every_input_matters(seed: int) -> None:
    """Each input, abort included, changes the next state somewhere."""
    spec = Handshake.sample(CATEGORY, Random(seed))
    edges = list(explore(spec).edges(data="inputs"))
    for name in spec.ins:
        assert any(
            spec.next(state, inputs) != spec.next(state, {**inputs, name: 1 - inputs[name]})
            for state, _, inputs in edges
        )


def test_delay_lasts_exactly_its_cycles() -> None:
    """A step timed for 12 cycles shows its output for 12 clock edges, and from the start after an abort."""
    spec = Handshake.edge_cases(CATEGORY)[3]
    reference = Reference(spec)
    level = {"clk": 0, "rst_n": 1, "start": 1, "abort": 1}

    def edge(**change: int) -> dict[str, int]:
        level.update(change)
        reference.apply({**level, "clk": 0})
        return reference.apply({**level, "clk": 1})

    first = [edge()["work"] for _ in range(5)]
    assert first == [1] * 5 and edge(abort=0) == {"work": 0, "done": 0, "busy": 0}
    again = [edge(abort=1) for _ in range(13)]
    assert [sample["work"] for sample in again] == [1] * 12 + [0] and again[-1]["done"] == 1


def test_text() -> None:
    """The golden of a timed controller with abort is the short code that training shows."""
    spec = Handshake.edge_cases(CATEGORY)[3]
    assert spec.verilog() == (
        "module edge_hs(input clk, input rst_n, input start, input abort,"
        " output work, output done, output busy);\n"
        "  localparam IDLE = 3'd0, ONE = 3'd1, TWO = 3'd2;\n"
        "  localparam N = 12;\n"
        "  reg [2:0] state;\n"
        "  reg [3:0] cnt;\n"
        "  always @(posedge clk)\n"
        "    if (!rst_n) begin state <= IDLE; cnt <= 0; end\n"
        "    else begin\n"
        "      cnt <= (state == ONE) ? cnt + 1 : 0;\n"
        "      case (state)\n"
        "        IDLE: state <= start ? ONE : IDLE;\n"
        "        ONE: state <= !abort ? IDLE : (cnt == N-1) ? TWO : ONE;\n"
        "        TWO: state <= IDLE;\n"
        "        default: state <= IDLE;\n"
        "      endcase\n"
        "    end\n"
        "  assign work = (state == ONE);\n"
        "  assign done = (state == TWO);\n"
        "  assign busy = (state != IDLE);\n"
        "endmodule\n"
    )
