"""Suites are read in their own layout, and what is wrong with one is said with the file and the way out."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from harness.benchmark.suite import SuiteError
from harness.suites.layouts import read_suite
from harness.suites.problem import OutsideProblem, modules_of, ports_of


def read(suites: Mapping[str, Path], layout: str) -> dict[str, OutsideProblem]:
    return {problem.id: problem for problem in read_suite(f"{layout}:{suites[layout]}")}


def test_verilog_eval(suites: Mapping[str, Path]) -> None:
    """Each problem has its prompt, its reference and a testbench that compares TopModule with RefModule."""
    found = read(suites, "verilog-eval")
    assert list(found) == ["Prob001_gate", "Prob002_crossed", "Prob003_idle", "Prob004_unknown"]
    gate = found["Prob001_gate"]
    assert gate.prompt.startswith("Write a module TopModule")
    assert (gate.golden_module, gate.module) == ("RefModule", "TopModule")
    assert modules_of(gate.testbench).missing == ("TopModule",)
    assert modules_of(gate.reference).tops == ("TopModule",)


def test_problems_of_any_name_are_read(suites: Mapping[str, Path], tmp_path: Path) -> None:
    """Whoever writes problems of their own in VerilogEval's layout need not call them Prob; hidden files are none."""
    for part in ("prompt.txt", "ref.sv", "test.sv"):
        content = (suites["verilog-eval"] / f"Prob001_gate_{part}").read_text("utf-8")
        (tmp_path / f"gate_{part}").write_text(content, "utf-8")
        (tmp_path / f"._gate_{part}").write_bytes(b"\0")
    assert [problem.id for problem in read_suite(f"verilog-eval:{tmp_path}")] == ["gate"]


def test_a_byte_order_mark_is_no_text(suites: Mapping[str, Path], tmp_path: Path) -> None:
    """Files that begin with one pose the same problem."""
    for path in suites["verilog-eval"].glob("Prob001_gate_*"):
        (tmp_path / path.name).write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_suite(f"verilog-eval:{tmp_path}") == read_suite(f"verilog-eval:{suites['verilog-eval']}")[:1]


def test_rtllm(suites: Mapping[str, Path]) -> None:
    """Designs are found at any depth, under the name that the testbench uses, with the data it reads."""
    found = read(suites, "rtllm")
    assert list(found) == ["inverted", "masked", "silent", "keeper"]
    masked = found["masked"]
    assert (masked.golden_module, masked.module) == ("verified_masked", "masked")
    assert [file.name for file in masked.data] == ["stimulus.dat"]
    assert found["inverted"].golden_module == "inverted"
    assert [(p.direction, p.name, p.width) for p in ports_of(masked.reference, "masked")] == [
        ("input", "data", 4),
        ("input", "mask", 4),
        ("output", "q", 4),
    ]


def test_correctbench(suites: Mapping[str, Path]) -> None:
    """Lines become problems, with the mutants of the file beside; the file can be given by itself."""
    found = read(suites, "correctbench")
    gate = found["Prob001_gate"]
    assert (gate.golden_module, gate.module, len(gate.mutants)) == ("top_module", "top_module", 4)
    assert gate.prompt.endswith("\n\nmodule top_module")
    assert not found["Prob003_idle"].mutants
    path = suites["correctbench"] / "HDLBits_data.jsonl"
    assert [problem.id for problem in read_suite(f"correctbench:{path}")] == list(found)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("verilogeval:x", "suite 'verilogeval:x': give LAYOUT:PATH, where LAYOUT is one of verilog-eval, "),
        ("rtllm", "suite 'rtllm': give LAYOUT:PATH"),
        ("rtllm:/nowhere", "/nowhere: does not exist; give rtllm:FOLDER"),
    ],
)
def test_a_suite_is_named_by_layout_and_path(said: str, answer: str) -> None:
    """A layout that is not there, a missing path and a place that does not exist are told apart."""
    with pytest.raises(SuiteError, match=answer):
        read_suite(said)


@pytest.mark.parametrize("layout", ["verilog-eval", "rtllm", "correctbench"])
def test_another_layout_is_named(suites: Mapping[str, Path], layout: str) -> None:
    """A folder of another layout is refused with the layout that it has."""
    other = "rtllm" if layout == "verilog-eval" else "verilog-eval"
    said = rf"{suites[other]}: holds no problem of a {layout} suite, .*; its files look like {other}'s"
    with pytest.raises(SuiteError, match=said):
        read_suite(f"{layout}:{suites[other]}")


def without(name: str) -> Callable[[Path], None]:
    return lambda folder: next(folder.rglob(name)).unlink()


def instead(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = next(folder.rglob(name))
        path.write_text(path.read_text().replace(old, new, 1))

    return change


def copied(name: str, to: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = next(folder.rglob(name))
        target = path.parent / to
        target.parent.mkdir(exist_ok=True)
        shutil.copytree(path, target) if path.is_dir() else shutil.copyfile(path, target)

    return change


def halved(folder: Path) -> None:
    path = folder / "HDLBits_data.jsonl"
    path.write_text(path.read_text()[:-100])


@pytest.mark.parametrize(
    ("layout", "damage", "said"),
    [
        (
            "verilog-eval",
            without("Prob003_idle_ref.sv"),
            "Prob003_idle_ref.sv: cannot be read .*restore it, or",
        ),
        ("verilog-eval", without("Prob003_idle_prompt.txt"), "Prob003_idle_prompt.txt: cannot be read"),
        (
            "verilog-eval",
            instead("Prob001_gate_ref.sv", "Ref", "Gate"),
            "_ref.sv: defines no RefModule; restore",
        ),
        (
            "verilog-eval",
            instead("Prob001_gate_ref.sv", "endmodule", f"wire deep = {'(' * 3000}1{')' * 3000}; endmodule"),
            "_ref.sv: syntax nests deeper than .*; restore",
        ),
        (
            "verilog-eval",
            instead("Prob001_gate_test.sv", "Top", "My"),
            "_test.sv: tests no TopModule; restore",
        ),
        ("rtllm", without("verified_keeper.v"), r"keeper: holds 0 files verified_\*.v, not one; restore"),
        ("rtllm", copied("verified_keeper.v", "verified_2.v"), r"keeper: holds 2 files verified_\*.v"),
        ("rtllm", without("testbench.v"), "testbench.v: cannot be read"),
        ("rtllm", instead("keeper/testbench.v", "keeper dut", "// keeper dut"), "one module .*, found none"),
        ("rtllm", copied("keeper", "../keeper"), "these problems occur twice: keeper; keep one of each"),
        (
            "correctbench",
            halved,
            "HDLBits_data.jsonl, line 4: the line: Invalid JSON.*; fetch the file again",
        ),
        (
            "correctbench",
            instead("HDLBits_data.jsonl", "module_code", "code"),
            "line 1: module_code: Field req",
        ),
        (
            "correctbench",
            instead("*_mutants.jsonl", "Prob001", "Prob9"),
            "mutants of Prob9_gate, which .* lacks",
        ),
    ],
)
def test_what_is_broken_is_named(
    suites: Mapping[str, Path], tmp_path: Path, layout: str, damage: Callable[[Path], None], said: str
) -> None:
    """A missing, doubled or cut file is named with its place, the rule and the way out."""
    folder = tmp_path / "suite"
    shutil.copytree(suites[layout], folder)
    damage(folder)
    with pytest.raises(SuiteError, match=said):
        read_suite(f"{layout}:{folder}")


def test_a_repository_is_not_the_suite(suites: Mapping[str, Path]) -> None:
    """For VerilogEval the folder of the files themselves has to be given, and the message says which."""
    with pytest.raises(SuiteError, match="with VerilogEval v2's dataset_spec-to-rtl"):
        read_suite(f"verilog-eval:{suites['verilog-eval'].parent}")
