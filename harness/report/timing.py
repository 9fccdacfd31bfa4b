"""The steps around a mismatch as a timing diagram: levels, buses, and what was expected where it is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from markupsafe import Markup

from harness.report.figures import visible
from harness.report.svg import tag
from harness.report.waveform import in_short
from harness.simulate.verdict import Mismatch, Row

HEAD, LANE, HEIGHT, SLANT = 26, 28, 16, 4
CHARACTER, NARROWEST = 7.0, 34.0
LONGEST_NAME = 24

Digits = Sequence[tuple[str, bool]]
"""One signal's value at each step, and whether it is wrong there."""


def timing(mismatch: Mismatch) -> Markup:
    """The window of a mismatch; a column marks the first wrong step.

    Steps before it are not compared, so nothing is marked wrong there. An output that is wrong has a lane with what
    was expected below it, in which an x is free.
    """
    rows = mismatch.window
    lanes = list(_lanes(rows, mismatch.step))
    names = [visible(name) for name, _, _ in lanes]
    label = 16 + CHARACTER * min(LONGEST_NAME, max(map(len, names)))
    widest = max(len(in_short(digits)) for _, values, _ in lanes for digits, _ in values)
    cell = max(NARROWEST, CHARACTER * widest + 4 * SLANT)
    width, height = label + cell * len(rows) + 8, HEAD + LANE * len(lanes) + 6
    parts = []
    for number, row in enumerate(rows):
        x = label + cell * number
        if row.step == mismatch.step:
            parts.append(tag("rect", x=x, y=1, width=cell, height=height - 2, rx=3, class_="first"))
        parts.append(tag("path", d=f"M{x:g} {HEAD}V{height - 4}", class_="tick"))
        said = f"▼ {row.step}" if row.step == mismatch.step else str(row.step)
        parts.append(tag("text", said, x=x + cell / 2, y=16, class_="step"))
    for number, (name, (_, values, kind)) in enumerate(zip(names, lanes, strict=True)):
        top = HEAD + LANE * number + (LANE - HEIGHT) / 2
        short = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
        text = tag("text", tag("title", name), short, x=label - 8, y=top + 12, class_=f"name {kind}")
        parts.append(text)
        parts.append(tag("g", *_lane(values, label, top, cell, kind), class_=f"lane {kind}"))
    said = "The signals around the first wrong step; the same as text is below."
    return tag(
        "svg", *parts, width=width, height=height, viewBox=f"0 0 {width:g} {height:g}",
        class_="timing", role="img", aria_label=said,
    )  # fmt: skip


def _lanes(rows: Sequence[Row], first: int) -> Iterator[tuple[str, Digits, str]]:
    for name in rows[0].inputs:
        yield name, [(row.inputs[name], False) for row in rows], "input"
    for name in rows[0].got:
        values = [(row.got[name], row.step >= first and name in row.wrong) for row in rows]
        yield name, values, "output"
        if any(wrong for _, wrong in values):
            yield "expected", [(row.expected[name], False) for row in rows], "expected"


def _lane(values: Digits, left: float, top: float, cell: float, kind: str) -> Iterator[Markup]:
    """The runs of equal values; what is wrong stands in a box."""
    number, level = 0, None
    for (digits, wrong), group in groupby(values):
        steps = len(list(group))
        x, width = left + cell * number, cell * steps
        number += steps
        if wrong:
            yield tag("rect", x=x + 1, y=top - 3, width=width - 2, height=HEIGHT + 6, rx=3, class_="wrong")
        if len(digits) == 1 and digits in "01":
            y = top + (HEIGHT if digits == "0" else 0)
            start = f"M{x:g} {y:g}" if level is None else f"M{x:g} {level:g}V{y:g}"
            yield tag("path", d=f"{start}H{x + width:g}", class_="level")
            level = y
            continue
        level = None
        free = kind == "expected" and not digits.strip("x")
        yield _bus(digits, x, width, top, free)
        yield tag("text", "any" if free else in_short(digits), x=x + width / 2, y=top + 12, class_="value")


def _bus(digits: str, x: float, width: float, top: float, free: bool) -> Markup:
    """A hexagon; hatched where the value is not known."""
    middle, low, end = top + HEIGHT / 2, top + HEIGHT, x + width
    corners = [
        (x, middle), (x + SLANT, top), (end - SLANT, top),
        (end, middle), (end - SLANT, low), (x + SLANT, low),
    ]  # fmt: skip
    points = " ".join(f"{a:g},{b:g}" for a, b in corners)
    known = free or not digits.strip("01")
    return tag("polygon", points=points, class_="bus" if known else "bus unknown")
