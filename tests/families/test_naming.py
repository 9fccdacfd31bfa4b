"""Names are legal, distinct and various; constants and blocks read as Verilog."""

from __future__ import annotations

import re
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.families import naming
from harness.families.spec import Port, Reset

seeds = st.integers(0, 2**32)


@settings(max_examples=100, deadline=None)
@given(seed=seeds)
def test_names_are_legal_and_distinct(seed: int) -> None:
    """Every kind of name is an identifier, short, no keyword, and unlike the others of its spec."""
    rng = Random(seed)
    names = [naming.module_name(rng, "edge_det", "pulse_gen"), naming.clock(rng), naming.reset(rng).name]
    taken = set(names)
    names += [*naming.data_pair(rng, taken), *naming.condition_names(rng, "only", taken)]
    names += [naming.port(rng, ("a", "b"), taken) for _ in range(4)]
    assert len({n.lower() for n in names}) == len(names)
    assert taken == set(names)
    for name in names:
        assert re.fullmatch(r"[A-Za-z]\w*", name) and len(name) <= naming.LONGEST
        assert name.lower() not in naming.KEYWORDS


def test_a_fifth_of_the_names_is_in_no_pool() -> None:
    """Between 15 and 35 % of port names are not from the pool, so names must be read from the text."""
    rng = Random(1)
    drawn = [naming.port(rng, naming.ENABLES, set()) for _ in range(1000)]
    assert 150 < sum(name not in naming.ENABLES for name in drawn) < 350


def test_pools_hold_only_usable_names() -> None:
    """No entry of a pool is a keyword or a word that sentences need; such an entry would never be drawn."""
    pools = (naming.ENABLES, naming.INHIBITS, naming.LOADS, naming.SELECTS, naming.TEST_ENABLES)
    entries = [name for pool in (*pools, naming.DATA_IN, naming.DATA_OUT) for name in pool]
    assert [name for name in entries if not naming.usable(name)] == []


def test_reset_kinds() -> None:
    """Only the asked kinds come, and all of them do."""
    rng = Random(2)
    assert {naming.reset(rng).kind for _ in range(100)} == set(naming.RESET_KINDS)
    assert {naming.reset(rng, ["sync_low"]).kind for _ in range(20)} == {"sync_low"}


@settings(max_examples=100, deadline=None)
@given(seed=seeds, width=st.integers(1, 64))
def test_numbers_fit(seed: int, width: int) -> None:
    """A constant is not zero, fits its width, and its literal says the same value."""
    number = naming.number(Random(seed), width)
    size, radix, digits = re.fullmatch(r"(\d+)'([dhb])([0-9A-F]+)", number.verilog).groups()  # type: ignore[union-attr]
    assert 0 < number.value < 2**width
    assert (int(size), int(digits, {"d": 10, "h": 16, "b": 2}[radix])) == (width, number.value)


def test_local_avoids_ports() -> None:
    """An internal signal does not take the name of a port, in any spelling."""
    assert naming.local("prev", {"d", "q"}) == "prev"
    assert naming.local("prev", {"PREV", "prev_r"}) == "prev_r_r"


def test_header() -> None:
    """The header is one line; a one-bit port has no range; registered outputs are reg."""
    ports = [Port("input", "clk", 1, "clock"), Port("output", "q", 8, "data")]
    assert naming.header("m", ports, {"q"}) == "module m(input clk, output reg [7:0] q);\n"


def test_clocked() -> None:
    """begin/end appears around several statements only, and a missing reset leaves a plain block."""
    reset = Reset(name="rst_n", asynchronous=True, active_low=True)
    assert naming.clocked(reset, "clk", "q <= 0;", ["if (ld) q <= d;\nelse q <= q + 1;"]) == (
        "  always @(posedge clk or negedge rst_n)\n"
        "    if (!rst_n) q <= 0;\n"
        "    else if (ld) q <= d;\n"
        "    else q <= q + 1;\n"
    )
    assert naming.clocked(reset, "clk", "p <= 0; q <= 0;", ["p <= d;", "q <= p;"]) == (
        "  always @(posedge clk or negedge rst_n)\n"
        "    if (!rst_n) begin p <= 0; q <= 0; end\n"
        "    else begin\n"
        "      p <= d;\n"
        "      q <= p;\n"
        "    end\n"
    )
    assert naming.clocked(None, "clk", "", ["q <= d;"]) == "  always @(posedge clk)\n    q <= d;\n"
