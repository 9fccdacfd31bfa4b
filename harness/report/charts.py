"""Charts as SVG that keep their text size at any width: places are percentages, colours are the page's classes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from harness.report.svg import percent, tag

BAR, STACK, PLOT = 16, 22, 240
"""Heights in pixels."""
POINTS = 300
"""Points of a line: more would not be seen."""
LOG_FROM, WIDEST = 10.0, 1e6
"""From the one ratio of its ends on an axis is logarithmic; at the other it ends."""
NOTHING = 1e-12
"""A range this narrow is one value."""


def bar(
    value: float, low: float | None = None, high: float | None = None, bounds: Sequence[float] = ()
) -> Markup:
    """A share from 0 to 1 with its interval as a whisker, and lines where bounds lie. Its figures stand beside it."""
    parts = [tag("line", x1=f"{q}%", x2=f"{q}%", y1=0, y2=BAR, class_="grid") for q in (0, 25, 50, 75, 100)]
    parts.append(tag("rect", x=0, y=3, width=percent(value), height=BAR - 6, class_="fill"))
    if low is not None and high is not None:
        middle = BAR / 2
        parts.append(tag("line", x1=percent(low), x2=percent(high), y1=middle, y2=middle, class_="whisker"))
        for end in (low, high):
            parts.append(tag("line", x1=percent(end), x2=percent(end), y1=5, y2=BAR - 5, class_="whisker"))
    parts += [tag("line", x1=percent(b), x2=percent(b), y1=0, y2=BAR, class_="bound") for b in bounds]
    return tag("svg", *parts, width="100%", height=BAR, class_="bar", aria_hidden="true")


def stack(counts: Mapping[str, int]) -> Markup:
    """Counts as the segments of one bar, in their order; each is filled by the pattern `fill-NAME` of the page.

    A table with the counts must stand beside it.
    """
    total = sum(counts.values())
    parts, at = [], 0.0
    for name, count in counts.items():
        share = count / total if total else 0.0
        if count:
            where = {"x": percent(at), "width": percent(share)}
            parts.append(
                tag(
                    "rect",
                    tag("title", f"{name}: {count}"),
                    **where,
                    y=0,
                    height=STACK,
                    class_=f"fill-{name}",
                )
            )
        at += share
    return tag("svg", *parts, width="100%", height=STACK, class_="stack", aria_hidden="true")


@dataclass(frozen=True)
class Curves:
    """Loss curves: the drawing, whether its axis is logarithmic, and the smoothed loss each line ends with."""

    svg: Markup
    logarithmic: bool
    ends: Mapping[str, float]


def curves(losses: Mapping[str, Sequence[float]], classes: Mapping[str, str]) -> Curves | None:
    """A line per model, smoothed, over the raw values; `classes` gives each its look. None without any figure."""
    raw = {model: [v for v in values if math.isfinite(v)] for model, values in losses.items()}
    raw = {model: values for model, values in raw.items() if values}
    if not raw:
        return None
    smooth = {model: _smoothed(values) for model, values in raw.items()}
    everything = [v for values in smooth.values() for v in values]
    low, high = min(everything), max(everything)
    low = max(low, high / WIDEST) if low > 0 else low
    logarithmic = low > NOTHING and high / low >= LOG_FROM
    ticks = _log_ticks(low, high) if logarithmic else _ticks(0.0 if low > 0 else low, high)
    axis = _Axis(min(ticks[0], low), max(ticks[-1], high), logarithmic)
    steps = max(map(len, raw.values()))
    parts = []
    for tick in ticks:
        y = f"{100 * axis.place(tick):.2f}%"
        parts.append(tag("line", x1=0, x2="100%", y1=y, y2=y, class_="grid"))
        parts.append(tag("text", f"{tick:g}", x=-8, y=y, dy=4, class_="y"))
    for tick in _ticks(0, steps)[1:]:
        if tick <= steps:
            x = percent(tick / steps)
            parts.append(tag("line", x1=x, x2=x, y1="100%", y2="100%", class_="grid"))
            parts.append(tag("text", f"{tick:,.0f}", x=x, y="100%", dy=18, class_="x"))
    lines = []
    for kind, values_of in (("raw", raw), ("smooth", smooth)):
        for model, values in values_of.items():
            points = " ".join(_points(values, steps, axis, kind == "raw"))
            lines.append(tag("polyline", points=points, class_=f"{kind} {classes[model]}"))
    inner = tag(
        "svg", *lines, width="100%", height="100%", viewBox="0 0 1000 1000", preserveAspectRatio="none"
    )
    said = "Loss by training step; the legend has the last values."
    svg = tag("svg", *parts, inner, width="100%", height=PLOT, class_="curves", role="img", aria_label=said)
    return Curves(svg, logarithmic, {model: values[-1] for model, values in smooth.items()})


@dataclass(frozen=True)
class _Axis:
    low: float
    high: float
    logarithmic: bool

    def place(self, value: float) -> float:
        """From the top: 0 at the high end, 1 at the low one; what lies outside is drawn at the edge."""
        low, high = self.low, self.high
        value = min(high, max(low, value))
        if self.logarithmic:
            value, low, high = math.log(value), math.log(low), math.log(high)
        return (high - value) / (high - low) if high > low else 0.5


def _points(values: Sequence[float], steps: int, axis: _Axis, extremes: bool) -> list[str]:
    """At most POINTS places of a line, or with `extremes` as many pairs of the least and the most between them."""
    size = max(1, -(-len(values) // POINTS))
    found = []
    for start in range(0, len(values), size):
        part = values[start : start + size]
        x = 1000 * (start + len(part)) / steps
        for value in (min(part), max(part)) if extremes and size > 1 else (part[-1],):
            found.append(f"{x:.1f},{1000 * axis.place(value):.1f}")
    return found


def _smoothed(values: Sequence[float]) -> list[float]:
    """The mean of the last steps, a fiftieth of all."""
    window, total, found = max(1, len(values) // 50), 0.0, []
    for number, value in enumerate(values):
        total += value - (values[number - window] if number >= window else 0.0)
        found.append(total / min(number + 1, window))
    return found


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers from below `low` to above `high`, four to eight of them."""
    span = high - low if high - low > NOTHING else 1.0
    size = 10.0 ** math.floor(math.log10(span))
    step = next(s for s in (size / 5, size / 2, size, size * 2) if span / s <= 6)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(step * number, 12) for number in range(first, max(last, first + 1) + 1)]


def _log_ticks(low: float, high: float) -> list[float]:
    """1, 2 and 5 times powers of ten that enclose the range."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks = [float(f"{digit}e{power}") for power in powers for digit in (1, 2, 5)]
    below = max(tick for tick in ticks if tick <= low)
    above = min((tick for tick in ticks if tick >= high), default=ticks[-1])
    return [tick for tick in ticks if below <= tick <= above]
