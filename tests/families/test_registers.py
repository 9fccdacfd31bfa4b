"""Registers: what is particular to them."""

from __future__ import annotations

from harness.families.registers import EnableRegister, SetReset
from harness.families.spec import Reference


def test_set_wins() -> None:
    """With set first, both inputs active give all ones; with clear first, zero."""
    for spec in SetReset.edge_cases("register_set_reset")[:2]:
        reference = Reference(spec)
        quiet = {"clk": 0, "rst": 0, "set": 1, "clr": 1}
        reference.apply(quiet)
        assert reference.apply({**quiet, "clk": 1}) == {"q": int(spec.set_first)}


def test_text_example() -> None:
    """The golden of a small register is exactly the short code that training shows."""
    spec = EnableRegister.edge_cases("enable_control")[-1]
    assert spec.verilog() == (
        "module corner(input clk, input rst, input en, input en2, input [2:0] d, output reg [2:0] q);\n"
        "  always @(posedge clk or negedge rst)\n"
        "    if (!rst) q <= 0;\n"
        "    else if (en && !en2) q <= d;\n"
        "endmodule\n"
    )
