"""The question put to the tools: a circuit whose output `bad` is 1 when two designs answer differently.

Each design is wrapped so that it has one input and one output vector, and may wake up in any state. There are
two models of time:

- by cycle, where every flip-flop takes its data at rising edges of the clock: a step is a clock cycle, and the
  clock an input with any level, seen by logic alone. An asynchronous reset shows in the step in which it is
  asserted, so that its pulses between edges are covered.
- by change, for everything else: a step is one change of the inputs, the clock an input like others. What changes
  together with a clock changes just after it.

Unknown values of the golden are computed beside its values, and excuse any answer. Every unknown value of the
candidate is a new free input in each step, so that it never agrees by chance.
"""

from __future__ import annotations

from harness.formal.layout import Layout
from harness.formal.proof import Vector
from harness.rtl.rename import RESERVED

SIDES = ("golden", "candidate")

UNKNOWN_WHILE_CLOSED = """(* techmap_celltype = "$dlatch" *)
module unknown_while_closed(EN, D, Q);
  parameter EN_POLARITY = 1, WIDTH = 1;
  input EN;
  input [WIDTH-1:0] D;
  output [WIDTH-1:0] Q;
  assign Q = EN == EN_POLARITY ? D : {WIDTH{1'bx}};
endmodule
"""
"""For Yosys: a latch of which only the open side is used. A proof with it holds however the latch closes."""


def top(side: str) -> str:
    """The name of a wrapped design."""
    return f"{side}{RESERVED}"


def prefix(side: str) -> str:
    """What the names of a design's own modules begin with."""
    return f"{side}{RESERVED}_"


def wrapper(side: str, layout: Layout) -> str:
    """Verilog of the module `top(side)`: the renamed design with vectors `v` and `q` for ports."""
    r, connections = RESERVED, []
    for direction, vector in (("input", f"v{r}"), ("output", f"q{r}")):
        for port, low in layout.places(direction):
            connections.append(f".{port.name}({vector}[{low + port.width - 1}:{low}])")
    return (
        f"module {top(side)}(input [{layout.bits('input') - 1}:0] v{r}, "
        f"output [{layout.bits('output') - 1}:0] q{r});\n"
        f"  {prefix(side)}{layout.module} d{r}({', '.join(connections)});\nendmodule\n"
    )


def start(layout: Layout, by_cycle: bool) -> tuple[Vector, Vector]:
    """What the first two steps' inputs are given: a low clock with reset asserted, and the edge that it may need."""
    clock, reset = layout.clock, layout.reset
    first, second = {}, {}
    if clock is not None:
        first[clock] = 0
        if layout.synchronous and not by_cycle:
            second[clock] = 1
    if reset is not None:
        first[reset.name] = int(not reset.active_low)
    return first, second


def miter(layout: Layout, by_cycle: bool) -> str:
    """Verilog of the module `miter`. What answers before reset has acted is not compared."""
    r, n, m = RESERVED, layout.bits("input"), layout.bits("output")
    full = {port.name: (1 << port.width) - 1 for port in layout.inputs}
    first, second = (
        f"v & {n}'d{layout.packed({k: v for k, v in full.items() if k not in given})}"
        f" | {n}'d{layout.packed(given)}"
        for given in start(layout, by_cycle)
    )
    return f"""module miter(input [{n - 1}:0] v, output bad);
  reg begins = 1, began = 0;
  always @($global_clock) begin
    begins <= 0;
    began <= begins;
  end
  wire [{n - 1}:0] in = begins ? {first} : began ? {second} : v;
  wire [{m - 1}:0] value, unknown, got;
  {top("golden")} golden(.v{r}(in), .q{r}_d(value), .q{r}_x(unknown));
  {top("candidate")} candidate(.v{r}(in), .q{r}(got));
  assign bad = {"!begins && " if layout.synchronous else ""}|((value ^ got) & ~unknown);
endmodule
"""


def elaborate(side: str, latches_open: bool) -> str:
    """Yosys commands: from `<side>.v` to a flat netlist in `<side>.json` and `<side>.il`.

    None of them uses that an x can be anything, and drivers are checked before any that would settle a conflict.
    With `latches_open` the candidate's latches are those of `latch.v`.
    """
    latches = f"techmap -map latch.v {top(side)}" if latches_open and side == "candidate" else ""
    unknown = "setundef -anyseq" if side == "candidate" else ""
    return f"""
read_verilog -sv {side}.v
hierarchy -check -top {top(side)}
proc -noopt
flatten
check -assert
opt_expr -keepdc
opt_clean
memory -nomap
memory_map
{latches}
{unknown}
opt_clean
setattr -unset init w:*
write_json {side}.json
write_rtlil {side}.il
design -reset
"""


def compose(by_cycle: bool) -> str:
    """Yosys commands: from both `.il` files and `miter.v` to `miter.aig`, and `miter.map` of its inputs."""
    clocking = "async2sync -nolower; formalff -clk2ff" if by_cycle else "clk2fflogic -nolower -nopeepopt"
    return f"""
read_rtlil golden.il
read_rtlil candidate.il
{clocking}
opt_clean
select {top("golden")}
xprop -required -formal -split-outputs -assume-def-inputs
delete t:$assume
select -clear
read_verilog -sv -formal miter.v
hierarchy -check -top miter
proc
flatten
opt_clean
techmap
opt_expr -keepdc
opt_clean
setundef -undriven -anyseq
opt_expr
opt_merge
aigmap
opt_clean
write_aiger -zinit -map miter.map miter.aig
"""


def steps(layout: Layout, by_cycle: bool, mapping: str, witness: str) -> list[Vector]:
    """Input values step by step, from `miter.map` and an AIGER witness: the latches' values, then a line a step.

    Raises ValueError when the witness is not one of this miter.
    """
    places = {}
    for line in mapping.splitlines():
        match line.split():
            case ["input", index, bit, "v"]:
                places[int(index)] = int(bit)
    frames = witness.partition("\n#")[0].split("\n")[1:]
    if not frames or any(len(frame) <= max(places) for frame in frames):
        raise ValueError(f"not a witness with {len(places)} inputs: {witness[:80]!r}")
    found = [
        layout.unpacked(sum(1 << bit for index, bit in places.items() if frame[index] == "1"))
        for frame in frames
    ]
    for values, given in zip(found, start(layout, by_cycle), strict=False):
        values.update(given)
    return found
