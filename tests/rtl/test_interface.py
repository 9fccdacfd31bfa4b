"""Interfaces: ports, clock, resets and registers of any module are found, or the way out is named."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.families.catalogue import CATEGORIES, family
from harness.rtl.clocking import Control, InterfaceError
from harness.rtl.interface import interface_of
from harness.rtl.registers import Register

NESTED = """
module stage #(parameter W = 4) (input ck, input d, output reg [W-1:0] taps);
  always @(posedge ck) taps <= {taps[W-2:0], d};
endmodule
module top(input clk_i, input arst_n, input [7:0] data, output reg [7:0] q, output [2:0] t);
  wire core_clk = clk_i;
  typedef enum logic [1:0] {IDLE, RUN} state_t;
  state_t state;
  integer i;
  stage #(.W(3)) u(.ck(core_clk), .d(data[0]), .taps(t));
  genvar g;
  generate for (g = 0; g < 2; g = g + 1) begin : lane
    reg seen;
    always_ff @(posedge core_clk) seen <= data[g];
  end endgenerate
  always_ff @(posedge clk_i or negedge arst_n)
    if (!arst_n) begin state <= IDLE; q <= 8'h00; end
    else for (i = 0; i < 8; i = i + 1) begin q[i] <= data[7 - i]; state <= RUN; end
endmodule
"""


def test_clock_resets_and_registers_are_found_through_the_hierarchy() -> None:
    """Nets are followed through assigns and instances, parameters are elaborated, loop counters are no state."""
    found = interface_of(NESTED)
    assert (found.module, found.clock) == ("top", "clk_i")
    assert found.resets == (Control("arst_n", True, "use"),)
    assert [port.name for port in found.data] == ["data"]
    assert set(found.registers) == {
        Register("u.taps", 3),
        Register("lane[0].seen", 1),
        Register("lane[1].seen", 1),
        Register("state", 2),
        Register("q", 8),
    }


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(CATEGORIES)), st.integers(0, 10_000), st.integers(0, 3))
def test_every_family_shows_its_clock_and_reset(category: str, number: int, style: int) -> None:
    """What is found in a golden of any family and style is what its spec says."""
    spec = family(category).sample(category, Random(number))
    found = interface_of(spec.verilog(style % spec.styles))
    wanted = [(spec.reset.name, spec.reset.active_low)] if spec.reset else []
    assert found.clock == spec.clock
    assert [(reset.name, reset.active_low) for reset in found.resets] == wanted
    assert [(p.direction, p.name, p.width) for p in found.ports] == [
        (p.direction, p.name, p.width) for p in spec.ports
    ]


CLOCKED = "module m(input clk, {inputs} output reg q); always @({events}) {body} endmodule"


@pytest.mark.parametrize(
    ("inputs", "events", "body", "resets"),
    [
        ("input rst, input d,", "posedge clk", "if (rst) q <= 0; else q <= d;", [("rst", False, "use")]),
        ("input d, input rn,", "posedge clk", "if (rn == 1'b0) q <= 1; else q <= d;", [("rn", True, "use")]),
        ("input d, input a,", "posedge clk or posedge a", "if (a) q <= d; else q <= ~q;", [("a", False, "use")]),
        ("input d, input reset_n,", "posedge clk", "q <= d & reset_n;", [("reset_n", True, "name")]),
        ("input d, input sel,", "posedge clk", "if (sel) q <= d;", []),
        ("input d,", "posedge clk", "q <= d;", []),
    ],
)  # fmt: skip
def test_resets_are_found_by_use_then_by_name(
    inputs: str, events: str, body: str, resets: list[tuple[str, bool, str]]
) -> None:
    """A branch that only sets constants or an event that is tested first is a reset; else its name decides."""
    found = interface_of(CLOCKED.format(inputs=inputs, events=events, body=body)).resets
    assert [(reset.name, reset.active_low, reset.found) for reset in found] == resets


def test_clock_and_reset_can_be_given() -> None:
    """What the caller says about clock and reset wins, and a name that is no 1-bit input is refused."""
    source = CLOCKED.format(inputs="input d, input ck2,", events="posedge clk", body="q <= d;")
    found = interface_of(source, clock="ck2", reset="!d")
    assert (found.clock, found.resets) == ("ck2", (Control("d", True, "given"),))
    for wrong in ({"clock": "none"}, {"reset": "!none"}):
        with pytest.raises(InterfaceError, match="'none'"):
            interface_of(source, **wrong)


@pytest.mark.parametrize(
    ("body", "said", "right"),
    [
        ("if (!rst_n) q <= 0; else q <= d;", "rst_n", "'!rst_n'"),
        ("if (rst_n) q <= 0; else q <= d;", "!rst_n", "'rst_n'"),
    ],
)
def test_a_given_level_that_the_source_refutes_is_named(body: str, said: str, right: str) -> None:
    """A design that is held in reset passes whatever it is; a first branch that goes on refutes nothing."""
    source = CLOCKED.format(inputs="input d, input rst_n,", events="posedge clk or negedge rst_n", body=body)
    with pytest.raises(InterfaceError, match=f"say --reset {right}"):
        interface_of(source, reset=said)
    assert interface_of(source, reset=right.strip("'")).resets[0].found == "given"
    inverted = "if (rst_n) q <= d; else q <= 0;"
    source = CLOCKED.format(
        inputs="input d, input rst_n,", events="posedge clk or negedge rst_n", body=inverted
    )
    assert interface_of(source, reset="!rst_n").resets[0].active_low


TWO_CLOCKS = """module m(input a, input b, output reg p, output reg q);
  always @(posedge a) p <= ~p;
  always @(posedge b) q <= ~q;
endmodule"""


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("module m(", "does not parse"),
        (TWO_CLOCKS, "several clocks \\(a, b\\)"),
        ("module m(inout a); endmodule", "port 'a' of m is not a plain input or output vector"),
        ("module m(input a); endmodule module n(input a); endmodule", "found m, n: name it"),
        ("", "holds no module; give Verilog source"),
        ("module m(input a, output q); reg c = 0; reg q; always @* c = ~a; always @(posedge c) q <= a; endmodule",
         "no input is the clock of m"),
    ],
)  # fmt: skip
def test_what_cannot_be_driven_is_named(source: str, said: str) -> None:
    """Each kind of module that the judge cannot drive is refused with the reason."""
    with pytest.raises(InterfaceError, match=said):
        interface_of(source)


def test_an_unknown_module_is_named() -> None:
    """A module that is not there, or has a parameter without a value, is refused by name."""
    for source in ("module n(input a); endmodule", "module m #(parameter W) (input [W:0] a); endmodule"):
        with pytest.raises(InterfaceError, match="no module 'm' that can stand alone; there is"):
            interface_of(source, "m")
