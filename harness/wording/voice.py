"""A voice: one author's way of saying every fact, from voices/NAME.toml and checked against facts.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from harness.wording.grammar import Template, TemplateError, parse, slots

FOLDER = Path(__file__).parent
# The parts of a text, which are no facts: the sets of slots that a template of each may use.
FRAME: dict[str, list[set[str]]] = {
    "opening": [{"name", "kind"}],
    "interface": [{"ports"}, {"inputs", "outputs"}, {"narrative"}],
    "order": [{"opening", "interface", "behaviour", "reset"}],
    "separator.ports": [set()],
    "separator.rows": [set()],
    "separator.behaviour": [set()],
    "separator.states": [set()],
    "last.states": [set()],
}
# A number may be said in any one of several ways: each of these slots tells the same as the one it maps to.
SAME = {"msb": "width", "width_words": "width", "n_words": "n", "half": "n", "last": "n", "literal": "digits"}


class VoiceError(ValueError):
    """A voice file that leaves a fact unsaid, loses a slot or cannot be read."""


@dataclass(frozen=True)
class Entry:
    """One fact of facts.toml: the slots there are, and what a template may leave out."""

    slots: frozenset[str]
    optional: frozenset[str]


@dataclass(frozen=True)
class Voice:
    """`say` maps each key (facts, frame parts and separators) to its templates."""

    name: str
    split: Literal["training", "held-out"]
    say: Mapping[str, tuple[Template, ...]]


@cache
def facts() -> dict[str, Entry]:
    """Every fact of facts.toml by its key."""
    raw: dict[str, dict[str, list[str]]] = tomllib.loads((FOLDER / "facts.toml").read_text("utf-8"))
    return {key: Entry(frozenset(e["slots"]), frozenset(e.get("optional", ()))) for key, e in raw.items()}


@cache
def voices(split: Literal["training", "held-out"]) -> tuple[Voice, ...]:
    """The shipped voices of one split, by name."""
    loaded = [load(path) for path in sorted((FOLDER / "voices").glob("*.toml"))]
    return tuple(voice for voice in loaded if voice.split == split)


def load(path: Path) -> Voice:
    """Read and check one voice. Raises VoiceError naming the file, the key and the rule it broke."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise VoiceError(f"{path}: cannot be read as a voice: {error}") from error
    split = raw.pop("split", None)
    if split not in ("training", "held-out"):
        raise VoiceError(f"{path}: split is {split!r}; it must be 'training' or 'held-out'")
    said = {key.removesuffix(".say"): texts for key, texts in _leaves(raw)}
    known = {*facts(), *FRAME}
    missing, unknown = sorted(known - said.keys()), sorted(said.keys() - known)
    if missing or unknown:
        raise VoiceError(
            f"{path}: says nothing for {missing}; does not know {unknown}; its keys must be those of "
            f"facts.toml and {', '.join(FRAME)}"
        )
    return Voice(path.stem, split, {key: _templates(path, key, texts) for key, texts in said.items()})


def _templates(path: Path, key: str, texts: object) -> tuple[Template, ...]:
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
        raise VoiceError(f"{path}: {key} is {texts!r}; it must be a list of one or more templates in quotes")
    parsed = []
    for text in texts:
        try:
            parsed.append(parse(text))
        except TemplateError as error:
            raise VoiceError(f"{path}: {key}: {error}") from error
        for used in sorted(slots(parsed[-1]), key=sorted):
            if fault := _fault(key, used):
                raise VoiceError(f"{path}: {key}: {text!r} {fault}")
    return tuple(parsed)


def _fault(key: str, used: frozenset[str]) -> str | None:
    """What is wrong with a template of which these slots can be drawn."""
    if key in FRAME:
        ways = " or ".join(str(sorted(way)) for way in FRAME[key])
        return None if used in FRAME[key] else f"can be drawn with slots {sorted(used)}; it must use {ways}"
    fact = facts()[key]
    if used - fact.slots:
        return f"uses unknown slots {sorted(used - fact.slots)}; there are {sorted(fact.slots)}"
    lost = _told(fact.slots) - _told(used) - fact.optional
    return f"can be drawn without {sorted(lost)}, so that its meaning would be lost" if lost else None


def _told(names: frozenset[str]) -> set[str]:
    return {SAME.get(name, name) for name in names}


def _leaves(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, object]]:
    """The values that are no tables, by their dotted path, whether the file quotes the dots or nests them."""
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value
