"""The study's picture: a row for each arm, a dot for each seed, the mean with its interval; SVG that stands alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor

from markupsafe import Markup

from harness.report.svg import tag
from harness.study.analysis import Estimate

LEFT, PLOT, RIGHT = 190, 460, 110
ROW, TOP, BELOW = 30, 34, 26
SPREAD = 7
LEGEND = (
    "dot: a seed; line: mean and 95 % interval over seeds and specs, dashed: one seed, so over specs alone"
)
COLOURS = {"axis": "#8a8f98", "dot": "#2563a8", "mean": "#c2410c", "text": "#6b7280"}
Arm = tuple[Sequence[float], Estimate]
"""Each seed's mean, and the estimate over all of them."""


@dataclass(frozen=True)
class Panel:
    """Arms on one axis from `low` to `high`, in shares: of 1 where they are means, else of differences."""

    title: str
    arms: Mapping[str, Arm]
    low: float = 0.0
    high: float = 1.0

    @property
    def height(self) -> int:
        return TOP + ROW * len(self.arms) + BELOW

    @property
    def ticks(self) -> list[float]:
        """From 0 outwards, so that 0 is always there."""
        step = 0.2 if self.high - self.low >= 1 else 0.1
        return [step * n for n in range(-floor(-self.low / step + 1e-9), floor(self.high / step + 1e-9) + 1)]

    @property
    def is_difference(self) -> bool:
        return self.low < 0

    def place(self, value: float) -> float:
        """Where a value stands from the left; an interval's end beyond the axis stands at its end."""
        share = (min(self.high, max(self.low, value)) - self.low) / (self.high - self.low)
        return round(LEFT + PLOT * share, 1)

    def said(self, value: float, digits: int = 0) -> str:
        if not self.is_difference:
            return f"{100 * value:.{digits}f} %"
        return f"{100 * value:+.{digits}f}" if value else "0"


def of_differences(title: str, arms: Mapping[str, Arm]) -> Panel:
    """As far to both sides of 0 as the values reach, in whole tens of points."""
    ends = (abs(v) for seeds, e in arms.values() for v in (*seeds, e.interval.low, e.interval.high))
    far = min(1.0, max(0.1, ceil(10 * max(ends, default=0.0)) / 10))
    return Panel(title, arms, -far, far)


def figure(panels: Sequence[Panel]) -> str:
    """The panels, one under the other."""
    parts: list[Markup] = []
    top = 0
    for panel in panels:
        parts += _drawn(panel, top)
        top += panel.height
    parts.append(_text(LEGEND, 0, top + 14, "start"))
    top += BELOW
    width = LEFT + PLOT + RIGHT
    return str(
        tag(
            "svg",
            *parts,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {width} {top}",
            width=width,
            height=top,
            font_family="system-ui, sans-serif",
            font_size=13,
        )
    )


def _drawn(panel: Panel, top: int) -> list[Markup]:
    bottom = top + TOP + ROW * len(panel.arms)
    parts = [tag("text", panel.title, x=0, y=top + 18, font_weight="bold", fill=COLOURS["text"])]
    for value in panel.ticks:
        x, strong = panel.place(value), panel.is_difference and abs(value) < 1e-9
        opacity = 0.9 if strong else 0.35
        parts.append(
            tag("line", x1=x, x2=x, y1=top + TOP - 6, y2=bottom, stroke=COLOURS["axis"], opacity=opacity)
        )
        parts.append(_text(panel.said(value), x, bottom + 15, "middle"))
    for number, (arm, (seeds, found)) in enumerate(panel.arms.items()):
        middle = top + TOP + ROW * (number + 0.5)
        low, high, mean = map(panel.place, (found.interval.low, found.interval.high, found.mean))
        line = {"stroke": COLOURS["mean"]}
        dashes = "5 3" if len(seeds) == 1 else None
        parts += [
            _text(arm, LEFT - 12, middle + 4, "end"),
            tag(
                "line", x1=low, x2=high, y1=middle, y2=middle, stroke_width=2, stroke_dasharray=dashes, **line
            ),
            tag("line", x1=mean, x2=mean, y1=middle - 8, y2=middle + 8, stroke_width=3, **line),
            *(
                tag("circle", cx=panel.place(v), cy=middle + rise, r=4, fill=COLOURS["dot"], fill_opacity=0.7)
                for v, rise in zip(seeds, _rises(len(seeds)), strict=True)
            ),
            _text(panel.said(found.mean, 1), LEFT + PLOT + 12, middle + 4, "start"),
        ]
    return parts


def _rises(count: int) -> list[float]:
    """Heights over the row's middle, so that equal values do not hide each other: the first seed highest."""
    return [round(SPREAD * (2 * n / (count - 1) - 1), 1) if count > 1 else 0.0 for n in range(count)]


def _text(said: str, x: float, y: float, anchor: str) -> Markup:
    return tag("text", said, x=x, y=round(y, 1), text_anchor=anchor, fill=COLOURS["text"])
