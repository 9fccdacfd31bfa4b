"""Enable gating: what is particular to them."""

from __future__ import annotations

from harness.families.gating import SHARES, EnableGating
from harness.families.spec import Reference

CATEGORY = "enable_gating"


def test_edge_cases_cover_every_form() -> None:
    """The corners hold each form of gating."""
    assert {spec.form for spec in EnableGating.edge_cases(CATEGORY)} == set(SHARES)


def test_clock_gate_holds_while_the_clock_is_high() -> None:
    """An enable that changes while the clock is high reaches the gated clock only in the next cycle."""
    spec = EnableGating.edge_cases(CATEGORY)[-2]
    gate = Reference(spec)
    walk = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (1, 1, 1), (1, 0, 1), (0, 0, 0), (1, 0, 0)]
    assert [gate.apply({"clk": clk, "en": en})["gclk"] for clk, en, _ in walk] == [out for *_, out in walk]
