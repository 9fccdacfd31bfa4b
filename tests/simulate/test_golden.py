"""Goldens that little is known of: latches, data that looks like a reset, several resets, values before reset."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from harness.simulate.pair import judge_pair
from harness.simulate.stimulus import Vector
from harness.simulate.watch import MAX_VECTORS, TooSlow, Watched

LATCH = "module m(input en, input d, output reg q); always @* if (en) q = d; endmodule"
WIRE = "module m(input en, input d, output q); assign q = d; endmodule"
INVERTED = "module m(input en, input d, output reg q); wire hold = ~en; always @* if (!hold) q = d; endmodule"

DELAYED = """module m(input clk, input d, output y);
  reg s0, s1, s2;
  always @(posedge clk) begin
    if (d) s0 <= 1'b1; else s0 <= 1'b0;
    s1 <= s0; s2 <= s1;
  end
  assign y = s0 & s1 & s2;
endmodule
"""
TWO_RESETS = """module m(input clk, input ra, input rb, input d, output reg [3:0] a, output reg [3:0] b);
  always @(posedge clk) if (%s) a <= 0; else a <= a + d;
  always @(posedge clk) if (%s) b <= 0; else b <= b + 1;
endmodule
"""
COUNTER = """module m(input clk, input rst, input load, input [3:0] d, output reg [3:0] q = 0, output reg [3:0] r);
  always @(posedge clk) begin
    if (rst) q <= 0; else q <= q + 1;
    if (load) r <= d;
  end
endmodule
"""


def passed(golden: str, *candidates: str) -> list[bool]:
    return [verdict.passed for verdict in judge_pair(golden, candidates).verdicts]


def test_a_latch_is_told_from_a_wire() -> None:
    """A latch is left closed with other data, and a right one that is open for a moment longer still passes."""
    assert passed(LATCH, LATCH, INVERTED, WIRE) == [True, True, False]


def test_data_that_chooses_between_constants_is_driven() -> None:
    """An output that needs three ones in a row is told from a constant 0."""
    stuck = "module m(input clk, input d, output y); assign y = 0; endmodule"
    assert passed(DELAYED, DELAYED, stuck) == [True, False]


@pytest.mark.parametrize(("a", "b"), [("ra | rb", "rb"), ("ra", "ra | rb"), ("ra & rb", "rb"), ("rb", "ra")])
def test_each_reset_is_seen_alone(a: str, b: str) -> None:
    """Resets that do each other's work are told from the golden's."""
    golden = TWO_RESETS % ("ra", "rb")
    assert passed(golden, golden, TWO_RESETS % (a, b)) == [True, False]


@pytest.mark.parametrize("low", [False, True])
def test_a_golden_with_a_reset_promises_nothing_before_it(low: bool) -> None:
    """A candidate without the golden's initial value passes, whichever level resets."""
    golden = COUNTER.replace("if (rst)", "if (!rst)") if low else COUNTER
    assert passed(golden, golden.replace("q = 0", "q")) == [True]


def test_what_no_reset_sets_is_compared_once_it_is_known() -> None:
    """A register that only data sets, and the one that reset sets meanwhile, are both compared."""
    wrong = [COUNTER.replace("r <= d", "r <= d ^ 1"), COUNTER.replace("q + 1", "q + 2")]
    assert passed(COUNTER, COUNTER, *wrong) == [True, False, False]


RUNS = """module m(input clk, input d, output reg [3:0] ones = 0, output reg [3:0] zeros = 0);
  always @(posedge clk) if (!d) ones <= 0; else if (ones != 12) ones <= ones + 1;
  always @(posedge clk) if (d) zeros <= 0; else if (zeros != 12) zeros <= zeros + 1;
endmodule
"""
TIMEOUT = """module m(input clk, input rst, input stop, input [3:0] d, output reg [3:0] q, output reg late);
  reg [2:0] n;
  always @(posedge clk) if (stop) q <= 0; else q <= q + d;
  always @(posedge clk)
    if (rst) begin n <= 0; late <= 0; end
    else if (!stop) n <= 0;
    else if (n == 6) late <= 1;
    else n <= n + 1;
endmodule
"""


@pytest.mark.parametrize(
    ("golden", "right", "wrong"),
    [(RUNS, "zeros != 12", "zeros != 4"), (RUNS, "ones != 12", "ones != 4"), (TIMEOUT, "n == 6", "n == 7")],
)
def test_data_that_sets_constants_is_held(golden: str, right: str, wrong: str) -> None:
    """An input that looks like a reset stays at either level for as long as what counts meanwhile needs."""
    assert passed(golden, golden, golden.replace(right, wrong)) == [True, False]
    coverage = judge_pair(golden, [golden]).coverage
    assert coverage.toggled == coverage.bits
    assert coverage.identified == 0


LIMITS = """module m #(parameter TOP = 1000)(input clk, input rst, input [15:0] x, output reg hot, output reg cold);
  always @(posedge clk) if (rst) {hot, cold} <= 0; else begin hot <= x > TOP; cold <= x < 100; end
endmodule
"""
REGISTERS = """module m(input clk, input rst, input we, input [11:0] a, input [15:0] d,
  output reg [15:0] q, output reg [15:0] r);
  localparam Q = 768, R = 772;
  always @(posedge clk) if (rst) {q, r} <= 0; else if (we) case (a) Q: q <= d; R: r <= d; endcase
endmodule
"""


@pytest.mark.parametrize(
    ("golden", "right", "wrong"),
    [
        (LIMITS, "> TOP", ">= TOP"),
        (LIMITS, "< 100", "<= 100"),
        (LIMITS, "< 100", "< 99"),
        (REGISTERS, "q <= d", "q <= d[7:0]"),
        (REGISTERS, "r <= d", "r <= d | r"),
    ],
)
def test_plain_numbers_and_their_neighbours_are_driven(golden: str, right: str, wrong: str) -> None:
    """A limit that is off by one and a register at a decimal address are told from the golden's."""
    assert passed(golden, golden, golden.replace(right, wrong)) == [True, False]


def test_short_numbers_are_driven() -> None:
    """Leading zeros of a wide input are counted right for few significant bits as well."""
    golden = """module m(input [47:0] x, output reg [5:0] n);
  integer i;
  always @* begin n = 48; for (i = 0; i < 48; i = i + 1) if (x[i]) n = 47 - i; end
endmodule
"""
    wrong = golden.replace("47 - i; end", "47 - i; if (x[47:13] == 0 && x[12] && x[11:0] > 99) n = 34; end")
    assert passed(golden, golden, wrong) == [True, False]


SAFE = """module m(input clk, input rst, input v, input [7:0] k, output reg open);
  reg [1:0] s;
  always @(posedge clk)
    if (rst) {s, open} <= 0;
    else if (v) case (s)
      0: s <= k == 12;
      1: s <= k == 8'd200 ? 2 : 0;
      2: s <= k == 33 ? 3 : 0;
      default: begin s <= 0; if (k == 77) open <= 1; end
    endcase
endmodule
"""
NEVER, ONE_TOO_MANY = ("open <= 1", "open <= 0"), ("k == 33 ? 3 : 0", "k == 33 ? 3 : k == 12")
UNLEARNT = SAFE.replace("reg [1:0] s;", "reg [1:0] s; reg last [0:0]; always @(posedge clk) last[0] <= v;")


@pytest.mark.parametrize("fault", [NEVER, ONE_TOO_MANY], ids=["never", "one too many"])
@pytest.mark.parametrize("seed", range(3))
def test_a_safe_with_wide_keys_is_opened(fault: tuple[str, str], seed: int) -> None:
    """The golden's constants are among the inputs by which it is learnt, so its states and their ends are found."""
    verdicts = judge_pair(SAFE, [SAFE, SAFE.replace(*fault)], seed=seed).verdicts
    assert [verdict.passed for verdict in verdicts] == [True, False]


def test_exploring_goes_on_while_bits_have_not_changed() -> None:
    """The vectors are used up before a bit is given up, unless the machine is known whole."""
    stuck = UNLEARNT.replace("open <= 1", "open <= 0")
    given_up = judge_pair(stuck, [stuck]).coverage
    assert given_up.constant == ("open",)
    assert given_up.vectors > MAX_VECTORS - 2000
    assert not given_up.saturated
    known = "module m(input clk, input rst, input d, output reg [1:0] q);\n"
    known += "always @(posedge clk) if (rst) q <= 0; else q <= d; endmodule"
    assert judge_pair(known, [known]).coverage.vectors < MAX_VECTORS // 2


def test_a_slow_golden_is_driven_with_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all vectors do not end in time an eighth of them has to, and still tells a wrong candidate."""
    whole = Watched.samples

    def slow(self: Watched, vectors: Sequence[Vector]) -> list[str]:
        if len(vectors) > 5_000:
            raise TooSlow("not within its limits")
        return whole(self, vectors)

    monkeypatch.setattr(Watched, "samples", slow)
    golden = (
        "module m(input clk, input rst, input [3:0] d, output reg [7:0] q);"
        " always @(posedge clk) if (rst) q <= 0; else q <= q + d; endmodule"
    )
    judged = judge_pair(golden, [golden, golden.replace("+ d", "+ d + (q == 77)")])
    assert judged.coverage.vectors <= 5_000
    assert [verdict.passed for verdict in judged.verdicts] == [True, False]
