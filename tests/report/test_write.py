"""The reports of a run lie side by side, and none of an earlier run stays beside those of one that decided nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.report.write import write_reports, write_undecided
from harness.store import StoreError
from tests.report.runs import bare


def test_an_undecided_run_leaves_nothing_of_an_earlier_one(tmp_path: Path) -> None:
    """The summary says why nothing was measured; reports and record are gone, what else lies there stays."""
    write_reports(bare(), tmp_path)
    for name in ("gate.json", "adapter.bin"):
        (tmp_path / name).write_text("{}")
    write_undecided("v5", "no *answers*", tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"summary.md", "adapter.bin"}
    summary = (tmp_path / "summary.md").read_text("utf-8")
    assert summary == "## ❔ V5 was not measured\n\nno \\*answers\\*\n"


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A file in the folder's place is the user's slip, also for a run that has nothing to report."""
    file = tmp_path / "afile"
    file.write_text("mine")
    with pytest.raises(StoreError, match=f"cannot write {file}/report.html: .* choose another folder"):
        write_reports(bare(), file)
    with pytest.raises(StoreError, match=f"cannot write {file}/summary.md: .* choose another folder"):
        write_undecided("v5", "no answers", file)
    (tmp_path / "report.html").mkdir()
    with pytest.raises(StoreError, match=r"cannot remove .*report\.html, which tells of an earlier run"):
        write_undecided("v5", "no answers", tmp_path)
    assert file.read_text() == "mine"
