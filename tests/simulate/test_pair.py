"""Pairs: a candidate is judged against a golden of which nothing but the Verilog is known."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.families.catalogue import CATEGORIES, family
from harness.families.fsm_sequence import SequenceDetector
from harness.rtl.mutate import mutants
from harness.simulate.judge import judge
from harness.simulate.pair import judge_pair
from harness.simulate.verdict import Outcome
from harness.simulate.watch import MAX_VECTORS, SPARE_VECTORS, GoldenError

LOCK = """module lock(input clk, input rst, input [3:0] key, output open);
  reg [2:0] s;
  assign open = s == 4;
  always @(posedge clk)
    if (rst) s <= 0;
    else case (s)
      0: s <= key == 4'hA;
      1: s <= key == 4'h3 ? 2 : 0;
      2: s <= key == 4'hC ? 3 : 0;
      3: s <= key == 4'h7 ? 4 : 0;
      default: s <= 4;
    endcase
endmodule
"""


MISSED = 0.04
"""Share of the mutants that the spec's judge tells that a golden's may miss: one stimulus can be luckier with a rare
difference."""


def test_a_golden_is_as_good_as_its_spec() -> None:
    """Styles and mutants get the verdict from the golden's Verilog that they get from the spec's reference, but for
    a few mutants.
    """
    told = missed = 0

    @settings(max_examples=12, deadline=None)
    @given(st.sampled_from(sorted(CATEGORIES)), st.integers(0, 10_000))
    def compare(category: str, number: int) -> None:
        nonlocal told, missed
        spec = family(category).sample(category, Random(number))
        golden = spec.verilog()
        wrong = [mutant.source for mutant in mutants(golden)]
        chosen = Random(number).sample(wrong, min(6, len(wrong)))
        candidates = [golden, *(spec.verilog(style) for style in range(1, spec.styles)), *chosen]
        by_golden = judge_pair(golden, candidates, spec.name).verdicts
        by_spec = judge(spec, candidates)
        assert by_golden[0].passed
        for source, ours, theirs in zip(candidates, by_golden, by_spec, strict=True):
            told += theirs.outcome is Outcome.MISMATCH
            missed += (ours.outcome, theirs.outcome) == (Outcome.PASS, Outcome.MISMATCH)
            if ours.outcome is not theirs.outcome:
                assert {ours.outcome, theirs.outcome} == {Outcome.PASS, Outcome.MISMATCH}, source
                assert source in chosen, source

    compare()
    assert told > 0
    assert missed <= MISSED * told, f"{missed} of {told} missed"


def test_states_behind_a_code_are_reached() -> None:
    """A lock that opens after four right keys is opened, so a door that never opens is told from it."""
    judged = judge_pair(LOCK, [LOCK, LOCK.replace("s == 4;", "0;")])
    assert judged.coverage.states == 5
    assert judged.coverage.saturated
    assert [v.outcome for v in judged.verdicts] == [Outcome.PASS, Outcome.MISMATCH]


def test_long_counters_go_round() -> None:
    """An 11-bit counter that saturates is driven to its top and down again, so a fault at the top is met."""
    golden = """module sat(input clk, input rst, input up, output reg [10:0] q);
  always @(posedge clk)
    if (rst) q <= 0;
    else if (up) q <= q == 2047 ? 2047 : q + 1;
    else q <= q == 0 ? 0 : q - 1;
endmodule
"""
    wraps = golden.replace("? 2047 :", "? 0 :")
    stuck = golden.replace("q == 0 ? 0 :", "q == 0 || q == 2047 ? q :")
    judged = judge_pair(golden, [golden, wraps, stuck])
    assert judged.coverage.states == 2048
    assert [v.outcome for v in judged.verdicts] == [Outcome.PASS, Outcome.MISMATCH, Outcome.MISMATCH]


def test_what_never_comes_round_is_left() -> None:
    """A 24-bit counter is not waited for to its end, with its clock enabled or not."""
    golden = """module wide(input clk, input rst, input en, output reg [23:0] q);
  always @(posedge clk) if (rst) q <= 0; else if (en) q <= q + 1;
endmodule
"""
    judged = judge_pair(golden, [golden])
    assert judged.verdicts[0].passed
    assert judged.coverage.states < (MAX_VECTORS + SPARE_VECTORS) // 2


def test_a_long_frame_is_compared_to_its_end() -> None:
    """A serial transmitter of 434 clocks a bit is driven past its stop bit, ten bits after it starts."""
    golden = """module tx(input clk, input rst, input go, input [7:0] d, output line);
  reg [9:0] bits; reg [3:0] left; reg [8:0] wait_;
  assign line = left == 0 || bits[0];
  always @(posedge clk)
    if (rst) begin left <= 0; wait_ <= 0; bits <= 0; end
    else if (left == 0) begin if (go) begin bits <= {1'b1, d, 1'b0}; left <= 10; wait_ <= 0; end end
    else if (wait_ == 433) begin bits <= bits >> 1; left <= left - 1; wait_ <= 0; end
    else wait_ <= wait_ + 1;
endmodule
"""
    faults = [golden.replace("{1'b1, d,", "{1'b0, d,"), golden.replace("left <= 10", "left <= 9 + d[7]")]
    assert [v.passed for v in judge_pair(golden, [golden, *faults]).verdicts] == [True, False, False]


@pytest.mark.parametrize("bits", ["0101", "110110", "1011011", "10110110"])
@pytest.mark.parametrize("style", [0, 1])
def test_transitions_end_in_the_right_state(bits: str, style: int) -> None:
    """A detector that forgets its history on a hit is found, however the golden keeps that history."""
    spec = replace(
        SequenceDetector.edge_cases("fsm_sequence")[0], pattern=tuple(map(int, bits)), overlap=True
    )
    wrong = replace(spec, overlap=False)
    judged = judge_pair(spec.verilog(style), [spec.verilog(1 - style), wrong.verilog(0), wrong.verilog(1)])
    assert [v.passed for v in judged.verdicts] == [True, False, False]
    assert judged.coverage.identified == len(bits) + spec.registered
    assert f"right one of {judged.coverage.identified} distinguishable" in str(judged.coverage)


def test_coverage_names_what_never_changed() -> None:
    """A golden's output that is constant is reported, since a candidate's could not be told from a constant."""
    stuck = LOCK.replace("s == 4;", "s == 7;")
    coverage = judge_pair(stuck, [stuck]).coverage
    assert "open" in coverage.idle and coverage.constant == ("open",)
    assert coverage.toggled < coverage.bits


def test_unknown_bits_of_the_golden_are_free() -> None:
    """Where the golden answers x, a candidate may answer anything; where it does not, x is wrong."""
    golden = "module m(input [1:0] a, output [1:0] y); assign y = a[1] ? {1'bx, a[0]} : a; endmodule"
    right = "module m(input [1:0] a, output [1:0] y); assign y = {1'b0, a[0]}; endmodule"
    unknown = "module m(input [1:0] a, output [1:0] y); assign y = {1'b0, a[1] ? a[0] : 1'bx}; endmodule"
    assert [v.outcome for v in judge_pair(golden, [right, unknown]).verdicts] == [
        Outcome.PASS,
        Outcome.MISMATCH,
    ]


def test_wide_designs_are_judged() -> None:
    """4,096-bit ports are driven and compared; one wrong bit of them is found."""
    golden = "module m(input clk, input rst, input [4095:0] d, output reg [4095:0] q);\n"
    golden += "always @(posedge clk) if (rst) q <= 0; else q <= {d[0], d[4095:1]}; endmodule"
    wrong = golden.replace("{d[0],", "{d[1],")
    assert [v.outcome for v in judge_pair(golden, [golden, wrong]).verdicts] == [
        Outcome.PASS,
        Outcome.MISMATCH,
    ]


@pytest.mark.parametrize(
    ("golden", "said"),
    [
        ("module m(input a, output q); assign q = a; initial $finish; endmodule", "not plain RTL"),
        ("module m(input a, output q); missing u(a, q); endmodule", "does not simulate: .*missing"),
        ("module m(input clk, input en, output reg q); always @(posedge clk) if (en) q <= ~q; endmodule",
         "never gave q a known value"),
        ("module m(input a, output reg q); always @* begin q = a; while (a) q = ~q; end endmodule",
         "not within its limits"),
    ],
)  # fmt: skip
def test_a_golden_that_cannot_be_simulated_is_named(golden: str, said: str) -> None:
    """A golden that prints, does not compile or does not end is the caller's fault and no verdict."""
    with pytest.raises(GoldenError, match=said):
        judge_pair(golden, [golden])


def test_equal_calls_give_equal_judgements() -> None:
    """Stimulus depends on golden and seed alone."""
    first, second = (judge_pair(LOCK, [LOCK], seed=3) for _ in range(2))
    assert first == second


VAULT = """
module vault(input clk, input rst, input [2:0] d, output y);
  %s
  always @(posedge clk) if (rst) s = 0; else case (s)
      0: s = d == 5 ? 1 : 0;
      1: s = d == 2 ? 2 : d == 5 ? 1 : 0;
      2: s = d == 7 ? 3 : d == 5 ? 1 : 0;
      3: s = d == 1 ? 4 : d == 5 ? 1 : 0;
      4: s = d == 6 ? 5 : d == 5 ? 1 : 0;
      5: s = d == 3 ? 6 : d == 5 ? 1 : 0;
      6: s = d == 4 ? 7 : d == 5 ? 1 : 0;
      default: s = 0;
    endcase
  assign y = %s;
endmodule
"""
TASK = """  always @(posedge clk) if (rst) clear; else step;
  task clear; s = 0; endtask
  task step; case (s)"""


def in_tasks(source: str) -> str:
    """The lock with what its block does put into tasks."""
    inside = source.replace("  always @(posedge clk) if (rst) s = 0; else case (s)", TASK)
    return inside.replace("    endcase", "    endcase endtask")


@pytest.mark.parametrize(
    ("golden", "states"),
    [
        (VAULT % ("reg [2:0] s;", "s == 7"), 8),
        (VAULT % ("integer s;", "s == 7"), 8),
        (in_tasks(VAULT % ("reg [2:0] s;", "s == 7")), 8),
        (VAULT % ("reg [2:0] s;", "clk & s == 7"), 8),
        (
            (VAULT % ("reg [2:0] s;", "s == 7")).replace(
                "  assign y = s == 7", "  assign y = s == 3 ? 1'bx : s == 7"
            ),
            0,
        ),
    ],
    ids=["plain", "integer", "tasks", "seen while the clock is high", "an x tells nothing apart"],
)
def test_a_lock_is_learnt_however_it_is_written(golden: str, states: int) -> None:
    """A step that leads to the wrong state, and a reset that some data hold off, are found in every style."""
    wrong = golden.replace("6: s = d == 4 ? 7 : d == 5 ? 1 : 0", "6: s = d == 4 ? 7 : d == 5 ? 1 : 3")
    deaf = golden.replace("if (rst)", "if (rst && !(s == 6 && d[0]))").replace("else", "else if (!rst)")
    judged = judge_pair(golden, [golden, wrong, deaf])
    assert [v.passed for v in judged.verdicts] == [True, False, False]
    assert judged.coverage.identified == states


@pytest.mark.parametrize("state", ["reg [2:0] s [0:0];", "real s;"])
def test_what_cannot_be_watched_is_not_claimed(state: str) -> None:
    """A memory or a real keeps a state that is not seen: nothing is said of where transitions end."""
    name = "s[0]" if "[0:0]" in state else "s"
    golden = (VAULT % (state, "s == 7")).replace("s =", f"{name} =").replace("(s)", f"({name})")
    judged = judge_pair(golden, [golden])
    assert judged.verdicts[0].passed
    assert judged.coverage.identified == 0


def test_variables_of_a_block_need_no_watching() -> None:
    """A golden whose block has variables of its own, with no name to reach them by, is judged."""
    golden = """module m(input clk, rst, input [2:0] d, output reg [2:0] q);
  always @(posedge clk) begin reg [2:0] t; t = q ^ d; if (rst) q <= 0; else q <= t; end
endmodule
"""
    assert [v.passed for v in judge_pair(golden, [golden, golden.replace("^", "|")]).verdicts] == [
        True,
        False,
    ]


def test_learning_leaves_room_to_explore() -> None:
    """A machine with more transitions than there is room for does not keep resets in mid-run from being driven."""
    rng = Random(3)
    rows = [[rng.randrange(13) for _ in range(16)] for _ in range(13)]
    cases = "".join(
        f"{state}: case (d) {' '.join(f'{d}: s <= {after};' for d, after in enumerate(row))} endcase\n"
        for state, row in enumerate(rows)
    )
    golden = f"""module m(input clk, input rst, input [3:0] d, output y);
  reg [3:0] s;
  always @(posedge clk) if (rst) s <= 0; else case (s)
{cases}  endcase
  assign y = s == 12;
endmodule
"""
    deaf = golden.replace("if (rst)", "if (rst && d == 0)")
    assert [v.passed for v in judge_pair(golden, [golden, deaf]).verdicts] == [True, False]
