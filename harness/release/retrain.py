"""The retrain loop: mine, plan, build, gate, succeed, deploy; the first failure ends it, and production stays as it is.

Steps are commands in processes of their own, as a person would type them. Safe from cron: a lock keeps a second run
out for as long as the first one, or the step that it has started, is alive; the kernel drops it. The plan mines a copy
of the trace, so that a service that goes on writing does not change what is built. A run that was cut off starts over
with what the trace holds by then; what does not depend on that is still there.

A red gate never deploys, and neither does a missing one: each gate must end with success and say itself that it is
green, options in the environment are kept from it, and `pytest -m deploy` looks at the stored result once more.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

GREEN = "GATE GREEN"
SUCCESSION = Path("benchmarks/suites/succession.toml")
# Would change what pytest runs, or colour what it says.
NOT_INHERITED = (
    "PYTEST_ADDOPTS",
    "PYTEST_PLUGINS",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD",
    "PY_COLORS",
    "FORCE_COLOR",
)
LAST_LINES = 15


@dataclass(frozen=True)
class Step:
    """A command of the loop; it has succeeded if it ends with one of these `codes` and a line of its output begins with
    `must_say`."""

    name: str
    command: Sequence[str]
    must_say: str = ""
    codes: Sequence[int] = (0,)


@dataclass(frozen=True)
class Retrained:
    """How far the loop came: the steps done, and why it stopped before the end (empty: it deployed)."""

    done: Sequence[str]
    reason: str

    @property
    def deployed(self) -> bool:
        return not self.reason


def steps(trace: Path, base: str, gate: Path | None, folder: Path, serving: Path | None = None) -> list[Step]:
    """The loop for a trace: `base` is the profile that V6 is derived from, `gate` the figures to hold drift against.

    `serving` is the model in production, or a file of its answers: a successor must not be clearly worse anywhere.
    All that it writes is in `folder`, the gate's report too: that of the model that was built by hand stays.
    """
    profile = str(folder / "v6.toml")
    # Configuration and options are named: pytest would look for them where the profile lies, in any folder.
    pytest = (
        sys.executable,
        "-m",
        "pytest",
        "-c",
        "pyproject.toml",
        "-p",
        "harness.plugin",
        "--profile",
        profile,
    )
    harness = (sys.executable, "-m", "harness")
    against = ("--gate", str(gate.resolve())) if gate else ()
    own = str(Path(base).resolve()) if base.endswith(".toml") else base
    shown = ("--html", str(folder / "monitor.html"))
    report = ("--report", str(folder / "report"))
    beside = ("--criteria", str(SUCCESSION), "--report", str(folder / "report-beside-production"))
    succeed = (*pytest, "-m", "acceptance", "--baseline", str(serving), *beside)
    return [
        Step("mine", (*harness, "mine", str(trace), "--out", str(folder / "mined.jsonl"))),
        Step(
            "plan",
            (*harness, "monitor", str(trace), *against, *shown, "--base", own, "--plan", profile),
            must_say=f"{profile}: ",
            codes=(0, 1),  # an alarm is a reason to go on
        ),
        Step("build", (*pytest, "-m", "build")),
        Step("gate", (*pytest, "-m", "acceptance", *report), must_say=GREEN),
        *([Step("succeed", succeed, must_say=GREEN)] if serving else []),
        Step("deploy", (*pytest, "-m", "deploy", *report)),
    ]


def retrain(loop: Sequence[Step], folder: Path, root: Path, say: Callable[[str], object]) -> Retrained:
    """Run the steps of `loop` in order in `root`; what each prints is kept in `folder`/NAME.log.

    `say` is told before each step. Raises OSError when the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    done: list[str] = []
    with (folder / "retrain.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return Retrained(done, f"another run holds {lock.name}; it will finish what is to be done")
        for step in loop:
            say(f"{step.name}: {' '.join(step.command)}")
            if reason := _failure(step, folder / f"{step.name}.log", root, lock.fileno()):
                return Retrained(done, reason)
            done.append(step.name)
    return Retrained(done, "")


def _failure(step: Step, log: Path, root: Path, lock: int) -> str:
    """Run one step, which holds `lock` as well; why it did not succeed, with the end of what it said, or nothing."""
    environment = {key: value for key, value in os.environ.items() if key not in NOT_INHERITED}
    with log.open("wb") as out:
        try:
            code = subprocess.run(
                step.command,
                cwd=root,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                pass_fds=(lock,),
            ).returncode
        except OSError as error:
            return f"{step.name} cannot be started: {error}"
    said = log.read_text("utf-8", "replace").splitlines()
    if code not in step.codes:
        end = "\n".join(said[-LAST_LINES:])
        return f"{step.name} failed with exit status {code}, see {log}:\n{end}"
    if step.must_say and not any(line.startswith(step.must_say) for line in said):
        return f"{step.name} ended well but never said {step.must_say}, see {log}: it has decided nothing"
    return ""
