"""What a training step would cost if the matrix products were all of it, for `benchmarks/speed/training.py`.

For w elements in the frozen matrices, a in the adapters and v in the output layer a step takes 4w + 6a FLOPs for each
token (a frozen matrix takes one product forward and one for the gradient of its input, an adapter's matrix one more for
its own gradient) and 4v for each token of a completion. Attention's products are left out, so the bound is a bit high.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import torch

from harness.model.precision import faster_dtype
from harness.model.schedule import epoch_batches
from harness.model.train import Recipe

STEPS, SECONDS = 6, 5.0


def products(
    base: str, recipe: Recipe, lengths: Sequence[tuple[int, int]], rank: int, count: int
) -> dict[str, float]:
    """Tokens/s and FLOP/s of process `rank` of `count` if it makes the products of its share of some steps.

    `lengths` are the (prompt, completion) tokens of the examples, which come in the order of the trainer's own steps.
    All layers have matrices of their own, as reading them is part of the product; the activations are shared.
    """
    import transformers

    batches = epoch_batches([sum(pair) for pair in lengths], recipe.batch_size, recipe.seed, 0)
    shares = [batch[rank::count] for batch in batches]
    steps = [(sum(lengths[i][0] for i in s), sum(lengths[i][1] for i in s)) for s in shares if s][:STEPS]
    config: Any = transformers.AutoConfig.from_pretrained(base)
    with torch.device("meta"):
        model: Any = transformers.AutoModelForCausalLM.from_config(config)  # type: ignore[no-untyped-call]
    head = model.get_output_embeddings()
    linear = [m for m in model.modules() if isinstance(m, torch.nn.Linear) and m is not head]
    dtype, r = faster_dtype(torch.device("cpu")), recipe.lora_r

    def random(*shape: int) -> torch.Tensor:
        return torch.randn(shape, dtype=dtype)

    layers = [
        (random(m.out_features, m.in_features), random(r, m.in_features), random(m.out_features, r))
        for m in linear
    ]
    vocabulary = random(*head.weight.shape)
    widest = max(map(sum, steps))
    rows = {width: random(widest, width) for w, _, _ in layers for width in w.shape}

    def multiply(prompt: int, completion: int) -> None:
        for w, a, b in layers:
            gradient, x = (rows[width][: prompt + completion] for width in w.shape)
            low, low_gradient = x @ a.t(), gradient @ b
            _ = x @ w.t(), low @ b.t()
            _ = gradient @ w, low_gradient @ a, gradient.t() @ low, low_gradient.t() @ x
        _ = (rows[config.hidden_size][:completion] @ vocabulary.t()) @ vocabulary

    seconds: list[float] = []
    while sum(seconds[1:]) < SECONDS:  # the first pass compiles the kernels
        began = time.perf_counter()
        for step in steps:
            multiply(*step)
        seconds.append(time.perf_counter() - began)
    frozen = sum(w.numel() for w, _, _ in layers)
    adapters = sum(a.numel() + b.numel() for _, a, b in layers)
    tokens, completions = sum(map(sum, steps)), sum(completion for _, completion in steps)
    flops = (4 * frozen + 6 * adapters) * tokens + 4 * vocabulary.numel() * completions
    usual = median(seconds[1:])
    return {"rate": tokens / usual, "flops": flops / usual}


def precisions(base: str) -> dict[str, Any]:
    """GFLOP/s on one thread of a product of the model's size in bf16 and fp32, and the one that training chooses."""
    chosen = str(faster_dtype(torch.device("cpu"))).removeprefix("torch.")
    config = json.loads((Path(base) / "config.json").read_text())
    hidden, intermediate = config["hidden_size"], config["intermediate_size"]
    torch.set_num_threads(1)
    found: dict[str, Any] = {"chosen": chosen}
    for name in ("bfloat16", "float32"):
        left = torch.randn(256, hidden, dtype=getattr(torch, name))
        right = torch.randn(hidden, intermediate, dtype=getattr(torch, name))
        left @ right  # compiles the kernel
        began, count = time.perf_counter(), 0
        while time.perf_counter() < began + 0.5:
            left @ right
            count += 1
        found[name] = 2 * left.numel() * intermediate * count / (time.perf_counter() - began) / 1e9
    return found
