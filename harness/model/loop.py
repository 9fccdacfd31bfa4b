"""One process of a training run, started by `harness.model.train` or by a launcher such as torchrun.

All processes of a run share every step and sum their gradients. Rank 0 writes losses, checkpoints and the adapter.
"""

from __future__ import annotations

import bisect
import itertools
import json
import math
import os
import sys
import time
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
import transformers

from harness.model.flops import peak_flops, step_flops
from harness.model.lora import FlatAdamW, completion_loss, load_lora, spare_memory
from harness.model.precision import faster_dtype
from harness.model.prompt import completion_ids, prompt_ids
from harness.model.schedule import epoch_batches, learning_rate, share
from harness.model.train import Example, Recipe, Step, TrainError
from harness.model.workers import keep_stdout, quiet, say
from harness.store import write_atomic


def work_on(work: Path, rank: int, count: int, *, launched: bool) -> None:
    """Train what `work`/job.json describes as process `rank` of `count`, from the last checkpoint there.

    A launcher says where the processes meet (`launched`); our own meet at a file in `work`.
    """
    quiet()
    torch.set_flush_denormal(True)
    job = json.loads((work / "job.json").read_text())
    device = device_of(rank)
    if count > 1:
        _meet(work, rank, count, device, launched)
    recipe = _settled(Recipe.model_validate(job["recipe"]), work, device, rank, count)
    examples = [Example.model_validate(example) for example in job["examples"]]

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
        write_atomic(losses, "".join(line + "\n" for line in lines))
    began = saved = time.monotonic()
    tokens, flops = 0, 0.0
    peak = peak_flops(device)

    for epoch in range(bisect.bisect(starts, step) - 1, recipe.epochs):
        prompts = [prompt_ids(tokenizer, request) for request, _ in turns[epoch]]
        completions = [completion_ids(tokenizer, answer) for _, answer in turns[epoch]]
        lengths = [len(p) + len(c) for p, c in zip(prompts, completions, strict=True)]
        batches = epoch_batches(lengths, recipe.batch_size, recipe.seed, epoch)
        groups = [
            batches[start : start + recipe.grad_accumulation]
            for start in range(0, len(batches), recipe.grad_accumulation)
        ]
        shares = [share(group, recipe.batch_size, rank, count) for group in groups]
        spare_memory(
            model, max((sum(lengths[i] for i in b) for own in shares for b in own), default=0), device
        )
        for group, own in list(zip(groups, shares, strict=True))[step - starts[epoch] :]:
            predicted = sum(len(completions[i]) for batch in group for i in batch)
            # so that a resumed run drops out the same units
            torch.manual_seed((recipe.seed * 1_000_003 + step) * 64 + rank)
            loss = torch.zeros(1, device=device)
            for batch in own:
                rows = [(prompts[i], completions[i]) for i in batch]
                part = completion_loss(model, rows, tokenizer.pad_token_id) / predicted
                part.backward()  # type: ignore[no-untyped-call]
                optimizer.take_gradient()
                loss += part.detach()
            for batch in group:
                tokens += sum(lengths[i] for i in batch)
                if peak:
                    flops += step_flops(model, [(prompts[i], completions[i]) for i in batch])
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
                    mfu=flops / elapsed / (peak * count) if peak else None,
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


def device_of(rank: int) -> torch.device:
    """The GPU that a launcher gave this process, the `rank`-th one without a launcher, or the CPU."""
    if not torch.cuda.is_available():
        return torch.device("cpu")
    local, there = int(os.environ.get("LOCAL_RANK", rank)), torch.cuda.device_count()
    if local >= there:
        raise TrainError(
            f"process {local} has no GPU of its own, as there are {there};"
            " start one process a GPU (train.workers, --launch)"
        )
    device = torch.device("cuda", local)
    torch.cuda.set_device(device)
    return device


def _meet(work: Path, rank: int, count: int, device: torch.device, launched: bool) -> None:
    backend = "nccl" if device.type == "cuda" else "gloo"
    if launched:
        dist.init_process_group(backend)
        return
    if sys.platform == "linux":
        os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
    meeting = f"file://{work.resolve()}/rendezvous"
    dist.init_process_group(backend, init_method=meeting, rank=rank, world_size=count)


def _settled(recipe: Recipe, work: Path, device: torch.device, rank: int, count: int) -> Recipe:
    """The recipe with a dtype instead of "auto": measured by rank 0, the same for all, and kept for a resumed run."""
    if recipe.dtype != "auto":
        return recipe
    kept = work / "dtype"
    chosen: list[Any] = [None]
    if rank == 0:
        if not kept.exists():
            write_atomic(kept, str(faster_dtype(device)).removeprefix("torch."))
        chosen = [kept.read_text()]
    if count > 1:
        dist.broadcast_object_list(chosen)
    return recipe.model_copy(update={"dtype": chosen[0]})


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
    keep_stdout()
    folder, *place = sys.argv[1:]
    process, processes = map(int, place or (os.environ["RANK"], os.environ["WORLD_SIZE"]))
    work_on(Path(folder), process, processes, launched=not place)
