"""An adapter put into its base, for generation."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from harness.model.workers import quiet


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
