"""A pass rate over time as SVG: its interval as a band, what the gate measured as a line, an alarm as a mark."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from harness.release.monitor import Window
from harness.report.svg import percent, tag

HEIGHT = 92
SCALE = 1000


def trend(windows: Sequence[Window], gate: float | None, alarm: str | None, label: str) -> Markup:
    """One point for each window, side by side in equal steps, its figures as a title; `alarm` is a time."""
    places = [(number + 0.5) / len(windows) for number in range(len(windows))]
    low = [(x, window.rate.low) for x, window in zip(places, windows, strict=True)]
    high = [(x, window.rate.high) for x, window in zip(places, windows, strict=True)]
    middle = [(x, window.rate.value) for x, window in zip(places, windows, strict=True)]
    parts = []
    for share in (0.0, 0.5, 1.0):
        at = percent(1 - share)
        parts.append(tag("line", x1=0, x2="100%", y1=at, y2=at, class_="grid"))
        parts.append(tag("text", f"{share:.0%}", x=-7, y=at, dy=4))
    if gate is not None:
        at = percent(1 - gate)
        parts.append(tag("line", x1=0, x2="100%", y1=at, y2=at, class_="gate"))
    if alarm is not None:
        reached = next((x for x, window in zip(places, windows, strict=True) if window.last >= alarm), 1.0)
        at = percent(reached)
        parts.append(
            tag("line", tag("title", f"alarm {alarm}"), x1=at, x2=at, y1=-4, y2=HEIGHT, class_="alarm")
        )
    drawn = [
        tag("polygon", points=_points([*high, *reversed(low)]), class_="band"),
        tag("polyline", points=_points(middle), class_="line"),
    ]
    box = f"0 0 {SCALE} {SCALE}"
    parts.append(
        tag(
            "svg", *drawn, width="100%", height="100%", viewBox=box, preserveAspectRatio="none", class_="area"
        )
    )
    for (x, y), window in zip(middle, windows, strict=True):
        rate = window.rate
        said = f"{window.first} to {window.last}: {rate.passed} of {rate.total}, {rate.low:.0%} to {rate.high:.0%}"
        if len(windows) == 1:
            top, bottom = percent(1 - rate.high), percent(1 - rate.low)
            parts.append(tag("line", x1=percent(x), x2=percent(x), y1=top, y2=bottom, class_="whisker"))
        parts.append(
            tag("circle", tag("title", said), cx=percent(x), cy=percent(1 - y), r=2.6, class_="point")
        )
    return tag("svg", *parts, width="100%", height=HEIGHT, class_="trend", role="img", aria_label=label)


def _points(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{SCALE * x:.1f},{SCALE * (1 - y):.1f}" for x, y in places)
