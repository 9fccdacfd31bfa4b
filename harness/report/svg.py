"""SVG by hand: elements whose every text and attribute is escaped."""

from __future__ import annotations

from markupsafe import Markup, escape


def tag(name: str, *children: str, **attributes: object) -> Markup:
    """One element. In names of attributes `_` stands for `-`, at the end for nothing; None leaves one out."""
    given = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), _said(value))
        for key, value in attributes.items()
        if value is not None
    )
    inner = Markup("").join(map(escape, children))
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), given, inner)


def _said(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def percent(share: float) -> str:
    """A place or a length as a share of the picture's, cut to what is in it."""
    return f"{100 * min(1.0, max(0.0, share)):.4g}%"
