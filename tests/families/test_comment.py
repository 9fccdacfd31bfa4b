"""The comment line of a golden."""

from __future__ import annotations

from itertools import islice

import pytest

from harness.families.catalogue import CATEGORIES, draw, family
from harness.families.comment import BRIEF, comment, golden
from harness.wording.voice import facts


@pytest.mark.parametrize("category", CATEGORIES)
def test_golden_is_the_style_with_a_comment(category: str) -> None:
    """Without its comment line the golden is style 0; the line holds no unfilled slot and no newline inside."""
    for spec in [*islice(draw(category, "comment"), 30), *family(category).edge_cases(category)]:
        line = comment(spec)
        assert golden(spec).replace(line, "", 1) == spec.verilog()
        assert line == "" or (line.startswith("  // ") and line.count("\n") == 1)
        assert "{" not in line


@pytest.mark.parametrize("category", CATEGORIES)
def test_reset_is_told(category: str) -> None:
    """A design with a reset says in its comment how that acts: at once or at the edge."""
    for spec in islice(draw(category, "reset"), 20):
        if spec.reset is not None:
            assert ("at once" in comment(spec)) == spec.reset.asynchronous
            assert spec.reset.name in comment(spec)


def test_brief_forms_are_of_known_facts() -> None:
    """Every brief form belongs to a fact that facts.toml knows."""
    assert BRIEF.keys() <= facts().keys()
