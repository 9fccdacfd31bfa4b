"""Screening in a process of its own, so that no text can hang, bloat or crash the judge.

Parsers are programs too: a macro that doubles itself, a constant that takes for ever or a tree that is too deep
for the stack hit the worker's limits and not us. Workers stay warm for the next call, from whatever thread; one that
dies is replaced, and the text that it died of is tried once more in a fresh one, so that no text pays for what others
left there. Nor for what is ours: a worker first says that it is there, and one that does not, or that somebody killed,
says nothing about the text.

Not covered: the worker has limits but no sandbox, so a bug in slang that runs code would run as the user.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from weakref import finalize

from harness.families.spec import Port
from harness.rtl.rename import Flat
from harness.rtl.screen import Rejection, Screened, screen

CPU_S, WALL_S, MEMORY_MIB = 3, 40.0, 512
"""Limits of one text; the wall clock is for a worker that waits for the processor."""
ROOT = Path(__file__).resolve().parents[2]

_idle: deque[_Worker] = deque()
"""Workers that wait for a text: as many as there have been callers at a time."""


class ScreenerError(RuntimeError):
    """A text that could not be screened, for reasons of this machine's."""


def screen_safely(source: str, module: str, ports: Sequence[Port]) -> Screened | Rejection:
    """What harness.rtl.screen.screen says; a Rejection by the rule `size` if that took more than its limits.

    Raises ScreenerError when no worker can be started, or two were killed from outside or not given the processor.
    """
    for attempt in range(2):
        worker = _taken() if attempt == 0 else _Worker()
        answer = worker.ask(source, module, ports)
        if answer is not None:
            _idle.append(worker)
            return answer
        if worker.process.returncode == -signal.SIGXCPU:
            break
    if worker.process.returncode == -signal.SIGKILL:
        raise ScreenerError(
            f"screening was killed, or had not used its {CPU_S} s of processor time within {WALL_S:g} s"
        )
    return Rejection("size", f"reading it takes more than {CPU_S} s or {MEMORY_MIB} MiB")


class _Worker:
    """A child that answers one line for each line it is asked."""

    def __init__(self) -> None:
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "harness.rtl.screener"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
        )
        finalize(self, _end, self.process)
        self.there = False

    def ask(self, source: str, module: str, ports: Sequence[Port]) -> Screened | Rejection | None:
        """The worker's answer; None if it died or was killed over it. Raises ScreenerError if it is not there."""
        if not self.there and self._line() is None:
            _end(self.process)
            raise ScreenerError(
                f"screening does not start; see why: {sys.executable} -m harness.rtl.screener"
            )
        self.there = True
        plain = [(port.direction, port.name, port.width) for port in ports]
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):
            self.process.stdin.write(json.dumps([source, module, plain]).encode() + b"\n")
            self.process.stdin.flush()
            if line := self._line():
                return _read(json.loads(line))
        _end(self.process)
        return None

    def _line(self) -> bytes | None:
        """The next whole line that the worker writes; None if it does not come in time."""
        assert self.process.stdout is not None
        if not select.select([self.process.stdout], [], [], WALL_S)[0]:
            return None
        line = self.process.stdout.readline()
        return line if line.endswith(b"\n") else None


def _taken() -> _Worker:
    """A warm worker, or a new one where none is idle."""
    try:
        return _idle.pop()
    except IndexError:
        return _Worker()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()


def _read(said: dict[str, object]) -> Screened | Rejection:
    if "rule" in said:
        return Rejection(str(said["rule"]), str(said["detail"]))
    sites = said["sites"]
    assert isinstance(sites, list)
    return Screened(Flat(str(said["text"]), tuple(sites)), bool(said["alone"]))


def _answer(line: str) -> dict[str, object]:
    source, module, plain = json.loads(line)
    spent = resource.getrusage(resource.RUSAGE_SELF)
    lower(resource.RLIMIT_CPU, int(spent.ru_utime + spent.ru_stime) + CPU_S)
    found = screen(source, module, [Port(direction, name, width, "") for direction, name, width in plain])
    if isinstance(found, Rejection):
        return {"rule": found.rule, "detail": found.detail}
    return {"text": found.flat.text, "sites": found.flat.sites, "alone": found.alone}


def lower(kind: int, most: int) -> None:
    """Lower a soft limit to `most`, or to the hard limit that this process was given."""
    hard = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def main() -> None:
    """Say that it is there; then answer each line of standard input with one line, until it ends."""
    lower(resource.RLIMIT_AS, MEMORY_MIB << 20)
    lower(resource.RLIMIT_CORE, 0)
    print("there", flush=True)
    for line in sys.stdin:
        print(json.dumps(_answer(line)), flush=True)


if __name__ == "__main__":
    main()
