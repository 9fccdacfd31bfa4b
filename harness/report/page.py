"""A page from its template: one file that loads nothing, runs its own script at most, and takes no text for markup."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from harness.dataset.leakage import NEAR
from harness.report import charts, figures


def render(template: str, styles: Sequence[str], script: str = "", **shown: object) -> str:
    """The page with its style sheets and script written into it; a content security policy allows these alone."""
    style, code = Markup("\n").join(map(_asset, styles)), _asset(script) if script else Markup()
    scripts = f" script-src '{_hash(code)}';" if script else ""
    policy = f"default-src 'none'; style-src '{_hash(style)}';{scripts} base-uri 'none'; form-action 'none'"
    return _environment().get_template(template).render(shown, style=style, script=code, policy=policy)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("harness.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "percent": figures.percent,
        "named": figures.named,
        "metric": figures.metric_name,
        "plain": figures.plain,
        "words": lambda text: str(text).replace("_", " "),
    }
    environment.globals |= {
        "bar": charts.bar,
        "stack": charts.stack,
        "bound_name": figures.bound_name,
        "margin": figures.margin,
        "interval": figures.interval,
        "near": NEAR,
    }
    return environment


def _asset(name: str) -> Markup:
    environment = _environment()
    assert environment.loader is not None
    return Markup(environment.loader.get_source(environment, name)[0])


def _hash(content: str) -> str:
    """What a content security policy calls an inline style or script."""
    return f"sha256-{b64encode(sha256(content.encode()).digest()).decode()}"
