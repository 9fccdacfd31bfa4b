"""The criteria file is taken literally: each entry becomes its tests, and anything odd in it is an error."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from harness.benchmark.score import Metric
from harness.benchmark.suite import ROWS
from harness.release.criteria import CriteriaError, load_criteria

SHIPPED = Path(__file__).resolve().parents[2] / "benchmarks" / "suites" / "criteria.toml"
CATEGORIES = tuple(ROWS)
BOUND = 'name = "a"\ncategory = "fsm"\nat_least = 0.5\n'


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "criteria.toml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_the_shipped_criteria_are_the_plans() -> None:
    """Four absolute bounds, ten categories not below V3, six of V4's gains kept; 1 spec of tolerance."""
    criteria = load_criteria(SHIPPED, CATEGORIES)
    bounds = {c.id: (c.category, c.at_least) for c in criteria if c.at_least is not None}
    assert bounds == {
        "overall": ("overall", 0.88),
        "fsm": ("fsm", 0.70),
        "shift": ("shift_register", 0.80),
        "edge": ("edge_detect", 0.90),
    }
    v3 = {c.id: c.category for c in criteria if c.not_below == "v3"}
    assert v3 == {f"not-below-v3-{category}": category for category in CATEGORIES}
    gains = [
        "edge_detect",
        "async_reset",
        "enable_control",
        "updown_counter",
        "load_enable",
        "shift_register",
    ]
    v4 = {c.id: c.category for c in criteria if c.not_below == "v4"}
    assert v4 == {f"v4-gains-kept-{category}": category for category in gains}
    assert len(criteria) == 4 + 10 + 6
    assert {(c.metric, c.tolerance) for c in criteria} == {("greedy", 1)}


def test_an_entry_names_one_category_or_several(tmp_path: Path) -> None:
    """A single category keeps the entry's name as its id; a list, and `each` alone or in one, add the category."""
    path = write(
        tmp_path,
        'tolerance = 0\n[[criterion]]\nname = "one"\ncategory = ["fsm"]\nat_least = 0.5\n'
        '[[criterion]]\nname = "two"\ncategory = ["mux", "overall"]\nnot_below = "v4"\n'
        'metric = "any_sample"\nk = 5\n'
        '[[criterion]]\nname = "all"\ncategory = "each"\nat_least = 1\n'
        '[[criterion]]\nname = "both"\ncategory = ["overall", "each"]\nat_least = 1\n',
    )
    criteria = load_criteria(path, ["fsm", "mux"])
    assert [(c.id, c.category) for c in criteria] == [
        ("one", "fsm"),
        ("two-mux", "mux"),
        ("two-overall", "overall"),
        ("all-fsm", "fsm"),
        ("all-mux", "mux"),
        ("both-overall", "overall"),
        ("both-fsm", "fsm"),
        ("both-mux", "mux"),
    ]
    assert {c.tolerance for c in criteria} == {0}
    assert [(c.metric, c.k) for c in criteria[:2]] == [("greedy", None), ("any_sample", 5)]
    assert len(load_criteria(path, ["fsm", "mux", "edge"])) == 10


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (f'[[criterion]]\n{BOUND}metric = "any_sample"', "needs a k: any_sample is pass@k"),
        (f"[[criterion]]\n{BOUND}k = 5", "has a k, which only the metric any_sample takes"),
        (
            f"[[criterion]]\n{BOUND}at_leest = 0.9",
            r"at_leest: Extra inputs are not permitted; the fields are",
        ),
        (f"tolerence = 0\n[[criterion]]\n{BOUND}", r"tolerence: Extra inputs are not permitted"),
        (f"tolerance = -1\n[[criterion]]\n{BOUND}", r"tolerance: Input should be greater than or equal to 0"),
        (f"[[criterion]]\n{BOUND}".replace("fsm", "fms"), r"criterion 'a' names category 'fms'; known are "),
        (f"[[criterion]]\n{BOUND}".replace('"fsm"', '["each", "fsm"]'), r"occur twice: a-fsm"),
        (f"[[criterion]]\n{BOUND}".replace('"fsm"', "[]"), r"category: .*at least 1 item"),
        (f"[[criterion]]\n{BOUND}".replace('"fsm"', "5"), r"category: Input should be a valid list"),
        (f"[[criterion]]\n{BOUND}".replace('category = "fsm"\n', ""), r"category: Field required"),
        (f'[[criterion]]\n{BOUND}not_below = "v3"', r"'a' needs exactly one of at_least and not_below"),
        (f"[[criterion]]\n{BOUND}".replace("at_least = 0.5", ""), r"'a' needs exactly one of at_least and"),
        (f"[[criterion]]\n{BOUND}".replace("0.5", "88"), r"at_least: .*less than or equal to 1"),
        (f"[[criterion]]\n{BOUND}".replace("0.5", "nan"), r"at_least: "),
        (f'[[criterion]]\n{BOUND}metric = "gredy"', r"metric: Input should be 'greedy'"),
        (
            f"[[criterion]]\n{BOUND}".replace("at_least = 0.5", 'not_below = "v5"'),
            r"criterion 'a' compares with 'v5'; known are v3, v4",
        ),
        (
            f"[[criterion]]\n{BOUND}".replace("at_least = 0.5", 'not_below = ""'),
            r"not_below: .*at least 1 char",
        ),
        (f"[[criterion]]\n{BOUND}[[criterion]]\n{BOUND}", r"these criteria occur twice: a; give them names"),
        (f"[[criterion]]\n{BOUND}".replace('"fsm"', '["fsm", "fsm"]'), r"occur twice: a-fsm"),
        ("", r"criterion: Field required"),
        ("criterion = []", r"criterion: .*at least 1 item"),
        ("[[criterion]\n", r"cannot be read as criteria: "),
        ("a = " + 5000 * "[" + 5000 * "]", r"cannot be read as criteria: .*recursion"),
        (b"# \xe9\n", r"cannot be read as criteria: .*utf-8"),
    ],
)
def test_broken_criteria(tmp_path: Path, content: str | bytes, complaint: str) -> None:
    """A criterion that would be skipped, never fail, or mean two things is an error that names it."""
    with pytest.raises(CriteriaError, match=rf"criteria\.toml: .*{complaint}"):
        load_criteria(write(tmp_path, content), CATEGORIES)


def test_baselines_of_the_users_own(tmp_path: Path) -> None:
    """A criterion may compare with any baseline that is measured, and with none that is not."""
    path = write(tmp_path, '[[criterion]]\nname = "a"\ncategory = "fsm"\nnot_below = "ours"\n')
    assert [c.not_below for c in load_criteria(path, CATEGORIES, ["v4", "ours"])] == ["ours"]
    with pytest.raises(CriteriaError, match="compares with 'ours'; known are v3, v4"):
        load_criteria(path, CATEGORIES)
    with pytest.raises(
        CriteriaError, match=r"known are none, and `baseline` for .* --baseline names: give one"
    ):
        load_criteria(path, CATEGORIES, [])


def test_missing_file(tmp_path: Path) -> None:
    """No criteria is no release."""
    with pytest.raises(CriteriaError, match=r"none\.toml: cannot be read as criteria: .*No such file"):
        load_criteria(tmp_path / "none.toml", CATEGORIES)


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    """An editor that begins a file with one has written the same criteria."""
    plain = load_criteria(write(tmp_path, f"[[criterion]]\n{BOUND}"), CATEGORIES)
    assert load_criteria(write(tmp_path, f"\ufeff[[criterion]]\r\n{BOUND}"), CATEGORIES) == plain


@pytest.mark.parametrize("metric", get_args(Metric))
def test_every_metric_is_described(metric: str) -> None:
    """Errors send people to the head of criteria.toml."""
    head = SHIPPED.read_text("utf-8").partition("\n[[criterion]]")[0]
    assert f"#                {metric} " in head
