"""Fewer passes over memory on a CPU: the model's small operations with hand-written backward passes.

On two cores the matrix products of a small model take less than half of a training step; the rest is
element-wise work, one pass over the activations for each operation. Each function here does the same arithmetic as
the module it replaces in one or two passes, and keeps only what its backward pass needs.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

LOGITS_AT_ONCE = 1 << 22
LOGITS_AT_ONCE_CUDA = 1 << 27
"""0.8 GB; a GPU reads the whole output layer twice for each part."""


class CrossEntropy(torch.autograd.Function):
    """Summed cross-entropy of hidden (n, d) through a frozen output layer (v, d) against targets (n,).

    The logits are by far the largest tensor of a step. They are made a few rows at a time, in buffers that are used
    again, and their gradient goes straight on to the hidden states, which is all that is kept.
    """

    @staticmethod
    def forward(ctx: Any, hidden: Tensor, weight: Tensor, targets: Tensor) -> Tensor:
        rows = max(1, (LOGITS_AT_ONCE_CUDA if hidden.is_cuda else LOGITS_AT_ONCE) // len(weight))
        gradient, loss = torch.empty_like(hidden), torch.zeros((), device=hidden.device)
        for start in range(0, len(hidden), rows):
            low = hidden[start : start + rows] @ weight.t()
            logits = low.float()
            target = targets[start : start + rows, None]
            top = logits.amax(-1, keepdim=True)
            loss -= (logits.gather(1, target) - top).sum()
            total = logits.sub_(top).exp_().sum(-1, keepdim=True)
            loss += total.log().sum()
            logits.div_(total).scatter_add_(1, target, -torch.ones_like(total))
            torch.mm(low.copy_(logits), weight, out=gradient[start : start + rows])
        ctx.save_for_backward(gradient)
        return loss

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None, None]:
        (gradient,) = ctx.saved_tensors
        return gradient * grad.to(gradient.dtype), None, None


class LoraLinear(torch.autograd.Function):
    """y = x W' + s (x A') B' with both products accumulated in place; W is frozen. Shapes: x (..., in), W (out, in)."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, a: Tensor, b: Tensor, scale: float) -> Tensor:
        flat = x.reshape(-1, x.shape[-1])
        low = flat @ a.t()
        out = torch.mm(flat, weight.t()).addmm_(low, b.t(), alpha=scale)
        ctx.save_for_backward(flat, low, weight, a, b)
        ctx.scale = scale
        return out.view(*x.shape[:-1], -1)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        flat, low, weight, a, b = ctx.saved_tensors
        shape = grad.shape
        grad = grad.reshape(-1, shape[-1])
        grad_low = (grad @ b).mul_(ctx.scale)
        grad_b = (grad.t() @ low).mul_(ctx.scale)
        grad_a = grad_low.t() @ flat
        grad_x = torch.mm(grad, weight).addmm_(grad_low, a) if ctx.needs_input_grad[0] else None
        return (None if grad_x is None else grad_x.view(*shape[:-1], -1)), None, grad_a, grad_b, None


class SwiGlu(torch.autograd.Function):
    """silu(gate) * up."""

    @staticmethod
    def forward(ctx: Any, gate: Tensor, up: Tensor) -> Tensor:
        ctx.save_for_backward(gate, up)
        return F.silu(gate).mul_(up)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, Tensor]:
        gate, up = ctx.saved_tensors
        grad_gate = torch.ops.aten.silu_backward(grad * up, gate)
        return grad_gate, F.silu(gate).mul_(grad)


class RmsNorm(torch.autograd.Function):
    """x / rms(x) * weight with a frozen weight; the mean is taken in fp32."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, eps: float) -> Tensor:
        width = x.shape[-1]
        norm = torch.linalg.vector_norm(x, dim=-1, keepdim=True, dtype=torch.float32)
        inverse = (norm.square_() / width + eps).rsqrt_()
        ctx.save_for_backward(x, inverse, weight)
        # Rounded where transformers rounds, so that training and generation see the same model.
        normed: Tensor = (x.float() * inverse).to(x.dtype).mul_(weight)
        return normed

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None, None]:
        x, inverse, weight = ctx.saved_tensors
        scaled = grad * weight
        dot = (scaled * x).sum(-1, keepdim=True, dtype=torch.float32)
        factor = (dot * inverse.pow(3) / x.shape[-1]).to(x.dtype)
        return scaled.mul_(inverse).addcmul_(x, factor, value=-1), None, None


class CausalAttention(torch.autograd.Function):
    """softmax(s q k' + causal mask) v, the query heads of one key head stacked into one product.

    Shapes: q (batch, heads, length, size), k and v (batch, key heads, length, size). Scores stay in the inputs'
    precision; each row's softmax is taken in fp32 and rounded once.
    """

    @staticmethod
    def forward(ctx: Any, q: Tensor, k: Tensor, v: Tensor, scale: float) -> Tensor:
        batch, heads, length, size = q.shape
        groups = heads // k.shape[1]
        q = (q * scale).reshape(-1, groups * length, size)
        k, v = k.reshape(-1, length, size), v.reshape(-1, length, size)
        future = torch.full((length, length), -torch.inf, dtype=q.dtype).triu_(1).repeat(groups, 1)
        p = torch.baddbmm(future, q, k.transpose(1, 2)).softmax(-1)
        ctx.save_for_backward(q, k, v, p)
        ctx.scale, ctx.shape = scale, (batch, heads, length, size)
        return torch.bmm(p, v).view(batch, heads, length, size)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, Tensor, Tensor, None]:
        q, k, v, p = ctx.saved_tensors
        batch, heads, length, size = ctx.shape
        grad = grad.reshape(q.shape)
        grad_p = torch.bmm(grad, v.transpose(1, 2))
        grad_s = torch._softmax_backward_data(grad_p, p, -1, p.dtype)
        grad_q = torch.bmm(grad_s, k).mul_(ctx.scale).view(batch, heads, length, size)
        grad_k = torch.bmm(grad_s.transpose(1, 2), q).view(batch, -1, length, size)
        grad_v = torch.bmm(p.transpose(1, 2), grad).view(batch, -1, length, size)
        return grad_q, grad_k, grad_v, None


def attend(
    module: Any,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float,
    **rest: Any,
) -> tuple[Tensor, None]:
    """CausalAttention as an attention function of transformers; rows are padded on the right, so no mask is needed."""
    return _apply(CausalAttention, query, key, value, scaling).transpose(1, 2), None


def cross_entropy(hidden: Tensor, weight: Tensor, targets: Tensor) -> Tensor:
    """CrossEntropy as a function."""
    return _apply(CrossEntropy, hidden, weight, targets)


def fuse(model: Any) -> None:
    """Make a PEFT Llama-like model use the functions above, for full-precision LoRA without dropout."""
    from peft.tuners.lora import Linear as PeftLinear
    from transformers import AttentionInterface

    AttentionInterface.register("fused", attend)
    model.get_base_model().set_attn_implementation("fused")
    makers = {"LlamaRMSNorm": _norm_forward, "LlamaMLP": _mlp_forward}
    makers |= {"Qwen2RMSNorm": _norm_forward, "Qwen2MLP": _mlp_forward}
    for module in model.modules():
        make = _lora_forward if isinstance(module, PeftLinear) else makers.get(type(module).__name__)
        if make is not None:
            module.forward = make(module)


def _lora_forward(module: Any) -> Any:
    a, b = module.lora_A["default"], module.lora_B["default"]
    weight, bias, scale = module.base_layer.weight, module.base_layer.bias, module.scaling["default"]

    def forward(x: Tensor) -> Tensor:
        out = _apply(LoraLinear, x, weight, a.weight, b.weight, scale)
        return out if bias is None else out + bias

    return forward


def _norm_forward(module: Any) -> Any:
    return lambda x: _apply(RmsNorm, x, module.weight, module.variance_epsilon)


def _mlp_forward(module: Any) -> Any:
    return lambda x: module.down_proj(_apply(SwiGlu, module.gate_proj(x), module.up_proj(x)))


def _apply(function: Any, *inputs: Any) -> Tensor:
    """`function.apply`, which torch leaves untyped."""
    out: Tensor = function.apply(*inputs)
    return out
