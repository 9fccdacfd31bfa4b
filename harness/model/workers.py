"""Run one of our modules as several processes and read the JSON lines that they print.

Plain subprocesses, not multiprocessing: they start the same way from pytest, a script or a notebook, give
their memory back at the end, and can be killed as a whole.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Generator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from harness.cores import cores

ROOT = Path(__file__).resolve().parents[2]


# glibc gives freed memory back to the kernel at once and has it zeroed again a moment later. Kept instead, in huge
# pages, a training step measured 14 % faster. Other C libraries ignore these.
KEEP_MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),  # the largest value that glibc accepts
    "MALLOC_TRIM_THRESHOLD_": str(8 << 30),
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}


LAUNCHER_TELLS = "torch/distributed/elastic/multiprocessing/api.py"
"""In the first line that torchrun writes of a failure; what comes before is the failing process's own."""
ENDS_IN_S = 60


class WorkerError(RuntimeError):
    """A worker process failed; the message carries the end of what it wrote to stderr."""


def usual_count() -> int:
    """How many processes train, or answer, where nobody says: one with a GPU, else one for each of two cores.

    Two processes of one thread measured faster than one of two threads, on a busy machine as well.
    """
    import torch

    return 1 if torch.cuda.is_available() else min(2, cores())


def run_workers(
    module: str, job: Path, count: int, launcher: Sequence[str] = ()
) -> Generator[dict[str, Any], None, None]:
    """Start `python -m module job rank count` for each rank; yield what they print until all have ended.

    With a `launcher` it is that command which starts them, as `launcher... -m module job`. Closing the iterator early
    kills them. Raises WorkerError when one fails; the others are then killed.
    """
    environment = os.environ | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
        **({} if launcher else {"OMP_NUM_THREADS": str(max(1, cores() // count))}),
        "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]),
        "TOKENIZERS_PARALLELISM": "false",
        **KEEP_MEMORY,
    }
    lines: queue.Queue[tuple[int, str | None]] = queue.Queue()
    processes: list[subprocess.Popen[str]] = []
    readers: list[threading.Thread] = []

    def forward(rank: int, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                lines.put((rank, line))
        lines.put((rank, None))

    commands = (
        [[*launcher, "-m", module, str(job)]]
        if launcher
        else [[sys.executable, "-m", module, str(job), str(rank), str(count)] for rank in range(count)]
    )
    try:
        for rank, command in enumerate(commands):
            with (job / f"stderr-{rank}.txt").open("w") as errors:
                process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    text=True,
                    env=environment,
                )
            processes.append(process)
            reader = threading.Thread(target=forward, args=(rank, process), daemon=True)
            reader.start()
            readers.append(reader)
        running = len(commands)
        while running:
            rank, line = lines.get()
            if line is not None:
                yield json.loads(line)
                continue
            running -= 1
            code = processes[rank].wait()
            if code != 0:
                said = (job / f"stderr-{rank}.txt").read_text(errors="replace")
                tail = said.partition(LAUNCHER_TELLS)[0].strip()[-3000:]
                raise WorkerError(
                    f"worker {rank} of {len(commands)} of {module} ended with exit code {code}:\n{tail}"
                )
    finally:
        for process in processes:
            _end(process, ENDS_IN_S if launcher else 0)
        for reader in readers:
            reader.join()


def _end(process: subprocess.Popen[str], patience_s: float) -> None:
    """End a process. A launcher is asked first: only it can end what it has started, which would hold our pipe."""
    if patience_s:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience_s)
    process.kill()
    process.wait()


def keep_stdout() -> None:
    """Leave stdout to `say`: what libraries write there, as NCCL does under NCCL_DEBUG, goes to stderr."""
    said = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = os.fdopen(said, "w")


def say(message: dict[str, Any]) -> None:
    """Print one JSON line for the parent; a closed pipe (the parent is gone) ends this worker."""
    try:
        print(json.dumps(message), flush=True)
    except BrokenPipeError:
        os._exit(1)


def quiet() -> None:
    """Silence transformers' progress bars and advice; what remains on stderr is about failures."""
    from transformers.utils import logging

    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
