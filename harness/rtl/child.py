"""A Python child that answers one line for each line it is asked, under limits of its own."""

from __future__ import annotations

import os
import resource
import select
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def start(module: str) -> subprocess.Popen[bytes]:
    """A child that runs `module` of this harness, on pipes; what it says of its errors is dropped."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
    )


def tell(child: subprocess.Popen[bytes], line: bytes, wall_s: float) -> bytes | None:
    """The child's answer to a line; None if it is dead, or has none in time."""
    assert child.stdin is not None
    with suppress(BrokenPipeError):
        child.stdin.write(line + b"\n")
        child.stdin.flush()
        return hear(child, wall_s)
    return None


def hear(child: subprocess.Popen[bytes], wall_s: float) -> bytes | None:
    """The next whole line that the child writes; None if it does not come in time."""
    assert child.stdout is not None
    poll = select.poll()
    poll.register(child.stdout, select.POLLIN)
    if not poll.poll(1000 * wall_s):
        return None
    line = child.stdout.readline()
    return line if line.endswith(b"\n") else None


def end(child: subprocess.Popen[bytes]) -> None:
    """Kill the child and close its pipes."""
    child.kill()
    child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()


def lower(kind: int, most: int) -> None:
    """In the child: lower a soft limit to `most`, or to the hard limit that it was given."""
    hard = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def lower_cpu(seconds: int) -> None:
    """In the child: end after so many more seconds of processor time."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    lower(resource.RLIMIT_CPU, int(spent.ru_utime + spent.ru_stime) + seconds)
