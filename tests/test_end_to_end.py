"""The whole path in small: build, build again, gate."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def harness(cache: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "--profile",
        "smoke",
    ]
    # As from a shell: a worker of xdist would otherwise leave it one core.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [*command, f"--cache={cache}", f"--report={cache / 'report'}", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=1500,
    )


@pytest.mark.slow
def test_smoke_profile_runs_every_stage(tmp_path: Path) -> None:
    """A build in small trains V3, V4 and V5 and scores them; a second one only reads; the gate decides every criterion.

    A model of some dozen examples is no good, so the gate must be red: by figures, not by errors.
    """
    before = harness(tmp_path, "-m", "acceptance")
    assert before.returncode == pytest.ExitCode.USAGE_ERROR, before.stdout
    assert "is not built for these settings" in before.stdout

    built = harness(tmp_path, "-m", "build")
    assert built.returncode == 0, built.stdout + built.stderr
    for said in ("component C", "V5 training set", "functional, by simulation", "tokens/s"):
        assert said in built.stdout

    began = time.monotonic()
    again = harness(tmp_path, "-m", "build")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "not built yet" not in again.stdout
    assert time.monotonic() - began < 60

    gate = harness(tmp_path, "-m", "acceptance")
    assert gate.returncode == 1, gate.stdout
    assert "GATE RED" in gate.stdout
    assert re.search(r"overall: [\d.]+% against 88.0%", gate.stdout), gate.stdout
    assert "error" not in gate.stdout.splitlines()[-1]
    report = (tmp_path / "report" / "report.html").read_text()
    for section in ("Training data", "Testbench strictness", "Training loss", "Leakage", "Provenance"):
        assert section in report
