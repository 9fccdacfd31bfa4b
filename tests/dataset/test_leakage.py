"""Nothing that the benchmark asks, or nearly asks, can get into training."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.benchmark.suite import Suite, Task, parameter_key
from harness.dataset import leakage
from harness.dataset.leakage import (
    DOUBTFUL,
    NEAR,
    Guard,
    duplicates,
    nearest,
    shingles,
    training_specs,
    versions,
)
from harness.dataset.records import DatasetError, Version
from harness.dataset.requests import Asked, asked
from harness.families import catalogue
from harness.families.catalogue import CATEGORIES
from harness.families.spec import Spec
from tests.dataset.examples import golden, specs

EDGE = specs("edge_detector", 1)[0]
sentences = st.lists(st.sampled_from("abcde"), min_size=1, max_size=14).map(" ".join)


class Strict(Guard):
    """A guard that holds everything out."""

    def __init__(self) -> None:
        super().__init__(Suite("none", "", ()))

    def allows(self, spec: Spec) -> bool:
        return False

    def allows_text(self, text: str) -> bool:
        return False


def test_specs_of_the_suite_are_refused_under_any_name(suite: Suite, guard: Guard) -> None:
    """A held-out behaviour is refused also when module and clock are named otherwise."""
    for task in suite.tasks:
        assert not guard.allows(task.spec)
        assert not guard.allows(replace(task.spec, name="renamed", clock=task.spec.clock and "other_clk"))


def test_near_duplicates_of_the_suite_are_refused(suite: Suite, guard: Guard) -> None:
    """Each held-out text is refused as it is, in capitals, with other spacing, and with a word changed."""
    rng = Random(1)
    for task in suite.tasks:
        for text in task.texts.values():
            assert not guard.allows_text(text)
            assert not guard.allows_text("\n".join(text.upper().split()))
            if len(shingles(text)) >= 60:
                words = re.split(r"(\w+)", text)
                words[rng.randrange(1, len(words), 2)] = "otherwise"
                assert not guard.allows_text("".join(words))


@settings(deadline=None)
@given(held_out=st.lists(sentences, min_size=1, max_size=4), asked=sentences)
def test_nearness_is_jaccard_similarity(held_out: list[str], asked: str) -> None:
    """The index gives what comparing with each held-out text gives."""
    tasks = tuple(Task(str(i), "row", {"normal": text}, EDGE) for i, text in enumerate(held_out))

    def similar(a: set[str], b: set[str]) -> bool:
        return len(a & b) >= NEAR * len(a | b)

    near = any(similar(shingles(asked), shingles(text)) for text in held_out)
    assert Guard(Suite("tiny", "", tasks)).allows_text(asked) is not near


@pytest.mark.parametrize("leak", ["spec", "instruction", "input", "version"])
def test_a_record_leaks_through_any_part(suite: Suite, guard: Guard, leak: str) -> None:
    """A record is refused for its spec, its text, its input and each of its versions."""
    task = suite.tasks[0]
    text = task.texts["normal"]
    fine = golden(next(training_specs("clock_divider", "leaks", guard)))
    again = Version(instruction=text, output=fine.output)
    changes: dict[str, dict[str, Any]] = {
        "spec": {"metadata": golden(task.spec).metadata},
        "instruction": {"instruction": text},
        "input": {"instruction": "Write Verilog.", "input": text},
        "version": {"metadata": fine.metadata.model_copy(update={"versions": [again]})},
    }
    assert guard.allows_record(fine)
    assert not guard.allows_record(fine.model_copy(update=changes[leak]))


@pytest.mark.parametrize("category", CATEGORIES)
def test_training_specs_are_not_held_out(guard: Guard, category: str) -> None:
    """Specs drawn for training are none of the suite's, and new ones come before repeated ones."""
    drawn = list(islice(training_specs(category, "test", guard), 20))
    assert all(map(guard.allows, drawn))
    assert len(set(map(parameter_key, drawn))) == len(drawn)


def test_a_family_may_run_short_of_new_specs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A parameter tuple comes again, in other names, once the family has shown nothing new for long."""
    named = [replace(EDGE, name=f"m{number}") for number in range(leakage.PATIENCE + 4)]
    monkeypatch.setattr("harness.families.catalogue.draw", lambda category, seed: iter(named))
    drawn = list(training_specs("edge_detector", "test", Guard(Suite("none", "", ()))))
    assert drawn == [named[0], *named[leakage.PATIENCE + 1 :]]


def test_a_family_held_out_whole_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A suite that leaves nothing to train on is an error that names the category, not an endless search."""
    monkeypatch.setattr(leakage, "HOPELESS", 50)
    with pytest.raises(DatasetError, match=r"^mux: 50 specs drawn in a row are all in the suite.*fewer"):
        next(training_specs("mux", "test", Strict()))


@pytest.mark.parametrize("category", CATEGORIES)
def test_versions_differ_and_hold_together(guard: Guard, category: str) -> None:
    """Each version is said in other words, none near a held-out one, and names what its own RTL names."""
    (spec,) = specs(category, 1)
    made = versions(spec, spec.verilog(), "label", 3, guard)
    assert len({said for said, _ in made}) == 3
    assert made[0][1] == spec.verilog()
    for said, rtl in made:
        assert guard.allows_text(said)
        (header,) = re.findall(r"\bmodule\b(.*?\));", rtl, re.DOTALL)
        keywords = {"input", "output", "inout", "wire", "reg", "signed"}
        assert set(re.findall(r"[A-Za-z_]\w*", header)) - keywords <= set(re.findall(r"\w+", said))
    assert made == versions(spec, spec.verilog(), "label", 3, guard)
    assert made != versions(spec, spec.verilog(), "other", 3, guard)


def test_no_wording_left_is_an_error() -> None:
    """A spec that cannot be said in a new way is named, with what to do."""
    with pytest.raises(DatasetError, match=rf"^edge_detector {EDGE.name} \(l\): only 0 of 2 .*voices"):
        versions(EDGE, EDGE.verilog(), "l", 2, Strict())


def test_duplicates_are_what_occurs_again() -> None:
    """Every occurrence after the first is reported."""
    assert duplicates("abcab") == ["a", "b"]
    assert duplicates("abc") == []


def test_nearest_of_each_text(suite: Suite, guard: Guard) -> None:
    """Every text of the suite gets a neighbour; training data that the guard let in has none that is held out."""
    records = [golden(spec) for spec in islice(training_specs("edge_detector", "nearest", guard), 6)]
    found = nearest(suite.tasks, [asked(record) for record in records])
    assert {(pair.task, pair.split) for pair in found} == {
        (task.id, split) for task in suite.tasks for split in task.texts
    }
    assert not any(pair.held_out for pair in found)
    assert [pair.similarity for pair in found] == sorted((p.similarity for p in found), reverse=True)


def test_planted_duplicates_are_caught(suite: Suite, guard: Guard) -> None:
    """A training record in a held-out text's words, and one of a held-out behaviour in other words, are named."""
    copied, twin = suite.tasks[0], suite.tasks[-1]
    harmless, worded, behaves = (golden(spec) for spec in islice(training_specs("mux", "nearest", guard), 3))
    worded = worded.model_copy(update={"instruction": copied.texts["normal"].upper()})
    spec = catalogue.dump(twin.spec)
    behaves = behaves.model_copy(update={"metadata": behaves.metadata.model_copy(update={"spec": spec})})
    leaks = [
        pair for pair in nearest(suite.tasks, list(map(asked, (harmless, worded, behaves)))) if pair.held_out
    ]
    assert {(pair.task, pair.record) for pair in leaks} == {(copied.id, 2), (twin.id, 3)}
    assert leaks[0].similarity == 1.0


def test_a_text_among_others_is_found_by_the_share_of_it_that_is_there(suite: Suite) -> None:
    """A held-out text is a leak where a system's instructions and an answer stand about it, half of one is not."""
    held_out = suite.tasks[0].texts["normal"]
    words = held_out.split()
    about = "You are a careful engineer of digital circuits. " * 9 + "{} Here is the module: ..."
    whole = Asked((about.format(held_out),), None, exact=False)
    half = Asked((about.format(" ".join(words[: len(words) // 2])),), None, exact=False)
    assert [p.similarity for p in nearest(suite.tasks, [whole]) if p.held_out] == [1.0]
    assert not any(pair.held_out for pair in nearest(suite.tasks, [half]))
    apart = nearest(suite.tasks, [Asked(whole.prompts, None, exact=True)])[0]
    assert apart.similarity < 1.0


OTHER_MARKS: dict[str, Callable[[str], str]] = {
    "names in code marks": lambda said: re.sub(r"\b(\w+_\w+)\b", r"`\1`", said),
    "no signs": lambda said: re.sub(r"[.,;:()]", "", said),
    "a list": lambda said: "- " + re.sub(r"(?<=[.;])\s+", "\n- ", said),
    "escaped twice": lambda said: json.dumps(said)[1:-1],
}


@pytest.mark.parametrize("marks", OTHER_MARKS)
def test_other_marks_hide_nothing(suite: Suite, marks: str) -> None:
    """In other people's data a held-out text is found whatever signs stand about its words."""
    tasks = suite.tasks[::25]
    examples = [Asked((OTHER_MARKS[marks](task.texts["normal"]),), None, exact=False) for task in tasks]
    leaks = {(p.task, p.split) for p in nearest(tasks, examples) if p.held_out}
    assert leaks >= {(task.id, "normal") for task in tasks}


def test_other_names_are_doubtful(suite: Suite, guard: Guard) -> None:
    """A held-out text with all its names replaced is no leak but stands out from what training may have."""
    tasks = suite.tasks[::25]

    def renamed(task: Task) -> str:
        said = task.texts["normal"]
        for number, name in enumerate([task.spec.name, *(port.name for port in task.spec.ports)]):
            said = re.sub(rf"\b{name}\b", f"sig{number}", said)
        return said

    allowed = [
        prompt
        for category in CATEGORIES
        for spec in islice(training_specs(category, "doubtful", guard), 3)
        for prompt in asked(golden(spec)).prompts
    ]
    stolen = [Asked((renamed(task),), None, exact=False) for task in tasks]
    fair = [Asked((prompt,), None, exact=False) for prompt in allowed]
    of_stolen = {p.task: p.similarity for p in nearest(tasks, stolen) if p.split == "normal"}
    assert sum(similarity >= DOUBTFUL for similarity in of_stolen.values()) > len(tasks) / 2
    assert max(p.similarity for p in nearest(suite.tasks, fair)) < DOUBTFUL
