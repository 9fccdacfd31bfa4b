"""Names of states: distinct from each other, from ports, from keywords and from the machine's own signals."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.families import naming
from harness.families.machine import legal, state_names


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 2**32), count=st.integers(1, 5))
def test_state_names(seed: int, count: int) -> None:
    """State names are distinct, no keywords, and neither ports nor the machine's own signals."""
    taken = {"done", "a", "idle", "S0", "x"}
    names = state_names(Random(seed), count, set(taken))
    assert len({name.lower() for name in names}) == count
    assert not set(names) & (taken | naming.KEYWORDS | {"state", "next", "cnt", "N"})
    assert all(name.isidentifier() and len(name) <= naming.LONGEST for name in names)


def test_words_may_differ_from_ports_by_case() -> None:
    """DONE may stand beside a port done, but A not beside a, and no name in the case of a keyword."""
    assert legal("DONE", {"done"}) and not legal("done", {"done"})
    assert not legal("A", {"a"}) and not legal("S0", {"s0"})
    assert legal("WAIT", set()) and not legal("wait", set()) and not legal("when", set())
