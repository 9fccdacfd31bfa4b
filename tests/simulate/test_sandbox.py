"""Running untrusted commands."""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path

import pytest

from harness.simulate import sandbox
from harness.simulate.sandbox import Limits, run

LIMITS = Limits(cpu_s=1, wall_s=60.0, memory_mib=256, file_mib=1)


def shell(script: str, folder: Path, limits: Limits = LIMITS) -> sandbox.Completed:
    return run(["sh", "-c", script], folder, limits)


@pytest.fixture(params=["bubblewrap", "plain"])
def guard(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Every test that asks for this runs with and without bubblewrap."""
    if request.param == "plain":
        monkeypatch.setattr(sandbox, "bubblewrap_works", lambda: False)
    elif not sandbox.bubblewrap_works():
        pytest.skip("bubblewrap is not usable here")
    return str(request.param)


@pytest.mark.usefixtures("guard")
def test_output_code_and_files_come_back(tmp_path: Path) -> None:
    """A well-behaved command's output, exit code and files are returned as they are."""
    completed = shell("echo out; echo err >&2; echo data > made; exit 3", tmp_path)
    assert (completed.code, completed.stdout, completed.stderr) == (3, "out\n", "err\n")
    assert not completed.timed_out
    assert (tmp_path / "made").read_text() == "data\n"


@pytest.mark.usefixtures("guard")
def test_endless_loop_is_stopped_by_its_cpu_time(tmp_path: Path) -> None:
    """A command that computes for ever ends with SIGXCPU."""
    assert shell("while :; do :; done", tmp_path, Limits(cpu_s=1, wall_s=90)).signal == 24


@pytest.mark.usefixtures("guard")
def test_sleeper_and_its_children_are_killed(tmp_path: Path) -> None:
    """After the wall-clock limit nothing of the command is left to write."""
    completed = shell("(sleep 2; echo late > late) & sleep 60", tmp_path, Limits(wall_s=0.5))
    assert completed.timed_out
    time.sleep(2.0)
    assert not (tmp_path / "late").exists()


@pytest.mark.usefixtures("guard")
def test_output_flood_is_cut(tmp_path: Path) -> None:
    """Files stop at their size limit, and only the beginning of the output is returned."""
    completed = shell("yes", tmp_path)
    assert completed.signal == 25
    assert len(completed.stdout) == sandbox.REPLY_CHARACTERS
    assert (tmp_path / "stdout").stat().st_size == 1 << 20


@pytest.mark.usefixtures("guard")
def test_memory_is_limited(tmp_path: Path) -> None:
    """An allocation beyond the limit fails inside the command."""
    script = "awk 'BEGIN { s = \"x\"; while (1) s = s s }'"
    assert shell(script, tmp_path, Limits(cpu_s=5, memory_mib=64)).code != 0


@pytest.mark.usefixtures("guard")
def test_environment_is_not_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets in our environment are not the command's."""
    monkeypatch.setenv("API_KEY", "secret")
    assert "secret" not in shell("env", tmp_path).stdout


@pytest.mark.skipif(not sandbox.bubblewrap_works(), reason="bubblewrap is not usable here")
def test_bubblewrap_shows_and_changes_nothing_else(tmp_path: Path) -> None:
    """The command sees neither our files nor our processes, and can write only to its folder."""
    folder = tmp_path / "inside"
    folder.mkdir()
    (tmp_path / "secret").write_text("secret")
    script = (
        f"cat {tmp_path}/secret; kill -0 {os.getpid()}; "
        "for place in / /usr /work/..; do echo x > $place/intruder; done; echo x > /work/mine"
    )
    completed = shell(script, folder)
    assert completed.stdout == ""
    assert completed.stderr.count("intruder") == 3
    assert sorted(path.name for path in folder.iterdir()) == ["mine", "stderr", "stdout"]
    assert not Path("/usr/intruder").exists()


@pytest.mark.skipif(not sandbox.bubblewrap_works(), reason="bubblewrap is not usable here")
@pytest.mark.skipif(not sys.executable, reason="needs an interpreter")
def test_bubblewrap_has_no_network(tmp_path: Path) -> None:
    """Only the loopback interface exists inside."""
    assert [
        line.split(":")[0].strip() for line in shell("tail -n +3 /proc/net/dev", tmp_path).stdout.splitlines()
    ] == ["lo"]


def test_an_icarus_of_ones_own_shows_no_more_than_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a prefix, which may be a home, the sandbox sees programs and libraries."""
    for part in ("bin", "lib", ".ssh"):
        (tmp_path / part).mkdir()
    monkeypatch.setattr(shutil, "which", lambda tool: str(tmp_path / "bin" / tool))
    assert sandbox.tool_folders.__wrapped__() == (str(tmp_path / "bin"), str(tmp_path / "lib"))
