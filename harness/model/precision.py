"""Which precision a processor is fast in: measured, because names of instruction sets do not tell."""

from __future__ import annotations

import time

import torch

ROWS, WIDTH = 512, 1024
REPEATS = 5


def faster_dtype(device: torch.device) -> torch.dtype:
    """bf16 or fp32, whichever multiplies matrices faster on `device`; takes some hundredths of a second.

    A processor without instructions for bf16 emulates it. A GPU is asked instead of measured.
    """
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    return min((torch.bfloat16, torch.float32), key=_seconds)


def _seconds(dtype: torch.dtype) -> float:
    """The shortest of some products, the first of which compiles the kernel and does not count."""
    left, right = torch.ones(ROWS, WIDTH, dtype=dtype), torch.ones(WIDTH, WIDTH, dtype=dtype)
    seconds = []
    for _ in range(1 + REPEATS):
        start = time.perf_counter()
        torch.mm(left, right)
        seconds.append(time.perf_counter() - start)
    return min(seconds[1:])
