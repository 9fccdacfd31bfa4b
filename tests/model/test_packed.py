"""The layout for a GPU, run on the CPU: one row without padding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from harness.model.lora import completion_loss, load_lora
from harness.model.packed import PACKED
from harness.model.train import Recipe

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")
ROWS = [([0, 9, 8, 7], [5, 4, 1]), ([0, 3], [6, 1]), ([0, 12, 13, 14, 15, 16], [9, 9, 9, 9, 1])]


@pytest.fixture
def qwen(tiny: Path, tmp_path: Path) -> Path:
    """A tiny Qwen2, the architecture of the GPU profile."""
    from transformers import Qwen2Config, Qwen2ForCausalLM

    torch.manual_seed(7)
    config = Qwen2Config(
        vocab_size=258,
        hidden_size=64,
        intermediate_size=96,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        initializer_range=0.3,
    )
    Qwen2ForCausalLM(config).save_pretrained(tmp_path / "qwen")
    return tmp_path / "qwen"


@pytest.mark.parametrize("base", ["tiny", "qwen"])
def test_packing_changes_no_loss_and_no_gradient(base: str, request: pytest.FixtureRequest) -> None:
    """Examples in one row neither see each other nor each other's positions, in a Llama and in a Qwen2."""
    folder: Path = request.getfixturevalue(base)
    recipe = Recipe(
        lora_r=4, lora_alpha=8, dtype="float32", lora_dropout=1e-12
    )  # dropout: PEFT's own forward

    def model(attention: str) -> Any:
        made = load_lora(str(folder), recipe, torch.device("cpu"))
        made.get_base_model().set_attn_implementation(attention)
        torch.manual_seed(1)
        for parameter in made.parameters():
            if parameter.requires_grad:
                parameter.data.add_(0.1 * torch.randn_like(parameter))
        return made

    padded, packed = model("eager"), model(PACKED)
    losses = [completion_loss(each, ROWS, 1) for each in (padded, packed)]
    torch.testing.assert_close(*losses)
    for loss in losses:
        loss.backward()  # type: ignore[no-untyped-call]
    for a, b in zip(padded.parameters(), packed.parameters(), strict=True):
        if a.requires_grad:
            torch.testing.assert_close(a.grad, b.grad, rtol=1e-3, atol=1e-4)
