"""An adapter put into its base, for generation."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from harness.model.base import BaseModelError
from harness.model.workers import quiet

CONFIG = "adapter_config.json"
WEIGHTS = "adapter_model.safetensors"
A, B = ".lora_A.weight", ".lora_B.weight"
PLAIN = {
    "peft_type": "LORA",
    "bias": "none",
    "use_dora": False,
    "fan_in_fan_out": False,
    "rank_pattern": {},
    "alpha_pattern": {},
    "modules_to_save": None,
    "layer_replication": None,
}
"""Settings of an adapter that is nothing but a product of two matrices for each layer; PEFT can do more."""


def merge(base: Path | str, adapter: Path, out: Path) -> Path:
    """Save `base` with the LoRA `adapter` merged in as the bf16 folder `out`; fp32 sums, rounded once.

    Raises BaseModelError for an adapter that is more than plain (or rank-stabilised) LoRA, or that was made for
    another base: what is not merged would be left out of every figure.
    """
    import torch
    import transformers

    scale, weights = _read(adapter)
    quiet()
    model: Any = transformers.AutoModelForCausalLM.from_pretrained(base, dtype=torch.bfloat16)
    layers = dict(model.named_modules())
    with torch.no_grad():
        for key in [key for key in weights if key.endswith(A)]:
            name = key.removeprefix("base_model.model.").removesuffix(A)
            delta = weights[key.removesuffix(A) + B].float() @ weights[key].float()
            target = getattr(layers.get(name), "weight", None)
            if target is None or target.shape != delta.shape:
                has = "no such layer" if target is None else f"one of {list(target.shape)}"
                raise BaseModelError(
                    f"{adapter}: is for a layer {name} of {list(delta.shape)}, and its base {base} has {has}; correct"
                    f" base_model_name_or_path in {CONFIG} (an unquantised model), or give the merged model's folder"
                )
            target.copy_(target.float() + scale * delta)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as scratch:
        made = Path(scratch) / "model"
        model.save_pretrained(made)
        transformers.AutoTokenizer.from_pretrained(base).save_pretrained(made)
        if out.exists():
            shutil.rmtree(out)
        made.rename(out)
    return out


def _read(adapter: Path) -> tuple[float, dict[str, Any]]:
    """What the product is scaled by, and the matrices: A is rank x inputs, B outputs x rank."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        config = json.loads((adapter / CONFIG).read_text("utf-8"))
        rank = config["r"]
        scale = config["lora_alpha"] / (rank**0.5 if config.get("use_rslora") else rank)
        weights = load_file(adapter / WEIGHTS)
    except (OSError, ValueError, KeyError, TypeError, ZeroDivisionError, SafetensorError) as error:
        raise BaseModelError(
            f"{adapter}: is no adapter that PEFT saved ({type(error).__name__}: {error}); save it anew"
        ) from error
    other = [
        f"{name} = {config[name]!r}"
        for name, plain in PLAIN.items()
        if config.get(name, plain) not in (plain, None)
    ]
    other += [key for key in weights if not key.endswith((A, B))][:1]
    if other:
        raise BaseModelError(
            f"{adapter}: is not plain LoRA ({other[0]}); merge it with PEFT's merge_and_unload and give that folder"
        )
    return scale, weights
