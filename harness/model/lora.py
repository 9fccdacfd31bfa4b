"""The LoRA model, its loss and its optimiser, as the training loop uses them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import torch

from harness.model.fused import cross_entropy, fuse

if TYPE_CHECKING:
    from harness.model.train import Recipe

WIDTH_MULTIPLE = 32  # few distinct batch shapes: the CPU kernels are compiled once per shape


def load_lora(base: str, recipe: Recipe, device: torch.device) -> Any:
    """The base model on `device` with fresh LoRA adapters on all its linear layers, the rest frozen."""
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM, BitsAndBytesConfig

    dtype = _dtype(recipe, device)
    quantized = None
    if recipe.quantization == "nf4":
        quantized = BitsAndBytesConfig(  # type: ignore[no-untyped-call]
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=dtype,
        )
    model: Any = AutoModelForCausalLM.from_pretrained(
        base,
        dtype=dtype,
        quantization_config=quantized,
        device_map={"": device},
        attn_implementation="eager" if device.type == "cpu" else "sdpa",  # eager measured 8 % faster on a CPU
    )
    model.config.use_cache = False
    torch.manual_seed(recipe.seed)
    lora = LoraConfig(
        r=recipe.lora_r,
        lora_alpha=recipe.lora_alpha,
        lora_dropout=recipe.lora_dropout,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )
    model = get_peft_model(model, lora, autocast_adapter_dtype=False).train()
    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.to(dtype)
    if device.type == "cpu" and quantized is None and recipe.lora_dropout == 0:
        fuse(model)
    return model


def _dtype(recipe: Recipe, device: torch.device) -> torch.dtype:
    if recipe.dtype != "auto":
        return torch.bfloat16 if recipe.dtype == "bfloat16" else torch.float32
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    # without its own instructions bf16 is emulated, which is slower than fp32
    return torch.bfloat16 if torch.cpu._is_avx512_bf16_supported() else torch.float32


def completion_loss(model: Any, rows: Sequence[tuple[list[int], list[int]]], pad: int) -> torch.Tensor:
    """Summed cross-entropy of the completion tokens of `rows` of (prompt ids, completion ids).

    Rows are padded on the right, so causal attention needs no mask. Only the hidden states that predict a
    completion token reach the output layer: its logits, over the whole vocabulary, are the largest tensor.
    """
    device = next(model.parameters()).device
    longest = max(len(prompt) + len(completion) for prompt, completion in rows)
    width = -(-longest // WIDTH_MULTIPLE) * WIDTH_MULTIPLE
    ids = torch.full((len(rows), width), pad)
    wanted = torch.zeros((len(rows), width), dtype=torch.bool)
    for row, (prompt, completion) in enumerate(rows):
        end = len(prompt) + len(completion)
        ids[row, :end] = torch.tensor(prompt + completion)
        wanted[row, len(prompt) : end] = True
    targets = ids[:, 1:][wanted[:, 1:]].to(device)
    hidden = model.get_base_model().base_model(input_ids=ids.to(device)).last_hidden_state
    output = model.get_output_embeddings()
    return cross_entropy(hidden[:, :-1][wanted[:, 1:].to(device)], output.weight, targets)


class FlatAdamW:
    """AdamW on a flat fp32 copy of the trainable parameters, which become views into one vector `low`."""

    def __init__(self, parameters: Sequence[torch.nn.Parameter], recipe: Recipe) -> None:
        size = sum(p.numel() for p in parameters)
        self.low = torch.empty(size, dtype=parameters[0].dtype, device=parameters[0].device)
        self.low_grad = torch.zeros_like(self.low)
        start = 0
        for parameter in parameters:
            end = start + parameter.numel()
            self.low[start:end] = parameter.detach().reshape(-1)
            parameter.data = self.low[start:end].view_as(parameter)
            parameter.grad = self.low_grad[start:end].view_as(parameter)
            start = end
        self.master = self.low.to(torch.float32, copy=True)
        self.grad = self.master.grad = torch.zeros_like(self.master)
        self.optimizer = torch.optim.AdamW(
            [self.master],
            lr=recipe.lr,
            betas=(0.9, recipe.beta2),
            weight_decay=recipe.weight_decay,
            fused=True,
        )

    def take_gradient(self) -> None:
        """Move the gradient of one backward pass into the fp32 sum."""
        self.grad.add_(self.low_grad)
        self.low_grad.zero_()

    def step(self, lr: float, clip: float) -> None:
        """Clip the gradient's norm, update the fp32 copy, then round it into the model."""
        torch.nn.utils.clip_grad_norm_([self.master], clip)
        self.optimizer.param_groups[0]["lr"] = lr
        self.optimizer.step()
        self.low.copy_(self.master)
        self.grad.zero_()

    def state(self) -> dict[str, torch.Tensor]:
        """Everything a resumed run needs."""
        return {"master": self.master, **self.optimizer.state[self.master]}

    def restore(self, state: dict[str, torch.Tensor]) -> None:
        """Take over what `state` returned in an earlier process."""
        self.master.copy_(state["master"])
        self.low.copy_(self.master)
        self.optimizer.state[self.master] = {name: value for name, value in state.items() if name != "master"}
