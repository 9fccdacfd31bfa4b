"""The V5 set is its components, shuffled as the plan says, without repetition and without a leak."""

from __future__ import annotations

import pytest

from harness.benchmark.suite import Suite
from harness.dataset.assemble import assemble, categories, clean
from harness.dataset.leakage import Guard
from harness.dataset.records import DatasetError, Record
from tests.dataset.examples import golden, goldens, specs


@pytest.fixture(scope="module")
def parts(guard: Guard) -> dict[str, list[Record]]:
    made = {"a": goldens("mux", 6), "b": goldens("comparator", 4), "d": goldens("register_basic", 3)}
    assert all(guard.allows_record(record) for records in made.values() for record in records)
    return made


def test_the_order_is_the_plans(parts: dict[str, list[Record]], guard: Guard) -> None:
    """All records are there once, each named with its component, in the order of seed 42, every time."""
    merged = assemble(parts, guard)
    assert merged == assemble(parts, guard)
    numbered = {r.instruction: n for n, r in enumerate(r for records in parts.values() for r in records)}
    assert [numbered[r.instruction] for r in merged] == [7, 6, 2, 9, 12, 5, 11, 8, 3, 4, 0, 1, 10]
    assert categories(merged) == {"mux": 6, "comparator": 4, "register_basic": 3}
    for record in merged:
        assert record.metadata.model_extra is not None
        component = record.metadata.model_extra["component"]
        assert record.output in {original.output for original in parts[component]}


def test_a_repeated_text_is_an_error(parts: dict[str, list[Record]], guard: Guard) -> None:
    """The same request in two components is an error that quotes it."""
    with pytest.raises(DatasetError, match=r"^1 texts occur twice across components, first: '.{20}"):
        assemble({**parts, "c": parts["a"][:1]}, guard)


def test_the_input_is_part_of_the_request(parts: dict[str, list[Record]], guard: Guard) -> None:
    """One instruction with different inputs is no repetition."""
    worded = [r.model_copy(update={"instruction": "Do:", "input": r.instruction}) for r in parts["a"]]
    assert len(assemble({"a": worded}, guard)) == len(worded)
    assert clean(worded, guard) == worded


def test_a_mined_repetition_gives_way(parts: dict[str, list[Record]], guard: Guard) -> None:
    """What a trace repeats of our own examples is left out; what is new in it stays."""
    known = parts["a"][0]
    mined = known.model_copy(update={"metadata": known.metadata.model_copy(update={"source": "v5_trace"})})
    new = golden(specs("mux", 1, "others")[0], "v5_trace")
    merged = assemble({**parts, "d": [*parts["d"], mined, new]}, guard)
    assert len(merged) == sum(map(len, parts.values())) + 1
    assert [r.instruction for r in merged if r.metadata.source == "v5_trace"] == [new.instruction]


def test_a_leak_is_an_error(parts: dict[str, list[Record]], suite: Suite, guard: Guard) -> None:
    """A held-out spec, in new words too, is an error that quotes the text."""
    leak = golden(suite.tasks[0].spec)
    with pytest.raises(DatasetError, match=r"^1 examples are held out by the benchmark, first: '"):
        assemble({**parts, "c": [leak]}, guard)


def test_clean_drops_repetitions_and_leaks(
    parts: dict[str, list[Record]], suite: Suite, guard: Guard
) -> None:
    """The first of equal requests stays, held-out texts and specs go, and the order is kept."""
    a, b = parts["a"], parts["b"]
    later = a[0].model_copy(update={"output": "something else"})
    asked = a[1].model_copy(update={"instruction": suite.tasks[5].texts["worded-differently"]})
    assert clean([*a, later, golden(suite.tasks[0].spec), asked, *b], guard) == [*a, *b]
