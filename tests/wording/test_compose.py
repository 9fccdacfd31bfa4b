"""Texts: complete, well-formed, reproducible, and different wherever the behaviour is."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.families.catalogue import CATEGORIES, family
from harness.families.spec import Fact, Reference, Reset, Spec
from harness.wording.compose import Speaker, Split, text, words
from harness.wording.grammar import Settled
from harness.wording.voice import facts, voices
from tests.families.agreement import stimulus
from tests.wording.settle import settlings

SPLITS: tuple[Split, ...] = ("training", "held-out")
ARTICLES = re.compile(r"\b(?:[Aa] (?:8|11(?!\d)|18(?!\d)|eight|eleven)|[Aa]n (?!8|11(?!\d)|18(?!\d))\d)")


class Listener(Speaker):
    """A speaker that keeps each fact it says."""

    def __init__(self, spec: Spec, rng: Random, split: Split) -> None:
        super().__init__(spec, rng, voices(split))
        self.heard: list[Fact] = []

    def fact(self, fact: Fact) -> str:
        self.heard.append(fact)
        return super().fact(fact)


def says(said: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said) is not None


def behaviour(spec: Spec) -> list[dict[str, int]]:
    """The outputs under a fixed stimulus."""
    reference = Reference(spec)
    return [reference.apply(inputs) for inputs in stimulus(spec)]


def renamed(spec: Spec, donor: Spec) -> Spec:
    """The same design with the names of `donor`, where it has as many of them."""
    names: dict[str, Any] = {}
    for f in dataclasses.fields(spec):
        mine, theirs = getattr(spec, f.name), getattr(donor, f.name)
        fits = not isinstance(mine, tuple) or len(mine) == len(theirs)
        if "surface" in f.metadata and fits:
            names[f.name] = theirs
    if spec.reset and donor.reset:
        names["reset"] = dataclasses.replace(spec.reset, name=donor.reset.name)
    return dataclasses.replace(spec, **names)


def variants(spec: Spec, donor: Spec) -> Iterator[Spec]:
    """Designs that differ from `spec` in one parameter alone: one step away, or as in `donor`."""
    for f in dataclasses.fields(spec):
        mine, theirs = getattr(spec, f.name), getattr(donor, f.name)
        values = [theirs]
        if isinstance(mine, bool):
            values = [not mine]
        elif isinstance(mine, int):
            values = [mine - 1, mine + 1, theirs]
        elif isinstance(mine, Reset):
            values = [
                dataclasses.replace(mine, asynchronous=not mine.asynchronous),
                dataclasses.replace(mine, active_low=not mine.active_low),
            ]
        for value in values:
            try:
                other = dataclasses.replace(spec, **{f.name: value})
                text(other, Random(0))
                behaviour(other)
            except (ValueError, IndexError, KeyError, TypeError):
                continue  # not a design: the other parameters do not allow it
            if "surface" not in f.metadata and other.parameters != spec.parameters:
                yield other


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(category=st.sampled_from(CATEGORIES), split=st.sampled_from(SPLITS), seed=st.integers(0, 2**32))
def test_texts_are_complete_and_clean(category: str, split: Split, seed: int) -> None:
    """A text names the module and every port, is written cleanly, and is the same for the same seed."""
    spec = family(category).sample(category, Random(seed))
    said = text(spec, Random(seed), split)
    for name in (spec.name, *(port.name for port in spec.ports)):
        assert says(said, name), f"{name} is missing in {said}"
    assert not re.search(r"[{}]", said), "a slot was not filled"
    assert "  " not in said
    assert "```" not in said
    assert not ARTICLES.search(said)
    assert said == said.strip()
    assert all(line.strip() == line != "" for line in said.splitlines())
    assert text(spec, Random(seed), split) == said


@pytest.mark.parametrize("category", CATEGORIES)
def test_facts_are_known(category: str) -> None:
    """Every fact of samples and corners, rows and ports included, has just the slots of facts.toml."""
    rng = Random(category)
    specs = [family(category).sample(category, rng) for _ in range(20)]
    for spec in specs + family(category).edge_cases(category):
        listener = Listener(spec, rng, "training")
        listener.text()
        for fact in listener.heard:
            known, given = facts()[fact.key].slots, set(fact.slots)
            derived = {f"{name}_words" for name in given} | ({"rows"} if fact.rows else set())
            assert given <= known <= given | derived, f"{fact.key} has {given}, facts.toml says {set(known)}"


@pytest.mark.parametrize("category", CATEGORIES)
def test_one_parameter_changes_the_text(category: str) -> None:
    """Two designs that differ in one parameter, and in behaviour, are never described by the same words."""
    rng, different = Random(category), 0
    for seed in range(4):
        spec, donor = (family(category).sample(category, rng) for _ in range(2))
        for other in variants(spec, donor):
            for split in SPLITS:
                if text(spec, Random(seed), split) == text(other, Random(seed), split):
                    assert behaviour(spec) == behaviour(other), f"{spec}\n{other}\n{text(spec, Random(seed))}"
                else:
                    different += 1
    assert different >= 20


@pytest.mark.parametrize("category", CATEGORIES)
def test_equal_texts_mean_equal_parameters(category: str) -> None:
    """Among hundreds of designs with the same names, two with the same text have the same parameters."""
    rng = Random(f"equal:{category}")
    donor = family(category).sample(category, rng)
    described: dict[str, Spec] = {}
    for _ in range(200):
        spec = renamed(family(category).sample(category, rng), donor)
        twin = described.setdefault(text(spec, Random(0)), spec)
        assert twin.parameters == spec.parameters, f"{twin}\n{spec}\n{text(spec, Random(0))}"
    assert len(described) > 5


@pytest.mark.parametrize("split", SPLITS)
def test_splits_keep_apart(split: Split) -> None:
    """A text is made of templates of the voices of its own split alone."""
    own: dict[str, set[Settled]] = {
        key: {way for voice in voices(split) for template in voice.say[key] for way in settlings(template)}
        for key in voices(split)[0].say
    }
    for seed, category in enumerate(CATEGORIES * 3):
        listener = Listener(family(category).sample(category, Random(seed)), Random(seed), split)
        listener.text()
        for key, settled in listener.settled.items():
            assert settled in own[key]


def test_half_of_the_texts_keep_to_one_voice() -> None:
    """About half of the training texts are in one voice; the others mix voices."""
    spec = family("counter_load").sample("counter_load", Random(0))
    pure = 0
    for seed in range(200):
        listener = Listener(spec, Random(seed), "training")
        listener.text()
        alone = {
            key: {way for t in listener.lead.say[key] for way in settlings(t)} for key in listener.settled
        }
        pure += all(settled in alone[key] for key, settled in listener.settled.items())
    assert 70 < pure < 130


def test_rows_look_alike() -> None:
    """The rows of one table are said by one template: only names and codes differ."""
    spec = next(s for s in family("mux").edge_cases("mux") if any(fact.rows for fact in s.facts()))
    for seed in range(20):
        listener = Listener(spec, Random(seed), "training")
        rows = [fact for table in spec.facts() for fact in table.rows]
        said = [listener.fact(row) for row in rows]
        shapes = {
            re.sub(rf"\b({row.slots['input']}|{row.slots['code']})\b", "_", line)
            for line, row in zip(said, rows, strict=True)
        }
        assert len(shapes) == 1, shapes


def test_no_voice() -> None:
    """Without a voice there is an error that says where voices are kept."""
    spec = family("mux").sample("mux", Random(0))
    with pytest.raises(ValueError, match="harness/wording/voices/"):
        Speaker(spec, Random(0), [])


@pytest.mark.parametrize(
    ("number", "expected"), [(0, "zero"), (19, "nineteen"), (20, "twenty"), (64, "sixty-four"), (70, "70")]
)
def test_words(number: int, expected: str) -> None:
    """Counts up to 69 are spelled out."""
    assert words(number) == expected
