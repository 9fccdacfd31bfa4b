"""Voices: the shipped ones say everything in many ways; a faulty one is refused with file, key and rule."""

from __future__ import annotations

import json
import tomllib
from collections import defaultdict
from math import prod
from pathlib import Path
from random import Random
from typing import Any

import pytest

from harness.families.catalogue import CATEGORIES, family
from harness.wording.compose import Speaker
from harness.wording.grammar import Settled, forms, parse
from harness.wording.voice import FOLDER, FRAME, VoiceError, facts, load, voices
from tests.wording.settle import settlings

SHIPPED = sorted((FOLDER / "voices").glob("*.toml"))


@pytest.fixture
def voice() -> dict[str, Any]:
    """The raw content of a shipped voice, to be damaged: keys to templates, and its split."""
    raw = tomllib.loads(SHIPPED[0].read_text("utf-8"))
    said = {key: raw[key]["say"] for key in facts()}
    said |= {key: raw[key] for key in FRAME if "." not in key}
    said |= {f"separator.{key}": texts for key, texts in raw["separator"].items()}
    return {"split": raw["split"], **said, "last.states": raw["last"]["states"]}


def written(voice: dict[str, Any], folder: Path) -> Path:
    path = folder / "mine.toml"
    path.write_text("".join(f"{json.dumps(key)} = {json.dumps(value)}\n" for key, value in voice.items()))
    return path


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_voices_say_everything(path: Path) -> None:
    """Every shipped voice loads, so it says each fact and part with all that matters, whatever is drawn."""
    loaded = load(path)
    assert loaded.say.keys() == {*facts(), *FRAME}
    assert loaded.name == path.stem


def test_splits() -> None:
    """There are voices to train on and, apart from them, voices to be tested with."""
    training, held_out = voices("training"), voices("held-out")
    assert len(training) >= 5
    assert len(held_out) >= 1
    assert {v.name for v in (*training, *held_out)} == {path.stem for path in SHIPPED}
    assert not {v.name for v in training} & {v.name for v in held_out}


@pytest.mark.parametrize("category", CATEGORIES)
def test_surface_forms(category: str) -> None:
    """Each voice alone has more than 100,000 surface forms for what a text of any family must say."""
    for seed in range(3):
        speaker = Speaker(family(category).sample(category, Random(seed)), Random(seed), voices("training"))
        speaker.text()
        for voice in voices("training"):
            count = prod(sum(map(forms, voice.say[key])) for key in speaker.settled)
            assert count > 100_000, f"{voice.name} has {count} forms"


def test_no_sentence_has_two_meanings() -> None:
    """No voice can say one fact in words that any voice, its own included, has for another fact."""
    meanings: dict[Settled, set[str]] = defaultdict(set)
    for voice in (*voices("training"), *voices("held-out")):
        for key in facts().keys() - {"number.dec", "number.hex", "number.bin"}:  # a {literal} shows its radix
            for settled in (way for template in voice.say[key] for way in settlings(template)):
                meanings[settled].add(key)
    assert {settled: keys for settled, keys in meanings.items() if len(keys) > 1} == {}


def test_written_voice_loads(voice: dict[str, Any], tmp_path: Path) -> None:
    """The voice that the tests below damage is sound, with quoted keys as with nested tables."""
    loaded = load(written(voice, tmp_path))
    assert loaded.say == load(SHIPPED[0]).say
    assert (loaded.name, loaded.split) == ("mine", voice["split"])


@pytest.mark.parametrize(
    ("key", "texts", "rule"),
    [
        ("register.always", None, "says nothing for ['register.always']"),
        ("last.states", None, "says nothing for ['last.states']"),
        ("register.alway", ["{q} takes {d}"], "does not know ['register.alway']"),
        ("oder", ["{opening}"], "does not know ['oder']"),
        ("setreset.load", ["{q} takes ({d}|it)"], "can be drawn without ['d']"),
        (
            "setreset.load",
            ["{q} takes {d}", "{q} loads {e}"],
            "uses unknown slots ['e']; there are ['d', 'q']",
        ),
        ("counter.modulo", ["{q} goes round"], "can be drawn without ['n']"),
        ("bare.vector", ["{name} (a bus|of {width} bits)"], "can be drawn without ['width']"),
        ("number.hex", ["hex"], "can be drawn without ['digits']"),
        ("effect.restart", ["restarts {q}"], "uses unknown slots ['q']"),
        ("setreset.load", ["{q} takes {d"], "stray '{'"),
        ("setreset.load", ["{q} (takes|loads {d}"], "unclosed '('"),
        ("setreset.load", [], "must be a list of one or more templates"),
        ("effect.restart", "restarts", "must be a list of one or more templates"),
        ("effect.restart", ["restarts", 1], "must be a list of one or more templates"),
        ("opening", ["Write {name}."], "must use ['kind', 'name']"),
        ("interface", ["In: {inputs}"], "['ports'] or ['inputs', 'outputs'] or ['narrative']"),
        ("interface", ["{ports}( {narrative}|)"], "can be drawn with slots ['narrative', 'ports']"),
        ("order", ["{opening} {interface} {behaviour}( {reset}|)"], "must use ['behaviour',"),
        ("separator.rows", ["{q}"], "separator.rows: '{q}' can be drawn with slots ['q']"),
        ("split", "tests", "split is 'tests'; it must be 'training' or 'held-out'"),
        ("split", None, "split is None"),
    ],
)
def test_errors(voice: dict[str, Any], tmp_path: Path, key: str, texts: object, rule: str) -> None:
    """A fact unsaid or unknown, a slot that may get lost, or no template: refused with file, key and rule."""
    voice[key] = texts
    path = written({key: value for key, value in voice.items() if value is not None}, tmp_path)
    with pytest.raises(VoiceError) as caught:
        load(path)
    assert str(path) in str(caught.value)
    assert key in str(caught.value)
    assert rule in str(caught.value)


@pytest.mark.parametrize("key", ["setreset.load", "mux.two", "fsm.branch", "universal.load"])
def test_every_slot_counts(voice: dict[str, Any], tmp_path: Path, key: str) -> None:
    """Whichever slot a template leaves out in one of its options, the voice is refused."""
    for slot in facts()[key].slots:
        others = " ".join(f"{{{name}}}" for name in sorted(facts()[key].slots - {slot}))
        voice[key] = [f"{others} ({{{slot}}}|it)"]
        assert parse(voice[key][0])
        with pytest.raises(VoiceError, match=slot):
            load(written(voice, tmp_path))


def test_numbers_may_be_said_in_any_way(voice: dict[str, Any], tmp_path: Path) -> None:
    """A width is told by its most significant bit or in words too, a modulus by the last value."""
    voice["bare.vector"] = ["{name}[{msb}:0]", "{name}, {width_words} bits"]
    voice["counter.modulo"] = ["{q} counts from 0 to {last}"]
    assert load(written(voice, tmp_path)).say["counter.modulo"] == (parse("{q} counts from 0 to {last}"),)


@pytest.mark.parametrize("content", [b"split = ", b'split = "training"\nopening = [\xff]\n', None])
def test_unreadable(tmp_path: Path, content: bytes | None) -> None:
    """Broken TOML, bytes that are no text or no file at all: refused with the path."""
    path = tmp_path / "broken.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(VoiceError, match=r"broken\.toml: cannot be read as a voice"):
        load(path)
