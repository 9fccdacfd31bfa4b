"""How much arithmetic a LoRA step needs, and the share of a GPU's peak that a run reaches (MFU)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

# Dense bf16 matrix products in FLOP/s, from NVIDIA's data sheets, by what torch calls the device.
PEAKS = {"H200": 989e12, "H100": 989e12, "A100": 312e12, "L40S": 362e12, "L4": 121e12, "A10": 125e12}


def step_flops(model: Any, rows: Sequence[tuple[list[int], list[int]]]) -> float:
    """FLOPs of one forward and backward pass of a PEFT `model` over `rows` of (prompt ids, completion ids).

    A product with a w-element matrix costs 2w a token forward and 2w for the gradient of its input; only the
    adapters' matrices need 2w more, for their own gradient. Causal attention costs 2 n^2 d a layer forward and twice
    that backward, for n tokens and heads of d elements together. Only the completion passes the output layer. No
    recomputation is counted, as usual for MFU.
    """
    config = model.config
    lora = sum(p.numel() for p in model.parameters() if p.requires_grad)
    linear = sum(m.in_features * m.out_features for m in model.modules() if hasattr(m, "lora_A"))
    lengths = [len(prompt) + len(completion) for prompt, completion in rows]
    size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    heads = config.num_hidden_layers * config.num_attention_heads * size
    attention = 6 * heads * sum(length**2 for length in lengths)
    output = 4 * config.vocab_size * config.hidden_size * sum(len(completion) for _, completion in rows)
    return float((4 * linear + 6 * lora) * sum(lengths) + attention + output)


def peak_flops(device: torch.device) -> float | None:
    """The device's peak in dense bf16 products, FLOP/s; None for a CPU and for a GPU that is not in the table."""
    if device.type != "cuda":
        return None
    name = torch.cuda.get_device_name(device)
    return next((peak for known, peak in PEAKS.items() if known in name.replace("-", " ").split()), None)
