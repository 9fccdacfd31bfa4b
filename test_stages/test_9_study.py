"""Beside the stages: what the tests behind the training data are worth, as a study file asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from harness.benchmark.suite import SPLITS
from harness.pipeline import Pipeline
from harness.pipeline.study import Study
from harness.plugin import study_of
from harness.study.plan import Cell, Question
from harness.study.report import bases, filters_table, noise, power_table, tables, write_study

pytestmark = pytest.mark.study

ENOUGH = 0.8
"""The power that a study must have before a model is trained or asked for its strictness."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test per cell of the study file, known at collection."""
    if "cell" in metafunc.fixturenames:
        cells = list(study_of(metafunc.config).cells())
        metafunc.parametrize("cell", cells, ids=[cell.name for cell in cells])


@pytest.fixture(scope="session")
def study(pipeline: Pipeline, pytestconfig: pytest.Config) -> Study:
    """The study's stages, over the profile that its file names."""
    known = {f.name: getattr(pipeline, f.name) for f in fields(pipeline)}
    return Study(**known, plan=study_of(pytestconfig))


@pytest.fixture(scope="session")
def can_tell(study: Study) -> tuple[str, float]:
    """What strictness can tell by its assumed noise: a table, and the power for the effect that the study asks for."""
    return power_table(study.plan, study.specs_of_strictness, None)


@pytest.fixture
def enough(study: Study, can_tell: tuple[str, float]) -> None:
    """Nothing is made for a comparison that could tell nothing."""
    effect, chance = study.plan.power.effect, can_tell[1]
    assert chance >= ENOUGH, (
        f"strictness tells {100 * effect:g} points with a chance of {chance:.0%}, not {ENOUGH:.0%}: give it more"
        " `seeds` (two at least), then more `fresh` specs"
    )


@pytest.fixture
def asks_strictness(pytestconfig: pytest.Config) -> None:
    """Passes over what a study of composition or curve alone has no use for."""
    if study_of(pytestconfig).strictness is None:
        pytest.skip("the study file has no [strictness]")


@pytest.mark.usefixtures("asks_strictness")
def test_it_can_tell(
    can_tell: tuple[str, float], announce: Callable[[str], None], request: pytest.FixtureRequest
) -> None:
    """The study's seeds and specs tell the effect that it asks for, four times out of five."""
    announce(can_tell[0])
    request.getfixturevalue("enough")


@pytest.mark.usefixtures("asks_strictness", "enough")
def test_filters(study: Study, announce: Callable[[str], None]) -> None:
    """Every filter gives as many examples as any other, of the same specs; what each lets through is counted."""
    chosen = {arm: study.chosen(arm) for arm in study.strictness_plan.arms}
    announce(filters_table(study.trials(), chosen))
    assert len({len(examples) for examples in chosen.values()}) == 1
    common = [[example.spec for example in chosen[name]] for name in study.strictness_plan.filters]
    assert all(specs == common[0] for specs in common)


def test_cell(study: Study, cell: Cell, request: pytest.FixtureRequest) -> None:
    """The cell's model has answered everything that it is measured on, and every answer has a verdict."""
    if cell.question == "strictness":
        request.getfixturevalue("enough")
    for split in SPLITS:
        assert study.cell_scores(cell, split).results


def test_report(study: Study, announce: Callable[[str], None], pytestconfig: pytest.Config) -> None:
    """Tables and pictures of all finished cells."""
    results = {q: found for q in get_args(Question) if (found := study.measured(q))}
    assert results, "no cell is finished"
    filters, seen, arms = "", None, 2
    if found := results.get("strictness"):
        chosen = {arm: study.chosen(arm) for arm in study.strictness_plan.arms}
        filters = filters_table(study.trials(), chosen)
        seen = noise(found, study.main_group, "greedy", bases("strictness", found)[0])
        arms = len(found.different(study.main_group)) if seen else arms
    could_tell, _ = power_table(study.plan, study.specs_of_strictness, seen, arms)
    name = Path(pytestconfig.getoption("study")).stem
    said = {"about": study.about(name), **tables(study.plan, filters, results, could_tell)}
    for text in said.values():
        announce(text)
    folder = study.root / (pytestconfig.getoption("report") or f"models/built/study-{name}")
    paths = write_study(said, results, folder)
    announce(f"written: {', '.join(map(str, paths))}")
