"""The study's picture: every seed's dot is seen, and axes say what they measure."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from harness.study.analysis import estimate
from harness.study.figure import BELOW, Arm, Panel, figure, of_differences


def arm(*seeds: float) -> Arm:
    """An arm whose seeds have these means, each of two specs."""
    return list(seeds), estimate([[value, value] for value in seeds])


def dots(picture: str) -> list[tuple[str, str]]:
    return re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', picture)


@given(st.lists(st.floats(-1, 1, allow_nan=False), min_size=1, max_size=8))
def test_no_dot_hides_another_and_none_leaves_the_axis(seeds: list[float]) -> None:
    """Equal seeds stand at heights of their own, and the axis of differences reaches the farthest."""
    panel = of_differences("a less b", {"a": arm(*seeds)})
    assert panel.low <= min(seeds) and max(seeds) <= panel.high
    assert panel.low == -panel.high
    assert (
        0.0 in panel.ticks and min(panel.ticks) >= panel.low - 1e-9 and max(panel.ticks) <= panel.high + 1e-9
    )
    found = dots(figure([panel]))
    assert len({height for _, height in found}) == len(seeds)


def test_means_and_differences_are_told_apart() -> None:
    """Means are per cent of 1; differences are points with a sign, around a line at 0."""
    means = figure([Panel("means", {"a": arm(0.5)})])
    assert ">100 %<" in means and ">50.0 %<" in means
    apart = figure([of_differences("a less b", {"a": arm(-0.125, -0.125)})])
    assert ">+20<" in apart and ">-12.5<" in apart and ">0<" in apart
    assert ">0.0 %<" not in apart


def test_panels_stand_under_each_other() -> None:
    """Each panel begins below the one before, and the picture is as high as all."""
    one = Panel("first", {"a": arm(0.1)})
    both = figure([one, Panel("second", {"a": arm(0.1)})])
    (_, above), (_, below) = dots(both)
    assert float(below) - float(above) == one.height
    assert f'height="{2 * one.height + BELOW}"' in both


def test_one_seed_is_seen_to_be_one() -> None:
    """An interval that knows nothing of other seeds is dashed."""
    assert "stroke-dasharray" in figure([Panel("one", {"a": arm(0.5)})])
    assert "stroke-dasharray" not in figure([Panel("two", {"a": arm(0.5, 0.6)})])
