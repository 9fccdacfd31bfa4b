"""What an adapter is must be merged whole, or refused: its figures would be those of another model."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from harness.model.base import BaseModelError
from harness.model.merge import CONFIG, WEIGHTS, merge

LAYER = "base_model.model.model.layers.0.self_attn.q_proj"


@pytest.fixture
def adapter(tiny: Path, tmp_path: Path) -> Path:
    """A rank-2 adapter of one layer of the tiny model."""
    import torch
    from safetensors.torch import save_file
    from transformers import AutoModelForCausalLM

    outputs, inputs = AutoModelForCausalLM.from_pretrained(tiny).model.layers[0].self_attn.q_proj.weight.shape
    folder = tmp_path / "adapter"
    folder.mkdir()
    (folder / CONFIG).write_text(json.dumps({"peft_type": "LORA", "r": 4, "lora_alpha": 8, "bias": "none"}))
    a, b = torch.ones(4, inputs) / 8, torch.ones(outputs, 4) / 8
    save_file({f"{LAYER}.lora_A.weight": a, f"{LAYER}.lora_B.weight": b}, folder / WEIGHTS)
    return folder


def say(adapter: Path, **settings: object) -> None:
    config = json.loads((adapter / CONFIG).read_text())
    (adapter / CONFIG).write_text(json.dumps({**config, **settings}))


@pytest.mark.parametrize(("settings", "scale"), [({}, 2.0), ({"use_rslora": True}, 4.0)])
def test_the_product_is_scaled_as_peft_does(
    tiny: Path, adapter: Path, tmp_path: Path, settings: dict[str, Any], scale: float
) -> None:
    """By alpha / r, or by alpha / sqrt(r) in rank-stabilised LoRA (Kalajdzievski, 2023)."""
    import torch
    from transformers import AutoModelForCausalLM

    say(adapter, **settings)
    before, after = (
        AutoModelForCausalLM.from_pretrained(folder)
        .state_dict()["model.layers.0.self_attn.q_proj.weight"]
        .float()
        for folder in (tiny, merge(tiny, adapter, tmp_path / "merged"))
    )
    assert torch.equal(after, (before.bfloat16().float() + scale * 4 / 64).bfloat16().float())


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"use_dora": True}, "use_dora = True"),
        ({"modules_to_save": ["lm_head"]}, r"modules_to_save = \['lm_head'\]"),
        ({"rank_pattern": {"q_proj": 8}}, "rank_pattern"),
        ({"bias": "all"}, "bias = 'all'"),
        ({"peft_type": "LOHA"}, "peft_type = 'LOHA'"),
        ({"r": 0}, "ZeroDivisionError"),
    ],
)
def test_what_is_more_than_plain_lora_is_refused(
    tiny: Path, adapter: Path, tmp_path: Path, settings: dict[str, Any], said: str
) -> None:
    """A part that would be left out is named, and nothing is written."""
    say(adapter, **settings)
    with pytest.raises(BaseModelError, match=said):
        merge(tiny, adapter, tmp_path / "merged")
    assert not (tmp_path / "merged").exists()


def test_an_adapter_of_another_base_is_refused(tiny: Path, adapter: Path, tmp_path: Path) -> None:
    """A layer that the base lacks, or has in another shape, is named, as are weights that are not LoRA's."""
    import torch
    from safetensors.torch import save_file

    a, b = torch.ones(4, 5), torch.ones(7, 4)
    for name, said in ((LAYER, r"of \[7, 5\], .* has one of"), (f"{LAYER}x", "has no such layer")):
        save_file({f"{name}.lora_A.weight": a, f"{name}.lora_B.weight": b}, adapter / WEIGHTS)
        with pytest.raises(BaseModelError, match=said):
            merge(tiny, adapter, tmp_path / "merged")
    save_file({"base_model.model.lm_head.weight": a}, adapter / WEIGHTS)
    with pytest.raises(BaseModelError, match=r"is not plain LoRA .*lm_head"):
        merge(tiny, adapter, tmp_path / "merged")


def test_a_folder_without_weights_is_refused(tiny: Path, adapter: Path, tmp_path: Path) -> None:
    """So is one whose weights are cut off."""
    shutil.copytree(adapter, tmp_path / "cut")
    (tmp_path / "cut" / WEIGHTS).write_bytes(b"x" * 20)
    (adapter / WEIGHTS).unlink()
    for broken in (adapter, tmp_path / "cut"):
        with pytest.raises(BaseModelError, match="is no adapter that PEFT saved"):
            merge(tiny, broken, tmp_path / "merged")
