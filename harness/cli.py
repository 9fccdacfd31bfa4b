"""The `harness` command: what is asked of one design at a time. Builds and the gate are pytest's.

Exit status: 0 yes, 1 no, 2 the question itself was at fault (a golden that cannot be driven, a missing file or
program), so that a script can tell a wrong candidate from a wrong call.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from difflib import unified_diff
from pathlib import Path
from typing import Annotated

import typer

from harness.benchmark.suite import SuiteError
from harness.report.waveform import waveform
from harness.rtl.clocking import InterfaceError
from harness.rtl.interface import Interface, interface_of
from harness.simulate.golden import GoldenError
from harness.simulate.icarus import MissingTool
from harness.simulate.pair import judge_pair
from harness.simulate.verdict import Outcome
from harness.suites.audit import audit as audit_problem
from harness.suites.layouts import read_suite
from harness.suites.tables import audit_table
from harness.testbench.admission import THRESHOLD, Subject
from harness.testbench.admission import admit as admit_testbench

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__.split("\n")[0]
)
YES, NO, FAULT = 0, 1, 2

Source = Annotated[Path, typer.Option(exists=True, dir_okay=False, readable=True)]
Top = Annotated[str | None, typer.Option(help="The module, if the golden has several.")]
Clock = Annotated[str | None, typer.Option(help="The clock input, if the wrong one is found.")]
Reset = Annotated[str | None, typer.Option(help="The reset input; `!name` if it is active low.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object instead of text.")]


@app.callback()
def main() -> None:
    """Verdicts on Verilog that nobody vouches for."""


@app.command()
def judge(
    golden: Source,
    candidate: Source,
    top: Top = None,
    clock: Clock = None,
    reset: Reset = None,
    seed: Annotated[int, typer.Option(help="Another seed gives other stimulus.")] = 0,
    as_json: Json = False,
) -> None:
    """Does the candidate do what the golden does?"""
    with _faults():
        judged = judge_pair(_read(golden), [_read(candidate)], top, clock, reset, seed)
    verdict = judged.verdicts[0]
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "outcome": verdict.outcome,
                    "detail": verdict.detail,
                    "mismatch": asdict(verdict.mismatch) if verdict.mismatch else None,
                    "coverage": asdict(judged.coverage),
                    "interface": asdict(judged.interface),
                },
                indent=1,
            )
        )
    else:
        typer.echo(f"{verdict.outcome}: {verdict.detail}" if verdict.detail else verdict.outcome)
        if verdict.mismatch:
            typer.echo(waveform(verdict.mismatch))
        typer.echo(f"driven as: {_driven(judged.interface)}")
        typer.echo(f"reached in the golden: {judged.coverage}")
    fault = verdict.outcome is Outcome.TOOL_ERROR
    raise typer.Exit(YES if verdict.passed else FAULT if fault else NO)


@app.command()
def admit(
    golden: Source,
    testbench: Source,
    top: Top = None,
    clock: Clock = None,
    reset: Reset = None,
    as_json: Json = False,
) -> None:
    """Is the testbench good enough to verify data? It must accept the golden and tell wrong designs from it.

    It is expected to print TEST PASSED or TEST FAILED as its last line.
    """
    with _faults():
        source = _read(golden)
        subject = Subject.of_source(source, interface_of(source, top, clock, reset))
        found = admit_testbench(subject, _read(testbench))
    if as_json:
        typer.echo(json.dumps({**asdict(found), "score": found.score, "admitted": found.admitted}, indent=1))
    else:
        typer.echo("admitted" if found.admitted else "not admitted")
        for fault in found.faults:
            typer.echo(f"fault: {fault}")
        typer.echo(
            f"kills {found.killed} of {found.live} wrong mutants ({found.score:.0%}, {THRESHOLD:.0%} needed);"
            f" {found.equivalent} more are proven equal to the golden, {found.undecided} undecided"
        )
        for mutant in found.survivors:
            typer.echo(f"survivor ({mutant.kind}):")
            typer.echo(_difference(source, mutant.source))
    raise typer.Exit(YES if found.admitted else NO)


@app.command()
def audit(
    suite: Annotated[str, typer.Option(help="verilog-eval:PATH, rtllm:PATH or correctbench:FILE")],
    as_json: Json = False,
) -> None:
    """Are an outside suite's testbenches sound? Each is tried on its own reference, on stubs and on mutants."""
    with _faults():
        audits = [audit_problem(problem) for problem in read_suite(suite)]
    if as_json:
        typer.echo(json.dumps([{**asdict(found), "sound": found.sound} for found in audits], indent=1))
    else:
        typer.echo(audit_table(audits))
    raise typer.Exit(YES if all(found.sound for found in audits) else NO)


def _difference(before: str, after: str) -> str:
    """The lines that differ, with their numbers' header, as `diff -U0` shows them."""
    lines = unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return "\n".join(f"  {line}" for line in list(lines)[2:])


def _driven(interface: Interface) -> str:
    """The clock and resets that were found, in words."""
    if interface.clock is None:
        return "combinational"
    resets = [
        f"{r.name} (active {'low' if r.active_low else 'high'}, by {r.found})" for r in interface.resets
    ]
    return f"clock {interface.clock}, " + (f"reset {', '.join(resets)}" if resets else "no reset")


def _read(path: Path) -> str:
    """The text of a source file; bytes that are not UTF-8 become a character that no identifier has."""
    return path.read_text("utf-8", "replace")


@contextmanager
def _faults() -> Iterator[None]:
    """Turn what is wrong with the question into a message and the exit status 2."""
    try:
        yield
    except (InterfaceError, GoldenError, MissingTool, SuiteError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(FAULT) from None


if __name__ == "__main__":
    app()
