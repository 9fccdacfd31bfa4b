"""The gate over what a user brings: completions, a baseline, an outside suite, criteria."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from harness.benchmark.suite import Task, load_suite
from harness.rtl.mutate import mutants
from tests.model.openai import Server, completion

ROOT = Path(__file__).resolve().parents[1]
FIXTURES = ROOT / "tests" / "suites" / "fixtures"
PROFILE = """
base = "embedded"
recordings = "benchmarks/recordings/embedded"
[benchmark]
per_family = 2
samples = 0
"""
CRITERIA = """
tolerance = 0
[[criterion]]
name = "not-below"
category = "each"
not_below = "v3"
"""
Gate = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    """Runs `pytest -m acceptance` on a few specs of the suite, with everything it writes in a temporary folder."""
    (tmp_path / "few.toml").write_text(PROFILE)
    (tmp_path / "criteria.toml").write_text(CRITERIA)

    def run(*options: str | Path) -> subprocess.CompletedProcess[str]:
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-m",
            "acceptance",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
        ]
        command += [f"--cache={tmp_path / 'cache'}", f"--report={tmp_path / 'report'}"]
        command += [f"--profile={tmp_path / 'few.toml'}", *map(str, options)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)

    return run


def tasks() -> Sequence[Task]:
    return load_suite(ROOT / "benchmarks/suites/v5").first(2).tasks


def answers(path: Path, wrong: Sequence[str] = ()) -> Path:
    """A file with the golden as the answer to every spec but the `wrong` ones, which get a constant output."""
    lines = []
    for task in tasks():
        code = task.spec.verilog()
        if task.id in wrong:
            code = next(m.source for m in mutants(code) if "reset" not in m.kind)
        text = f"Sure! Here it is:\n```verilog\n{code}\n```\nDone."
        lines.append(json.dumps({"spec": task.id, "text": text}))
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.slow
def test_planted_regressions_are_named(gate: Gate, tmp_path: Path) -> None:
    """Against a perfect baseline the gate misses just the planted categories, shows each planted spec, and reports."""
    planted = ["edge_detector-01", "fsm_mealy-02"]
    done = gate(
        f"--completions={answers(tmp_path / 'new.jsonl', planted)}",
        f"--baseline={answers(tmp_path / 'old.jsonl')}",
        f"--criteria={tmp_path / 'criteria.toml'}",
    )
    assert done.returncode == 1, done.stdout + done.stderr
    missed = [line for line in done.stdout.splitlines() if line.startswith("MISSED")]
    assert len(missed) == 2, done.stdout
    assert "edge_detect" in missed[0] and "edge_detector-01" in missed[0]
    assert "fsm" in missed[1] and "fsm_mealy-02" in missed[1]
    for task in planted:
        assert f"--- {task} ---" in done.stdout
        assert f"scores.json {task} --suite benchmarks/suites/v5" in done.stdout
    html, summary, junit = (
        (tmp_path / "report" / name).read_text() for name in ("report.html", "summary.md", "junit.xml")
    )
    for written in (html, summary, junit):
        assert "fsm_mealy-02" in written

    shown = next(line for line in done.stdout.splitlines() if "again: harness rerun" in line)
    again = [sys.executable, "-m", "harness", *shown.split("harness", 1)[1].split()]
    rerun = subprocess.run(again, cwd=ROOT, capture_output=True, text=True, timeout=100)
    assert rerun.returncode == 1, rerun.stdout + rerun.stderr
    assert "mismatch" in rerun.stdout


@pytest.mark.slow
def test_a_team_needs_no_model_of_ours(gate: Gate, tmp_path: Path) -> None:
    """Where neither V3 nor V4 was ever built, a baseline of one's own and criteria that do without V4 are enough."""
    (tmp_path / "own.toml").write_text(PROFILE.replace('recordings = "benchmarks/recordings/embedded"', ""))
    options = [
        f"--profile={tmp_path / 'own.toml'}",
        f"--completions={answers(tmp_path / 'new.jsonl')}",
        f"--baseline={answers(tmp_path / 'old.jsonl')}",
    ]
    done = gate(*options, "--criteria=benchmarks/suites/own.toml")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "GATE GREEN" in done.stdout
    without = gate(*options)
    assert without.returncode == pytest.ExitCode.USAGE_ERROR
    assert "V4 has no stored answers" in without.stdout
    assert "--criteria that do not name V4" in without.stdout


@pytest.mark.slow
def test_a_model_on_a_server(gate: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its answers decide, green for goldens and red for a mutant; what came before a failure is not asked again."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-to-be-seen")
    # As from a shell: as part of one run of xdist, a second gate would not try again what has failed in the first.
    monkeypatch.delenv("PYTEST_XDIST_TESTRUNUID", raising=False)
    codes = {text: task.spec.verilog() for task in tasks() for text in task.texts.values()}
    planted = next(task for task in tasks() if task.id == "edge_detector-01")
    wrong = next(m.source for m in mutants(planted.spec.verilog()) if "reset" not in m.kind)
    asked = count()

    def reply(body: dict[str, Any]) -> tuple[int, bytes]:
        if next(asked) == 30:
            return 400, b"no more memory"
        text = body["messages"][0]["content"]
        spoiled = text in planted.texts.values() and body["model"] == "spoiled"
        return 200, completion(f"Sure:\n```verilog\n{wrong if spoiled else codes[text]}\n```")

    with Server(reply) as server:
        server.listed = lambda: {"data": [{"id": "org/Tiny-Model"}, {"id": "spoiled"}]}
        criteria = f"--criteria={tmp_path / 'criteria.toml'}"
        tiny, spoiled = (f"--model={server.url}#{name}" for name in ("org/Tiny-Model", "spoiled"))
        failed = gate(tiny, criteria)
        assert failed.returncode == pytest.ExitCode.USAGE_ERROR, failed.stdout + failed.stderr
        assert "the server says 400 no more memory" in failed.stdout
        assert "Traceback" not in failed.stdout + failed.stderr
        green = gate(tiny, criteria)
        assert green.returncode == 0, green.stdout + green.stderr
        assert "GATE GREEN" in green.stdout
        assert len(server.asked) == len(codes) + 1
        red = gate(spoiled, criteria)
        assert red.returncode == 1, red.stdout + red.stderr
        missed = [line for line in red.stdout.splitlines() if line.startswith("MISSED")]
        assert len(missed) == 1 and "edge_detector-01" in missed[0], red.stdout
    gone = gate(tiny, criteria)
    assert gone.returncode == pytest.ExitCode.USAGE_ERROR
    assert "start the server" in gone.stderr
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in written if b"sk-not-to-be-seen" in path.read_bytes()]


@pytest.mark.slow
def test_outside_suite(gate: Gate, tmp_path: Path) -> None:
    """Completions of an outside suite are gated by criteria of the user's, on its own categories."""
    codes = {
        "inverted": "module inverted(input a, output y); assign y = a; endmodule",
        "masked": "module masked(input [3:0] data, mask, output [3:0] q); assign q = data & mask; endmodule",
        "silent": "module silent(input a, output y); assign y = a; endmodule",
        "keeper": "no idea",
    }
    lines = [json.dumps({"spec": name, "text": code}) for name, code in codes.items()]
    (tmp_path / "new.jsonl").write_text("\n".join(lines))
    criteria = tmp_path / "own.toml"
    criteria.write_text('[[criterion]]\nname = "memory"\ncategory = "Memory"\nat_least = 0.5\n')
    options = (f"--suite=rtllm:{FIXTURES / 'rtllm'}", f"--completions={tmp_path / 'new.jsonl'}")
    done = gate(*options, f"--criteria={criteria}")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "MISSED Memory: 0.0% against 50.0%" in done.stdout
    assert "by the suite" in done.stdout
    without = gate(*options)
    assert without.returncode != 0
    assert "--baseline" in without.stdout + without.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--completions=none.jsonl", "--model=x"], "give one of them"),
        (["--suite=nowhere", "--baseline=y"], "LAYOUT:PATH"),
        (["--criteria=none.toml"], "cannot be read as criteria"),
        (["--completions=none.jsonl"], "none.jsonl: cannot be read"),
        (["--model=/no/such/model"], "--model=/no/such/model: There is no folder"),
        (["--profile=none.toml"], "no profile 'none.toml'"),
    ],
)
def test_bad_options(gate: Gate, tmp_path: Path, options: list[str], said: str) -> None:
    """What cannot be meant is refused before anything runs, in one line, and no earlier report is left."""
    released(tmp_path / "report")
    done = gate(*options)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert undecided(tmp_path / "report")


def test_a_fault_in_the_profiles_own_criteria(gate: Gate, tmp_path: Path) -> None:
    """It is found when the criteria are collected; no earlier report is left then either."""
    released(tmp_path / "report")
    (tmp_path / "own.toml").write_text(f'{PROFILE}criteria = "nowhere.toml"\n')
    done = gate(f"--profile={tmp_path / 'own.toml'}")
    assert done.returncode not in (0, 1)
    assert "nowhere.toml: cannot be read as criteria" in done.stdout
    assert undecided(tmp_path / "report")


def released(folder: Path) -> None:
    """Reports as of an earlier run that was green."""
    folder.mkdir()
    for name in ("report.html", "summary.md", "junit.xml", "gate.json"):
        (folder / name).write_text("✅ released")


def undecided(folder: Path) -> bool:
    """Whether the summary says that nothing was measured, and nothing else of a run is there."""
    (summary,) = folder.iterdir()
    return "was not measured" in summary.read_text("utf-8")


def outside(folder: Path) -> list[str]:
    """Options for a run over one answer to each problem of RTLLM's fixture."""
    ids = ("inverted", "masked", "silent", "keeper")
    lines = [json.dumps({"spec": name, "text": f"module {name}; endmodule"}) for name in ids]
    (folder / "new.jsonl").write_text("\n".join(lines))
    (folder / "own.toml").write_text('[[criterion]]\nname = "a"\ncategory = "Memory"\nat_least = 0\n')
    return [
        f"--suite=rtllm:{FIXTURES / 'rtllm'}",
        f"--completions={folder / 'new.jsonl'}",
        f"--criteria={folder / 'own.toml'}",
    ]


@pytest.mark.slow
def test_without_a_simulator_nothing_is_decided(
    gate: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That Icarus is missing is said with the command that installs it, and no earlier report is left."""
    released(tmp_path / "report")
    monkeypatch.setenv("PATH", str(tmp_path))
    done = gate(*outside(tmp_path))
    assert done.returncode == pytest.ExitCode.USAGE_ERROR, done.stdout + done.stderr
    assert "GATE NOT DECIDED: nothing was measured: iverilog is not on PATH: install it" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert undecided(tmp_path / "report")


@pytest.mark.slow
def test_reports_in_the_place_of_a_file(gate: Gate, tmp_path: Path) -> None:
    """--report has to be a folder: a file there is named, and kept."""
    (tmp_path / "report").write_text("mine")
    done = gate(*outside(tmp_path))
    assert done.returncode == pytest.ExitCode.USAGE_ERROR, done.stdout + done.stderr
    said = f"GATE NOT DECIDED: nothing was measured: cannot write {tmp_path / 'report'}/report.html"
    assert said in done.stdout
    assert "NotADirectoryError" not in done.stdout
    assert (tmp_path / "report").read_text() == "mine"


def test_gate_options_need_the_gate() -> None:
    """A build with an option of the gate's is refused, so that nobody thinks it had an effect."""
    command = [sys.executable, "-m", "pytest", "-m", "build", "--completions=x.jsonl", "--collect-only"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "-m acceptance" in done.stderr
