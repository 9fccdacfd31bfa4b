"""LoRA fine-tuning on completions, the same loop on a CPU and on a GPU.

`train` starts worker processes that share every batch and sum their gradients; a killed run goes on from its
last checkpoint. `merge` puts the finished adapter into the base, for generation.
"""

from __future__ import annotations

import bisect
import hashlib
import itertools
import json
import math
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from harness.model.prompt import completion_ids, prompt_ids
from harness.model.workers import cores, quiet, run_workers, say

if TYPE_CHECKING:
    from harness.model.lora import FlatAdamW

BUCKET_BATCHES = 8  # batches that are sorted by length together


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
    """Progress after one optimiser step; loss is the mean over the step's completion tokens."""

    model_config = ConfigDict(frozen=True)
    step: int
    total: int
    loss: float
    tokens_per_second: float
    seconds_left: float


class TrainResult(BaseModel):
    """A finished run: the PEFT adapter folder (with its loss.jsonl), optimiser steps and last loss."""

    model_config = ConfigDict(frozen=True)
    adapter: Path
    steps: int
    loss: float


class TrainError(RuntimeError):
    """The run can't start or go on; the message says why and what to do."""


def train(
    examples: Sequence[Example],
    base: Path | str,
    out: Path,
    recipe: Recipe,
    on_step: Callable[[Step], None] | None = None,
    checkpoint_seconds: float = 60.0,
) -> TrainResult:
    """Train a LoRA adapter of `base` on `examples` and save it as the PEFT folder `out`.

    Until it is finished the run lives in `<out>.part`; calling again with the same arguments goes on from the
    last checkpoint there, to the same bytes on a CPU. A finished `out` of the same run is returned at once.
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
        count = recipe.workers or _default_workers()
        with closing(run_workers("harness.model.train", work, count)) as messages:
            for message in messages:
                if on_step is not None:
                    on_step(Step.model_validate(message))
        for name in ("checkpoint.safetensors", "job.json", "rendezvous"):
            (work / name).unlink(missing_ok=True)
        for errors in work.glob("stderr-*.txt"):
            errors.unlink()
        work.rename(out)
    last = json.loads((out / "loss.jsonl").read_text().splitlines()[-1])
    return TrainResult(adapter=out, steps=last["step"], loss=last["loss"])


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _default_workers() -> int:
    import torch

    # measured: two one-thread processes beat one process with two threads, alone and on a busy machine
    return 1 if torch.cuda.is_available() else min(2, cores())


def epoch_batches(lengths: Sequence[int], batch_size: int, seed: int, epoch: int) -> list[list[int]]:
    """One epoch's batches of indices into `lengths`, similar lengths together; depends on (seed, epoch)."""
    order = random.Random(f"{seed} {epoch}")
    indices = list(range(len(lengths)))
    order.shuffle(indices)
    batches = []
    for start in range(0, len(indices), BUCKET_BATCHES * batch_size):
        bucket = sorted(indices[start : start + BUCKET_BATCHES * batch_size], key=lambda i: lengths[i])
        batches += [bucket[k : k + batch_size] for k in range(0, len(bucket), batch_size)]
    order.shuffle(batches)
    return batches


def learning_rate(recipe: Recipe, step: int, total: int) -> float:
    """Rate of the 0-based `step`: linear warm-up, then along a cosine to 5 %."""
    warm = min(1.0, (step + 1) / recipe.warmup) if recipe.warmup else 1.0
    return recipe.lr * warm * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * step / total)))


def merge(base: Path | str, adapter: Path, out: Path) -> Path:
    """Save `base` with the LoRA `adapter` merged in as the bf16 folder `out`; fp32 sums, rounded once."""
    import torch
    import transformers
    from safetensors.torch import load_file

    config = json.loads((adapter / "adapter_config.json").read_text())
    scale = config["lora_alpha"] / config["r"]
    weights = load_file(adapter / "adapter_model.safetensors")
    quiet()
    model: Any = transformers.AutoModelForCausalLM.from_pretrained(base, dtype=torch.bfloat16)
    with torch.no_grad():
        for key in [key for key in weights if key.endswith(".lora_A.weight")]:
            name = key.removeprefix("base_model.model.").removesuffix(".lora_A.weight")
            a, b = weights[key].float(), weights[key.replace("lora_A", "lora_B")].float()
            target = model.get_submodule(name).weight
            target.copy_(target.float() + scale * (b @ a))
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as scratch:
        made = Path(scratch) / "model"
        model.save_pretrained(made)
        transformers.AutoTokenizer.from_pretrained(base).save_pretrained(made)
        if out.exists():
            shutil.rmtree(out)
        made.rename(out)
    return out


def _worker(work: Path, rank: int, count: int) -> None:
    """One process of a run: reads `work`/job.json; rank 0 writes checkpoints, losses and the adapter."""
    import torch
    import torch.distributed as dist
    import transformers

    from harness.model.lora import FlatAdamW, completion_loss, load_lora

    quiet()
    torch.set_flush_denormal(True)
    job = json.loads((work / "job.json").read_text())
    recipe = Recipe.model_validate(job["recipe"])
    examples = [Example.model_validate(example) for example in job["examples"]]
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if count > 1:
        if sys.platform == "linux":
            os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
        dist.init_process_group(
            "gloo", init_method=f"file://{work.resolve()}/rendezvous", rank=rank, world_size=count
        )

    tokenizer = transformers.AutoTokenizer.from_pretrained(job["base"])
    model = load_lora(job["base"], recipe, device)
    optimizer = FlatAdamW([p for p in model.parameters() if p.requires_grad], recipe)

    turns = [[t for e in examples for t in e.epoch(n, recipe.epochs)] for n in range(recipe.epochs)]
    steps = [math.ceil(math.ceil(len(t) / recipe.batch_size) / recipe.grad_accumulation) for t in turns]
    starts = [0, *itertools.accumulate(steps)]
    total = starts[-1]
    step = _restore(work, optimizer)
    losses = work / "loss.jsonl"
    lines = losses.read_text().splitlines()[:step] if losses.exists() else []
    if rank == 0:
        losses.write_text("".join(line + "\n" for line in lines))
    began = saved = time.monotonic()
    first, tokens = step, 0

    for epoch in range(bisect.bisect(starts, step) - 1, recipe.epochs):
        prompts = [prompt_ids(tokenizer, request) for request, _ in turns[epoch]]
        completions = [completion_ids(tokenizer, answer) for _, answer in turns[epoch]]
        lengths = [len(p) + len(c) for p, c in zip(prompts, completions, strict=True)]
        batches = epoch_batches(lengths, recipe.batch_size, recipe.seed, epoch)
        for start in range(
            (step - starts[epoch]) * recipe.grad_accumulation, len(batches), recipe.grad_accumulation
        ):
            group = batches[start : start + recipe.grad_accumulation]
            predicted = sum(len(completions[i]) for batch in group for i in batch)
            # so that a resumed run drops out the same units
            torch.manual_seed((recipe.seed * 1_000_003 + step) * 64 + rank)
            loss = torch.zeros(1)
            for batch in group:
                rows = [(prompts[i], completions[i]) for i in batch[rank::count]]
                if rows:
                    part = completion_loss(model, rows, tokenizer.pad_token_id) / predicted
                    part.backward()  # type: ignore[no-untyped-call]
                    optimizer.take_gradient()
                    loss += part.detach().cpu()
                tokens += sum(lengths[i] for i in batch)
            if count > 1:
                dist.all_reduce(optimizer.master.grad)
                dist.all_reduce(loss)
            if not math.isfinite(loss.item()):
                raise TrainError(f"the loss of step {step + 1} is {loss.item()}; lower the learning rate")
            optimizer.step(learning_rate(recipe, step, total), recipe.clip)
            step += 1
            if rank == 0:
                elapsed = time.monotonic() - began
                report = Step(
                    step=step,
                    total=total,
                    loss=loss.item(),
                    tokens_per_second=tokens / elapsed,
                    seconds_left=elapsed / (step - first) * (total - step),
                )
                with losses.open("a") as stream:
                    stream.write(report.model_dump_json() + "\n")
                say(report.model_dump())
                if time.monotonic() - saved >= job["checkpoint_seconds"]:
                    _checkpoint(work, optimizer, step)
                    saved = time.monotonic()
    if rank == 0:
        model.peft_config["default"].base_model_name_or_path = job["base"]
        model.save_pretrained(work)
    if count > 1:
        dist.barrier()
        dist.destroy_process_group()


def _checkpoint(work: Path, optimizer: FlatAdamW, step: int) -> None:
    from safetensors.torch import save_file

    scratch = work / "checkpoint.tmp"
    save_file(optimizer.state(), scratch, metadata={"step": str(step)})
    scratch.replace(work / "checkpoint.safetensors")


def _restore(work: Path, optimizer: FlatAdamW) -> int:
    """Load the last checkpoint into `optimizer`, if there is one; returns the number of finished steps."""
    from safetensors import safe_open

    path = work / "checkpoint.safetensors"
    if not path.exists():
        return 0
    with safe_open(path, framework="pt", device=str(optimizer.master.device)) as file:
        optimizer.restore({key: file.get_tensor(key) for key in file.keys()})  # noqa: SIM118
        return int(file.metadata()["step"])


if __name__ == "__main__":
    _worker(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
