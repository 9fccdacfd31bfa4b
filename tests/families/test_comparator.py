"""Comparators: what is particular to them."""

from __future__ import annotations

from harness.families.comparator import Comparator
from harness.families.spec import Reference


def test_signed_order() -> None:
    """In two bits, 3 is below 0 for a signed comparator (it is -1) and above it for an unsigned one."""
    unsigned = Comparator.edge_cases("comparator")[2]
    assert Reference(unsigned).apply({"a": 3, "b": 0}) == {"ge": 1, "ne": 1}
    signed = Comparator.edge_cases("comparator")[4]
    assert Reference(signed).apply({"a": 3, "b": 0})["lt"] == 1
