"""The language of templates: `{slot}` is filled in, `(a|b|c)` picks one, other parentheses are literal.

"{q} (takes|loads) {d} (on|at) (each|every) rising edge( of {clk}|)."
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from random import Random

TOKEN = re.compile(r"\{[a-z0-9_]+\}|[(|){}]|[^(|){}]+")


class TemplateError(ValueError):
    """A template that cannot be read: unbalanced parentheses or braces."""


@dataclass(frozen=True)
class Choice:
    """One alternation: exactly one of its options is used."""

    options: tuple[Template, ...]


@dataclass(frozen=True)
class Slot:
    """A place to be filled."""

    name: str


Part = str | Slot | Choice
Template = tuple[Part, ...]
Settled = tuple[str | Slot, ...]


@cache
def parse(text: str) -> Template:
    """Read a template. Raises TemplateError on unbalanced parentheses or braces."""
    groups: list[list[list[Part]]] = [[[]]]  # the open groups, outermost first, each a list of options
    opened: list[int] = []  # where each of them but the outermost was opened
    for match in TOKEN.finditer(text):
        token, at = match[0], match.start()
        if token == "(":
            groups.append([[]])
            opened.append(at)
        elif token == "|" and opened:
            groups[-1].append([])
        elif token == ")":
            if not opened:
                raise TemplateError(
                    f"template {text!r} has an unmatched ')' at {at}; write literal parentheses in pairs"
                )
            opened.pop()
            options = groups.pop()
            literal = ["(", *options[0], ")"]
            groups[-1][-1] += literal if len(options) == 1 else [Choice(tuple(map(_joined, options)))]
        elif token in "{}":
            raise TemplateError(f"template {text!r} has a stray {token!r} at {at}; slots are like {{name}}")
        elif token[0] == "{":
            groups[-1][-1].append(Slot(token[1:-1]))
        else:
            groups[-1][-1].append(token)
    if opened:
        raise TemplateError(f"template {text!r} has an unclosed '(' at {opened[-1]}")
    return _joined(groups[0][0])


def slots(template: Template) -> set[frozenset[str]]:
    """The slots used, one set for each way of choosing: whatever is drawn, one of these sets was filled."""
    ways = {frozenset[str]()}
    for part in template:
        if isinstance(part, Slot):
            ways = {way | {part.name} for way in ways}
        elif isinstance(part, Choice):
            inner = {way for option in part.options for way in slots(option)}
            ways = {way | more for way in ways for more in inner}
    return ways


def forms(template: Template) -> int:
    """In how many ways the alternations can be settled: the surface forms of a template, its slots apart."""
    total = 1
    for part in template:
        if isinstance(part, Choice):
            total *= sum(forms(option) for option in part.options)
    return total


def choose(template: Template, rng: Random) -> Settled:
    """Settle every alternation at random; what remains is text and slots, for use in one or many rows."""
    settled: list[str | Slot] = []
    for part in template:
        settled.extend(choose(rng.choice(part.options), rng) if isinstance(part, Choice) else [part])
    return tuple(settled)


def fill(settled: Settled, values: Mapping[str, str]) -> str:
    """The text of a settled template. Raises KeyError for a slot without a value."""
    return "".join(values[part.name] if isinstance(part, Slot) else part for part in settled)


def _joined(parts: Iterable[Part]) -> Template:
    """The parts with neighbouring pieces of text made one, so that equal templates are equal tuples."""
    joined: list[Part] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return tuple(joined)
