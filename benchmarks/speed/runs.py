"""For the scripts beside it: what is compared runs in processes of its own, in turn, and is told as ratios."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from harness.cores import cores

ROOT = Path(__file__).resolve().parents[2]
Job = Mapping[str, Any]
Child = Callable[[Job], dict[str, Any]]


def run(script: str, what: str, job: Job, environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What `python script --child what` finds, on all cores and no GPU. Raises RuntimeError with its last words."""
    return run_together(script, what, [job], environment)[0]


def run_together(
    script: str, what: str, jobs: Sequence[Job], environment: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """As `run`, one child for each job at the same time; they share out the cores."""
    variables = {
        **os.environ,
        "OMP_NUM_THREADS": str(max(1, cores() // len(jobs))),
        "TOKENIZERS_PARALLELISM": "false",
        "HF_HUB_OFFLINE": "1",
        "CUDA_VISIBLE_DEVICES": "",
        **(environment or {}),
    }
    with tempfile.TemporaryDirectory() as folder:
        children = []
        for number, job in enumerate(jobs):
            path, errors = Path(folder) / f"job-{number}.json", Path(folder) / f"errors-{number}.txt"
            path.write_text(json.dumps({**job, "folder": folder}))
            command = [sys.executable, script, "--child", what, str(path)]
            with errors.open("w") as stderr:
                process = subprocess.Popen(
                    command, stdout=subprocess.PIPE, stderr=stderr, text=True, env=variables
                )
            children.append((process, errors))
        found = []
        for process, errors in children:
            out, _ = process.communicate()
            if process.returncode:
                raise RuntimeError(f"{what} failed:\n{errors.read_text(errors='replace')[-3000:]}")
            found.append(json.loads(out.splitlines()[-1]))
        return found


def child(children: Mapping[str, Child], what: str, job: str) -> None:
    """In the child: print what it finds for the job in the file `job`, as the last line."""
    print(json.dumps(children[what](json.loads(Path(job).read_text()))), flush=True)


def cells(rates: Mapping[str, Sequence[float]], name: str, ours: str) -> list[str]:
    """Median rate, range of the repeats, and how many times as fast `ours` is."""
    low, high = min(rates[name]), max(rates[name])
    return [f"{median(rates[name]):.0f}", f"{low:.0f} to {high:.0f}", f"{ratio(rates, ours, name):.2f}x"]


def ratio(rates: Mapping[str, Sequence[float]], one: str, other: str) -> float:
    """The median of the ratios within each repeat."""
    return median(a / b for a, b in zip(rates[one], rates[other], strict=True))


def say(repeat: int, what: str, rate: float) -> None:
    print(f"repeat {repeat + 1}: {what} {rate:.0f} tokens/s", flush=True)
