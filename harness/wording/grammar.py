"""The little language of templates: `{slot}` is filled in, `(a|b|c)` picks one, parentheses without `|` are literal.

"{q} (takes|loads) {d} (on|at) (each|every) rising edge( of {clk}|)."
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from random import Random


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


Template = tuple[str | Slot | Choice, ...]


@cache
def parse(text: str) -> Template:
    """Read a template. Raises TemplateError on unbalanced parentheses or braces."""
    template, end = _sequence(text, 0, "")
    if end != len(text):
        raise TemplateError(
            f"template {text!r} has an unmatched ')' at {end}; write literal parentheses in pairs"
        )
    return template


def slots(template: Template) -> list[frozenset[str]]:
    """The slots used, one set for each way of choosing: whatever is drawn, one of these sets was filled."""
    ways = [frozenset[str]()]
    for part in template:
        if isinstance(part, Slot):
            ways = [way | {part.name} for way in ways]
        elif isinstance(part, Choice):
            inner = {way for option in part.options for way in slots(option)}
            ways = list({way | more for way in ways for more in inner})
    return ways


def forms(template: Template) -> int:
    """How many different surface forms a template has, its slots apart."""
    total = 1
    for part in template:
        if isinstance(part, Choice):
            total *= sum(forms(option) for option in part.options)
    return total


def choose(template: Template, rng: Random) -> Template:
    """Settle every alternation at random; what remains is text and slots, for use in one or many rows."""
    settled: list[str | Slot | Choice] = []
    for part in template:
        settled.extend(choose(rng.choice(part.options), rng) if isinstance(part, Choice) else [part])
    return tuple(settled)


def fill(settled: Template, values: Mapping[str, str]) -> str:
    """The text of a settled template. Raises KeyError for a slot without a value."""
    return "".join(values[part.name] if isinstance(part, Slot) else str(part) for part in settled)


def _sequence(text: str, at: int, stops: str) -> tuple[Template, int]:
    """Read up to one of `stops` (or the end) at this level of nesting."""
    parts: list[str | Slot | Choice] = []
    literal = ""
    while at < len(text) and text[at] not in stops:
        if text[at] == "{":
            end = text.find("}", at)
            if end < 0:
                raise TemplateError(f"template {text!r} has an unclosed '{{' at {at}")
            parts += [literal, Slot(text[at + 1 : end])]
            literal, at = "", end + 1
        elif text[at] == "(":
            group, at = _group(text, at)
            parts.append(literal)
            literal = ""
            parts.extend([group] if isinstance(group, Choice) else group)
        elif text[at] == ")" and not stops:
            return tuple(p for p in [*parts, literal] if p != ""), at
        else:
            literal += text[at]
            at += 1
    return tuple(p for p in [*parts, literal] if p != ""), at


def _group(text: str, start: int) -> tuple[Choice | Template, int]:
    """Read `( ... )` from its opening parenthesis: a Choice, or literal parentheses around a template."""
    options, at = [], start
    while True:
        option, at = _sequence(text, at + 1, "|)")
        options.append(option)
        if at >= len(text):
            raise TemplateError(f"template {text!r} has an unclosed '(' at {start}")
        if text[at] == ")":
            break
    if len(options) == 1:
        return ("(", *options[0], ")"), at + 1
    return Choice(tuple(options)), at + 1
