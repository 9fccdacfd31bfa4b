"""The study's picture: a row for each arm, a dot for each seed, the mean with its interval; SVG that stands alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from harness.report.svg import tag
from harness.study.analysis import Estimate

LEFT, PLOT, RIGHT = 190, 460, 110
ROW, TOP, PANEL = 30, 34, 26
SPREAD = 7
COLOURS = {"axis": "#8a8f98", "dot": "#2563a8", "mean": "#c2410c", "text": "#6b7280"}
Arm = tuple[Sequence[float], Estimate]
"""Each seed's mean, and the estimate over all of them."""


def figure(panels: Mapping[str, Mapping[str, Arm]]) -> str:
    """Panels (what is measured) of arms; every axis goes from 0 to 100 %, so that panels can be compared."""
    height = sum(TOP + ROW * len(arms) + PANEL for arms in panels.values())
    parts: list[Markup] = []
    top = 0.0
    for title, arms in panels.items():
        parts += _panel(title, arms, top)
        top += TOP + ROW * len(arms) + PANEL
    width = LEFT + PLOT + RIGHT
    return str(
        tag(
            "svg",
            *parts,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {width} {height:g}",
            width=width,
            height=f"{height:g}",
            font_family="system-ui, sans-serif",
            font_size=13,
        )
    )


def _panel(title: str, arms: Mapping[str, Arm], top: float) -> list[Markup]:
    bottom = top + TOP + ROW * len(arms)
    parts: list[Markup] = [
        tag("text", title, x=0, y=top + 18, font_weight="bold", fill=COLOURS["text"]),
    ]
    for percent in range(0, 101, 20):
        x = _place(percent / 100)
        parts.append(
            tag("line", x1=x, x2=x, y1=top + TOP - 6, y2=bottom, stroke=COLOURS["axis"], opacity=0.35)
        )
        parts.append(_text(f"{percent} %", x, bottom + 15, "middle"))
    for number, (arm, (seeds, found)) in enumerate(arms.items()):
        middle = top + TOP + ROW * (number + 0.5)
        low, high = _place(max(0.0, found.interval.low)), _place(found.interval.high)
        mean = _place(found.mean)
        parts += [
            _text(arm, LEFT - 12, middle + 4, "end"),
            tag("line", x1=low, x2=high, y1=middle, y2=middle, stroke=COLOURS["mean"], stroke_width=2),
            tag(
                "line", x1=mean, x2=mean, y1=middle - 8, y2=middle + 8, stroke=COLOURS["mean"], stroke_width=3
            ),
            *(
                tag("circle", cx=_place(value), cy=middle + rise, r=4, fill=COLOURS["dot"], fill_opacity=0.7)
                for value, rise in zip(seeds, _rises(len(seeds)), strict=True)
            ),
            _text(f"{100 * found.mean:.1f} %", LEFT + PLOT + 12, middle + 4, "start"),
        ]
    return parts


def _rises(count: int) -> list[float]:
    """Heights over the row's middle, so that equal values do not hide each other: the first seed highest."""
    return [round(SPREAD * (2 * n / (count - 1) - 1), 1) if count > 1 else 0.0 for n in range(count)]


def _place(share: float) -> float:
    return round(LEFT + PLOT * share, 1)


def _text(said: str, x: float, y: float, anchor: str) -> Markup:
    return tag("text", said, x=x, y=round(y, 1), text_anchor=anchor, fill=COLOURS["text"])
