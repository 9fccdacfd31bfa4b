"""Mutants are single realistic faults: they parse, differ from each other, and touch nothing else."""

from __future__ import annotations

import difflib
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.families.catalogue import CATEGORIES, family
from harness.rtl.mutate import Mutant, mutants
from harness.rtl.rename import parse, syntax_errors

FSM = """// Zähler mit Zuständen
module m(input clk, input rst_n, input go, input stop, input [1:0] mode, output reg [3:0] q, output y);
  localparam [1:0] IDLE = 2'd0, RUN = 2'd1, DONE = 2'd2;
  localparam LAST = 9;
  reg [1:0] state;
  always @(posedge clk or negedge rst_n)
    if (!rst_n) begin
      state <= IDLE;
      q <= 4'd3;
    end else begin
      case (state)
        IDLE: if (go && !stop) state <= RUN;
        RUN: state <= (q == LAST) ? DONE : RUN;
        default: state <= IDLE;
      endcase
      if (mode < 2) q <= {q[2:0], go};
      else q <= q + 1;
    end
  assign y = (state == DONE) & mode[0];
endmodule
"""
SWAP = """module m(input clk, input rst, input d, output reg q);
  reg p;
  always @(posedge clk)
    if (rst == 1'b1) begin p <= 0; q <= 0; end
    else begin
      p <= d;
      q <= p;
    end
endmodule
"""
TWO_BLOCKS = """module m(input clk, input clear, input d, output reg p, output reg q);
  always @(posedge clk, posedge clear) if (clear) p <= 0; else p <= d;
  always @(posedge clk, posedge clear) if (clear) q <= 1; else q <= p;
endmodule
"""


def the(source: str, kind: str, detail: str, line: int = 0) -> Mutant:
    """The one mutant of this kind and detail (and line, if given)."""
    sought = [m for m in mutants(source) if (m.kind, m.detail) == (kind, detail) and line in (0, m.line)]
    assert len(sought) == 1, sought
    return sought[0]


@pytest.mark.parametrize(
    ("kind", "line", "detail"),
    [
        ("next_state", 13, "DONE -> RUN"),
        ("next_state", 13, "DONE -> IDLE"),
        ("wrong_state", 19, "DONE -> RUN"),
        ("reset_value", 8, "IDLE -> RUN"),
        ("reset_value", 9, "4'd3 -> 4'd2"),
        ("reset_polarity", 7, "!rst_n -> rst_n; negedge -> posedge"),
        ("reset_synchrony", 6, " or negedge rst_n -> nothing"),
        ("clock_edge", 6, "posedge -> negedge"),
        ("swapped_branches", 13, "DONE -> RUN; RUN -> DONE"),
        ("swapped_labels", 12, "IDLE -> RUN; RUN -> IDLE"),
        ("negated_condition", 12, "go && !stop -> !(go && !stop)"),
        ("dropped_condition", 12, "go && !stop -> 1'b1"),
        ("dropped_condition", 12, "go && !stop -> go"),
        ("off_by_one", 4, "9 -> 10"),
        ("off_by_one", 16, "2 -> 1"),
        ("wrong_signal", 12, "stop -> go"),
        ("wrong_operator", 16, "< -> <="),
        ("wrong_operator", 17, "+ -> -"),
        ("wrong_operator", 19, "& -> |"),
        ("wrong_select", 19, "[0] -> [1]"),
        ("concatenation_order", 16, "{q[2:0], go} -> {go, q[2:0]}"),
        ("shift_direction", 16, "{q[2:0], go} -> {go, q[3:1]}"),
        ("dropped_statement", 12, "state <= RUN; -> ;"),
    ],
)
def test_fault(kind: str, line: int, detail: str) -> None:
    """Each kind of fault is found where it can be made, and its line is that of the source."""
    mutant = the(FSM, kind, detail, line)
    assert mutant.source.splitlines()[line - 1] != FSM.splitlines()[line - 1]


def test_swapped_branches_keep_their_else() -> None:
    """An if/else moved into the then-branch does not take the other else for its own."""
    source = "module m(input a, b, output reg q);\n always @* if (a) q = 1; else if (b) q = 0;\nendmodule\n"
    swapped = the(source, "swapped_branches", "q = 1; -> begin if (b) q = 0; end; if (b) q = 0; -> q = 1;")
    assert "if (a) begin if (b) q = 0; end else q = 1;" in swapped.source


def test_blocking_only_where_it_matters() -> None:
    """Non-blocking becomes blocking where a later statement reads the target, and nowhere else."""
    assert [m.detail for m in mutants(SWAP) if m.kind == "assignment_kind"] == ["<= -> ="]
    assert "p = d;" in the(SWAP, "assignment_kind", "<= -> =").source


def test_reset_changes_in_every_block() -> None:
    """Polarity and synchrony of a reset change in all blocks together: it stays one consistent mistake."""
    flipped = the(
        TWO_BLOCKS,
        "reset_polarity",
        "clear -> !clear; clear -> !clear; posedge -> negedge; posedge -> negedge",
    )
    assert flipped.source.count("negedge clear) if (!clear)") == 2
    (synchronous,) = [m for m in mutants(TWO_BLOCKS) if m.kind == "reset_synchrony"]
    assert synchronous.source.count("@(posedge clk) if (clear)") == 2


def test_synchronous_becomes_asynchronous() -> None:
    """A synchronous reset tested by comparison joins the event list with its active edge."""
    (asynchronous,) = [m for m in mutants(SWAP) if m.kind == "reset_synchrony"]
    assert "@(posedge clk or posedge rst)" in asynchronous.source
    active_low = SWAP.replace("rst == 1'b1", "rst == 1'b0")
    assert any("or negedge rst" in m.source for m in mutants(active_low) if m.kind == "reset_synchrony")


def test_broken_source_is_refused() -> None:
    """A source that does not parse is refused instead of mutated."""
    with pytest.raises(ValueError, match="does not parse"):
        mutants("module m(input a; endmodule")


def test_a_long_chain_is_mutated() -> None:
    """Hundreds of `else if` nest as deep in the tree, which is no more than screening allows."""
    chain = "".join(f"if (a == {n}) q = {n}; else " for n in range(490))
    source = f"module m(input [9:0] a, output reg [9:0] q);\n  always @* {chain}q = 0;\nendmodule\n"
    assert mutants(source)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(CATEGORIES), st.integers(0, 10_000), st.integers(0, 2))
def test_mutants_of_every_family(category: str, seed: int, style: int) -> None:
    """Every mutant of every golden parses, is new, and changes at most a few places of the text."""
    spec = family(category).sample(category, Random(seed))
    source = spec.verilog(style % spec.styles)
    found = mutants(source)
    assert found == mutants(source)
    assert len({source, *(m.source for m in found)}) == len(found) + 1
    for mutant in found:
        assert not syntax_errors(parse(mutant.source)), mutant
        changes = difflib.SequenceMatcher(
            None, source.splitlines(), mutant.source.splitlines(), autojunk=False
        )
        touched = [block for block in changes.get_opcodes() if block[0] != "equal"]
        assert 1 <= len(touched) <= 6, mutant
