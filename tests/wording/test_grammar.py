"""Templates: what they parse to, how many forms they have, what is drawn and filled in."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.wording.grammar import (
    Choice,
    Part,
    Slot,
    Template,
    TemplateError,
    choose,
    fill,
    forms,
    parse,
    slots,
)
from tests.wording.settle import settlings


def printed(template: Template) -> str:
    """The template as its author writes it."""
    return "".join(
        f"({'|'.join(map(printed, part.options))})"
        if isinstance(part, Choice)
        else f"{{{part.name}}}"
        if isinstance(part, Slot)
        else part
        for part in template
    )


def _template(parts: Iterable[Part | Template]) -> Template:
    """One template of parts and whole templates, neighbouring texts joined as `parse` joins them."""
    flat = (piece for part in parts for piece in (part if isinstance(part, tuple) else (part,)))
    runs = groupby(flat, lambda piece: isinstance(piece, str))
    return tuple(p for is_text, run in runs for p in (("".join(map(str, run)),) if is_text else run))


def _nested(inner: st.SearchStrategy[Template]) -> st.SearchStrategy[Template]:
    choice = st.lists(inner, min_size=2, max_size=3).map(lambda options: (Choice(tuple(options)),))
    literal = inner.map(lambda template: ("(", *template, ")"))
    return st.lists(st.one_of(inner, choice, literal), max_size=3).map(_template)


PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the machine may be busy
TEXTS = st.text("ab ,.:'[]-\nü", min_size=1, max_size=4)
PARTS: st.SearchStrategy[Part | Template] = st.one_of(TEXTS, st.sampled_from(["q", "clk", "to0"]).map(Slot))
TEMPLATES = st.recursive(st.lists(PARTS, max_size=3).map(_template), _nested, max_leaves=6)


@PATIENT
@given(TEMPLATES)
def test_round_trip(template: Template) -> None:
    """A template that is printed and parsed again is the same template."""
    assert parse(printed(template)) == template


@PATIENT
@given(TEMPLATES, st.integers())
def test_counts_and_draws_are_the_enumeration(template: Template, seed: int) -> None:
    """`forms` counts the ways to settle a template, `slots` tells what they use, `choose` draws one."""
    every = settlings(template)
    assert forms(template) == len(every)
    assert slots(template) == {frozenset(p.name for p in way if isinstance(p, Slot)) for way in every}
    assert choose(template, Random(seed)) in every


def test_all_forms_are_drawn() -> None:
    """Alternations inside alternations are drawn too, the empty option included."""
    template = parse("{q} (takes|(is (loaded|filled)|loads) with|) {d}( at {clk}|).")
    drawn = {fill(choose(template, Random(i)), {"q": "Q", "d": "D", "clk": "C"}) for i in range(400)}
    verbs = ["takes", "is loaded with", "is filled with", "loads with", ""]
    assert drawn == {f"Q {verb} D{end}." for verb in verbs for end in (" at C", "")}
    assert forms(template) == 10


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("plain", ("plain",)),
        ("a | b", ("a | b",)),
        ("y (1 bit)", ("y (1 bit)",)),
        ("f(g(x))", ("f(g(x))",)),
        ("({q})", ("(", Slot("q"), ")")),
        ("(a|)", (Choice((("a",), ())),)),
        ("((a|b))", ("(", Choice((("a",), ("b",))), ")")),
        ("((1)|x)", (Choice((("(1)",), ("x",))),)),
        ("{q}{to0}", (Slot("q"), Slot("to0"))),
    ],
)
def test_parse(text: str, expected: Template) -> None:
    """Parentheses without an alternation of their own are text; a bar outside of parentheses too."""
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a) b", "unmatched ')' at 1"),
        ("(a|b)) c", "unmatched ')' at 5"),
        ("x (a|b", "unclosed '(' at 2"),
        ("((a|b)", "unclosed '(' at 0"),
        ("set {q", "stray '{' at 4"),
        ("set q}", "stray '}' at 5"),
        ("set {}", "stray '{' at 4"),
        ("set {Q d}", "stray '{' at 4"),
        ("(a|{b)", "stray '{' at 3"),
    ],
)
def test_errors(text: str, problem: str) -> None:
    """A template that cannot be read is refused with its text, the fault and its position."""
    with pytest.raises(TemplateError) as caught:
        parse(text)
    assert repr(text) in str(caught.value)
    assert problem in str(caught.value)


def test_fill() -> None:
    """Slots are replaced by values, which are not read as templates; a missing value is an error."""
    settled = choose(parse("{q} or {q} (1)"), Random(0))
    assert fill(settled, {"q": "{d}(a|b)"}) == "{d}(a|b) or {d}(a|b) (1)"
    with pytest.raises(KeyError, match="q"):
        fill(settled, {"d": "x"})
