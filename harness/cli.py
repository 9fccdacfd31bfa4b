"""The `harness` command: single verdicts, suites and production. Builds and the gate are pytest's.

Exit status: 0 yes, 1 no, 2 the question itself was at fault (a golden that cannot be driven, a missing file or
program), so that a script can tell a wrong candidate from a wrong call.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from difflib import unified_diff
from pathlib import Path
from typing import Annotated

import typer

from harness import cli_monitor, cli_release
from harness.benchmark.score import ScoreError, load_scores
from harness.benchmark.suite import Suite, SuiteError, load_suite
from harness.command import FAULT, NO, YES, faults_of, project_folder
from harness.dataset.leakage import DOUBTFUL, nearest
from harness.dataset.records import DatasetError
from harness.dataset.requests import read_requests
from harness.report.explain import failure
from harness.report.outside import audit_table
from harness.report.table import table
from harness.report.waveform import waveform
from harness.rtl.clocking import InterfaceError
from harness.rtl.extract import FENCE, extract
from harness.rtl.interface import Interface, interface_of
from harness.rtl.rename import NestingError, parse, syntax_errors
from harness.rtl.screener import ScreenerError
from harness.simulate.icarus import MissingTool
from harness.simulate.judge import judge_many
from harness.simulate.pair import judge_pair
from harness.simulate.verdict import Outcome
from harness.simulate.watch import GoldenError
from harness.suites.audit import audit as audit_problem
from harness.suites.layouts import read_suite
from harness.suites.problem import modules_of
from harness.suites.score import score_outside
from harness.suites.suite import OutsideSuite, load_outside
from harness.testbench.admission import THRESHOLD, Subject
from harness.testbench.admission import admit as admit_testbench

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__.split("\n")[0]
)
app.add_typer(cli_monitor.app)
app.add_typer(cli_release.app)
FAULTS = (
    InterfaceError,
    GoldenError,
    NestingError,
    ScreenerError,
    MissingTool,
    SuiteError,
    ScoreError,
    DatasetError,
)

Source = Annotated[Path, typer.Option(exists=True, dir_okay=False, readable=True)]
Top = Annotated[str | None, typer.Option(help="The module, if the golden has several.")]
Clock = Annotated[str | None, typer.Option(help="The clock input, if the wrong one is found.")]
Reset = Annotated[
    str | None, typer.Option(help="The reset input; `!name` if it is active low, `none` if there is none.")
]
AnySuite = Annotated[str, typer.Option(help="A suite folder, or an outside suite as LAYOUT:PATH.")]
OWN_SUITE = "benchmarks/suites/v5"
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
    """Does the candidate (a source, or an answer with its code in fences) do what the golden does?"""
    with faults_of(*FAULTS):
        judged = judge_pair(_code(golden), [_code(candidate)], top, clock, reset, seed)
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
        if verdict.outcome in (Outcome.PASS, Outcome.MISMATCH):
            typer.echo(f"reached in the golden: {judged.coverage}")
        if verdict.passed and judged.coverage.constant:
            never = ", ".join(judged.coverage.constant)
            typer.echo(
                f"warning: {never} never changed, so a candidate that holds it constant passes as well"
            )
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

    It is a source, or an answer with its code in fences, and is expected to print TEST PASSED or TEST FAILED as its
    last line, alone on it; what it prints before is its own.
    """
    with faults_of(*FAULTS):
        source, bench = _code(golden), _code(testbench)
        subject = Subject.of_source(source, interface_of(source, top, clock, reset))
        if subject.module in modules_of(bench).defined:
            raise InterfaceError(f"the testbench defines {subject.module} itself: leave the design out of it")
        found = admit_testbench(subject, bench)
    if as_json:
        typer.echo(json.dumps({**asdict(found), "score": found.score, "admitted": found.admitted}, indent=1))
    else:
        typer.echo("admitted" if found.admitted else "not admitted")
        for fault in found.faults:
            typer.echo(f"fault: {fault}")
        share = f"{found.score:.0%}" if found.live else "so nothing shows that it is strict"
        typer.echo(
            f"kills {found.killed} of {found.live} wrong mutants ({share}, {THRESHOLD:.0%} needed);"
            f" {found.equivalent} more are proven equal to the golden, {found.undecided} undecided,"
            f" {found.unjudged} without a verdict"
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
    """Are an outside suite's testbenches sound? Each is tried on its own reference, on stubs and on mutants.

    A reference that nothing can be made from is a fault of the question: its testbench is not asked.
    """
    with faults_of(*FAULTS):
        audits = [audit_problem(problem) for problem in read_suite(suite)]
    if as_json:
        typer.echo(json.dumps([{**asdict(found), "sound": found.sound} for found in audits], indent=1))
    else:
        typer.echo(audit_table(audits))
    states = {found.sound for found in audits}
    raise typer.Exit(NO if False in states else FAULT if None in states else YES)


@app.command()
def prompts(suite: AnySuite = OWN_SUITE) -> None:
    """What a suite asks, as JSON lines (spec, split, text): let your model answer, then gate with --completions."""
    with faults_of(*FAULTS):
        for task in open_suite(suite).tasks:
            for split, text in task.texts.items():
                typer.echo(json.dumps({"spec": task.id, "split": split, "text": text}, ensure_ascii=False))


@app.command()
def rerun(
    scores: Annotated[Path, typer.Argument(help="A scores.json of the cache, as a report names it.")],
    task: Annotated[str, typer.Argument(help="The id of one spec.")],
    suite: AnySuite = OWN_SUITE,
) -> None:
    """Judge one recorded answer again, and show the request, the RTL, the verdict and the waveform."""
    with faults_of(*FAULTS):
        asked, found = open_suite(suite), load_scores(scores)
        results = {result.task: result for result in found.results}
        requests = {request.id: request for request in asked.tasks}
        if task not in results or task not in requests:
            raise ScoreError(f"{task} is not in both {scores} and {suite}; give the suite it was scored on")
        result = results[task]
        if isinstance(asked, Suite):
            spec = next(t.spec for t in asked.tasks if t.id == task)
            (verdict,) = judge_many([(spec, result.greedy_text)])
        else:
            problem = next(p for p in asked.problems if p.id == task)
            pair = score_outside([problem], {task: [result.greedy_text]}).verdicts[0]
            verdict = pair.ours or pair.theirs
    again = result.model_copy(update={"greedy": verdict})
    typer.echo(failure(again, requests[task].texts[found.split]))
    raise typer.Exit(YES if verdict.passed else FAULT if verdict.outcome is Outcome.TOOL_ERROR else NO)


@app.command()
def leakage(
    data: Annotated[
        Path,
        typer.Option(help="Training examples, JSON lines or an array: messages, prompt, instruction, text."),
    ],
    suite: AnySuite = OWN_SUITE,
    shown: Annotated[int, typer.Option(help="How many of the nearest.")] = 20,
) -> None:
    """Is training data too near to a benchmark? Lists the training text nearest to each of its texts."""
    with faults_of(*FAULTS):
        pairs = nearest(open_suite(suite).tasks, read_requests(data))
    leaks = sum(pair.held_out for pair in pairs)
    doubtful = sum(pair.similarity >= DOUBTFUL and not pair.held_out for pair in pairs)
    rows = [
        [
            p.task,
            p.split,
            p.record,
            f"{p.similarity:.2f}",
            "LEAK" if p.held_out else "look at it" if p.similarity >= DOUBTFUL else "",
        ]
        for p in pairs[:shown]
    ]
    title = f"{leaks} of {len(pairs)} texts leak" + (f", {doubtful} more may" if doubtful else "")
    typer.echo(table(title, ["spec", "split", "example", "similarity", ""], rows))
    raise typer.Exit(NO if leaks else YES)


def open_suite(said: str) -> Suite | OutsideSuite:
    """An outside suite (LAYOUT:PATH) or the folder of one of ours. Raises SuiteError."""
    return load_outside(said) if ":" in said else load_suite(project_folder(said))


def _difference(before: str, after: str) -> str:
    """The lines that differ, with their numbers' header, as `diff -U0` shows them."""
    lines = unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return "\n".join(f"  {line}" for line in list(lines)[2:])


def _driven(interface: Interface) -> str:
    """The clock and resets that were found, in words."""
    if interface.clock is None:
        return "combinational"
    how = {"use": "by its use", "name": "by its name", "given": "as given"}
    resets = [
        f"{r.name} (active {'low' if r.active_low else 'high'}, {how[r.found]}"
        f"{'' if r.sure else ', driven as data too'})"
        for r in interface.resets
    ]
    return f"clock {interface.clock}, " + (f"reset {', '.join(resets)}" if resets else "no reset")


def _read(path: Path) -> str:
    """The text of a source file; bytes that are not UTF-8 become a character that no identifier has."""
    return path.read_text("utf-8", "replace")


def _code(path: Path) -> str:
    """A source as it is; of an answer with fences or prose the code in it, if that can be parsed."""
    text = _read(path)
    code = extract(text)
    if FENCE.search(text):
        return code
    in_prose = syntax_errors(parse(text)) and not syntax_errors(parse(code))
    return code if in_prose else text
