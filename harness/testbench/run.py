"""Run a self-checking testbench on RTL that nobody vouches for.

The RTL is screened first (harness.rtl.screen), so it cannot print, stop, wait or read files; the testbench's
modules are renamed to names that screened RTL cannot spell. So what is printed comes from the testbench, and
RTL passes only if the last line is the testbench's TEST PASSED, and none before it was TEST FAILED.

Not covered: tasks and named blocks inside a testbench, which RTL that knows their names could reach. Ours
have none, and these verdicts only filter training data; the benchmark is scored by harness.simulate.judge.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from harness.cores import cores
from harness.families.spec import Port, Spec
from harness.rtl.rename import RESERVED, hints, rename
from harness.simulate.icarus import find_tools
from harness.simulate.judge import stopped
from harness.simulate.sandbox import Completed, Limits, run
from harness.simulate.screened import screened
from harness.simulate.verdict import Outcome, Verdict

if TYPE_CHECKING:
    from pyslang.syntax import SyntaxNode

LIMITS = Limits(cpu_s=5, wall_s=30.0, file_mib=16)
FINISH_NOTE = re.compile(r"\S+:\d+: \$(finish|stop) called at .*")
"""What vvp itself adds after a plain `$finish;`."""
COMMAND = "iverilog -g2012 -o simulation dut.v testbench.v && : > compiled && exec vvp -n simulation"

Trial = tuple[Spec, str, str]


def passes(trials: Sequence[Trial], workers: int | None = None) -> list[bool]:
    """For each (spec, RTL, testbench) whether the RTL, as the module that the spec asks for, passes.

    `workers` simulations run at a time (all cores if None); equal trials run once. Raises RuntimeError where neither
    the RTL nor the spec's golden gets a verdict: a busy machine must not decide what data are kept.
    """
    unique = list(dict.fromkeys(trials))
    with ThreadPoolExecutor(workers or cores()) as pool:
        verdicts = dict(zip(unique, pool.map(_run_trial, unique), strict=True))
    for trial in (trial for trial, verdict in verdicts.items() if verdict.outcome is Outcome.TOOL_ERROR):
        verdicts[trial] = _run_again(trial)
    return [verdicts[trial].passed for trial in trials]


def _run_trial(trial: Trial) -> Verdict:
    spec, rtl, testbench = trial
    return run_testbench(rtl, testbench, spec.name, spec.ports)


def _run_again(trial: Trial) -> Verdict:
    """The verdict of a trial alone. Raises RuntimeError as `passes` does."""
    spec, _, testbench = trial
    verdict = _run_trial(trial)
    if verdict.outcome is Outcome.TOOL_ERROR:
        golden = _run_trial((spec, spec.verilog(), testbench))
        if golden.outcome is Outcome.TOOL_ERROR:
            raise RuntimeError(f"no testbench of {spec.name} can be run: {golden.detail}")
    return verdict


def run_testbench(rtl: str, testbench: str, module: str, ports: Sequence[Port]) -> Verdict:
    """The verdict of one testbench on `module` with `ports`, found in `rtl`; TEST FAILED is a mismatch.

    A testbench that does not compile, or whose last line is no verdict, is a tool error: the RTL is not to blame.
    It may print more before; waveforms it would dump are left out. Raises MissingTool without Icarus.
    """
    find_tools()
    found = screened(rtl, module, ports)
    if isinstance(found, Verdict):
        return found
    try:
        bench = _isolated(testbench)
    except ValueError as error:
        return Verdict(Outcome.TOOL_ERROR, f"the testbench: {error}")
    with tempfile.TemporaryDirectory(prefix="testbench-") as name:
        folder = Path(name)
        (folder / "dut.v").write_text(found.flat.text)
        (folder / "testbench.v").write_text(bench)
        completed = run(["sh", "-c", COMMAND], folder, LIMITS)
        return _verdict(completed, compiled=(folder / "compiled").exists())


@lru_cache(maxsize=64)
def _isolated(testbench: str) -> str:
    """The testbench with its modules renamed; kept because one testbench is run on many mutants.

    Renaming drops directives, so the finest usual time unit is set, in which no delay of a fraction becomes none.
    """
    return "`timescale 1ns/1ps\n" + rename(testbench, f"{RESERVED}_", _without_waveforms)


def _without_waveforms(node: SyntaxNode) -> str | None:
    dumps = node.kind.name == "ExpressionStatement" and node.getFirstToken().rawText.startswith("$dump")
    return "begin end" if dumps else hints(node)


def _verdict(completed: Completed, compiled: bool) -> Verdict:
    tool, code, stderr = "vvp" if compiled else "iverilog", completed.code, completed.stderr
    if limit := stopped(completed, compiled):
        return limit
    if completed.timed_out:
        return Verdict(
            Outcome.TOOL_ERROR, f"{tool} had not used up its CPU time when the wall clock's limit came"
        )
    if not compiled:
        blamed = re.search(r"^dut\.v:\d+:", stderr, re.MULTILINE)
        outcome = Outcome.COMPILE_ERROR if blamed else Outcome.TOOL_ERROR
        return Verdict(outcome, "\n".join(stderr.splitlines()[:4]))
    lines = completed.stdout.splitlines()
    said = [line for line in lines if line.strip() and not FINISH_NOTE.fullmatch(line)]
    last = said[-1].strip() if said else ""
    if code == 0 and last == "TEST PASSED" and all(line.strip() != "TEST FAILED" for line in said):
        return Verdict(Outcome.PASS)
    if code == 0 and last == "TEST FAILED":
        return Verdict(Outcome.MISMATCH, "the testbench says TEST FAILED")
    shown = " / ".join(said[-3:])[-200:]
    return Verdict(
        Outcome.TOOL_ERROR,
        f"vvp ended with code {code}; it printed {shown!r} last, not a line TEST PASSED or TEST FAILED",
    )
