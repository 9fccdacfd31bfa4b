"""Yosys and ABC from the pyosys wheel, in the sandbox."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from harness.simulate.icarus import MissingTool
from harness.simulate.sandbox import Completed, Limits, run

START = (
    "import sys; sys.path.append(sys.argv[1]); from pyosys import libyosys; "
    "libyosys.run_pass('script script.ys', libyosys.Design())"
)
MEMORY_MIB = 2048
PATIENCE = 20
"""Seconds on the clock for one of processor time: more than a busy machine makes of it."""
FILE_MIB = 16
ENDING = 2000
"""Characters. Engines print their progress first, and that without end."""


class Failed(RuntimeError):
    """A tool did not do what it was told; the message is its own."""


@lru_cache(maxsize=1)
def package() -> Path:
    """The folder of pyosys, with ABC in it. Raises MissingTool if it is not installed."""
    found = find_spec("pyosys")
    if found is None or found.origin is None:
        raise MissingTool("pyosys is not installed: install it with `python -m pip install 'pyosys>=0.70'`")
    return Path(found.origin).resolve().parent


def yosys(script: str, folder: Path, cpu_s: int) -> None:
    """Run Yosys commands in `folder`. Raises Failed, also when they take more than `cpu_s` of processor time."""
    (folder / "script.ys").write_text(script)
    python = str(Path(sys.executable).resolve())
    completed = _run([python, "-I", "-S", "-c", START, str(package().parent)], folder, cpu_s)
    if completed.code != 0:
        errors = re.findall(r"ERROR: *(.*)", completed.stdout + completed.stderr)
        raise Failed("Yosys: " + (errors[0][:200] if errors else _ending(completed)))


def abc(commands: str, folder: Path, cpu_s: int) -> str:
    """Run ABC commands in `folder` and return the end of what they print. Raises Failed as `yosys` does."""
    completed = _run([str(package() / "yosys-abc"), "-q", commands], folder, cpu_s)
    if completed.code != 0:
        raise Failed(f"ABC: {_ending(completed)}")
    return (folder / "stdout").read_text("ascii", "replace")[-ENDING:]


def _ending(completed: Completed) -> str:
    if completed.timed_out or completed.signal == signal.SIGXCPU:
        return "out of time"
    if completed.signal:
        return f"ended by signal {completed.signal}"
    return completed.stderr.strip()[-200:] or f"code {completed.code}"


def _run(argv: Sequence[str], folder: Path, cpu_s: int) -> Completed:
    limits = Limits(cpu_s=cpu_s, wall_s=PATIENCE * cpu_s, memory_mib=MEMORY_MIB, file_mib=FILE_MIB)
    return run(argv, folder, limits, readable=(str(package()), sys.base_prefix))
