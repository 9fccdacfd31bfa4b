"""Completions become figures: every one is judged, none is guessed, and our own failures are never scored."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.benchmark import score as module
from harness.benchmark.score import Result, ScoreError, Scores, flips, load_scores, score
from harness.benchmark.suite import Suite, Task
from harness.families.catalogue import draw
from harness.simulate.verdict import Outcome, Verdict

SPECS = {name: list(islice(draw(name, "score"), 3)) for name in ("mux", "comparator")}
SUITE = Suite(
    "tiny",
    "digest",
    tuple(
        Task(f"{row}-{n}", row, {"normal": "x"}, spec)
        for row, specs in SPECS.items()
        for n, spec in enumerate(specs)
    ),
)
GOLDENS = {task.id: [task.spec.verilog()] for task in SUITE.tasks}
UNPASSED = [outcome for outcome in Outcome if outcome is not Outcome.PASS]


def result(task: str, outcome: Outcome = Outcome.PASS, *sampled: Outcome) -> Result:
    return Result(task=task, row=task.split("-")[0], greedy=Verdict(outcome), greedy_text="", sampled=sampled)


def scores(*results: Result) -> Scores:
    return Scores(model="m", split="normal", suite="s", results=results)


def test_completions_are_judged() -> None:
    """The first answer is the greedy one, the rest are samples; fences are taken off; order is kept."""
    wrong = SPECS["mux"][1].verilog()
    answers = GOLDENS | {"mux-0": [wrong, f"```\n{GOLDENS['mux-0'][0]}```", wrong[:-9]]}
    progress: list[tuple[int, int]] = []
    scored = score("v5", "normal", SUITE, answers, lambda done, total: progress.append((done, total)))
    assert [r.task for r in scored.results] == [task.id for task in SUITE.tasks]
    first, *others = scored.results
    assert first.greedy.outcome in (Outcome.MISMATCH, Outcome.REJECTED)
    assert first.greedy_text == wrong
    assert first.sampled == (Outcome.PASS, Outcome.COMPILE_ERROR)
    assert all(r.functional and r.sampled == () for r in others)
    assert (scored.rate("mux"), scored.rate("comparator")) == (2 / 3, 1.0)
    assert scored.overall() == pytest.approx(5 / 6)
    assert progress[-1] == (8, 8)


@pytest.mark.parametrize("missing", [{"mux-1": []}, {"mux-1": None}])
def test_a_missing_completion_is_an_error(missing: dict[str, list[str]]) -> None:
    """A spec without an answer is not counted as failed: the run is refused."""
    answers = {task: found for task, found in (GOLDENS | missing).items() if found is not None}
    with pytest.raises(ScoreError, match=r"v5 has no completion for 1 specs of tiny, first mux-1; generate"):
        score("v5", "normal", SUITE, answers)


def test_a_tool_error_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the judge failed, also on a sample, the model is not to blame, and nothing is scored."""
    verdicts = [Verdict(Outcome.PASS)] * 6 + [Verdict(Outcome.TOOL_ERROR, "disk full")]
    monkeypatch.setattr(module, "judge_many", lambda pairs, progress, cache: verdicts)
    answers = GOLDENS | {"comparator-2": ["", ""]}
    with pytest.raises(ScoreError, match=r"judging comparator-2 of v5 failed on our side: disk full"):
        score("v5", "normal", SUITE, answers)


@settings(deadline=None)
@given(sampled=st.lists(st.sampled_from(Outcome), min_size=1, max_size=6))
def test_metrics_of_samples(sampled: list[Outcome]) -> None:
    """`sampled` is the share of samples that pass, `any_sample` is 1 if one does; greedy has no say."""
    found = result("a-0", Outcome.MISMATCH, *sampled)
    passed = sampled.count(Outcome.PASS)
    assert found.value("sampled") == pytest.approx(passed / len(sampled))
    assert found.value("any_sample") == float(passed > 0)
    assert found.value("greedy") == 0.0


def test_metrics_of_the_greedy_answer() -> None:
    """Only a pass is functional; what ran, to the end or not, compiled."""
    assert result("a-0").value("greedy") == 1.0
    assert {result("a-0", outcome).value("greedy") for outcome in UNPASSED} == {0.0}
    compiled = {outcome for outcome in Outcome if result("a-0", outcome).value("compiles")}
    assert compiled == {Outcome.PASS, Outcome.MISMATCH, Outcome.TIMEOUT}


def test_a_metric_of_samples_needs_them() -> None:
    """Asking for pass@k of greedy answers alone is an error that names the spec."""
    with pytest.raises(ScoreError, match="a-0 has 0 samples; metric any_sample needs some"):
        result("a-0").value("any_sample")


def test_each_category_counts_once() -> None:
    """The overall figure is the mean of the categories, however many specs each has."""
    found = scores(result("a-0"), *(result(f"b-{n}", Outcome.MISMATCH) for n in range(9)))
    assert found.rows == ("a", "b")
    assert found.overall() == 0.5


def test_an_unknown_category_is_an_error() -> None:
    """A category without results has no rate."""
    with pytest.raises(ScoreError, match=r"m has no result for category 'c' on split normal"):
        scores(result("a-0")).rate("c")


def test_flips_are_the_specs_that_changed() -> None:
    """Lost and won specs are named; those that stayed are not."""
    before = [result("a-0"), result("a-1"), result("a-2", Outcome.MISMATCH), result("a-3", Outcome.TIMEOUT)]
    after = [result("a-0"), result("a-1", Outcome.REJECTED), result("a-2"), result("a-3", Outcome.MISMATCH)]
    changed = flips(before, after)
    assert (changed.lost, changed.won) == (("a-1",), ("a-2",))
    for other in (after[:3], after[::-1]):
        with pytest.raises(ScoreError, match="only on the same specs"):
            flips(before, other)


def test_scores_are_read_back(tmp_path: Path) -> None:
    """Saved scores load equal, the mismatch included; a broken file is named with the way out."""
    found = score("v5", "normal", SUITE, GOLDENS | {"mux-0": GOLDENS["mux-1"] * 2})
    path = tmp_path / "scores.json"
    found.save(path)
    assert load_scores(path) == found
    path.write_bytes(path.read_bytes()[:100])
    for broken in (path, tmp_path / "none.json"):
        with pytest.raises(ScoreError, match=rf"{broken}: cannot be read as scores .*build again"):
            load_scores(broken)
