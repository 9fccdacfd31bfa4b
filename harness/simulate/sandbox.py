"""Run a tool on text that nobody vouches for.

What holds always: limits on CPU seconds, address space and file size; no core dumps; a wall-clock limit after
which the whole process group is killed; a nearly empty environment; standard output and error go to capped
files. With bubblewrap (probed once) the tool also has no network, sees only the system's programs and
libraries, all read-only, and can write only to its folder; it can see and signal no process outside.

Not covered: bugs of the kernel; how many processes there are (that limit counts all of a user's processes,
and neither Icarus tool starts any on a design's behalf); total disk use (each file is capped, not their
number); side channels; and without bubblewrap, processes that leave the group, and files that the user may
read or write: there screening is the only guard.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

SYSTEM_FOLDERS = (
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/opt",
    "/nix",
    "/etc/alternatives",
)
REPLY_CHARACTERS = 16 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Each process: `cpu_s` of CPU time, `memory_mib` of address space, `file_mib` a file; all: `wall_s`."""

    cpu_s: int = 5
    wall_s: float = 90.0
    memory_mib: int = 1024
    file_mib: int = 64


@dataclass(frozen=True, slots=True)
class Completed:
    """How a command ended. `code` is 128 + n after signal n; texts are cut to 16 KiB."""

    code: int
    stdout: str
    stderr: str
    timed_out: bool

    @property
    def signal(self) -> int:
        """The signal that ended the command, or 0."""
        return self.code - 128 if 128 < self.code < 193 else 0


def run(argv: Sequence[str], folder: Path, limits: Limits, readable: Sequence[str] = ()) -> Completed:
    """Run `argv` in `folder` (private to this call; `.` for the command) and wait for its end.

    Inside bubblewrap it also sees the folders `readable`, for tools that are not the system's. Never raises
    for what the command does. Leaves `stdout` and `stderr` in the folder. Raises FileNotFoundError if
    `prlimit` (util-linux) is missing.
    """
    folder = folder.resolve()
    guard = [
        "prlimit",
        f"--cpu={limits.cpu_s}:{limits.cpu_s + 1}",
        f"--as={limits.memory_mib << 20}",
        f"--fsize={limits.file_mib << 20}",
        "--core=0",
    ]
    command = [*guard, *(bubblewrap(folder, readable) if bubblewrap_works() else ()), *argv]
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TMPDIR": ".", "HOME": "."}
    with open(folder / "stdout", "w+b") as out, open(folder / "stderr", "w+b") as err:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
        try:
            timed_out = not _ended(process.pid, limits.wall_s)
        finally:
            _kill_group(process.pid)
            process.wait()
        code = process.returncode if process.returncode >= 0 else 128 - process.returncode
        return Completed(code, _beginning(out), _beginning(err), timed_out)


def bubblewrap(folder: Path, readable: Sequence[str] = ()) -> list[str]:
    """The bwrap command line that makes `folder` the only writable place, and shows `readable` beside it."""
    argv = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    for system in SYSTEM_FOLDERS:
        if os.path.islink(system):
            argv += ["--symlink", os.readlink(system), system]
        else:
            argv += ["--ro-bind-try", system, system]
    for tool in (*tool_folders(), *readable):
        argv += ["--ro-bind", tool, tool]
    argv += ["--proc", "/proc", "--dev", "/dev", "--bind", str(folder), "/work", "--remount-ro", "/"]
    return [*argv, "--chdir", "/work"]


@lru_cache(maxsize=1)
def tool_folders() -> tuple[str, ...]:
    """Programs and libraries of an Icarus outside the system's folders, such as a user's or a conda environment's.

    Nothing else of its prefix, which may be somebody's home.
    """
    prefixes = {
        Path(found).resolve().parent.parent for tool in ("iverilog", "vvp") if (found := shutil.which(tool))
    }
    own = [prefix for prefix in prefixes if not any(prefix.is_relative_to(s) for s in SYSTEM_FOLDERS)]
    parts = (prefix / part for prefix in own for part in ("bin", "lib", "lib64"))
    return tuple(sorted(str(part) for part in parts if part.is_dir()))


@lru_cache(maxsize=1)
def bubblewrap_works() -> bool:
    """Whether bwrap is installed and the kernel lets this user have its namespaces."""
    if shutil.which("bwrap") is None:
        return False
    probe = [*bubblewrap(Path("/tmp")), "true"]
    try:
        return subprocess.run(probe, capture_output=True, timeout=20).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _ended(pid: int, seconds: float) -> bool:
    """Wait for a child at most so long. `Popen.wait` with a timeout would poll, up to 50 ms late."""
    descriptor = os.pidfd_open(pid)
    try:
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        return bool(poll.poll(seconds * 1000))
    finally:
        os.close(descriptor)


def _kill_group(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _beginning(file: BinaryIO) -> str:
    file.seek(0)
    return file.read(REPLY_CHARACTERS).decode("utf-8", "replace")
