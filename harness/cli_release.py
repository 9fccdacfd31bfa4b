"""The part of the `harness` command that is about the model in production: ask it, serve it, go back from it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import BaseModel, ConfigDict, ValidationError

from harness.command import FAULT, NO, YES, faults_of
from harness.cores import cores
from harness.dataset.tracelog import TraceError
from harness.model.base import EMBEDDED, BaseModelError
from harness.model.given import given_weights
from harness.profile import Benchmark
from harness.release import production
from harness.release.production import ProductionError
from harness.serve.answer import Answer, Desk, Question, QuestionError, Settings
from harness.serve.engine import Engine, EngineError, TooSlow
from harness.simulate.check import Busy, Checker, Fault
from harness.simulate.icarus import MissingTool
from harness.simulate.verdict import UNVERIFIED, Outcome
from harness.store import Store, StoreError
from harness.validation import first_fault

app = typer.Typer()
FAULTS = (
    QuestionError,
    Fault,
    ProductionError,
    BaseModelError,
    EngineError,
    TooSlow,
    Busy,
    MissingTool,
    TraceError,
    StoreError,
)
AT_ONCE = 16
"""Requests of a batch that wait for the model together."""
ONE_OF_MANY = (QuestionError, Fault, EngineError, TooSlow, Busy)
"""Failures of a single request, after which the others of a batch can still be answered."""
PATIENCE_S = 3600.0
"""How long `generate` waits for an answer: nobody else waits for the model, and the machine may be busy."""
TRACE = Path("data/trace/trace.jsonl")
CACHE = Path("data/cache")

Given = Annotated[
    str | None, typer.Option("--model", help="An adapter, a merged model or a hub id, not production's.")
]
Trace = Annotated[Path, typer.Option(help="Where requests are noted, a line each.")]


class _Line(BaseModel):
    """One request of a batch."""

    model_config = ConfigDict(extra="forbid")

    instruction: str
    spec: dict[str, Any] | None = None
    reference: str | None = None


@app.command()
def generate(
    instruction: Annotated[str | None, typer.Argument(help="What the module has to do.")] = None,
    file: Annotated[Path | None, typer.Option("-f", "--file", help="The request, as a text file.")] = None,
    batch: Annotated[
        Path | None, typer.Option(help="JSON lines: instruction, and spec or reference if you have one.")
    ] = None,
    spec_json: Annotated[
        Path | None, typer.Option(help="A structured spec to verify with, as datasets have it.")
    ] = None,
    golden: Annotated[Path | None, typer.Option(help="A golden module to verify with.")] = None,
    best_of: Annotated[int, typer.Option(help="Try so many answers; the first verified one is given.")] = 1,
    private: Annotated[bool, typer.Option(help="Keep nothing of the content in the trace.")] = False,
    model: Given = None,
    trace: Trace = TRACE,
) -> None:
    """Let the production model write RTL; compile it, and verify it where there is something to verify with.

    RTL goes to standard output and the verdict to standard error; a batch gives a JSON line for each request, with
    an `error` where there is no answer.
    Exit status: 0 verified, or compiled where nothing verifies; 1 not; 2 the question or this machine was at fault.
    """
    with _faults():
        if sum(given is not None for given in (instruction, file, batch)) != 1:
            raise QuestionError(
                "give one request as text, or one as a file (-f), or a file of many (--batch)"
            )
        if batch is not None:
            if spec_json is not None or golden is not None:
                raise QuestionError("a batch names the spec or the reference of each request in its line")
            lines = _batch(batch)
        else:
            spec = None if spec_json is None else _json(spec_json)
            reference = None if golden is None else _read(golden)
            text = instruction if file is None else _read(file)
            lines = [_Line.model_validate({"instruction": text, "spec": spec, "reference": reference})]
        questions = [Question(**dict(line), best_of=best_of, private=private) for line in lines]
        with _desk(model, trace, PATIENCE_S) as desk:
            codes = {_show(desk.answer(questions[0]))} if batch is None else _answer_all(desk, questions)
    raise typer.Exit(max(codes, default=YES))


@app.command()
def rollback() -> None:
    """Go back to the model that was in production before the present one was deployed."""
    with _faults():
        back = production.rollback(Path.cwd(), lambda said: typer.echo(said, err=True))
    typer.echo(f"in production: {back.facts.name}, {back.behavioral_model}")


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Others than this machine need a token.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8008,
    token_env: Annotated[
        str | None, typer.Option(help="The environment variable that holds the bearer token.")
    ] = None,
    model: Given = None,
    trace: Trace = TRACE,
) -> None:
    """Serve the production model over HTTP: RTL with verdicts, and OpenAI-compatible completions."""
    with _faults():
        try:
            from harness.serve.guard import Limits
            from harness.serve.server import admitted, run
        except ImportError as error:
            raise QuestionError(f"{error.name} is missing: pip install 'rtl-harness[serve]'") from error
        token = None
        if token_env is not None and not (token := os.environ.get(token_env, "").strip()):
            raise QuestionError(
                f"the environment variable {token_env} is empty; put a long random text there"
            )
        hosts = admitted(host, token)
        with _desk(model, trace) as desk:
            run(desk, host, port, token, hosts, Limits())


def engine(model: str | None) -> tuple[Engine, Settings]:
    """The model to ask, in memory, and how it is asked: as it was measured before it was deployed."""
    from harness.serve.resident import Resident

    if model is not None:
        folder, _ = given_weights(model, EMBEDDED, Store(CACHE))
        usual = Benchmark()
        settings = Settings(max_new_tokens=usual.max_new_tokens, temperature=usual.temperature)
        return Resident(folder, Path(model).name), settings
    found = production.production(Path.cwd())
    settings = Settings(max_new_tokens=found.facts.max_new_tokens, temperature=found.facts.temperature)
    return Resident(Path(found.behavioral_model), found.facts.name), settings


@contextmanager
def _desk(model: str | None, trace: Path, patience_s: float | None = None) -> Iterator[Desk]:
    asked, settings = engine(model)
    if patience_s is not None:
        settings = replace(settings, answer_s=patience_s)
    checker = Checker(cores())
    try:
        yield Desk(asked, checker, trace, settings)
    finally:
        checker.close()


def _answer_all(desk: Desk, questions: Sequence[Question]) -> set[int]:
    """Print a line for each request of a batch, in their order; the exit statuses."""

    def attempt(question: Question) -> Answer | Exception:
        try:
            return desk.answer(question)
        except ONE_OF_MANY as error:
            return error

    codes = set()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for question, found in zip(questions, pool.map(attempt, questions), strict=True):
            said = {"request": question.request}
            if isinstance(found, Exception):
                said |= {"error": str(found)}
                codes.add(FAULT)
            else:
                said |= {"rtl": found.rtl, "verdict": found.checked.verdict, "detail": found.checked.detail}
                codes.add(_status(found))
            typer.echo(json.dumps(said, ensure_ascii=False))
    return codes


def _show(answer: Answer) -> int:
    """Print one answer; its exit status."""
    verdict, detail = answer.checked.verdict, answer.checked.detail
    typer.echo(answer.rtl.rstrip("\n"))
    why = "it compiles; there was nothing to verify with" if verdict == UNVERIFIED else detail
    typer.echo(f"{verdict}: {why}" if why else verdict, err=True)
    typer.echo(f"request {answer.request}, {answer.latency_s:.1f} s", err=True)
    return _status(answer)


def _status(answer: Answer) -> int:
    return YES if answer.checked.good else FAULT if answer.checked.verdict == Outcome.TOOL_ERROR else NO


def _batch(path: Path) -> list[_Line]:
    """The requests of a batch. Raises QuestionError naming the first line that holds none."""
    lines = []
    # splitlines() would also split at characters that JSON strings may hold, such as U+2028.
    for number, line in enumerate(_read(path).split("\n"), 1):
        if line.strip():
            try:
                lines.append(_Line.model_validate_json(line))
            except ValidationError as error:
                raise QuestionError(
                    f"{path}, line {number} ({first_fault(error)}); write one JSON object on each line: "
                    "instruction, and spec or reference if you have one"
                ) from error
    return lines


def _json(path: Path) -> Any:
    try:
        return json.loads(_read(path))
    except (json.JSONDecodeError, RecursionError) as error:
        raise QuestionError(f"{path}: is no JSON ({error}); give a spec as datasets have it") from error


def _read(path: Path) -> str:
    """The text of a file, without the byte order mark that editors on Windows put before it."""
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(f"{path}: cannot be read as text ({error})") from error


@contextmanager
def _faults() -> Iterator[None]:
    """As `faults_of`, and requests that cannot be read."""
    try:
        with faults_of(*FAULTS):
            yield
    except ValidationError as error:
        typer.echo(f"error: the request cannot be read: {error}", err=True)
        raise typer.Exit(FAULT) from None
