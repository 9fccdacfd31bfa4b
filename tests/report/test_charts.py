"""Charts: shares lie where they belong, lines stay few, and odd figures do no harm."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.report.charts import POINTS, bar, curves, stack


def test_a_bar_shows_share_interval_and_bound() -> None:
    """Places are percentages of the share itself, so that they hold at any width."""
    svg = ElementTree.fromstring(bar(0.75, 0.5, 0.9, [0.8]))
    (fill,) = svg.findall("rect")
    lines = {line.get("class"): (line.get("x1"), line.get("x2")) for line in svg.findall("line")}
    assert fill.get("width") == "75%"
    assert ("50%", "90%") in [(line.get("x1"), line.get("x2")) for line in svg.findall("line")]
    assert lines["bound"] == ("80%", "80%")


def test_a_stack_is_filled() -> None:
    """Segments follow each other and make up the whole bar; what did not occur has none."""
    svg = ElementTree.fromstring(stack({"pass": 3, "mismatch": 1, "timeout": 0, "rejected": 4}))
    places = [(r.get("class"), r.get("x"), r.get("width")) for r in svg.findall("rect")]
    assert places == [
        ("fill-pass", "0%", "37.5%"),
        ("fill-mismatch", "37.5%", "12.5%"),
        ("fill-rejected", "50%", "50%"),
    ]
    assert ElementTree.fromstring(stack({})).findall("rect") == []


@pytest.mark.parametrize(("last", "logarithmic"), [(1.0, False), (0.01, True)])
def test_the_axis_fits(last: float, logarithmic: bool) -> None:
    """A loss that falls by more than a power of ten is shown on a logarithmic axis."""
    drawn = curves({"v5": [2.0] * 50 + [last] * 50}, {"v5": "candidate"})
    assert drawn and drawn.logarithmic is logarithmic
    assert drawn.ends == {"v5": pytest.approx(last)}


def test_long_trainings_stay_small() -> None:
    """A hundred thousand steps are drawn with some hundreds of points, peaks included."""
    losses = [1.0 + (step % 7) / 10 for step in range(100_000)]
    drawn = curves({"v5": losses}, {"v5": "candidate"})
    assert drawn and len(drawn.svg) < 60 * POINTS


def test_figures_that_are_none() -> None:
    """Steps that were not finite are left out, and so is a model, or the chart, that has no other."""
    assert curves({"v5": [math.nan, math.inf]}, {"v5": "candidate"}) is None
    drawn = curves({"v4": [math.nan], "v5": [1.0, math.nan]}, {"v4": "other0", "v5": "candidate"})
    assert drawn and drawn.ends == {"v5": 1.0}


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50))
def test_any_losses_can_be_drawn(losses: list[float]) -> None:
    """All points lie within the plot, whatever the figures."""
    drawn = curves({"v5": losses}, {"v5": "candidate"})
    assert drawn
    for points in re.findall(r'points="([^"]*)"', drawn.svg):
        assert all(0 <= float(place) <= 1000 for point in points.split() for place in point.split(","))
