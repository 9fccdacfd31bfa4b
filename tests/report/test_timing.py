"""Timing diagrams: what was wrong, where, and what should have been."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.report.timing import timing
from harness.simulate.verdict import Mismatch, Row
from tests.report.runs import mismatch


def texts(svg: str, kind: str) -> list[str]:
    return [
        "".join(t.itertext())
        for t in ElementTree.fromstring(svg).iter("text")
        if kind in t.get("class", "").split()
    ]


def test_only_what_was_compared_is_marked() -> None:
    """Step 2 is the first wrong one; the x before it is not compared, so it is hatched but not boxed."""
    svg = timing(mismatch())
    root = ElementTree.fromstring(svg)
    kinds = [element.get("class") for element in root.iter()]
    assert texts(svg, "step") == ["0", "1", "▼ 2", "3"]
    assert kinds.count("wrong") == 1
    assert kinds.count("bus unknown") == 1
    assert kinds.count("lane expected") == 1


def test_values_of_buses() -> None:
    """Known vectors are hexadecimal and equal ones drawn once; unknown ones are binary, and a free one is `any`."""
    rows = [
        Row(0, {"d": "1010"}, {"q": "xxxx"}, {"q": "000x"}),
        Row(1, {"d": "1010"}, {"q": "1111"}, {"q": "0001"}),
    ]
    svg = timing(Mismatch(1, tuple(rows)))
    assert texts(svg, "value") == ["a", "000x", "1", "any", "f"]


def test_names_are_cut_and_escaped() -> None:
    """A long name is cut, whole in its tooltip, and never markup."""
    name = "<script>" + "n" * 60
    svg = timing(Mismatch(0, (Row(0, {name: "1"}, {"q": "1"}, {"q": "0"}),)))
    assert "<script>" not in svg
    (title, *_) = (t.text for t in ElementTree.fromstring(svg).iter("title"))
    assert title == name
    assert len(texts(svg, "input")[0]) < len(name) + 30


@settings(deadline=None)  # the machine may be busy
@given(
    st.lists(st.tuples(*[st.text("01xz", min_size=5, max_size=5)] * 3), min_size=1, max_size=8),
    st.integers(0, 7),
)
def test_any_window_can_be_drawn(values: list[tuple[str, str, str]], step: int) -> None:
    """Whatever the digits, the drawing is well-formed and has a column for each step."""
    rows = [Row(n, {"d": d}, {"q": e}, {"q": g}) for n, (d, e, g) in enumerate(values)]
    assert len(texts(timing(Mismatch(step, tuple(rows))), "step")) == len(rows)
