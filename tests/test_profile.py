"""Profiles: the shipped ones load; what is wrong with another is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.profile import FOLDER, Profile, ProfileError, load_profile

SHIPPED = sorted(path.stem for path in FOLDER.glob("*.toml"))


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_profiles_load(name: str) -> None:
    """Every shipped profile is valid and bears the name of its file."""
    assert load_profile(name).name == name


def test_expected_profiles_ship() -> None:
    """There are profiles for the default, a quick run, 4-bit training and the plan's own model."""
    assert {"embedded", "smoke", "embedded-nf4", "qwen"} <= set(SHIPPED)


def test_own_file(tmp_path: Path) -> None:
    """A path to a TOML file is a profile too: what it leaves out has the defaults."""
    path = tmp_path / "mine.toml"
    path.write_text("[data]\nshare = 0.5\nholes = { mux = 3 }\n[train]\nepochs = 2\n")
    profile, default = load_profile(str(path)), Profile(name="mine")
    assert (profile.data.share, profile.data.holes, profile.train.epochs) == (0.5, {"mux": 3}, 2)
    assert profile.benchmark == default.benchmark
    assert profile.train == default.train.model_copy(update={"epochs": 2})


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("[train]\nepoch = 3", "train.epoch: Extra inputs are not permitted"),
        ("[training]\nepochs = 3", "training: Extra inputs are not permitted"),
        ('[train]\nepochs = "three"', "train.epochs: Input should be a valid integer"),
        ("[train]\nepochs = 0", "train.epochs: Input should be greater than or equal to 1"),
        ("[train]\nquantization = 'nf5'", "train.quantization: Input should be 'none' or 'nf4'"),
        ("[data]\nshare = 1.5", "data.share: Input should be less than or equal to 1"),
        ("[data]\nc_writer = 'v5'", "data.c_writer: Input should be 'v3', 'v4', 'teacher' or 'anthropic'"),
        ("[data]\nholes = { sync_rest = 40 }", "data.holes: Value error, unknown category 'sync_rest'"),
        ("[data]\nholes = { sync_reset = -1 }", "data.holes.sync_reset: Input should be greater than"),
        ("data = 3", "data: Input should be a valid dictionary"),
        ("[benchmark]\nsamples = 2.5", "benchmark.samples: Input should be a valid integer"),
        ("[train\nepochs = 3", "cannot be read as a profile"),
        ("base = 'a'\nbase = 'b'", "cannot be read as a profile"),
    ],
)
def test_errors(tmp_path: Path, content: str, problem: str) -> None:
    """A typo, a wrong type, a value out of range or broken TOML: named with the file and the setting."""
    path = tmp_path / "mine.toml"
    path.write_text(content)
    with pytest.raises(ProfileError) as caught:
        load_profile(str(path))
    assert str(path) in str(caught.value)
    assert problem in str(caught.value)


def test_all_problems_are_named_at_once(tmp_path: Path) -> None:
    """Two mistakes in one file are reported together."""
    path = tmp_path / "mine.toml"
    path.write_text("bose = 'x'\n[train]\nepochs = 0")
    with pytest.raises(ProfileError, match=r"train\.epochs: .*; bose: "):
        load_profile(str(path))


def test_not_text(tmp_path: Path) -> None:
    """A file that is not UTF-8 is refused by its path."""
    path = tmp_path / "mine.toml"
    path.write_bytes(b'base = "\xff"')
    with pytest.raises(ProfileError, match=r"mine\.toml: cannot be read"):
        load_profile(str(path))


@pytest.mark.parametrize("name", ["embeded", "nowhere/mine.toml", ""])
def test_unknown_names(name: str) -> None:
    """A name that no profile has is refused with the names there are."""
    with pytest.raises(ProfileError) as caught:
        load_profile(name)
    assert repr(name) in str(caught.value)
    assert all(shipped in str(caught.value) for shipped in SHIPPED)
