"""Tables show every figure whole."""

from __future__ import annotations

import re

import pytest

from harness.benchmark.score import Result, ScoreError, Scores
from harness.benchmark.suite import ROWS
from harness.report.table import PUBLISHED, PUBLISHED_OVERALL, WIDTH, scoreboard, table
from harness.simulate.verdict import Outcome, Verdict


def scores(model: str, good: int, samples: tuple[Outcome, ...]) -> Scores:
    results = tuple(
        Result(
            task=f"{row}-{number}",
            row=row,
            greedy=Verdict(Outcome.PASS if number < good else Outcome.COMPILE_ERROR),
            greedy_text="",
            sampled=samples,
        )
        for row in ROWS
        for number in range(4)
    )
    return Scores(model=model, split="normal", suite="abcdefghijk", results=results)


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in re.split("[│┃]", line)]


def test_table() -> None:
    """Columns line up: the first to the left, numbers to the right."""
    assert table("title", ["name", "n"], [["mux", 5], ["comparator", 12]]).splitlines() == [
        "title",
        "name       ┃  n",
        "━━━━━━━━━━━╇━━━",
        "mux        │  5",
        "comparator │ 12",
    ]


def test_cells_are_shown_as_they_are() -> None:
    """What looks like the markup of a terminal library, a colour or a picture's name, is text as any other."""
    said = table("[b]title", ["answers[v2]", "[/b]"], [["p[/b]", ":smile:"], ["[red]q", "[1]"]])
    assert [cells(line) for line in said.splitlines() if "━" not in line] == [
        ["[b]title"],
        ["answers[v2]", "[/b]"],
        ["p[/b]", ":smile:"],
        ["[red]q", "[1]"],
    ]


@pytest.mark.parametrize("samples", [(), (Outcome.PASS, Outcome.MISMATCH)])
def test_scoreboard(samples: tuple[Outcome, ...]) -> None:
    """One line a category and one for all, nothing cut off, with samples only where there are any."""
    board = scoreboard({m: scores(m, good, samples) for m, good in (("v3", 2), ("v4", 1), ("v5", 3))})
    title, *lines = board.splitlines()
    heads = [cells(lines.pop(0)) for line in board.splitlines() if "┃" in line]
    assert set(lines.pop(0)) == {"━", "╇"}
    assert title == "abcdefgh normal: functional, by simulation"
    assert max(map(len, board.splitlines())) <= WIDTH
    assert "…" not in board
    extra = ["samples", "pass@2"] if samples else []
    columns = [
        "category",
        "specs",
        "V3",
        "V4",
        "V5",
        "95 %",
        *extra,
        "compiles",
        "V3 published",
        "V4 published",
    ]
    assert [" ".join(filter(None, words)) for words in zip(*heads, strict=True)] == columns
    assert [cells(line)[0] for line in lines] == [*ROWS, "overall"]
    shares = ["50%", "100%"] if samples else []
    assert cells(lines[-2]) == ["fsm", "4", "50%", "25%", "75%", "30%-96%", *shares, "75%", "60 %", "20 %"]
    assert cells(lines[-1]) == [
        *["overall", "40", "50.0%", "25.0%", "75.0%", ""], *shares, *["75%", *PUBLISHED_OVERALL]
    ]  # fmt: skip


def test_published_figures_are_of_the_suites_categories() -> None:
    """The published table has a line for each category, and its means with V3's edge_detect taken as 100."""
    assert PUBLISHED.keys() == ROWS.keys()
    v3, v4 = (sum(figures[i] for figures in PUBLISHED.values()) / len(PUBLISHED) for i in (0, 1))
    assert (v3 + (100 - PUBLISHED["edge_detect"][0]) / len(PUBLISHED), v4) == (84, 86)
    assert PUBLISHED_OVERALL == ("84 %", "86 %")


def test_a_suite_of_ones_own() -> None:
    """A suite whose categories are not the published ones has no column for them, and may have verdicts of its own."""
    result = Result(
        task="x-1", row="x", greedy=Verdict(Outcome.PASS), greedy_text="", by_suite=(Outcome.MISMATCH,)
    )
    board = scoreboard({"v5": Scores(model="v5", split="normal", suite="s", results=(result,))})
    assert "published" not in board
    assert cells(board.splitlines()[1])[-1] == "by the suite"
    assert cells(board.splitlines()[3])[-2:] == ["100%", "0%"]


def judged(*by_suite: tuple[Outcome, ...]) -> Scores:
    results = tuple(
        Result(task=f"x-{n}", row="x", greedy=Verdict(Outcome.PASS), greedy_text="", by_suite=outcomes)
        for n, outcomes in enumerate(by_suite)
    )
    return Scores(model="m", split="normal", suite="s", results=results)


@pytest.mark.parametrize("second", [(), (Outcome.TOOL_ERROR,)])
def test_the_suites_verdicts_are_shown_if_all_are_there(second: tuple[Outcome, ...]) -> None:
    """One answer without a verdict of the suite's own leaves the column out, and ends nothing."""
    assert "by the suite" in scoreboard({"m": judged((Outcome.PASS,), (Outcome.MISMATCH,))})
    assert "by the suite" not in scoreboard({"m": judged((Outcome.PASS,), second)})


def test_scores_without_results() -> None:
    """There is no scoreboard of nothing, and the error says whose scores are empty."""
    with pytest.raises(ScoreError, match="m has no results on split normal; "):
        scoreboard({"m": judged()})
