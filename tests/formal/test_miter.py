"""What goes to the tools and what comes back."""

from __future__ import annotations

from itertools import pairwise

import pytest

from harness.formal.layout import Layout
from harness.formal.miter import start, steps
from harness.formal.replay import walk
from tests.formal.designs import ASYNC, SYNC, ports

LAYOUT = Layout("m", ports(SYNC, "d:3", "=q"), "clk", SYNC)
MAP = "input 0 0 v\ninput 1 1 v\ninput 2 3 v\ninput 3 2 v\ninput 4 4 v\ninit 5 0 golden.q\nninitff 5\n"


def test_inputs_are_packed_and_unpacked() -> None:
    """Every input has its place in the vector, the first port at the low end."""
    values = {"clk": 1, "rst": 0, "d": 6}
    assert LAYOUT.packed(values) == 0b11001
    assert LAYOUT.unpacked(LAYOUT.packed(values)) == values


def test_a_witness_is_read_through_the_map() -> None:
    """Bits go where the map says, and the first step has the values that the miter gives it."""
    witness = "000\n110110\n110110\n# DONE\n"
    found = steps(LAYOUT, True, MAP, witness)
    assert found == [{"clk": 0, "rst": 1, "d": 5}, {"clk": 1, "rst": 1, "d": 5}]


@pytest.mark.parametrize("witness", ["", "000\n11\n# DONE\n", "# DONE"])
def test_a_foreign_witness_is_refused(witness: str) -> None:
    """A witness with too few inputs is an error."""
    with pytest.raises(ValueError, match="not a witness with 5 inputs"):
        steps(LAYOUT, True, MAP, witness)


def test_reset_acts_first() -> None:
    """Reset is asserted in the first step, and only a synchronous one by change needs an edge after it."""
    low = Layout("m", ports(ASYNC), "clk", ASYNC)
    assert start(LAYOUT, False) == ({"clk": 0, "rst": 1}, {"clk": 1})
    assert start(LAYOUT, True) == ({"clk": 0, "rst": 1}, {})
    assert start(low, False) == ({"clk": 0, "rst_n": 0}, {})


def test_a_walk_changes_one_input_at_a_time() -> None:
    """The walk is always the same, begins with a reset over a clock edge, and resets again later."""
    vectors = walk(LAYOUT)
    assert vectors == walk(LAYOUT)
    assert [(v["clk"], v["rst"]) for v in vectors[:3]] == [(0, 1), (1, 1), (0, 1)]
    assert LAYOUT.acted(vectors) == 1
    changes = [sum(a[name] != b[name] for name in a) for a, b in pairwise(vectors)]
    assert max(changes) == 1
    assert sum(a["rst"] < b["rst"] for a, b in pairwise(vectors)) > 5
