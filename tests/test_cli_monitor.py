"""The commands that learn from production answer with tables, files and an exit status."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harness import cli_monitor
from harness.dataset.records import read_records
from harness.dataset.tracelog import TraceLine, append, read
from harness.families.catalogue import dump
from harness.profile import load_profile
from harness.release.retrain import Step
from tests.dataset.examples import golden, specs

EDGES = specs("edge_detector", 4)
COMMANDS = CliRunner()


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    """Two requests that passed, one of them by its own claim only, and 30 that failed, one of no category."""
    path = tmp_path / "trace.jsonl"
    for number in range(32):
        spec = EDGES[min(number, 3)]
        record = golden(spec)
        line = TraceLine(
            time=f"2026-01-02T03:04:{number:02d}.000Z",
            request=f"r{number}",
            model="f00d",
            instruction=record.instruction if number < 31 else "a [/red] FIFO",
            rtl=record.output if number == 0 else EDGES[0].verilog(),
            verdict="pass" if number < 2 else "mismatch",
            latency_s=1.0,
            category="edge_detector" if number < 31 else None,
            spec=dump(spec) if number < 31 else None,
        )
        append(path, line)
    return path


def test_mine(trace: Path, tmp_path: Path) -> None:
    """What verifies is written, and why the rest did not is counted; nothing mined is exit status 1."""
    out = tmp_path / "mined.jsonl"
    done = COMMANDS.invoke(cli_monitor.app, ["mine", str(trace), "--out", str(out)])
    assert done.exit_code == 0, done.output
    (record,) = read_records(out)
    assert record.instruction == golden(EDGES[0]).instruction
    assert "32 lines read, 31 refused" in done.output and "claims a pass that does not verify" in done.output
    append(tmp_path / "none.jsonl", TraceLine.model_validate_json(trace.read_text().splitlines()[3]))
    nothing = COMMANDS.invoke(cli_monitor.app, ["mine", str(tmp_path / "none.jsonl"), "--out", str(out)])
    assert nothing.exit_code == 1


def test_monitor(trace: Path, tmp_path: Path) -> None:
    """Tables for the terminal, a page, and a profile that loads, in one go; the exit status tells of the alarm."""
    gate, page, plan = (tmp_path / name for name in ("gate.json", "page.html", "v6.toml"))
    gate.write_text(json.dumps({"edge_detect": [19, 20]}))
    given = [
        "--gate",
        str(gate),
        "--html",
        str(page),
        "--plan",
        str(plan),
        "--cache",
        str(tmp_path / "cache"),
    ]
    done = COMMANDS.invoke(cli_monitor.app, ["monitor", str(trace), *given])
    assert done.exit_code == 1, done.output
    assert any(line.startswith(f"{plan}: ") for line in done.output.splitlines()), "`retrain` looks for it"
    quiet = COMMANDS.invoke(cli_monitor.app, ["monitor", str(trace)])
    assert quiet.exit_code == 0, quiet.output
    assert "WEAK" in done.output and "ALARM at" in done.output and "a [/red] FIFO" in done.output
    assert "<h1>Drift alarm" in page.read_text("utf-8")
    holes = load_profile(str(plan)).data.holes
    frozen = load_profile(str(plan)).data.trace
    assert frozen == tmp_path / "v6.trace.jsonl" and read(frozen) == read(trace)
    assert holes["edge_detector"] > load_profile("embedded").data.holes["edge_detector"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["monitor", "none.jsonl"], "there is no trace"),
        (["monitor", "{trace}", "--base", "none", "--plan", "{folder}/v6.toml"], "no profile 'none'"),
        (["monitor", "{trace}", "--gate", "none.json"], "none.json"),
        (["monitor", "{trace}", "--plan", "{folder}/v6.txt"], "must end in .toml"),
        (["monitor", "{trace}", "--window", "0"], "neither"),
        (["mine", "none.jsonl", "--out", "{folder}/x"], "none.jsonl"),
    ],
)
def test_faults(trace: Path, tmp_path: Path, arguments: list[str], complaint: str) -> None:
    """What is wrong with the question is said in a line, with exit status 2."""
    given = [argument.format(trace=trace, folder=tmp_path) for argument in arguments]
    done = COMMANDS.invoke(cli_monitor.app, given)
    assert (done.exit_code, done.exception.__class__) == (2, SystemExit)
    assert complaint in done.output


@pytest.mark.parametrize(("code", "status"), [("", 0), ("exit(1)", 1)])
def test_retrain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, status: int) -> None:
    """The exit status says whether it deployed, and the output why not."""
    loop = [Step("deploy", (sys.executable, "-c", code))]
    monkeypatch.setattr(cli_monitor, "steps", lambda *given: loop)
    done = COMMANDS.invoke(cli_monitor.app, ["retrain", "trace.jsonl", "--folder", str(tmp_path)])
    assert done.exit_code == status
    assert ("not deployed: deploy failed" in done.output) == bool(status)
