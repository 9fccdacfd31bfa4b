"""Readers of suites as their authors lay them out, from a folder or file that the user has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from harness.benchmark.suite import SuiteError
from harness.rtl.rename import NestingError
from harness.suites.bench import mismatches, says_pass
from harness.suites.problem import Modules, OutsideProblem, modules_of
from harness.validation import first_fault

MAX_DATA = 4 << 20
"""Bytes of a file beside a testbench that it may want to read."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a suite is laid out: `mark` is a pattern of files that only this layout has."""

    mark: str
    about: str
    read: Callable[[Path], list[OutsideProblem]]


def read_suite(said: str) -> list[OutsideProblem]:
    """The problems of `LAYOUT:PATH`, such as `rtllm:downloads/RTLLM`, in a fixed order.

    Raises SuiteError naming the file at fault and the way out.
    """
    name, _, place = said.partition(":")
    if name not in LAYOUTS or not place:
        raise SuiteError(f"suite {said!r}: give LAYOUT:PATH, where LAYOUT is one of {', '.join(LAYOUTS)}")
    path, layout = Path(place), LAYOUTS[name]
    if not path.exists():
        raise SuiteError(f"{path}: does not exist; {layout.about}")
    problems = layout.read(path)
    if not problems:
        others = [key for key, other in LAYOUTS.items() if next(path.rglob(other.mark), None)]
        way = f"; its files look like {others[0]}'s: {LAYOUTS[others[0]].about}" if others else ""
        raise SuiteError(f"{path}: holds no problem of a {name} suite, no {layout.mark}: {layout.about}{way}")
    twice = [key for key, count in Counter(problem.id for problem in problems).items() if count > 1]
    if twice:
        raise SuiteError(f"{path}: these problems occur twice: {', '.join(twice)}; keep one of each")
    return problems


def verilog_eval(folder: Path) -> list[OutsideProblem]:
    """VerilogEval v2: ID_prompt.txt, ID_ref.sv (RefModule) and ID_test.sv, which compares TopModule with it."""
    parts = ("prompt.txt", "ref.sv", "test.sv")
    ids = sorted({f.name.removesuffix(f"_{part}") for part in parts for f in folder.glob(f"[!.]*_{part}")})
    problems = []
    for key in ids:
        prompt, golden, test = (_text(folder / f"{key}_{part}") for part in parts)
        reference, bench = folder / f"{key}_ref.sv", folder / f"{key}_test.sv"
        _require("RefModule" in _modules(reference, golden).defined, reference, "defines no RefModule")
        _require("TopModule" in _modules(bench, test).missing, bench, "tests no TopModule")
        whole = f"{test}\n{golden}"
        problems.append(OutsideProblem(key, prompt, golden, "RefModule", whole, "TopModule", mismatches))
    return problems


def rtllm(folder: Path) -> list[OutsideProblem]:
    """RTLLM: a folder a design, at any depth, with design_description.txt, testbench.v and one verified_*.v.

    The name of a candidate is that of the module that the testbench uses and does not define.
    """
    problems = []
    for description in sorted(folder.rglob("design_description.txt")):
        place = description.parent
        bench = place / "testbench.v"
        test = _text(bench)
        module = _only(_modules(bench, test).missing, bench, "has to use one module of the design's")
        found = sorted(place.glob("verified_*.v"))
        _require(len(found) == 1, place, f"holds {len(found)} files verified_*.v, not one")
        golden = _text(found[0])
        modules = _modules(found[0], golden)
        named = [name for name in (module, f"verified_{module}") if name in modules.defined]
        golden_module = named[0] if named else _only(modules.tops, found[0], "has to define one top module")
        data = [f for f in sorted(place.iterdir()) if f.is_file() and f.suffix not in (".v", ".sv")]
        small = tuple(f for f in data if f != description and f.stat().st_size <= MAX_DATA)
        prompt = _text(description)
        above = place.relative_to(folder).parts[:-1]
        category = above[0] if above else "all"
        problems.append(
            OutsideProblem(
                place.name, prompt, golden, golden_module, test, module, says_pass, (), small, category
            )
        )
    return problems


class _Task(BaseModel):
    task_id: str
    description: str
    header: str
    module_code: str
    testbench: str
    mutants: tuple[str, ...] = ()


class _Mutants(BaseModel):
    task_id: str
    mutants: tuple[str, ...]


def correct_bench(path: Path) -> list[OutsideProblem]:
    """CorrectBench (and AutoBench): a line a problem, with a testbench that has its reference inside.

    Mutants are in the lines or, by `task_id`, in the file beside it whose name ends in `_mutants.jsonl`.
    """
    if path.is_dir():
        path = path / "HDLBits_data.jsonl"
        if not path.exists():
            return []
    beside = path.with_name(f"{path.stem}_mutants.jsonl")
    mutants = {line.task_id: line.mutants for _, line in _lines(beside, _Mutants)} if beside.exists() else {}
    problems = []
    for where, task in _lines(path, _Task):
        module = _only(
            _modules(where, task.testbench).missing, where, "testbench has to use one module it lacks"
        )
        golden_module = _only(
            _modules(where, task.module_code).tops, where, "module_code has to have one top"
        )
        prompt = f"{task.description}\n\n{task.header}"
        wrong = (*task.mutants, *mutants.pop(task.task_id, ()))
        bench = task.testbench
        problems.append(
            OutsideProblem(
                task.task_id, prompt, task.module_code, golden_module, bench, module, mismatches, wrong
            )
        )
    if mutants:
        raise SuiteError(
            f"{beside}: mutants of {', '.join(mutants)}, which {path.name} lacks; drop the lines"
        )
    return problems


LAYOUTS = {
    "verilog-eval": Layout(
        "*_prompt.txt", "give verilog-eval:FOLDER with VerilogEval v2's dataset_spec-to-rtl", verilog_eval
    ),
    "rtllm": Layout("design_description.txt", "give rtllm:FOLDER with RTLLM's categories", rtllm),
    "correctbench": Layout(
        "HDLBits_data.jsonl", "give correctbench:FILE.jsonl, or its folder data/HDLBits", correct_bench
    ),
}

_Line = TypeVar("_Line", bound=BaseModel)


def _lines(path: Path, kind: type[_Line]) -> Iterator[tuple[str, _Line]]:
    """Each line of a JSONL file, with its place for messages."""
    for number, line in enumerate(_text(path).removesuffix("\n").split("\n"), 1):
        where = f"{path}, line {number}"
        try:
            yield where, kind.model_validate_json(line)
        except ValidationError as error:
            raise SuiteError(f"{where}: {first_fault(error)}; fetch the file again") from error


def _text(path: Path) -> str:
    """The text of a file, without a byte-order mark; what is not UTF-8 becomes a character that no identifier has."""
    try:
        return path.read_text("utf-8-sig", "replace")
    except OSError as error:
        raise SuiteError(
            f"{path}: cannot be read ({error.strerror}); restore it, or remove its problem's other files"
        ) from error


def _modules(where: Path | str, source: str) -> Modules:
    try:
        return modules_of(source)
    except NestingError as error:
        raise SuiteError(f"{where}: {error}; restore the suite's file, or remove the problem") from error


def _only(names: tuple[str, ...], where: Path | str, rule: str) -> str:
    _require(len(names) == 1, where, f"{rule}, found {', '.join(names) or 'none'}")
    return names[0]


def _require(holds: bool, where: Path | str, fault: str) -> None:
    if not holds:
        raise SuiteError(f"{where}: {fault}; restore the suite's file, or remove the problem")
