"""Verdicts on answers, in a process of its own: requests come from strangers, and so do specs and references.

Parsing and elaborating a stranger's Verilog, or drawing stimulus from a spec that contradicts itself, can take for
ever or any amount of memory; here that ends a child, and not the service. Screening and simulation have limits of
their own below. A child is kept for the next question; one that dies is replaced.
"""

from __future__ import annotations

import json
import os
import queue
import resource
import select
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.release.tracelog import UNVERIFIED
from harness.simulate.verdict import Outcome

CPU_S, WALL_S, MEMORY_MIB = 60, 180.0, 4096
"""Limits of one question; the wall clock is for a child that waits for the processor."""
ROOT = Path(__file__).resolve().parents[2]
COMPILES = (Outcome.PASS, UNVERIFIED, Outcome.MISMATCH, Outcome.TIMEOUT)
"""Verdicts on RTL that compiles, the best first."""


class Fault(ValueError):
    """A spec or a reference that nothing can be verified with."""


@dataclass(frozen=True)
class Checked:
    """The verdict on one candidate: an Outcome, or `unverified`."""

    verdict: str
    detail: str

    @property
    def good(self) -> bool:
        """Verified, or at least compiled where there was nothing to verify with."""
        return self.verdict in (Outcome.PASS, UNVERIFIED)


def best(found: Sequence[Checked]) -> int:
    """Which candidate to give: the first that is best."""
    ranks = [COMPILES.index(one.verdict) if one.verdict in COMPILES else len(COMPILES) for one in found]
    return ranks.index(min(ranks))


class Checker:
    """Children that check one question at a time each. May be used by many threads."""

    def __init__(self, children: int = 2) -> None:
        self._free: queue.LifoQueue[subprocess.Popen[bytes] | None] = queue.LifoQueue()
        for _ in range(children):
            self._free.put(None)

    def check(self, rtl: Sequence[str], spec: object = None, reference: str | None = None) -> list[Checked]:
        """A verdict for each candidate: by the `spec` (as catalogue.dump writes it), by the `reference` module, or
        without either, on whether it is RTL that compiles.

        Raises Fault when spec or reference are at fault, and MissingTool without Icarus.
        """
        child = self._free.get()
        try:
            child = child if child is not None and child.poll() is None else _start()
            said = _ask(child, {"rtl": list(rtl), "spec": spec, "reference": reference})
            if said is None:
                _end(child)
                child = None
        finally:
            self._free.put(child)
        if said is None:
            detail = f"checking it took more than {CPU_S} s or {MEMORY_MIB} MiB"
            return [Checked(Outcome.TOOL_ERROR, detail) for _ in rtl]
        if "fault" in said:
            raise Fault(said["fault"])
        if "missing" in said:
            from harness.simulate.icarus import MissingTool

            raise MissingTool(said["missing"])
        return [Checked(verdict, detail) for verdict, detail in said["found"]]

    def close(self) -> None:
        """End the children that are idle."""
        with suppress(queue.Empty):
            while True:
                child = self._free.get_nowait()
                if child is not None:
                    _end(child)


def _start() -> subprocess.Popen[bytes]:
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return subprocess.Popen(
        [sys.executable, "-m", "harness.serve.check"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
    )


def _ask(child: subprocess.Popen[bytes], question: dict[str, object]) -> dict[str, Any] | None:
    """The child's answer; None if it died or was too slow."""
    assert child.stdin is not None and child.stdout is not None
    with suppress(BrokenPipeError):
        child.stdin.write(json.dumps(question).encode() + b"\n")
        child.stdin.flush()
        if select.select([child.stdout], [], [], WALL_S)[0]:
            line = child.stdout.readline()
            if line.endswith(b"\n"):
                said: dict[str, Any] = json.loads(line)
                return said
    return None


def _end(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()


def _answer(question: dict[str, Any]) -> dict[str, object]:
    from harness.rtl.clocking import InterfaceError
    from harness.simulate.golden import GoldenError
    from harness.simulate.icarus import MissingTool
    from harness.simulate.pair import judge_pair

    rtl: list[str] = question["rtl"]
    try:
        if question["spec"] is not None:
            found = _by_spec(question["spec"], rtl)
        elif question["reference"] is not None:
            verdicts = judge_pair(question["reference"], rtl).verdicts
            found = [(str(v.outcome), v.detail) for v in verdicts]
        else:
            found = [_compiles(one) for one in rtl]
    except (InterfaceError, GoldenError) as error:
        return {"fault": f"reference: {error}"}
    except MissingTool as error:
        return {"missing": str(error)}
    except Fault as error:
        return {"fault": f"spec: {error}"}
    return {"found": found}


def _by_spec(data: object, rtl: Sequence[str]) -> list[tuple[str, str]]:
    from harness.families.catalogue import load
    from harness.simulate.icarus import find_tools
    from harness.simulate.judge import judge_many
    from harness.simulate.problem import Problem

    find_tools()
    try:
        spec = load(data)
        problem = Problem.of_spec(spec)
    except Exception as error:  # a stranger's spec may contradict itself, and then fail anywhere
        raise Fault(str(error) or repr(error)) from error
    verdicts = judge_many([(problem, one) for one in rtl])
    return [(str(v.outcome), v.detail) for v in verdicts]


def _compiles(source: str) -> tuple[str, str]:
    """Screen and compile one candidate, and drive it with a single vector to which any answer is right."""
    from harness.rtl.clocking import InterfaceError
    from harness.rtl.interface import interface_of
    from harness.rtl.rename import parse, syntax_errors
    from harness.simulate.judge import judge_many
    from harness.simulate.problem import Problem

    if errors := syntax_errors(parse(source)):
        return Outcome.COMPILE_ERROR, f"syntax: {errors}"
    try:
        design = interface_of(source)
    except InterfaceError as error:
        return Outcome.REJECTED, str(error)
    inputs = {port.name: 0 for port in design.ports if port.direction == "input"}
    bits = sum(port.width for port in design.ports if port.direction == "output")
    (verdict,) = judge_many([(Problem(design.module, design.ports, [inputs], ["x" * bits]), source)])
    return (UNVERIFIED if verdict.passed else str(verdict.outcome)), verdict.detail


def main() -> None:
    """Answer each line of standard input with one line, until it ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MIB << 20, MEMORY_MIB << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for line in sys.stdin:
        spent = resource.getrusage(resource.RUSAGE_SELF)
        limit = int(spent.ru_utime + spent.ru_stime) + CPU_S
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
        print(json.dumps(_answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
