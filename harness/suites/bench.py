"""Run a suite's own testbench, which prints its verdict in the suite's words, on one design.

The testbench, the reference and whatever the audit makes of it are the user's and are trusted with the verdict
(though not with the machine: they run in the sandbox). A candidate is not. It could print the pass line itself
or write into the testbench, so it is screened: prints are left out, all that stops or waits is refused, its
helper modules get names that no testbench has, and it has to compile alone, so that no name in it can mean
anything of the testbench's.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from shlex import quote

from harness.families.spec import Port
from harness.rtl.rename import RESERVED
from harness.simulate.icarus import find_tools
from harness.simulate.judge import stopped
from harness.simulate.sandbox import Completed, Limits, run
from harness.simulate.screened import screened
from harness.simulate.verdict import Outcome, Verdict
from harness.suites.problem import OutsideProblem, respelled

LIMITS = Limits(cpu_s=5, wall_s=60.0, file_mib=16)
TIMESCALE = re.compile(r"^[ \t]*`timescale[^\n]*", re.MULTILINE)
MISMATCHES = re.compile(r"^Mismatches: (\d+) in \d+ samples$", re.MULTILINE)


def mismatches(printed: str) -> str:
    """VerilogEval's rule: the line `Mismatches: 0 in M samples`, and no TIMEOUT anywhere."""
    if "TIMEOUT" in printed:
        return "the testbench says TIMEOUT"
    found = MISMATCHES.findall(printed)
    if not found:
        return "the testbench printed no line `Mismatches: N in M samples`"
    return "" if int(found[-1]) == 0 else f"the testbench counts {found[-1]} mismatches"


def says_pass(printed: str) -> str:
    """RTLLM's rule, its script's: `Pass` or `pass` anywhere, as in `=====Your Design Passed=====`."""
    if "Pass" in printed or "pass" in printed:
        return ""
    lines = [line for line in printed.splitlines() if line.strip()]
    return (
        f"the testbench printed {lines[-1][:100]!r}, nowhere that it passed"
        if lines
        else "nothing is printed"
    )


def run_candidate(problem: OutsideProblem, rtl: str, ports: Sequence[Port]) -> Verdict:
    """The suite's own verdict on a candidate, which has to have exactly `ports`.

    That the tools broke over it is its own fault if they get through the reference. Raises MissingTool without
    Icarus.
    """
    found = screened(rtl, problem.module, ports)
    if isinstance(found, Verdict):
        return found
    theirs = run_trusted(problem, respelled(found.flat, problem.module, problem.module, f"h{RESERVED}_"))
    broke = theirs.outcome is Outcome.TOOL_ERROR
    if broke and run_trusted(problem, problem.reference).outcome is not Outcome.TOOL_ERROR:
        return Verdict(Outcome.COMPILE_ERROR, f"Icarus cannot handle it: {theirs.detail}")
    return theirs


def run_trusted(problem: OutsideProblem, rtl: str) -> Verdict:
    """The suite's own verdict on a design that may do whatever it likes with it.

    Failing to compile is the design's fault as long as the reference compiles. Raises MissingTool without
    Icarus.
    """
    find_tools()
    with tempfile.TemporaryDirectory(prefix="suite-") as name:
        folder = Path(name)
        for file in problem.data:
            shutil.copyfile(file, folder / file.name)
        scale = TIMESCALE.search(problem.golden)
        (folder / "testbench.v").write_text(problem.testbench, "utf-8")
        design = f"`default_nettype wire\n{scale[0] if scale else ''}\n{rtl}"
        (folder / "dut.v").write_text(design, "utf-8")
        marks = [folder / f"{step}{RESERVED}" for step in ("alone", "together")]
        script = (
            f"iverilog -g2012 -t null -s {quote(problem.module)} dut.v && : > {marks[0].name}"
            f" && iverilog -g2012 -o simulation testbench.v dut.v && : > {marks[1].name}"
            " && exec vvp -n simulation -none"
        )
        completed = run(["sh", "-c", script], folder, LIMITS)
        printed = (folder / "stdout").read_text("utf-8", "replace")
        return _verdict(problem, completed, printed, all(mark.exists() for mark in marks))


def _verdict(problem: OutsideProblem, completed: Completed, printed: str, compiled: bool) -> Verdict:
    if limit := stopped(completed, compiled):
        return limit
    if completed.timed_out:
        outcome, tool = (Outcome.TIMEOUT, "vvp") if compiled else (Outcome.RESOURCE_LIMIT, "iverilog")
        return Verdict(outcome, f"{tool} was stopped at the wall-clock limit")
    if not compiled:
        return Verdict(Outcome.COMPILE_ERROR, "\n".join(completed.stderr.splitlines()[:4]))
    if completed.signal:
        return Verdict(Outcome.TOOL_ERROR, f"vvp ended by signal {completed.signal}")
    complaint = problem.passed(printed)
    return Verdict(Outcome.MISMATCH, complaint) if complaint else Verdict(Outcome.PASS)
