"""All the ways to settle a template, for tests that look at every one of them."""

from __future__ import annotations

from itertools import product

from harness.wording.grammar import Choice, Settled, Template


def settlings(template: Template) -> list[Settled]:
    """Every way to settle a template, one for each combination of options."""
    ways: list[list[Settled]] = [
        [way for option in part.options for way in settlings(option)]
        if isinstance(part, Choice)
        else [(part,)]
        for part in template
    ]
    return [tuple(piece for pieces in way for piece in pieces) for way in product(*ways)]
