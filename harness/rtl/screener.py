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
import resource
import signal
import sys
from collections import deque
from collections.abc import Sequence
from weakref import finalize

from harness.families.spec import Port
from harness.rtl.child import end, hear, lower, lower_cpu, start, tell
from harness.rtl.rename import Flat
from harness.rtl.screen import Rejection, Screened, screen

CPU_S, WALL_S, MEMORY_MIB = 3, 40.0, 512
"""Limits of one text; the wall clock is for a worker that waits for the processor."""

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
        self.process = start("harness.rtl.screener")
        finalize(self, end, self.process)
        self.there = False

    def ask(self, source: str, module: str, ports: Sequence[Port]) -> Screened | Rejection | None:
        """The worker's answer; None if it died or was killed over it. Raises ScreenerError if it is not there."""
        if not self.there and hear(self.process, WALL_S) is None:
            end(self.process)
            raise ScreenerError(
                f"screening does not start; see why: {sys.executable} -m harness.rtl.screener"
            )
        self.there = True
        plain = [(port.direction, port.name, port.width) for port in ports]
        if line := tell(self.process, json.dumps([source, module, plain]).encode(), WALL_S):
            return _read(json.loads(line))
        end(self.process)
        return None


def _taken() -> _Worker:
    """A warm worker, or a new one where none is idle."""
    try:
        return _idle.pop()
    except IndexError:
        return _Worker()


def _read(said: dict[str, object]) -> Screened | Rejection:
    if "rule" in said:
        return Rejection(str(said["rule"]), str(said["detail"]))
    sites = said["sites"]
    assert isinstance(sites, list)
    return Screened(Flat(str(said["text"]), tuple(sites)), bool(said["alone"]))


def _answer(line: str) -> dict[str, object]:
    source, module, plain = json.loads(line)
    lower_cpu(CPU_S)
    found = screen(source, module, [Port(direction, name, width, "") for direction, name, width in plain])
    if isinstance(found, Rejection):
        return {"rule": found.rule, "detail": found.detail}
    return {"text": found.flat.text, "sites": found.flat.sites, "alone": found.alone}


def main() -> None:
    """Say that it is there; then answer each line of standard input with one line, until it ends."""
    lower(resource.RLIMIT_AS, MEMORY_MIB << 20)
    lower(resource.RLIMIT_CORE, 0)
    print("there", flush=True)
    for line in sys.stdin:
        print(json.dumps(_answer(line)), flush=True)


if __name__ == "__main__":
    main()
