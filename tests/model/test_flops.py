"""The arithmetic of a step, counted by the formula and by torch."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from harness.model.flops import peak_flops, step_flops
from harness.model.lora import completion_loss, load_lora
from harness.model.train import Recipe

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")


def test_the_formula_counts_what_torch_counts(tiny: Path) -> None:
    """Within a tenth: torch counts whole attention squares, but no gradient for the first layer's input."""
    recipe = Recipe(lora_r=4, lora_alpha=8, dtype="float32", lora_dropout=1e-12)
    model = load_lora(str(tiny), recipe, torch.device("cpu"))
    rows = [(list(range(2, 30)), list(range(2, 38)))]  # 64 tokens, which need no padding
    with FlopCounterMode(display=False) as counter:
        completion_loss(model, rows, 1).backward()  # type: ignore[no-untyped-call]
    assert step_flops(model, rows) == pytest.approx(counter.get_total_flops(), rel=0.1)


def test_a_cpu_has_no_peak() -> None:
    """MFU is printed only where the peak is known."""
    assert peak_flops(torch.device("cpu")) is None


def test_a_gpu_is_known_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table is looked up by whole words: an L40S is not an L4, and an unknown card has no peak."""
    device = torch.device("cuda", 0)
    for name, peak in (
        ("NVIDIA H100 80GB HBM3", 989e12),
        ("NVIDIA A100-SXM4-80GB", 312e12),
        ("NVIDIA L40S", 362e12),
        ("NVIDIA GeForce RTX 2060", None),
    ):
        monkeypatch.setattr(torch.cuda, "get_device_name", lambda _, name=name: name)
        assert peak_flops(device) == peak
