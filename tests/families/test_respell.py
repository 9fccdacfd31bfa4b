"""Renaming a spec and its RTL together."""

from __future__ import annotations

from itertools import islice
from random import Random

import pytest

from harness.families.catalogue import CATEGORIES, draw
from harness.families.respell import WORD, respell
from harness.simulate.judge import judge_many


def test_renamed_rtl_does_what_the_renamed_spec_asks() -> None:
    """The golden, renamed, passes the judge as the renamed spec, for every category; parameters stay the same."""
    specs = [spec for category in CATEGORIES for spec in islice(draw(category, "respell"), 6)]
    renamed = [respell(spec, spec.verilog(), Random(number)) for number, spec in enumerate(specs)]
    verdicts = judge_many(renamed)
    assert [v.detail for v in verdicts if not v.passed] == []
    assert [twin.parameters for twin, _ in renamed] == [spec.parameters for spec in specs]


@pytest.mark.parametrize("category", CATEGORIES)
def test_names_are_fresh(category: str) -> None:
    """Most samples find other names (the rarer shapes of a handshake may not): the module is called otherwise."""
    specs = list(islice(draw(category, "fresh"), 20))
    renamed = [respell(spec, spec.verilog(), Random(i))[0].name != spec.name for i, spec in enumerate(specs)]
    assert sum(renamed) >= 9


def test_numbers_are_not_names() -> None:
    """The digits of a based literal are never taken for an identifier."""
    assert WORD.findall("q <= 8'd10 + d10 - 4'hA;") == ["q", "8'd10", "d10", "4'hA"]
