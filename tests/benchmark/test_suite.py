"""The shipped suite is what it says it is, and a broken suite is refused with its line and fault."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from harness.benchmark import suite as module
from harness.benchmark.suite import (
    ROWS,
    SIBLINGS,
    SPLITS,
    Suite,
    SuiteError,
    load_suite,
    parameter_key,
    sample_suite,
    shape,
    write_suite,
)
from harness.dataset.leakage import Guard, training_specs
from harness.families.catalogue import FSM
from harness.simulate.judge import judge_many

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks" / "suites" / "v5"


@pytest.fixture(scope="module")
def suite() -> Suite:
    return load_suite(FOLDER)


def test_enough_specs_of_every_category(suite: Suite) -> None:
    """Ten categories with at least 20 specs each, and 60 FSMs: 10 of each kind."""
    rows = Counter(task.row for task in suite.tasks)
    assert suite.rows == tuple(ROWS)
    assert all(rows[row] >= 20 for row in suite.rows)
    assert rows["fsm"] == 60
    kinds = Counter(task.spec.category for task in suite.tasks)
    assert {kinds[category] for category in FSM} == {10}
    assert {row: suite.families(row) for row in suite.rows} == {row: ROWS[row].keys() for row in ROWS}


def test_specs_are_distinct(suite: Suite) -> None:
    """No id, no behaviour and no text occurs twice; each spec has a text in both splits."""
    assert len({task.id for task in suite.tasks}) == len(suite.tasks)
    assert len({parameter_key(t.spec) for t in suite.tasks}) == len(suite.tasks)
    assert all(task.texts.keys() == SPLITS.keys() for task in suite.tasks)
    texts = [text for task in suite.tasks for text in task.texts.values()]
    assert len(set(texts)) == len(texts) == 2 * len(suite.tasks)


def test_texts_name_the_module_and_every_port(suite: Suite) -> None:
    """What must be known to be judged is said in each text."""
    for task in suite.tasks:
        for text in task.texts.values():
            assert all(name in text for name in (task.spec.name, *(p.name for p in task.spec.ports))), task.id


def test_every_golden_passes_the_judge(suite: Suite) -> None:
    """The benchmark can be solved: the golden of each spec gets the verdict pass."""
    verdicts = judge_many([(task.spec, task.spec.verilog()) for task in suite.tasks])
    failed = {t.id: v.detail for t, v in zip(suite.tasks, verdicts, strict=True) if not v.passed}
    assert not failed


def test_every_spec_has_siblings_to_train_on(suite: Suite) -> None:
    """For each held-out spec, training may draw others that state the same kinds of facts."""
    guard = Guard(suite)
    for category in sorted({task.spec.category for task in suite.tasks}):
        held_out = [task.spec for task in suite.tasks if task.spec.category == category]
        left = training_specs(category, "siblings", guard)
        siblings = Counter(shape(spec) for spec in islice(left, 500))
        assert all(siblings[shape(spec)] >= 1 for spec in held_out), category


def test_first_takes_some_of_each_family(suite: Suite) -> None:
    """A quick run keeps every family, in order, and its digest tells it from the whole suite."""
    quick = suite.first(2)
    assert Counter(task.spec.category for task in quick.tasks) == {
        task.spec.category: 2 for task in suite.tasks
    }
    assert [task for task in suite.tasks if task in quick.tasks] == list(quick.tasks)
    assert quick.rows == suite.rows
    assert quick.name == "v5[2]"
    assert len({suite.digest, quick.digest, suite.first(3).digest}) == 3
    assert suite.first(1000).tasks == suite.tasks


def test_a_new_suite_is_reproducible(tmp_path: Path, suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    """Writing a suite again gives the shipped specs of a category, each leaving siblings."""
    monkeypatch.setattr(module, "ROWS", {"fsm": {"fsm_mealy": 10}})
    write_suite(tmp_path)
    mealy = [task for task in suite.tasks if task.spec.category == "fsm_mealy"]
    assert [task.spec for task in load_suite(tmp_path).tasks] == [task.spec for task in mealy]


def test_a_family_with_too_few_specs_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A suite is not silently smaller than asked."""
    monkeypatch.setattr(module, "ROWS", {"edge_detect": {"edge_detector": 100}})
    monkeypatch.setattr(module, "SURVEY", 60)
    with pytest.raises(SuiteError, match=rf"of 100 edge_detector specs leave {SIBLINGS} siblings"):
        list(sample_suite())


Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda entry: entry.pop("row"), r"line 2: row: Field required; restore"),
        (lambda entry: entry.update(extra=1), r"line 2: extra: Extra inputs are not permitted"),
        (lambda entry: entry.update(texts=5), r"line 2: texts: .*object"),
        (lambda entry: entry["texts"].pop("normal"), r"line 2: .*-01 has no text for split normal"),
        (lambda entry: entry["texts"].update({"worded-differently": ""}), r"no text for split worded-diff"),
        (lambda entry: entry["spec"].update(category="none"), r"line 2: unknown category 'none'; known are "),
        (lambda entry: entry["spec"].update(colour="red"), r"line 2: .*unknown fields colour; restore"),
        (lambda entry: entry["spec"].update(name="1st"), r"line 2: .*'1st' is no Verilog identifier"),
        (lambda entry: entry.update(id="clock_divider-02"), r"these ids occur twice: clock_divider-02"),
    ],
)
def test_broken_line(tmp_path: Path, change: Change, complaint: str) -> None:
    """A line that breaks a rule is named with file, line and rule."""
    lines = (FOLDER / "specs.jsonl").read_text("utf-8").split("\n")[:2]
    entries = [json.loads(line) for line in reversed(lines)]
    change(entries[1])
    (tmp_path / "specs.jsonl").write_text("\n".join(map(json.dumps, entries)), "utf-8")
    with pytest.raises(SuiteError, match=rf"specs\.jsonl.*{complaint}"):
        load_suite(tmp_path)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", r"holds no spec; write one with `python -m harness\.benchmark\.suite FOLDER`"),
        (b'{"id": "a', r"line 1: the line: Invalid JSON: EOF"),
        (b"\xff\n", r"cannot be read .*a suite folder holds specs\.jsonl"),
        (None, r"cannot be read .*No such file.*a suite folder holds specs\.jsonl"),
    ],
)
def test_broken_file(tmp_path: Path, content: bytes | None, complaint: str) -> None:
    """A missing, empty, cut or undecodable file is a SuiteError."""
    if content is not None:
        (tmp_path / "specs.jsonl").write_bytes(content)
    with pytest.raises(SuiteError, match=rf"specs\.jsonl.*{complaint}"):
        load_suite(tmp_path)
