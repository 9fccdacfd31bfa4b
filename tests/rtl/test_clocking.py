"""Resets by use: what forgets by setting constants is one, what merely copies an input is none."""

from __future__ import annotations

import pytest

from harness.rtl.interface import interface_of

MODULE = """module m(input clk, input {name}, input e, output reg [3:0] q);
  integer i;
  always @(posedge clk) {body}
endmodule"""


@pytest.mark.parametrize(
    ("name", "body", "reset"),
    [
        ("d", "if (d) q <= 1; else q <= 0;", False),
        ("d", "if (d) q[0] <= 1; else q[0] <= 0;", False),
        ("d", "if (d) q <= 1; else if (e) q <= 2; else q <= 0;", False),
        ("d", "if (d) q <= 1; else for (i = 0; i < 4; i = i + 1) q[i] <= 0;", False),
        ("d", "if (d) q <= 1;", False),
        ("init", "if (init) q <= 0; else q <= {q, e};", True),
        ("init", "if (init) q <= 0; else q++;", True),
        ("init", "if (init) q <= 0; else q += 1;", True),
        (
            "init",
            "if (init) q <= 0; else case (q) 0: q <= 1; 1: if (e) q <= 2; default: q <= 0; endcase",
            True,
        ),
        ("init", "if (init) for (i = 0; i < 4; i = i + 1) q[i] <= 0; else q[0] <= e;", True),
        ("rst", "if (rst) q <= 1; else if (e) q <= 2; else q <= 0;", True),
    ],
)
def test_a_reset_forgets(name: str, body: str, reset: bool) -> None:
    """Where the other branch sets constants as well, whatever was before, the input is data, unless its name says."""
    found = interface_of(MODULE.format(name=name, body=body))
    assert [control.name for control in found.resets] == [name] * reset
    assert (name in [port.name for port in found.data]) is not reset


@pytest.mark.parametrize(
    ("body", "resets"),
    [
        ("begin end", []),
        ("begin : b end", []),
        ("begin begin end ; q <= e; end", []),
        ("begin begin end if (init) q <= 0; else q <= {q, e}; end", ["init"]),
    ],
)
def test_empty_blocks_say_nothing(body: str, resets: list[str]) -> None:
    """The first statement decides, and an empty block is none."""
    source = MODULE.format(name="init", body=body)
    assert [control.name for control in interface_of(source).resets] == resets


def test_a_tested_edge_is_a_reset_whatever_is_set() -> None:
    """An event besides the clock's that is tested first acts without it, so it cannot be data."""
    source = MODULE.replace("posedge clk", "posedge clk, posedge p")
    found = interface_of(source.format(name="p", body="if (p) q <= 1; else q <= 0;"))
    assert [control.name for control in found.resets] == ["p"]


@pytest.mark.parametrize(
    ("edge", "body", "active_low"),
    [
        ("negedge", "if (p) q <= q + 1; else q <= 0;", True),
        ("posedge", "if (!p) q <= q + 1; else q <= 0;", False),
        ("negedge", "if (p) q <= 1; else q <= 0;", True),
        ("negedge", "if (!p) q <= 0; else q <= q + 1;", True),
        ("posedge", "if (p) q <= 0; else q <= q + 1;", False),
    ],
)
def test_a_reset_in_the_else_branch_has_the_level_of_its_edge(edge: str, body: str, active_low: bool) -> None:
    """`if (rst_n)` may as well be the branch that counts: what the block waits for decides."""
    source = MODULE.replace("posedge clk", f"posedge clk, {edge} p").format(name="p", body=body)
    assert [control.active_low for control in interface_of(source).resets] == [active_low]


COUNTS = """module m(input clk, input run, input rst, output reg [3:0] p, output reg [3:0] q);
  always @({events}) if ({first}) p <= 0; else p <= p + 1;
  always @(posedge clk) if ({second}) q <= 0; else q <= q + 1;
endmodule"""


@pytest.mark.parametrize(
    ("first", "second", "events", "found"),
    [
        ("run", "!run", "posedge clk", [("rst", False)]),
        ("run", "run", "posedge clk", [("rst", False), ("run", False)]),
        ("rst", "!rst", "posedge clk", []),
        ("run", "rst", "posedge clk", [("rst", True), ("run", False)]),
        ("run", "!run", "posedge clk, posedge run", [("run", True)]),
    ],
)
def test_an_event_or_a_name_with_its_use_makes_a_reset_sure(
    first: str, second: str, events: str, found: list[tuple[str, bool]]
) -> None:
    """What blocks test at opposite levels is data; mere use or a mere name leaves a doubt; sure resets come first."""
    resets = interface_of(COUNTS.format(first=first, second=second, events=events)).resets
    assert [(control.name, control.sure) for control in resets] == found


def test_no_reset_can_be_said() -> None:
    """`none` makes data of what looks like a reset."""
    source = MODULE.format(name="rst", body="if (rst) q <= 0; else q <= q + 1;")
    found = interface_of(source, reset="none")
    assert found.resets == ()
    assert [port.name for port in found.data] == ["rst", "e"]


def test_a_set_beside_a_reset() -> None:
    """An asynchronous set that is tested after the reset is a reset as well, at its own level, and no second clock."""
    source = MODULE.replace("posedge clk", "posedge clk, negedge rst_n, posedge set")
    source = source.replace("input e", "input rst_n, input e")
    body = "if (!rst_n) q <= 0; else if (set) q <= 15; else if (e) q <= q + 1;"
    found = interface_of(source.format(name="set", body=body))
    assert [(r.name, r.active_low, r.sure) for r in found.resets] == [
        ("rst_n", True, True),
        ("set", False, True),
    ]
    assert found.clock == "clk"
