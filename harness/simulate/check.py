"""Verdicts on strangers' text in a process of its own: answers, and the specs and references to judge them by.

Parsing and elaborating a stranger's Verilog, or drawing stimulus from a spec that contradicts itself, can take for
ever or any amount of memory; here that ends a child, and not the service. Screening and simulation have limits of
their own below. A child is kept for the next question; one that dies is replaced.
"""

from __future__ import annotations

import json
import queue
import resource
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from harness.rtl.child import end, lower, lower_cpu, start, tell
from harness.simulate.verdict import UNVERIFIED, Outcome

CPU_S, WALL_S, MEMORY_MIB = 20, 180.0, 4096
"""Limits of one question; the wall clock is for a child that waits for the processor, or for simulations."""
PATIENCE_S = 60.0
"""How long a question waits for a child."""
LIMITS = f"{CPU_S} s or {MEMORY_MIB} MiB"
COMPILES = (Outcome.PASS, UNVERIFIED, Outcome.MISMATCH, Outcome.TIMEOUT)
"""Verdicts on RTL that compiles, the best first."""


class Fault(ValueError):
    """A spec or a reference that nothing can be verified with."""


class Busy(TimeoutError):
    """Every child has been at work on other questions for too long."""


@dataclass(frozen=True)
class Checked:
    """The verdict on one candidate: an Outcome, or `unverified`."""

    verdict: str
    detail: str
    toggled: float = 1.0
    """Share of a reference's bits that took both values in the check."""

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

        Raises Fault when spec or reference are at fault, Busy, and MissingTool without Icarus.
        """
        if spec is None and reference is None and len(rtl) > 1:
            return [self.check([one])[0] for one in rtl]  # so that none ends the child of another
        said = self._ask({"rtl": list(rtl), "spec": spec, "reference": reference})
        if said is None:
            return [
                Checked(Outcome.TOOL_ERROR, f"checking it failed, or took more than {LIMITS}") for _ in rtl
            ]
        return [Checked(*one) for one in said["found"]]

    def names(self, spec: object = None, reference: str | None = None) -> frozenset[str]:
        """The names of the module and its ports that `spec` or `reference` describe, as a check without candidates.

        Raises what `check` does; Fault too for one that cannot be read within the limits.
        """
        said = self._ask({"rtl": None, "spec": spec, "reference": reference})
        if said is None:
            raise Fault(f"reading it failed, or took more than {LIMITS}")
        return frozenset(said["names"])

    def _ask(self, question: dict[str, object]) -> dict[str, Any] | None:
        """A child's answer; None if it died over it."""
        try:
            child = self._free.get(timeout=PATIENCE_S)
        except queue.Empty:
            raise Busy(f"nothing could be checked for {PATIENCE_S:g} s") from None
        try:
            child = child if child is not None and child.poll() is None else start("harness.simulate.check")
            line = tell(child, json.dumps([CPU_S, question]).encode(), WALL_S)
            if line is None:
                end(child)
                child = None
        finally:
            self._free.put(child)
        if line is None:
            return None
        said: dict[str, Any] = json.loads(line)
        if "fault" in said:
            raise Fault(said["fault"])
        if "missing" in said:
            from harness.simulate.icarus import MissingTool

            raise MissingTool(said["missing"])
        return said

    def close(self) -> None:
        """End the children that are idle."""
        with suppress(queue.Empty):
            while True:
                child = self._free.get_nowait()
                if child is not None:
                    end(child)


def _answer(question: dict[str, Any]) -> dict[str, object]:
    from harness.rtl.clocking import InterfaceError
    from harness.simulate.icarus import MissingTool
    from harness.simulate.watch import GoldenError

    try:
        if question["spec"] is not None:
            return _by_spec(question["spec"], question["rtl"])
        if question["reference"] is not None:
            return _by_reference(question["reference"], question["rtl"])
        return {"found": [_compiles(one) for one in question["rtl"]]}
    except (InterfaceError, GoldenError) as error:
        return {"fault": f"reference: {error}"}
    except MissingTool as error:
        return {"missing": str(error)}
    except Fault as error:
        return {"fault": f"spec: {error}"}


def _by_spec(data: object, rtl: Sequence[str] | None) -> dict[str, object]:
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
    if rtl is None:
        return {"names": [spec.name, *(port.name for port in spec.ports)]}
    return {"found": [(v.outcome, v.detail) for v in judge_many([(problem, one) for one in rtl])]}


def _by_reference(golden: str, rtl: Sequence[str] | None) -> dict[str, object]:
    from harness.rtl.interface import interface_of
    from harness.simulate.pair import judge_pair

    if rtl is None:
        interface = interface_of(golden)
        return {"names": [interface.module, *(port.name for port in interface.ports)]}
    judged = judge_pair(golden, rtl)
    toggled = judged.coverage.toggled / max(1, judged.coverage.bits)
    return {"found": [(v.outcome, v.detail, toggled) for v in judged.verdicts]}


def _compiles(source: str) -> tuple[str, str]:
    """Screen and compile one candidate, and drive it with a single vector to which any answer is right."""
    from harness.rtl.clocking import InterfaceError
    from harness.rtl.interface import interface_of
    from harness.rtl.rename import NestingError, parse, syntax_errors
    from harness.simulate.judge import judge_many
    from harness.simulate.problem import Problem

    try:
        if errors := syntax_errors(parse(source)):
            return Outcome.COMPILE_ERROR, f"syntax: {errors}"
        design = interface_of(source)
    except (InterfaceError, NestingError) as error:
        return Outcome.REJECTED, str(error)
    inputs = {port.name: 0 for port in design.ports if port.direction == "input"}
    bits = sum(port.width for port in design.ports if port.direction == "output")
    (verdict,) = judge_many([(Problem(design.module, design.ports, [inputs], ["x" * bits]), source)])
    return (UNVERIFIED if verdict.passed else str(verdict.outcome)), verdict.detail


def main() -> None:
    """Answer each line of standard input with one line, until it ends."""
    lower(resource.RLIMIT_AS, MEMORY_MIB << 20)
    lower(resource.RLIMIT_CORE, 0)
    for line in sys.stdin:
        cpu_s, question = json.loads(line)
        lower_cpu(cpu_s)
        print(json.dumps(_answer(question)), flush=True)


if __name__ == "__main__":
    main()
