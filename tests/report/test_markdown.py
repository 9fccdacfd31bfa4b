"""The CI summary: the figures, and that ids and names cannot break out of it."""

from __future__ import annotations

import re
from dataclasses import replace

from harness.report.markdown import escape, markdown
from tests.report.runs import bare, noted
from tests.report.test_html import hostile


def cells(line: str) -> list[str]:
    """The cells of a row; a bar after a backslash ends none."""
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def test_the_summary() -> None:
    """Verdict, what was missed, one row a criterion, one a category and split, and what was lost."""
    said = markdown(bare())
    assert said.startswith("## ❌ V5 is not released: 2 of 4 criteria missed\n")
    assert "criteria small.toml, rule literal, suite small (0123abcd), against V3 and V4\n" in said
    assert "- **fsm** 33.3%, not below V3 100.0%: 66.7 points short (2 of 3 specs)\n" in said
    rows = [cells(line) for line in said.splitlines() if line.startswith("|")]
    assert ["category", "n", "V3", "V4", "V5", "95 %", "samples pass@1", "samples pass@2", "compiles"] in rows
    assert ["fsm ❌", "3", "100.0%", "66.7%", "33.3%", "6–80%", "66.7%", "100.0%", "66.7%"] in rows
    assert ["fsm", "3", "100.0%", "66.7%", "33.3%", "6–80%", "66.7%", "100.0%", "66.7%"] in rows
    assert "<summary>normal: 2 lost and 1 won against V3</summary>\n\n- **fsm**: a2, a3\n" in said


def test_what_figures_rest_on_is_said() -> None:
    """Below a split's table, and nothing where there is nothing to say."""
    assert "\n- a2: decided by the suite's testbench: several clocks\n" in markdown(noted())
    assert "by the suite's bench" in markdown(noted())
    assert "decided by" not in markdown(bare())


def test_a_released_model() -> None:
    """The verdict is green only with a criterion, and all of them met."""
    run = bare()
    met = [finding for finding in run.findings if finding.passed]
    assert markdown(replace(run, findings=met)).startswith("## ✅ V5 is released: all 2 criteria are met\n")
    by_rule = [finding.model_copy(update={"rule": "not_worse"}) for finding in met]
    assert "criteria are met by the rule not_worse\n" in markdown(replace(run, findings=by_rule))
    assert "not released: there is no criterion" in markdown(replace(run, findings=[]))


def test_escapes() -> None:
    """Markdown, HTML, cells, links, mentions and formulas are shown as they were written, on one line."""
    assert escape("a|b`c`*d*<e>\n[f](g) @h #1 $x$ ~y~ https://e") == (
        "a\\|b\\`c\\`\\*d\\*&lt;e&gt; \\[f\\](g) \\@h \\#1 \\$x\\$ \\~y\\~ https\\://e"
    )
    assert escape("fsm_2state-06 _x_") == "fsm_2state-06 \\_x\\_"


def test_hostile_ids_stay_in_their_cells() -> None:
    """With markup in every id the tables have as many cells as before, and no tag but our own."""
    said = markdown(hostile())
    tables = [line for line in said.splitlines() if line.startswith("|")]
    calm = [line for line in markdown(bare()).splitlines() if line.startswith("|")]
    assert [len(cells(line)) for line in tables] == [len(cells(line)) for line in calm]
    assert set(re.findall(r"<[^>]*>", said)) == {"<details>", "</details>", "<summary>", "</summary>"}
