"""The study file."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.plugin import DEFAULT_STUDY
from harness.profile import load_profile
from harness.study.plan import StudyError, load_plan

ROOT = Path(__file__).resolve().parents[2]


def test_the_shipped_study_is_whole() -> None:
    """All filters with three seeds; every filter once comes before any filter twice; names tell cells apart."""
    cells = list(load_plan(ROOT / DEFAULT_STUDY).cells())
    strictness = [cell for cell in cells if cell.question == "strictness"]
    assert [cell.arm for cell in strictness[:5]] == ["nothing", "compiles", "template", "a7", "formal"]
    assert strictness[5].arm == "template_own", "then V4's filter on the specs that it really served"
    assert len(strictness) == 18
    assert len({cell.name for cell in cells}) == len(cells)
    assert {cell.seed for cell in cells if cell.question != "strictness"} == {0}, "as the file says"


def test_the_study_for_a_gpu_asks_the_same() -> None:
    """On its own profile: the same filters, specs, components left out and shares, and answers kept apart."""
    small, large = load_plan(ROOT / DEFAULT_STUDY), load_plan(ROOT / "benchmarks" / "studies" / "qwen.toml")
    profiles = [load_profile(plan.profile) for plan in (small, large)]
    assert (small.strictness, small.fresh) == (large.strictness, large.fresh)
    assert small.curve is not None and large.curve is not None and small.curve.shares == large.curve.shares
    assert small.recordings != large.recordings
    for plan, profile in zip((small, large), profiles, strict=True):
        assert plan.composition is not None
        other = "b_unverified" if profile.data.b_verified else "b_verified"
        assert plan.composition.variants[-1] == other, "B the other way round is the last variant"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("recordings = 'x'\nseeds = []", "seeds"),
        ("recordings = 'x'\n[strictness]\nfilters = ['luck']\nspecs = {}\nexamples = {}", "no filter luck"),
        ("recordings = 'x'\n[strictness]\nspecs = {fsm_4state = 1}\nexamples = {}", "no FSM kind"),
        ("recordings = 'x'\n[curve]\nshares = [2.0]", "at most 1"),
        ("recordings = 'x'\n[composition]\nvariants = ['without_e']", "composition"),
        ("recordings = 'x'\nseeds = [0, 1, 0]", "0, 1, 0: something is there twice; name each once"),
        ("recordings = 'x'\n[curve]\nshares = [0.5, 0.50]", "something is there twice"),
        (
            "recordings = 'x'\n[strictness]\nspecs = {fsm_moore = 1}\nexamples = {fsm_moore = 2}",
            "fsm_moore: more examples than specs",
        ),
        (
            "recordings = 'x'\n[strictness]\nspecs = {fsm_moore = 1}\nexamples = {}",
            "fsm_moore: specs, but no examples",
        ),
        ("recordings = 'x'\n[power.assumed]\nseed = -0.1\nspec = 0.1\nrest = 0.1", "0 or more"),
        ("= 3", "not TOML"),
    ],
)
def test_a_broken_file_is_named(text: str, complaint: str, tmp_path: Path) -> None:
    """The error names the file and the rule."""
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(StudyError, match=complaint) as caught:
        load_plan(path)
    assert str(path) in str(caught.value)


def test_small_shares_are_cells_of_their_own(tmp_path: Path) -> None:
    """A cell's name has the share as the file gives it, not rounded to whole per cent."""
    (tmp_path / "mine.toml").write_text(
        "recordings = 'x'\nseeds = [0]\n[curve]\nshares = [0.25, 0.125, 0.001]"
    )
    cells = load_plan(tmp_path / "mine.toml").cells()
    assert [cell.arm for cell in cells] == ["25%", "12.5%", "0.1%"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """So is a file that is not there."""
    with pytest.raises(StudyError, match=r"none\.toml"):
        load_plan(tmp_path / "none.toml")
