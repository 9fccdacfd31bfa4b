"""LoRA fine-tuning on completions, the same loop on a CPU and on a GPU.

`train` starts worker processes (`harness.model.loop`), here or by a launcher on other machines as well; a killed run
goes on from its last checkpoint.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from harness.model.workers import run_workers, usual_count
from harness.store import write_atomic

WORKER = "harness.model.loop"


class Example(BaseModel):
    """(request, answer) pairs that stand for one example in turn."""

    model_config = ConfigDict(frozen=True)
    turns: tuple[tuple[str, str], ...] = Field(min_length=1)

    def epoch(self, epoch: int, epochs: int) -> tuple[tuple[str, str], ...]:
        """The turns that the 0-based `epoch` trains on: all are shared out evenly, and one is there in any case."""
        return self.turns[epoch::epochs] or (self.turns[epoch % len(self.turns)],)


class Recipe(BaseModel):
    """Every setting of a training run; batch_size is in examples, warmup in optimiser steps."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    epochs: int = Field(3, ge=1)
    batch_size: int = Field(4, ge=1)
    grad_accumulation: int = Field(1, ge=1)
    lr: float = Field(1e-3, gt=0)
    warmup: int = Field(30, ge=0)
    beta2: float = Field(0.99, gt=0, lt=1)
    clip: float = Field(1.0, gt=0)
    weight_decay: float = Field(0.0, ge=0)
    lora_r: int = Field(64, ge=1)
    lora_alpha: int = Field(128, gt=0)
    lora_dropout: float = Field(0.0, ge=0, lt=1)
    quantization: Literal["none", "nf4"] = "none"
    dtype: Literal["auto", "bfloat16", "float32"] = "auto"
    seed: int = 0
    workers: int = Field(0, ge=0, description="processes; 0: one per core up to two on a CPU, one on a GPU")


class Step(BaseModel):
    """Progress after one optimiser step; loss is the mean over the step's completion tokens.

    `mfu` is the share of the GPUs' peak in bf16 products, None where that is not known.
    """

    model_config = ConfigDict(frozen=True)
    step: int
    total: int
    loss: float
    tokens_per_second: float
    mfu: float | None = None

    @property
    def said(self) -> str:
        """For a line of progress."""
        share = "" if self.mfu is None else f", MFU {self.mfu:.0%}"
        return f"loss {self.loss:.3f}, {self.tokens_per_second:.0f} tokens/s{share}"


class TrainError(RuntimeError):
    """The run can't start or go on; the message says why and what to do."""


def train(
    examples: Sequence[Example],
    base: Path | str,
    out: Path,
    recipe: Recipe,
    on_step: Callable[[Step], None] | None = None,
    checkpoint_seconds: float = 60.0,
    launcher: Sequence[str] = (),
) -> Path:
    """Train a LoRA adapter of `base` on `examples` and save it as the PEFT folder `out`, with its loss.jsonl.

    Until it is finished the run lives in `<out>.part`; calling again with the same arguments goes on from the
    last checkpoint there, with as many processes as it began with, to the same bytes on a CPU. (Another number of
    them rounds the sums of gradients differently.) A finished `out` of the same run is returned at once.
    `launcher` is the beginning of a command that starts a Python module on every device and gives each process RANK
    and WORLD_SIZE, like ("torchrun", "--nproc-per-node", "8"); the folder of `out` must be there on all machines.
    Raises TrainError where `out` or `<out>.part` belongs to another run, WorkerError when a worker fails.
    """
    if not examples:
        raise TrainError("there are no training examples")
    job: dict[str, Any] = {
        "base": str(base),
        "recipe": recipe.model_dump(exclude={"workers"}),
        "examples": [example.model_dump() for example in examples],
    }
    digest = hashlib.sha256(json.dumps(job, sort_keys=True).encode()).hexdigest()
    work = out.with_name(out.name + ".part")
    for folder in (out, work):
        mark = folder / "run.sha256"
        if folder.exists() and (not mark.is_file() or mark.read_text() != digest):
            raise TrainError(f"{folder} was made by another run (other examples, base or recipe); remove it")
    if not out.exists():
        if not work.exists():
            fresh = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=_made(out.parent)))
            fresh.chmod(0o755)
            (fresh / "run.sha256").write_text(digest)
            fresh.rename(work)
        (work / "rendezvous").unlink(missing_ok=True)  # a killed run leaves it behind
        (work / "job.json").write_text(json.dumps(job | {"checkpoint_seconds": checkpoint_seconds}))
        began_with = work / "processes"
        if not began_with.exists():
            write_atomic(began_with, str(recipe.workers or usual_count()))
        count = int(began_with.read_text())
        with closing(run_workers(WORKER, work, count, launcher)) as messages:
            for message in messages:
                if on_step is not None:
                    on_step(Step.model_validate(message))
        for name in ("checkpoint.safetensors", "dtype", "job.json", "processes", "rendezvous"):
            (work / name).unlink(missing_ok=True)
        for errors in work.glob("stderr-*.txt"):
            errors.unlink()
        work.rename(out)
    return out


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
