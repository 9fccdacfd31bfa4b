"""The retrain loop deploys after a green gate and at no other time."""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from filelock import FileLock

from harness.benchmark.suite import load_suite
from harness.dataset.records import read_records
from harness.dataset.tracelog import TraceLine, append
from harness.families.catalogue import dump
from harness.pipeline.stages import ROOT
from harness.profile import FOLDER, load_profile
from harness.release.contest import GIVEN
from harness.release.criteria import OVERALL, load_criteria
from harness.release.retrain import GREEN, SUCCESSION, Step, retrain, steps
from tests.dataset.examples import golden, specs

(EDGE,) = specs("edge_detector", 1)
PRINT_GREEN = f"print('{GREEN}: all 3 criteria met')"


def fake(name: str, code: str = "", must_say: str = "") -> Step:
    """A step that leaves a file NAME.ran where it runs, and then runs `code`."""
    return Step(name, (sys.executable, "-c", f"open('{name}.ran', 'w').close()\n{code}"), must_say)


def ran(folder: Path) -> set[str]:
    return {path.stem for path in folder.glob("*.ran")}


def test_the_whole_loop(tmp_path: Path) -> None:
    """Every step that succeeds is followed by the next, told about and logged."""
    said: list[str] = []
    loop = [fake("mine"), fake("gate", PRINT_GREEN, GREEN), fake("deploy")]
    found = retrain(loop, tmp_path / "loop", tmp_path, said.append)
    assert found.deployed and found.done == ["mine", "gate", "deploy"] and len(said) == 3
    assert GREEN in (tmp_path / "loop" / "gate.log").read_text()


@pytest.mark.parametrize(
    ("gate", "reason"),
    [
        (f"{PRINT_GREEN}; exit(1)", "gate failed with exit status 1"),
        ("print('GATE RED: not released'); exit(1)", "GATE RED"),
        ("exit(5)", "exit status 5"),
        ("pass", f"never said {GREEN}"),
        ("print('GATE RED: not released')", f"never said {GREEN}"),
        ("import os; os.kill(os.getpid(), 9)", "exit status -9"),
    ],
)
def test_no_deployment_without_a_green_gate(tmp_path: Path, gate: str, reason: str) -> None:
    """A red gate, one that decided nothing and one that died all stop the loop, which says so."""
    loop = [fake("gate", gate, GREEN), fake("deploy")]
    found = retrain(loop, tmp_path / "loop", tmp_path, lambda line: None)
    assert not found.deployed and reason in found.reason
    assert ran(tmp_path) == {"gate"}


def test_the_first_failure_ends_it(tmp_path: Path) -> None:
    """Nothing is built when nothing was mined, and a program that is not there is named."""
    found = retrain([fake("mine", "exit(1)"), fake("build")], tmp_path / "a", tmp_path, lambda line: None)
    assert found.done == [] and ran(tmp_path) == {"mine"}
    missing = retrain([Step("mine", ("/no/such/program",))], tmp_path / "b", tmp_path, lambda line: None)
    assert "mine cannot be started" in missing.reason


def test_one_at_a_time(tmp_path: Path) -> None:
    """A second run while one is at work starts nothing."""
    with FileLock(tmp_path / "retrain.lock"):
        found = retrain([fake("mine")], tmp_path, tmp_path, lambda line: None)
    assert "another run holds" in found.reason and not ran(tmp_path)


def test_a_step_outlives_its_loop(tmp_path: Path) -> None:
    """Where the loop is killed, the step that it has started still keeps a second run out, until it has ended."""
    step = "import os, time; open('pid.new', 'w').write(str(os.getpid())); os.rename('pid.new', 'pid'); time.sleep(600)"
    loop = (
        "import sys; from pathlib import Path; from harness.release.retrain import Step, retrain;"
        f"retrain([Step('build', (sys.executable, '-c', {step!r}))], Path('.'), Path('.'), print)"
    )
    first = subprocess.Popen(
        [sys.executable, "-c", loop], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    while not (tmp_path / "pid").exists():
        assert first.poll() is None
        time.sleep(0.05)
    first.kill()
    first.wait()
    found = retrain([fake("mine")], tmp_path, tmp_path, lambda line: None)
    assert "another run holds" in found.reason and not ran(tmp_path)
    build = os.pidfd_open(int((tmp_path / "pid").read_text()))
    signal.pidfd_send_signal(build, signal.SIGKILL)
    select.select([build], [], [])
    os.close(build)
    assert retrain([fake("mine")], tmp_path, tmp_path, lambda line: None).deployed


def test_mine_and_plan_are_commands(tmp_path: Path) -> None:
    """The first two steps, as they are started, mine a trace and write a profile that loads."""
    trace, record = tmp_path / "trace.jsonl", golden(EDGE)
    line = TraceLine(
        time="2026-01-02T03:04:05.000Z",
        request="r1",
        model="f00d",
        instruction=record.instruction,
        rtl=record.output,
        verdict="pass",
        latency_s=1.0,
        category=EDGE.category,
        spec=dump(EDGE),
    )
    append(trace, line)
    found = retrain(steps(trace, "smoke", None, tmp_path)[:2], tmp_path, ROOT, lambda line: None)
    assert found.deployed, found.reason
    assert len(read_records(tmp_path / "mined.jsonl")) == 1
    assert load_profile(str(tmp_path / "v6.toml")).base == load_profile("smoke").base


def test_options_in_the_environment_do_not_reach_the_gate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PYTEST_ADDOPTS could deselect the gate's criteria: steps do not see it."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "-k nothing")
    found = retrain(
        [fake("gate", "import os; exit('PYTEST_ADDOPTS' in os.environ)")],
        tmp_path,
        tmp_path,
        lambda line: None,
    )
    assert found.deployed


def test_the_real_loop(tmp_path: Path) -> None:
    """The steps are mine, plan, build, gate and deploy, all on the planned profile, and the gate must say its word.

    Deploy reads the report that the gate writes, which is not that of a model built by hand.
    """
    loop = steps(tmp_path / "trace.jsonl", "embedded", tmp_path / "scores.json", tmp_path)
    assert [step.name for step in loop] == ["mine", "plan", "build", "gate", "deploy"]
    profile, report = str(tmp_path / "v6.toml"), str(tmp_path / "report")
    assert all(profile in step.command for step in loop[1:])
    assert [report in step.command for step in loop] == [False, False, False, True, True]
    assert [step.must_say for step in loop] == ["", f"{profile}: ", "", GREEN, ""]


def test_a_successor_is_held_against_production(tmp_path: Path) -> None:
    """Where a model is in production a second gate stands before deploy, with that model as the baseline."""
    loop = steps(tmp_path / "trace.jsonl", "embedded", None, tmp_path, tmp_path / "0001" / "merged")
    *_, gate, succeed, deploy = loop
    assert [step.name for step in (gate, succeed, deploy)] == ["gate", "succeed", "deploy"]
    assert succeed.must_say == GREEN
    assert "--baseline" in succeed.command and str(tmp_path / "0001" / "merged") in succeed.command
    suite = load_suite(ROOT / "benchmarks/suites/v5")
    criteria = load_criteria(ROOT / SUCCESSION, suite.rows, [GIVEN])
    assert {criterion.category for criterion in criteria} == {*suite.rows, OVERALL}
    assert {criterion.not_below for criterion in criteria} == {GIVEN}


def test_the_profile_may_lie_anywhere(tmp_path: Path) -> None:
    """pytest finds the stages and the harness's options whatever folder the planned profile is in."""
    loop = steps(tmp_path / "trace.jsonl", "embedded", None, tmp_path)
    shutil.copyfile(FOLDER / "smoke.toml", tmp_path / "v6.toml")
    (build,) = (step for step in loop if step.name == "build")
    listing = Step("build", (*build.command, "--collect-only", "-q"), must_say="test_stages/test_5_train.py")
    found = retrain([listing], tmp_path, ROOT, lambda line: None)
    assert found.deployed, found.reason


def test_files_may_be_named_from_where_it_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps run in the project, so the gate's figures and a base profile are named by whole paths."""
    monkeypatch.chdir(tmp_path)
    _, plan, *_ = steps(tmp_path / "trace.jsonl", "mine.toml", Path("scores.json"), tmp_path)
    assert {str(tmp_path / "mine.toml"), str(tmp_path / "scores.json")} <= set(plan.command)
