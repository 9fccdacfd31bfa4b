"""The LoRA model, its loss and its optimiser, as the training loop uses them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import torch

from harness.model.fused import cross_entropy, fuse
from harness.model.packed import PACKED, packed_states
from harness.model.precision import faster_dtype

if TYPE_CHECKING:
    from harness.model.train import Recipe

WIDTH_MULTIPLE = 32  # few distinct batch shapes: the CPU kernels are compiled once per shape


def load_lora(base: str, recipe: Recipe, device: torch.device) -> Any:
    """The base model on `device` with fresh LoRA adapters on all its linear layers, the rest frozen."""
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM, BitsAndBytesConfig

    dtype = faster_dtype(device) if recipe.dtype == "auto" else getattr(torch, recipe.dtype)
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
        # measured on a CPU: eager is 8 % faster than sdpa, and one packed row half as fast as padded ones
        attn_implementation="eager" if device.type == "cpu" else PACKED,
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


def completion_loss(model: Any, rows: Sequence[tuple[list[int], list[int]]], pad: int) -> torch.Tensor:
    """Summed cross-entropy of the completion tokens of `rows` of (prompt ids, completion ids).

    Only the hidden states that predict a completion token reach the output layer: its logits, over the whole
    vocabulary, are the largest tensor.
    """
    packed = model.config._attn_implementation == PACKED
    hidden, targets = packed_states(model, rows) if packed else _padded_states(model, rows, pad)
    return cross_entropy(hidden, model.get_output_embeddings().weight, targets)


def _padded_states(
    model: Any, rows: Sequence[tuple[list[int], list[int]]], pad: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """As `packed_states`, of rows padded on the right, where causal attention needs no mask."""
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
    return hidden[:, :-1][wanted[:, 1:].to(device)], targets


def activation_bytes(model: Any, tokens: int) -> int:
    """About what a backward pass over `tokens` keeps in memory, for a Llama-like model with LoRA on all its layers.

    A layer keeps some ten tensors of the hidden width and four of the intermediate one for each token.
    """
    config = model.config
    width = 10 * config.hidden_size + 4 * config.intermediate_size
    size: int = next(p for p in model.parameters() if p.requires_grad).element_size()
    return int(tokens * config.num_hidden_layers * width * size)


def spare_memory(model: Any, tokens: int, device: torch.device) -> None:
    """Have activations computed again instead of kept, where they would take over half of a GPU's free memory.

    The other half is for the optimiser's moments, logits and dequantised weights. What torch holds in reserve is free.
    """
    if device.type != "cuda":
        return
    reserve = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
    if 2 * activation_bytes(model, tokens) > torch.cuda.mem_get_info(device)[0] + reserve:
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})


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
        self.wide_grad = torch.empty_like(self.master)
        self.optimizer = torch.optim.AdamW(
            [self.master],
            lr=recipe.lr,
            betas=(0.9, recipe.beta2),
            weight_decay=recipe.weight_decay,
            fused=True,
        )

    def take_gradient(self) -> None:
        """Move the gradient of one backward pass into the fp32 sum."""
        self.wide_grad.copy_(self.low_grad)  # adding bf16 to fp32 directly took four times as long
        self.grad.add_(self.wide_grad)
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
