"""Formal equivalence, end to end: proofs reach past the state space, differences show in simulation."""

from __future__ import annotations

from resource import RUSAGE_CHILDREN, getrusage

import pytest

from harness.families.spec import Port, Reset
from harness.formal import tools
from harness.formal.equivalence import equivalent
from harness.formal.proof import Outcome, Proof
from harness.simulate.icarus import MissingTool
from tests.formal.designs import ASYNC, RESET, SYNC, assert_shown, module, ports

Q = ports(ASYNC, "d", "=q")
REGISTER = module(Q, f"{RESET} q <= 0; else q <= d;", "q")
GATE = ports(None, "a", "b", "=y")


def check(
    ports: tuple[Port, ...], golden: str, candidate: str, reset: Reset | None = ASYNC, cpu_s: int = 10
) -> Proof:
    clock = "clk" if any(port.name == "clk" for port in ports) else None
    return equivalent(golden, candidate, "m", ports, clock, reset, cpu_s)


def gate(body: str, reg: str = "") -> str:
    return module(GATE, body, reg)


BINARY = """
  reg [1:0] s;
  always @(posedge clk) if (rst) s <= 0; else case (s)
    0: if (go) s <= 1;
    1: s <= go ? 2 : 0;
    default: if (!go) s <= 0;
  endcase
  assign busy = s == 2;"""
ONE_HOT = """
  reg [2:0] s;
  always @(posedge clk) if (rst) s <= 3'b001; else begin
    s[0] <= (s[0] & !go) | (s[1] & !go) | (s[2] & !go);
    s[1] <= s[0] & go;
    s[2] <= (s[1] & go) | (s[2] & go);
  end
  assign busy = s[2];"""


def test_other_state_encoding_is_equal() -> None:
    """A binary and a one-hot state machine are proved to be the same."""
    machine = ports(SYNC, "go", "=busy")
    proof = check(machine, module(machine, BINARY), module(machine, ONE_HOT), SYNC)
    assert proof.outcome is Outcome.EQUAL, proof
    assert proof.counterexample is None


def test_one_wrong_move_is_different() -> None:
    """A machine that leaves its last state too early is told apart."""
    machine = ports(SYNC, "go", "=busy")
    golden, wrong = module(machine, BINARY), module(machine, ONE_HOT.replace("| (s[2] & go)", ""))
    assert_shown(check(machine, golden, wrong, SYNC), machine, golden, wrong)


def divider(width: int, last: int) -> str:
    step = f"{RESET} n <= 0; else if (d) n <= n == {last} ? 0 : n + 1;"
    return module(Q, f"reg [{width - 1}:0] n; assign q = n == 0; {step}")


@pytest.mark.parametrize(("width", "last"), [(8, 39), (12, 3999)])
def test_late_differences_are_reached(width: int, last: int) -> None:
    """A period that is one cycle longer is found however far away it shows, and no bounded depth would do."""
    golden, wrong = divider(width, last), divider(width, last + 1)
    proof = check(Q, golden, wrong)
    assert_shown(proof, Q, golden, wrong)
    assert len(proof.counterexample or ()) > 2 * last


def test_long_counts_are_proved() -> None:
    """A counter up to 4000 is the same as one down from there."""
    down = f"reg [11:0] n; assign q = n == 0; {RESET} n <= 0; else if (d) n <= n == 0 ? 3999 : n - 1;"
    assert check(Q, divider(12, 3999), module(Q, down)).outcome is Outcome.EQUAL


@pytest.mark.parametrize(
    "wrong",
    [
        "always @(posedge clk) if (!rst_n) q <= 0; else q <= d;",
        "always @(negedge clk or negedge rst_n) if (!rst_n) q <= 0; else q <= d;",
        "always @(posedge clk or posedge rst_n) if (!rst_n) q <= 0; else q <= d;",
        "always @(posedge clk or negedge clk or negedge rst_n) if (!rst_n) q <= 0; else q <= d;",
        "always @* if (!rst_n) q = 0; else if (clk) q = d;",
        "always @(posedge clk or negedge rst_n) if (!rst_n) q <= d; else q <= d;",
        "always @(posedge clk) q <= d;",
        f"{RESET} q <= 1'bx; else q <= d;",
        f"{RESET} q <= 0; else q <= d ? d : 1'bz;",
        "",
    ],
    ids=["sync", "negedge", "wrong edge", "both edges", "latch", "loads", "no reset", "x", "z", "nothing"],
)
def test_a_register_of_another_kind_is_different(wrong: str) -> None:
    """Neither edge, reset's kind, latches nor unknown values pass for a register with asynchronous reset."""
    candidate = module(Q, wrong, "q")
    assert_shown(check(Q, REGISTER, candidate), Q, REGISTER, candidate)


@pytest.mark.parametrize(
    "other",
    [
        "wire n = !clk; always @(negedge n or negedge rst_n) if (!rst_n) q <= 0; else q <= d;",
        "reg m; always @* if (!rst_n) m = 0; else if (!clk) m = d; always @* if (!rst_n) q = 0; else if (clk) q = m;",
        f"reg k; initial k = 1; {RESET} q <= 0; else q <= d & k;",
        f"reg r[0:1]; integer i; initial for (i = 0; i < 2; i = i + 1) r[i] = i; {RESET} q <= 0; else q <= r[d];",
    ],
    ids=["inverted clock", "two latches", "constant variable", "table"],
)
def test_a_register_written_otherwise_is_equal(other: str) -> None:
    """Inverted clocks, pairs of latches, and variables that only an initial block sets are understood."""
    proof = check(Q, REGISTER, module(Q, other, "q"))
    assert proof.outcome is Outcome.EQUAL, proof


def test_gates() -> None:
    """Combinational designs are proved, and one that differs is found."""
    golden, wrong = gate("assign y = a ^ b;"), gate("assign y = a | b;")
    assert check(GATE, golden, gate("assign y = a ? ~b : b;"), None).outcome is Outcome.EQUAL
    assert_shown(check(GATE, golden, wrong, None), GATE, golden, wrong)


def test_a_clock_gate_needs_no_reset() -> None:
    """Of a golden with unknown power-on state only the known answers count; a wrong latch is found."""
    form = (Port("input", "clk", 1, "clock"), *ports(None, "en", "=g"))
    golden = module(form, "reg l; always @(clk or en) if (!clk) l <= en; assign g = clk & l;")
    other = module(form, "reg l; always @* begin if (!clk) l = en; end assign g = l ? clk : 1'b0;")
    wrong = module(form, "reg l; always @* if (clk) l = en; assign g = clk & l;")
    assert check(form, golden, other, None).outcome is Outcome.EQUAL
    assert_shown(check(form, golden, wrong, None), form, golden, wrong)


def test_unknown_values_of_the_golden_excuse_anything() -> None:
    """Where the golden answers x, the candidate may answer as it likes; elsewhere it may not."""
    golden = gate("assign y = b ? a : 1'bx;")
    assert check(GATE, golden, gate("assign y = a;"), None).outcome is Outcome.EQUAL
    assert check(GATE, golden, gate("assign y = b;"), None).outcome is Outcome.DIFFERENT


@pytest.mark.parametrize(
    ("right", "body"),
    [
        ("a & b", "always @(a) y = a & b;"),
        ("1'b1", "always @* y = 1'b1;"),
        ("a", "assign y = a; assign y = b;"),
        ("a", "always @* unique case (1'b1) a: y = 1; b: y = 1; default: y = 0; endcase"),
        ("{a, b} != 3 & a", "wire [2:0] t = 3'b010; assign y = t[{a, b}] & a;"),
    ],
    ids=["sensitivity", "never triggered", "two drivers", "overlapping cases", "select out of range"],
)
def test_what_circuits_do_not_say_is_different(right: str, body: str) -> None:
    """Verilog that synthesis reads otherwise than a simulator is judged as the simulator sees it."""
    golden, candidate = gate(f"assign y = {right};"), gate(body, "y" if "always" in body else "")
    assert_shown(check(GATE, golden, candidate, None), GATE, golden, candidate)


def test_a_race_is_different() -> None:
    """Two blocks that swap with blocking assignments do not swap in a simulator."""
    pair = ports(ASYNC, "=q:2")
    text = f"reg a, b; assign q = {{a, b}}; {RESET} a <= 0; else a <= b; {RESET} b <= 1; else b <= a;"
    golden, wrong = module(pair, text), module(pair, text.replace("<=", "="))
    assert_shown(check(pair, golden, wrong), pair, golden, wrong)


def test_a_latch_that_never_closes_is_a_wire() -> None:
    """A state machine whose decoder leaves out states that it never reaches is proved equal."""
    machine = ports(SYNC, "go", "=busy:2")
    step = "reg [1:0] s; always @(posedge clk) if (rst) s <= 0; else s <= s == 2 ? 0 : s + go;"
    cases = "always @* case (s) 0: busy = 0; 1: busy = 3; 2: busy = 1; {} endcase"
    golden = module(machine, step + cases.format("default: busy = 0;"), "busy")
    assert (
        check(machine, golden, module(machine, step + cases.format(""), "busy"), SYNC).outcome
        is Outcome.EQUAL
    )


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            "reg l; always @* if (!clk) l = en; wire g = clk & l; always @(posedge g) q <= rst ? 0 : d;",
            "stored",
        ),
        (
            "import p::*; always @(posedge clk) if (rst) q <= ZERO; else if (en) q <= d;",
            "Yosys: syntax error",
        ),
        ("always @(posedge clk) if (rst) q <= 0; else if (en) q <= $random;", "rejected, system: $random"),
    ],
    ids=["gated clock", "unreadable", "rejected"],
)
def test_what_cannot_be_decided_is_said(body: str, reason: str) -> None:
    """A design whose clock is made by logic with state, or that a tool cannot read, is undecided, with the reason."""
    form = ports(SYNC, "en", "d", "=q")
    golden = module(form, "always @(posedge clk) if (rst) q <= 0; else if (en) q <= d;", "q")
    if "stored" in reason:
        golden = module(form, "always @(posedge clk) if (en) q <= rst ? 0 : d;", "q")
    candidate = "package p; localparam ZERO = 1'b0; endpackage\n" + module(form, body, "q")
    proof = check(form, golden, candidate, SYNC)
    assert proof.outcome is Outcome.UNDECIDED, proof
    assert reason in proof.detail


def test_the_budget_is_kept() -> None:
    """Two multipliers of different structure are too hard, and given up after some seconds of processor time."""
    form = ports(None, "a:32", "b:32", "=y:32")
    golden = module(form, "assign y = a * b;")
    shifted = module(form, "assign y = (b * a[15:0]) + ((b * a[31:16]) << 16);")
    before = getrusage(RUSAGE_CHILDREN).ru_utime
    proof = check(form, golden, shifted, None, cpu_s=2)
    assert proof.outcome is Outcome.UNDECIDED
    assert proof.detail.endswith(("in time", "out of time"))
    assert getrusage(RUSAGE_CHILDREN).ru_utime - before < 12


def test_a_bad_golden_is_an_error() -> None:
    """A golden that breaks a rule of screening is the caller's mistake, not an undecided candidate."""
    with pytest.raises(ValueError, match="golden of 'm' breaks the rule"):
        check(Q, "module n; endmodule", REGISTER)


def test_a_missing_yosys_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pyosys the error gives the command that installs it."""
    monkeypatch.setattr(tools, "find_spec", lambda name: None)
    tools.package.cache_clear()
    with pytest.raises(MissingTool, match="pip install 'pyosys"):
        check(Q, REGISTER, REGISTER)
