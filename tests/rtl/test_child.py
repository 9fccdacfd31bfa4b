"""Children that answer line for line."""

from __future__ import annotations

import subprocess
import sys

import pytest

from harness.rtl import child

ECHO = "import sys\nfor line in sys.stdin: print('heard', line, end='', flush=True)"


def run(code: str, monkeypatch: pytest.MonkeyPatch) -> subprocess.Popen[bytes]:
    popen = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda argv, **more: popen([sys.executable, "-c", code], **more))
    return child.start("any")


def test_lines_are_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line comes back for each, as often as asked."""
    asked = run(ECHO, monkeypatch)
    assert [child.tell(asked, said, 30.0) for said in (b"a", b"b")] == [b"heard a\n", b"heard b\n"]
    child.end(asked)
    assert asked.poll() is not None


@pytest.mark.parametrize("code", ["print('cut', end='')", "import time; time.sleep(60)", "1 / 0"])
def test_what_is_no_whole_line_in_time_is_no_answer(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that dies, is silent or is cut off has not answered."""
    asked = run(code, monkeypatch)
    assert child.tell(asked, b"a", 1.0) is None
    child.end(asked)
