"""What all reports share: margins in words, flips by category, failures in the order that matters."""

from __future__ import annotations

from typing import Literal

import pytest

from harness.benchmark.score import Flips, Scores
from harness.release.criteria import Criterion
from harness.release.gate import Finding
from harness.report.figures import categories, failures, flipped, margin, measured, named, notes, visible
from harness.simulate.verdict import Outcome
from tests.report.runs import bare, noted


def finding(
    value: float, bound: float, passed: bool, rule: Literal["literal", "lower_bound", "not_worse"] = "literal"
) -> Finding:
    criterion = Criterion(
        id="c", category="fsm", at_least=bound, not_below=None, metric="greedy", tolerance=1
    )
    return Finding(
        criterion=criterion, passed=passed, value=value, bound=bound, specs=60, low=0.1, high=0.9, rule=rule
    )


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (finding(0.65, 0.7, False), "5.0 points short (3 of 60 specs)"),
        (finding(0.6999, 0.7, False), "under 0.1 points short (1 of 60 specs)"),
        (finding(0.7, 0.7, True), "exactly met"),
        (finding(0.8, 0.7, True), "10.0 points above"),
        (finding(0.69, 0.7, True), "1.0 points short (1 of 60 specs): tolerated"),
        (finding(0.65, 0.7, True, "not_worse"), "5.0 points short (3 of 60 specs): not refuted"),
        (finding(0.75, 0.7, False, "lower_bound"), "5.0 points above, but not shown by the interval"),
    ],
)
def test_margin(found: Finding, said: str) -> None:
    """How far from the bound, in points and specs, and why that is not the whole verdict where it is not."""
    assert margin(found) == said


def test_flips_by_category() -> None:
    """Against V3 the candidate lost two FSMs and won an edge detector."""
    assert flipped(bare(), "normal", "v3") == {
        "fsm": Flips(("a2", "a3"), ()),
        "edge_detect": Flips((), ("a4",)),
    }


def test_failures_in_order() -> None:
    """Those first that a baseline passes, then by split and the worst category."""
    order = [(f.split, f.result.task, f.passed_by) for f in failures(bare())]
    splits = ("normal", "worded-differently")
    lost = [(split, task, by) for split in splits for task, by in (("a2", ["v3"]), ("a3", ["v3", "v4"]))]
    assert order == [*lost, *((split, "a6", []) for split in splits)]


def test_only_the_gated_split_has_bounds() -> None:
    """The gate decides on the first split: bounds and misses are shown there only."""
    first, second = (categories(bare(), split) for split in ("normal", "worded-differently"))
    assert [(c.name, c.bounds, c.missed) for c in first] == [
        ("fsm", [], True),
        ("edge_detect", [0.6], False),
        ("overall", [0.7], True),
    ]
    assert not any(c.bounds or c.missed for c in second)
    assert [figure.value for figure in first[-1].figures] == [pytest.approx(v) for v in (2 / 3, 1 / 2, 1 / 2)]


def test_names() -> None:
    """V3 is a capital; a model of one's own keeps its name, a text loses what reorders or is no character."""
    assert [named("v3"), named("my-model")] == ["V3", "my-model"]
    assert visible("a\u202eb\x1b[0m\ud800\tc\n") == "a\ufffdb\ufffd[0m\ufffd\tc\n"


def test_the_suites_own_verdicts_are_a_metric_where_all_are_there() -> None:
    """A figure of some specs would be taken for one of all."""
    outside, results = noted(), noted().scores["normal"]["v5"].results
    assert categories(outside, "normal")[0].more["by_suite"] == pytest.approx(2 / 3)
    unknown = results[0].model_copy(update={"by_suite": (Outcome.TOOL_ERROR,)})
    assert "by_suite" not in measured(Scores(model="v5", split="normal", suite="s", results=(unknown,)))
    assert "by_suite" not in categories(bare(), "normal")[0].more


def test_notes_of_a_category() -> None:
    """What a figure rests on stands with it, each spec on one line."""
    assert notes(noted(), "normal", "fsm") == ["a2: decided by the suite's testbench: several clocks"]
    assert notes(noted(), "normal") == notes(noted(), "normal", "fsm")
    assert notes(noted(), "normal", "edge_detect") == []
