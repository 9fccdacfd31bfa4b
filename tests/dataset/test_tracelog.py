"""The trace: no line that was written is lost or torn, whoever is killed meanwhile."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from harness.dataset.tracelog import TraceError, TraceLine, append, find, lines, now, read

ROOT = Path(__file__).parents[2]
APPEND_MANY = """
import os, sys
from pathlib import Path
from harness.dataset.tracelog import TraceLine, append, now
trace, name, first, last = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
for number in range(first, last):
    line = TraceLine(time=now(), request=f"{name}-{number}", model="m", instruction="x" * (number % 7) * 500,
                     rtl="module m;\\nendmodule", verdict="pass", latency_s=0.1)
    append(trace, line, limit=100_000)
    os.write(1, f"{name}-{number}\\n".encode())
"""


def line(request: str = "r", **more: object) -> TraceLine:
    said = {
        "time": now(),
        "model": "m",
        "instruction": "a mux",
        "rtl": "module m;",
        "verdict": "pass",
        "latency_s": 1.5,
    }
    return TraceLine.model_validate({**said, "request": request, **more})


def test_a_line_comes_back_as_it_was(tmp_path: Path) -> None:
    """Line breaks, quotes and any script survive; each line is one line of the file."""
    trace = tmp_path / "deep" / "trace.jsonl"
    said = [line("a", instruction='a\n"b"\u2028\r ü', spec={"category": "mux"}), line("b", correction="x\n")]
    for one in said:
        append(trace, one)
    assert read(trace) == (said, 0)
    assert trace.read_bytes().count(b"\n") == 2
    assert find(trace, "b") == said[1]
    assert find(trace, "c") is None


def test_what_is_private_is_not_written(tmp_path: Path) -> None:
    """Of a private request no text of the user's or of the answer reaches the disk; its category and verdict do."""
    trace = tmp_path / "trace.jsonl"
    secret: dict[str, object] = {
        "instruction": "SECRET",
        "rtl": "SECRET",
        "detail": "SECRET",
        "spec": {"x": "SECRET"},
    }
    append(
        trace,
        line(
            "r",
            private=True,
            category="mux",
            reference="SECRET",
            correction="SECRET",
            verdict="mismatch",
            **secret,
        ),
    )
    assert b"SECRET" not in trace.read_bytes()
    ((found,), _) = read(trace)
    assert (found.category, found.verdict, found.rtl, found.reference) == ("mux", "mismatch", "", "")


def test_a_cut_line_is_skipped_and_harms_no_other(tmp_path: Path) -> None:
    """What a crash cut is counted, and the next line begins on its own; so are binary lines and foreign ones."""
    trace = tmp_path / "trace.jsonl"
    append(trace, line("a"))
    with trace.open("ab") as file:
        file.write(b'{"time": "2026')
    append(trace, line("b"))
    with trace.open("ab") as file:
        file.write(b'{"more": 1}\n\n\xff\x00\n')
    append(trace, line("c"))
    lines, skipped = read(trace)
    assert ([one.request for one in lines], skipped) == (["a", "b", "c"], 3)


def test_a_full_file_is_rotated(tmp_path: Path) -> None:
    """Files stay below the limit, the oldest has the number 1, and all are read in order."""
    trace = tmp_path / "trace.jsonl"
    for number in range(120):
        append(trace, line(str(number)), limit=1000)
    numbers = sorted(int(path.name.split(".")[1]) for path in tmp_path.glob("trace.*.jsonl"))
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) > 9
    assert all(path.stat().st_size <= 1000 for path in tmp_path.glob("*.jsonl"))
    assert [one.request for one in read(trace)[0]] == [str(number) for number in range(120)]
    assert find(trace, "3") is not None


def test_a_name_with_brackets_is_a_name(tmp_path: Path) -> None:
    """Rotation finds its own older files whatever the trace is called, so none is overwritten."""
    path = tmp_path / "trace[1].jsonl"
    for number in range(6):
        append(path, line(f"r{number}"), limit=1)
    assert [found.request for found in read(path)[0]] == [f"r{number}" for number in range(6)]
    assert next(lines(path))[0] == ("trace[1].1.jsonl", 1)


def test_a_line_that_is_none_is_refused() -> None:
    """An unknown verdict, a time that is none and a field that nobody knows never reach the trace."""
    for wrong in ({"verdict": "good"}, {"time": "today"}, {"latency_s": float("nan")}, {"more": 1}):
        with pytest.raises(ValueError, match="validation error"):
            line(**wrong)


def test_a_missing_trace_is_named(tmp_path: Path) -> None:
    """Reading what is not there says so, and makes no file."""
    with pytest.raises(TraceError, match="there is no trace"):
        read(tmp_path / "trace.jsonl")
    (tmp_path / "file").write_text("")
    with pytest.raises(TraceError, match="cannot be written"):
        append(tmp_path / "file" / "trace.jsonl", line())
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.slow
def test_no_line_is_lost_or_torn_when_writers_are_killed(tmp_path: Path) -> None:
    """16 processes append 1,000 lines and more while 6 of them are killed: all that were confirmed are there, whole."""
    trace, chance = tmp_path / "trace.jsonl", random.Random(7)

    def start(name: str, first: int, last: int) -> subprocess.Popen[bytes]:
        said = [sys.executable, "-c", APPEND_MANY, str(trace), name, str(first), str(last)]
        return subprocess.Popen(said, stdout=subprocess.PIPE, cwd=ROOT, env={**os.environ, "PYTHONPATH": "."})

    victims = [start(f"v{number}", 0, 1_000_000) for number in range(6)]
    writers = [start(f"w{number}", 0, 100) for number in range(10)]
    deadline = time.monotonic() + 120
    while not trace.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    confirmed = []
    for victim in victims:
        time.sleep(chance.uniform(0, 0.2))
        victim.send_signal(signal.SIGKILL)
        confirmed.append(victim.communicate()[0].decode().split())
    confirmed += [writer.communicate()[0].decode().split() for writer in writers]
    assert {victim.returncode for victim in victims} == {-signal.SIGKILL}
    assert {writer.returncode for writer in writers} == {0}
    append(trace, line("last"), limit=100_000)
    lines, skipped = read(trace)
    found = [one.request for one in lines]
    said = {request for one in confirmed for request in one}
    assert len(said) >= 1000
    assert said <= set(found)
    assert len(set(found)) == len(found)
    assert len(set(found) - said - {"last"}) + skipped <= len(victims)
    assert len(list(tmp_path.glob("trace.*.jsonl"))) > 1
