"""A voice: one author's way of saying every fact, read from voices/NAME.toml and checked against facts.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from harness.wording.grammar import Template, TemplateError, parse, slots

FOLDER = Path(__file__).parent
SEPARATORS = ("separator.ports", "separator.rows", "separator.behaviour", "separator.states", "last.states")
FRAME = {
    "opening": [{"name", "kind"}],
    "interface": [{"ports"}, {"inputs", "outputs"}, {"narrative"}],
    "order": [{"opening", "interface", "behaviour", "reset"}],
}
# A number may be said in any one of these ways, so a template needs only one slot of a group.
INTERCHANGEABLE = [
    {"width", "msb", "width_words"},
    {"n", "n_words", "half", "last"},
    {"digits", "literal"},
]
OPTIONAL = {"clk", "gclk_unused"}


class VoiceError(ValueError):
    """A voice file that leaves a fact unsaid, loses a slot or cannot be read."""


@dataclass(frozen=True)
class Voice:
    """`say` maps each key (facts, frame parts and separators) to its templates."""

    name: str
    split: Literal["training", "held-out"]
    say: Mapping[str, tuple[Template, ...]]


@cache
def facts() -> dict[str, frozenset[str]]:
    """Every fact key of facts.toml with its slots."""
    with (FOLDER / "facts.toml").open("rb") as file:
        return {key: frozenset(entry["slots"]) for key, entry in _flat(tomllib.load(file), "slots").items()}


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
    if raw.get("split") not in ("training", "held-out"):
        raise VoiceError(f"{path}: split is {raw.get('split')!r}; it must be 'training' or 'held-out'")
    said = {key: entry["say"] for key, entry in _flat(raw, "say").items()}
    said |= {key: _lookup(raw, key) for key in (*FRAME, *SEPARATORS)}
    missing, unknown = (
        sorted(facts().keys() - said.keys()),
        sorted(said.keys() - facts().keys() - {*FRAME, *SEPARATORS}),
    )
    if missing or unknown:
        raise VoiceError(
            f"{path}: says nothing for {missing}; does not know {unknown}; the keys are in facts.toml"
        )
    parsed = {key: tuple(_checked(path, key, text) for text in texts) for key, texts in said.items()}
    for key, templates in parsed.items():
        if not templates:
            raise VoiceError(f"{path}: {key} has no template; give at least one")
    return Voice(path.stem, raw["split"], parsed)


def _checked(path: Path, key: str, text: str) -> Template:
    try:
        template = parse(text)
    except TemplateError as error:
        raise VoiceError(f"{path}: {key}: {error}") from error
    for used in slots(template):
        if key in FRAME:
            if not any(used == wanted for wanted in FRAME[key]):
                raise VoiceError(f"{path}: {key}: {text!r} must use exactly one of {FRAME[key]}")
        elif key in facts():
            _check_slots(path, key, text, used)
        elif used:
            raise VoiceError(f"{path}: {key}: {text!r} is a separator and takes no slot")
    return template


def _check_slots(path: Path, key: str, text: str, used: frozenset[str]) -> None:
    """Each slot of the fact must be said, whichever alternation is drawn; a number once is enough."""
    wanted = facts()[key]
    if used - wanted:
        raise VoiceError(f"{path}: {key}: {text!r} uses unknown slots {sorted(used - wanted)}")
    for slot in wanted - used - OPTIONAL:
        group = next((g for g in INTERCHANGEABLE if slot in g), {slot})
        # hs.timed, mux and modulo need their count; a table's row count may go unsaid.
        if not group & used and not (
            key in ("fsm.states", "kind.mux", "seq.pattern") and slot in ("n", "n_words")
        ):
            if key in ("edge.bitwise",) or (
                key.startswith("kind.") and slot in ("width", "msb", "width_words", "n")
            ):
                continue
            raise VoiceError(
                f"{path}: {key}: {text!r} can be drawn without {{{slot}}}, so its meaning would be lost"
            )


def _flat(tree: Mapping[str, Any], leaf: str, prefix: str = "") -> dict[str, dict[str, Any]]:
    """Tables that hold `leaf`, keyed by their dotted path, whether the file quotes the dots or nests them."""
    found: dict[str, dict[str, Any]] = {}
    for key, value in tree.items():
        if isinstance(value, dict):
            if leaf in value:
                found[prefix + key] = value
            found |= _flat(value, leaf, f"{prefix}{key}.")
    return found


def _lookup(tree: Mapping[str, Any], dotted: str) -> list[str]:
    node: Any = tree
    for part in dotted.split("."):
        node = node.get(part, []) if isinstance(node, dict) else []
    return list(node) if isinstance(node, list) else []
