"""Every category has a family; specs are drawn by seed, carried as JSON, and refused when they are none."""

from __future__ import annotations

import json
from itertools import islice
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.families.catalogue import (
    CATEGORIES,
    FSM,
    SHIFT,
    UnknownCategory,
    draw,
    dump,
    family,
    load,
)

(EDGE,) = islice(draw("edge_detector", "catalogue"), 1)


def test_categories_are_the_plans() -> None:
    """24 categories, six kinds of FSM and five kinds of shift register among them."""
    assert len(CATEGORIES) == 24
    assert FSM == ("fsm_2state", "fsm_3state", "fsm_handshake", "fsm_sequence", "fsm_mealy", "fsm_moore")
    assert SHIFT == ("shift_left", "shift_right", "shift_universal", "shift_piso", "shift_sipo")


@settings(max_examples=60, deadline=None)
@given(category=st.sampled_from(CATEGORIES), seed=st.integers(0, 2**32))
def test_json_round_trip(category: str, seed: int) -> None:
    """A spec survives JSON unchanged: parameters, names, text facts and golden."""
    spec = family(category).sample(category, Random(seed))
    again = load(json.loads(json.dumps(dump(spec))))
    assert again == spec
    assert type(again) is type(spec)
    assert (again.verilog(), again.facts()) == (spec.verilog(), spec.facts())


@pytest.mark.parametrize("category", CATEGORIES)
def test_edge_cases_round_trip(category: str) -> None:
    """The corners of each family are specs of it, and survive JSON too."""
    corners = family(category).edge_cases(category)
    assert corners
    assert [load(dump(spec)) for spec in corners] == corners
    assert {spec.category for spec in corners} == {category}


@pytest.mark.parametrize("category", CATEGORIES)
def test_draws_follow_the_seed(category: str) -> None:
    """Equal seeds give equal streams, other seeds others; all are of the category asked for."""
    first, again, other = (list(islice(draw(category, seed), 8)) for seed in ("a", "a", "b"))
    assert first == again
    assert first != other
    assert {spec.category for spec in first} == {category}


def test_unknown_category() -> None:
    """A category that does not exist is an error that lists those that do."""
    for ask in (lambda: family("fsm"), lambda: next(draw("fsm", "s")), lambda: load({"category": "fsm"})):
        with pytest.raises(
            UnknownCategory, match=r"unknown category 'fsm'; known are edge_detector, .*fsm_moore"
        ):
            ask()


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (None, r"not a spec: 'None' has no category"),
        ([], r"not a spec: .* has no category"),
        ({"category": 5}, r"not a spec: .* has no category"),
        ({"category": "mux"}, r"not a mux spec: \w+: .*required"),
        (dump(EDGE) | {"width": "wide"}, r"not a edge_detector spec: width: .*integer"),
        (dump(EDGE) | {"colour": "red", "age": 1}, r"unknown fields age, colour"),
        (dump(EDGE) | {"width": 0}, r"port \w+ is 0 bits wide, not 1 to 256"),
        (dump(EDGE) | {"width": 10**9}, r"port \w+ is 1000000000 bits wide, not 1 to 256"),
        (dump(EDGE) | {"name": "a; initial $finish"}, r"'a; initial \$finish' is no Verilog identifier"),
        (dump(EDGE) | {"d": "é"}, r"'é' is no Verilog identifier"),
        (dump(EDGE) | {"d": EDGE.name}, r"two of its names are equal"),
        (dump(EDGE) | {"clock": None}, r"not a edge_detector spec: its ports cannot be derived"),
    ],
)
def test_what_is_no_spec(data: Any, complaint: str) -> None:
    """What `dump` cannot have written is a ValueError that says which rule it breaks."""
    with pytest.raises(ValueError, match=complaint):
        load(data)
