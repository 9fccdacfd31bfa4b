"""What may reach the simulator and what may not."""

from __future__ import annotations

import pytest

from harness.families.spec import Port
from harness.rtl.rename import RESERVED
from harness.rtl.screen import MAX_CHARACTERS, Rejection, Screened, screen

PORTS = (
    Port("input", "clk", 1, "clock"),
    Port("input", "d", 8, "data"),
    Port("output", "q", 8, "data"),
)
PLAIN = (
    "module dut(input clk, input [7:0] d, output reg [7:0] q);\n  always @(posedge clk) q <= d;\nendmodule\n"
)


def inside(item: str) -> str:
    return PLAIN.replace("  always", f"  {item}\n  always")


def rule(source: str) -> str:
    verdict = screen(source, "dut", PORTS)
    return verdict.rule if isinstance(verdict, Rejection) else ""


@pytest.mark.parametrize(
    ("expected", "source"),
    [
        ("system", inside("initial $finish;")),
        ("system", inside('initial $readmemh("stimulus0", q);')),
        ("system", inside("wire [63:0] t = $time;")),
        ("system", inside("wire x = $root.top.x;")),
        ("construct", inside("initial force q = 0;")),
        ("construct", inside("final begin end")),
        ("construct", inside("specify endspecify")),
        ("construct", inside("initial wait (q) ;")),
        ("construct", inside("initial fork join")),
        ("construct", inside('import "DPI-C" function int system(string s);')),
        ("construct", inside("module inner; endmodule")),
        ("construct", PLAIN + "program p; endprogram"),
        ("construct", PLAIN + "bind dut other u();"),
        ("construct", PLAIN + "primitive u(o, i); output o; input i; table 0 : 1; endtable endprimitive"),
        ("delay", inside("initial #0 ;")),
        ("initial", inside("initial @(posedge clk) q = 1;")),
        ("hierarchy", inside("wire x = t0.v;")),
        ("hierarchy", inside("initial tb.errors = 0;")),
        ("hierarchy", inside("defparam tb.N = 1;")),
        ("reserved", inside(f"wire x = t0{RESERVED}.v;")),
        ("reserved", inside(f"wire \\i0{RESERVED} = 1;")),
        ("directive", '`include "/etc/passwd"\n' + PLAIN),
        ("directive", "`default_nettype wand\n" + PLAIN),
        ("directive", "`unconnected_drive pull1\n" + PLAIN),
        ("nul", PLAIN + "\0"),
        ("size", PLAIN + "/" * MAX_CHARACTERS),
        ("size", inside("wire x = " + "+".join("1" * 5000) + ";")),
        ("string", inside('localparam S = "a\\101b";')),
        ("encoding", PLAIN + "\ud800"),
        ("directive", inside('(* a\n`line 9 "x" 0\n*) reg x;')),
        ("syntax", PLAIN.replace("<= d;", "<= d")),
        ("syntax", PLAIN + '\n`include "/etc/passwd"'),
        ("syntax", "Here is the module you asked for."),
        ("module", ""),
        ("module", PLAIN.replace("dut", "other")),
        ("module", PLAIN + PLAIN),
        ("module", PLAIN.replace("dut(", "dut #(parameter N) (")),
        ("ports", PLAIN.replace("output reg [7:0] q", "output reg [6:0] q")),
        ("ports", PLAIN.replace("input clk", "inout clk")),
        ("ports", PLAIN.replace("input clk", "input clk, input extra")),
        ("ports", PLAIN.replace("input clk, ", "")),
        ("ports", PLAIN.replace("[7:0] d", "d [7:0]")),
    ],
)
def test_refused(expected: str, source: str) -> None:
    """Whatever could print, stop, wait, read, look outside or mislead is refused by the rule meant for it."""
    assert rule(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        PLAIN,
        "`timescale 1ns/1ps\n`default_nettype none\n`celldefine\n" + PLAIN + "`endcelldefine\n`resetall\n",
        "`ifndef DUT_V\n`define DUT_V\n`define WIDTH 8\n" + PLAIN.replace("7:0", "`WIDTH-1:0") + "`endif\n",
        "module dut(clk, d, q);\n  input clk; input [7:0] d; output [7:0] q; reg [7:0] q;\n"
        "  always @(posedge clk) q = d;\nendmodule",
        PLAIN.replace("dut(", "dut #(parameter W = 8, localparam L = $clog2(W)) (").replace(
            "[7:0]", "[W-1:0]"
        ),
        PLAIN.replace("[7:0]", "[W-1:0]").replace(";", ";\n parameter W = 8;", 1),
        PLAIN.replace("input", "input logic")
        .replace("output reg", "output logic")
        .replace("always", "always_ff"),
        PLAIN.replace("reg [7:0]", "reg signed [7:0]").replace("<= d", "<= $signed(d) >>> 1"),
        PLAIN + "module helper(input x); endmodule",
        inside("helper u(.x(d[0]));\n  wire y = u.w;") + "module helper(input x); wire w = x; endmodule",
        inside("genvar i; generate for (i = 0; i < 8; i = i + 1) begin : g wire w = d[i]; end endgenerate"),
        inside("wire y = g[1].w; for (genvar i = 0; i < 8; i++) begin : g wire w = d[i]; end"),
        inside("typedef enum logic [1:0] {IDLE, RUN} state_t; state_t state;"),
        inside("struct packed {logic a; logic b;} s; wire y = s.a;"),
        inside("function [7:0] f(input [7:0] x); f = x ^ 1; endfunction"),
        inside("initial q = 0;"),
        inside("(* keep = 1 *) reg x; // initial $finish;\n"),
        "typedef logic [7:0] byte_t;\n" + PLAIN,
        "`define A 1\n`define B `A `A\n`define F(x) ((x) + \\\n `A)\n" + PLAIN.replace("<= d", "<= `F(d)"),
        "// a header that is longer than the eighty characters to which messages are cut, as they often are\n"
        "`default_nettype none\n" + PLAIN,
        inside('localparam S = "a\\n\\"b\\"";'),
        inside(
            "function automatic s_t f(input x); f.a = x; endfunction\n typedef struct packed {logic a;} s_t;"
        ),
    ],
)
def test_accepted(source: str) -> None:
    """Ordinary ways to write the module are not refused."""
    assert isinstance(screen(source, "dut", PORTS), Screened)


def test_only_declarations_outside_modules_need_a_simulation_alone() -> None:
    """A typedef outside a module would be seen by other candidates, so it is marked."""
    plain, typedef = (screen(head + PLAIN, "dut", PORTS) for head in ("", "typedef logic t;\n"))
    assert isinstance(plain, Screened)
    assert isinstance(typedef, Screened)
    assert (plain.alone, typedef.alone) == (False, True)


def test_neutral_headers_do_not_reach_the_simulator() -> None:
    """Directives and attributes are gone from what is simulated."""
    screened = screen("`timescale 1ns/1ps\n" + inside("(* full_case *) reg x;"), "dut", PORTS)
    assert isinstance(screened, Screened)
    assert "`" not in screened.flat.text
    assert "full_case" not in screened.flat.text


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ('initial $display("TEST PASSED");', "initial begin end"),
        (
            "initial if (q) $fatal; else begin assert (d) else $error; end",
            "initial if ( q ) begin end else begin begin end end",
        ),
        ("assert property (@(posedge clk) q == d);", ""),
        ("wire #3 x = d[0];", "wire x = d [ 0 ] ;"),
        ("always @(posedge clk) q <= #1 d;", "always @ ( posedge clk ) q <= d ;"),
    ],
)
def test_what_says_nothing_about_behaviour_is_left_out(said: str, left: str) -> None:
    """Prints, assertions and the delays of assignments are accepted, and no simulator sees them."""
    screened, plain = screen(inside(said), "dut", PORTS), screen(inside(left), "dut", PORTS)
    assert isinstance(screened, Screened) and isinstance(plain, Screened)
    assert screened.flat.text.split() == plain.flat.text.split()


def test_the_detail_names_the_port() -> None:
    """A port rejection says which port, what was asked for and what was found."""
    verdict = screen(PLAIN.replace("output reg [7:0] q", "output reg q"), "dut", PORTS)
    assert verdict == Rejection("ports", "q: asked for output of 8 bits, found output of 1 bits")


def test_a_testbench_beside_the_module_is_left_out() -> None:
    """Modules that the asked one does not use do not reach the simulator, whatever they do; those that it uses do."""
    bench = (
        'module tb;\n  reg clk;\n  dut u(clk);\n  initial begin #5 $display("ok"); $finish; end\nendmodule\n'
    )
    helper = PLAIN.replace("dut", "helper")
    top = "module dut(input clk, input [7:0] d, output [7:0] q);\n  helper u(clk, d, q);\nendmodule\n"
    screened = screen(helper + bench + top, "dut", PORTS)
    assert isinstance(screened, Screened)
    assert "helper" in screened.flat.text
    assert "tb" not in screened.flat.text and "$" not in screened.flat.text
    used = top.replace("endmodule", "tb v();\nendmodule")
    assert rule(helper + bench + used) == "delay"
