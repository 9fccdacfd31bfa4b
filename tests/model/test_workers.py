"""Processes that work for us: what they say is read, and none outlives its reader."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from harness.model.workers import WorkerError, run_workers

LAUNCHER = ("python", str(Path(__file__).with_name("launcher.py")))
"""`python` as torchrun would be named: it lies beside the interpreter, on no path."""


@pytest.fixture(autouse=True)
def no_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that nobody has activated."""
    monkeypatch.setenv("PATH", "/nowhere")


@pytest.mark.parametrize("launcher", [(), LAUNCHER], ids=["ours", "launched"])
def test_what_is_closed_has_ended(tmp_path: Path, launcher: tuple[str, ...]) -> None:
    """Closing kills the processes, a launcher's as well, and takes no longer; other lines on stdout are passed over."""
    began = time.monotonic()
    messages = run_workers("tests.model.chatty", tmp_path, 1, launcher)
    first = next(messages)
    assert first["second"] == 0
    messages.close()
    assert time.monotonic() - began < 30
    with pytest.raises(ProcessLookupError):
        os.kill(first["process"], 0)
    assert "NCCL version" in (tmp_path / "stderr-0.txt").read_text()


def test_a_launchers_words_do_not_hide_the_cause(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a failure the process's own last words are shown, not the launcher's, however many these are."""
    monkeypatch.setenv("FAILS", "1")
    with pytest.raises(WorkerError, match="ZeroDivisionError: the cause"):
        list(run_workers("tests.model.chatty", tmp_path, 1, LAUNCHER))
