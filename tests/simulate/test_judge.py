"""The judge: right designs pass in any style, nothing else passes, and company changes no verdict."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.families.spec import Port, Spec
from harness.rtl.screen import Screened
from harness.simulate import judge as judge_module
from harness.simulate.icarus import Bench, Simulation, simulate
from harness.simulate.judge import judge, judge_many
from harness.simulate.sandbox import Limits
from harness.simulate.screened import screened
from harness.simulate.verdict import Outcome, Verdict
from tests.simulate.tiny import TinyAdder, TinyCounter, TinyRegister

SPEC = TinyCounter.make()
GOLDEN = SPEC.verilog()
HEADER, BODY = GOLDEN.split("\n", 1)


def inside(item: str) -> str:
    return f"{HEADER}\n  {item}\n{BODY}"


STYLES = {
    "golden": GOLDEN,
    "system verilog": """module counter(input logic clk, rst_n, en, output logic [3:0] q, output logic tc);
  always_ff @(posedge clk or negedge rst_n)
    if (!rst_n) q <= '0;
    else if (en) q <= q + 4'd1;
  always_comb tc = (q == '1);
endmodule : counter""",
    "non-ANSI ports": """module counter(clk, rst_n, en, q, tc);
  input clk, rst_n, en; output [3:0] q; output tc;
  reg [3:0] q;
  assign tc = q[3] & q[2] & q[1] & q[0];
  always @(posedge clk or negedge rst_n) begin
    if (rst_n == 1'b0) q <= 4'b0000;
    else if (en == 1'b1) q <= q + 1;
    else q <= q;
  end
endmodule""",
    "parameters": """module counter #(parameter MAX = 15, parameter W = $clog2(MAX + 1))
    (input clk, rst_n, en, output reg [W-1:0] q, output tc);
  localparam [W-1:0] LAST = MAX;
  assign tc = (q == LAST);
  always @(posedge clk, negedge rst_n) if (~rst_n) q <= {W{1'b0}}; else if (en) q <= q + 1'b1;
endmodule""",
    "helper module": """module bit_cell(input clk, rst_n, t, output reg q);
  always @(posedge clk or negedge rst_n) if (!rst_n) q <= 0; else q <= q ^ t;
endmodule
module counter(input clk, input rst_n, input en, output [3:0] q, output tc);
  genvar i;
  generate for (i = 0; i < 4; i = i + 1) begin : bits
    wire t = en & (i == 0 ? 1'b1 : &(q | (4'b1111 << i)));
    bit_cell cell_i (.clk(clk), .rst_n(rst_n), .t(t), .q(q[i]));
  end endgenerate
  assign tc = &q;
endmodule""",
    "headers": f"`timescale 1ns/1ps\n`default_nettype none\n// a counter\n{GOLDEN}\n`default_nettype wire\n",
    "macros": "`ifndef C_V\n`define C_V\n`define MSB 3\n" + GOLDEN.replace("[3:0]", "[`MSB:0]") + "`endif\n",
    "enum": """module counter(input clk, input rst_n, input en, output [3:0] q, output tc);
  typedef enum logic {WAIT, LAST} phase_t;
  phase_t phase; logic [3:0] count;
  assign q = count; assign tc = phase == LAST;
  always_ff @(posedge clk or negedge rst_n)
    if (!rst_n) begin count <= 0; phase <= WAIT; end
    else if (en) begin count <= count + 1; phase <= (count == 14) ? LAST : WAIT; end
endmodule""",
    "function": inside("function [3:0] plus(input [3:0] x); plus = x + 4'd1; endfunction").replace(
        "q + 1'b1", "plus(q)"
    ),
    "signed": GOLDEN.replace("reg [3:0]", "reg signed [3:0]").replace("&q", "(q == -4'sd1)"),
    "next state": """module counter(input clk, input rst_n, input en, output reg [3:0] q, output reg tc);
  reg [3:0] next = 0;
  always @* begin next = q; if (en) next = q + 1; end
  always @(q) tc = (q == 4'd15);
  always @(posedge clk or negedge rst_n) if (!rst_n) q <= 0; else q <= next;
endmodule""",
    "package": "package p; localparam int MSB = 3; endpackage\n" + GOLDEN.replace("[3:0]", "[p::MSB:0]"),
    "typedef outside": "typedef logic [3:0] count_t;\n" + inside("count_t unused;"),
    "initial value": inside("initial q = 9;"),
}

WRONG = {
    "pass line": (Outcome.MISMATCH, inside('initial $display("TEST PASSED");').replace("&q", "|q")),
    "early end": (Outcome.REJECTED, inside("initial $finish;")),
    "force": (Outcome.REJECTED, inside("initial force top.errors = 0;")),
    "write outside": (Outcome.REJECTED, inside("initial tb.n = 2000;")),
    "include": (Outcome.REJECTED, '`include "/etc/passwd"\n' + GOLDEN),
    "nul": (Outcome.REJECTED, GOLDEN + "\0"),
    "own ports": (Outcome.REJECTED, GOLDEN.replace("en, output", "en, input extra, output")),
    "module twice": (Outcome.REJECTED, GOLDEN + GOLDEN),
    "other module": (Outcome.REJECTED, GOLDEN.replace("counter", "other")),
    "drives the clock": (Outcome.COMPILE_ERROR, inside("assign clk = 1'b0;")),
    "drives an input": (Outcome.COMPILE_ERROR, inside("assign en = 1'b1;")),
    "syntax": (Outcome.COMPILE_ERROR, GOLDEN.replace("endmodule", "")),
    "undeclared": (Outcome.COMPILE_ERROR, GOLDEN.replace("1'b1", "step")),
    "unknown module": (Outcome.COMPILE_ERROR, inside("golden u(clk, rst_n, en, q, tc);")),
    "port declared twice": (Outcome.COMPILE_ERROR, GOLDEN.replace("en, output", "en, input [3:0] q, output")),
    "itself": (Outcome.COMPILE_ERROR, inside("counter u(clk, rst_n, en, , );")),
    "memory": (Outcome.RESOURCE_LIMIT, inside("reg [1023:0] m [0:100000000]; initial m[0] = 1;")),
    "recursion": (
        Outcome.RESOURCE_LIMIT,
        inside("function automatic integer f(input integer i); f = f(i + 1) + 1; endfunction wire x = f(q);"),
    ),
    "x outputs": (Outcome.MISMATCH, GOLDEN.replace("q <= 0", "q <= 4'bx")),
    "z output": (Outcome.MISMATCH, GOLDEN.replace("= &q", "= 1'bz")),
    "nothing": (Outcome.MISMATCH, HEADER + "\nendmodule"),
    "synchronous reset": (Outcome.MISMATCH, GOLDEN.replace(" or negedge rst_n", "")),
    "no enable": (Outcome.MISMATCH, GOLDEN.replace("else if (en)", "else")),
    "falling edge": (Outcome.MISMATCH, GOLDEN.replace("posedge", "negedge")),
    "early terminal count": (Outcome.MISMATCH, GOLDEN.replace("&q", "&q[3:1]")),
    "saturates": (Outcome.MISMATCH, GOLDEN.replace("if (en)", "if (en && !tc)")),
    "blind to x": (Outcome.MISMATCH, GOLDEN.replace("&q", "(q === 4'bx) ? 1'b0 : 1'b0")),
}
HANGS = {
    "zero-delay loop": inside("reg a = 0; wire b = a; always @(b) a <= ~b; initial a <= 1;"),
    "endless initial": inside("initial while (1) ;"),
    "constant function": inside(
        "function integer f(input integer i); begin f = 0; while (1) f = f + 1; end endfunction\n"
        "  localparam P = f(1); wire [P:0] w;"
    ),
}
EXPECTED = dict.fromkeys(STYLES.values(), Outcome.PASS) | {source: o for o, source in WRONG.values()}


@pytest.fixture(autouse=True, scope="module")
def _short_limits() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judge_module, "ALONE", Limits(cpu_s=1))
        patch.setattr(judge_module, "SHARED", Limits(cpu_s=1))
        yield


def test_every_style_passes() -> None:
    """No false alarm: the same behaviour in fourteen styles, all in one batch."""
    verdicts = dict(zip(STYLES, judge(SPEC, list(STYLES.values())), strict=True))
    assert {name: str(v.detail) for name, v in verdicts.items() if not v.passed} == {}


def test_nothing_else_passes() -> None:
    """Each attack and each fault gets its outcome, though a right design shares the simulation."""
    verdicts = judge(SPEC, [GOLDEN, *(source for _, source in WRONG.values())])
    assert verdicts[0].passed
    outcomes = {name: verdict.outcome for name, verdict in zip(WRONG, verdicts[1:], strict=True)}
    assert outcomes == {name: outcome for name, (outcome, _) in WRONG.items()}


def test_hangs_end_and_their_neighbours_pass() -> None:
    """A loop ends at the limit and costs no other candidate its verdict; one in the compiler has not compiled."""
    verdicts = judge(SPEC, [GOLDEN, *HANGS.values(), STYLES["enum"]])
    stopped = [Outcome.TIMEOUT, Outcome.TIMEOUT, Outcome.RESOURCE_LIMIT]
    assert [v.outcome for v in verdicts] == [Outcome.PASS, *stopped, Outcome.PASS]
    assert verdicts[3].detail == "iverilog was stopped at its limit of CPU time"


@settings(max_examples=6, deadline=None)
@given(st.lists(st.sampled_from(sorted(EXPECTED)), min_size=1, max_size=8))
def test_company_changes_no_verdict(sources: list[str]) -> None:
    """In any selection and order, with repeats, each candidate gets the verdict it gets alone."""
    assert [v.outcome for v in judge(SPEC, sources)] == [EXPECTED[source] for source in sources]


def test_the_first_mismatch_is_reported() -> None:
    """A mismatch gives the vector, its inputs, what was expected and what came."""
    (verdict,) = judge(SPEC, [GOLDEN.replace("= &q", "= |q")])
    found = verdict.mismatch
    assert found is not None
    assert found.row.expected == {"q": "0001", "tc": "0"}
    assert found.row.got == {"q": "0001", "tc": "1"}
    assert found.row.inputs["rst_n"] == "1"
    assert found.row.wrong == ["tc"]
    assert [row.step for row in found.window] == list(range(max(0, found.step - 8), found.step + 3))
    assert f"step {found.step} " in verdict.detail
    assert "tc is 1, expected 0" in verdict.detail


def test_compile_errors_speak_of_the_candidates_own_names() -> None:
    """The message has the candidate's line and module names, not those of our files."""
    (verdict,) = judge(SPEC, [inside("missing u();")])
    assert verdict.detail.startswith("line 2: error: Unknown module type: missing")
    assert "__judge" not in verdict.detail


@pytest.mark.parametrize(
    "spec", [TinyCounter.make(asynchronous=False), TinyRegister.make(), TinyAdder.make()]
)
def test_other_kinds_of_design(spec: Spec) -> None:
    """Synchronous reset, no reset and no clock: the golden passes, a wrong operator or edge does not."""
    golden = spec.verilog()
    wrong = golden.replace("a + b", "a - b").replace("posedge clk", "negedge clk")
    assert [v.outcome for v in judge(spec, [golden, wrong])] == [Outcome.PASS, Outcome.MISMATCH]


def test_synchronous_reset_must_wait_for_the_edge() -> None:
    """A glitch between edges tells an asynchronous reset from the synchronous one that was asked for."""
    spec = TinyCounter.make(asynchronous=False)
    assert [v.outcome for v in judge(spec, [GOLDEN])] == [Outcome.MISMATCH]


def test_many_specs_share_simulations() -> None:
    """Verdicts come in the order of the pairs, whatever the workers, and progress counts every pair."""
    specs = (
        [TinyCounter.make(w) for w in (1, 2, 5)]
        + [TinyAdder.make(w) for w in (1, 33)]
        + [TinyRegister.make()]
    )
    pairs = [(spec, text) for text in ("", GOLDEN) for spec in specs] + [
        (spec, spec.verilog()) for spec in specs
    ]
    seen: list[tuple[int, int]] = []
    verdicts = judge_many(pairs, workers=2, progress=lambda done, total: seen.append((done, total)))
    assert [v.outcome for v in verdicts] == [*[Outcome.REJECTED] * 12, *[Outcome.PASS] * 6]
    assert seen[-1] == (18, 18)
    assert judge_many(pairs, workers=1) == verdicts


def test_equal_texts_are_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred copies of a candidate are screened and simulated once."""
    calls: list[str] = []

    def counted(source: str, module: str, ports: Sequence[Port]) -> Screened | Verdict:
        calls.append(source)
        return screened(source, module, ports)

    monkeypatch.setattr(judge_module, "screened", counted)
    assert all(v.passed for v in judge(SPEC, [GOLDEN] * 100))
    assert calls == [GOLDEN]


def test_nothing_to_judge() -> None:
    """No candidates, no verdicts."""
    assert judge(SPEC, []) == []


def test_nothing_is_left_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """After a batch with failures the temporary folder is empty."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    judge(SPEC, [GOLDEN, *(source for outcome, source in WRONG.values() if outcome is Outcome.COMPILE_ERROR)])
    assert list(tmp_path.iterdir()) == []


def test_a_busy_machine_is_not_the_models_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wall-clock limit that comes before the CPU limit says nothing about the candidate."""
    monkeypatch.setattr(judge_module, "ALONE", Limits(cpu_s=60, wall_s=0.5))
    (verdict,) = judge(SPEC, [HANGS["endless initial"]])
    assert verdict.outcome is Outcome.TOOL_ERROR


def test_a_broken_tool_is_not_the_models_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """A simulation that ends without its samples, for no reason of the candidate's, is a tool error."""

    def short(benches: Sequence[Bench], limits: Limits) -> Simulation:
        return dataclasses.replace(simulate(benches, limits), samples=[[]])

    monkeypatch.setattr(judge_module, "simulate", short)
    (verdict,) = judge(SPEC, [GOLDEN])
    assert verdict.outcome is Outcome.TOOL_ERROR
    assert not verdict.passed
