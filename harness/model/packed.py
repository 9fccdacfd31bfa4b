"""A batch as one row without padding, for a GPU: positions start again at each example, and so does attention."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F
from transformers import AttentionInterface

PACKED = "packed"


def packed_states(model: Any, rows: Sequence[tuple[list[int], list[int]]]) -> tuple[Tensor, Tensor]:
    """Hidden states (n, d) that predict the n completion tokens of `rows`, and those tokens (n,).

    `model` must have been loaded with the attention PACKED.
    """
    device = next(model.parameters()).device
    lengths = [len(prompt) + len(completion) for prompt, completion in rows]
    starts = [0, *itertools.accumulate(lengths)]
    ids = torch.tensor([token for prompt, completion in rows for token in (*prompt, *completion)])
    wanted = torch.cat(
        [
            torch.arange(start + len(prompt), start + length)
            for start, length, (prompt, _) in zip(starts, lengths, rows)
        ]
    )
    bounds = torch.tensor(starts, dtype=torch.int32, device=device)
    hidden = model.get_base_model().base_model(
        input_ids=ids[None].to(device),
        position_ids=torch.cat([torch.arange(length) for length in lengths])[None].to(device),
        cu_seq_lens_q=bounds,
        cu_seq_lens_k=bounds,
        max_length_q=max(lengths),
        max_length_k=max(lengths),
    )
    return hidden.last_hidden_state[0, (wanted - 1).to(device)], ids[wanted].to(device)


def attend(
    module: Any,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float,
    cu_seq_lens_q: Tensor,
    max_length_q: int,
    **rest: Any,
) -> tuple[Tensor, None]:
    """Causal attention within each example of a packed row; examples lie between the bounds `cu_seq_lens_q`.

    Shapes: query (1, heads, tokens, size), key and value (1, key heads, tokens, size). Where there is no
    variable-length kernel (a CPU, a GPU before Ampere, fp32) the examples are attended one by one.
    """
    has_kernel = query.is_cuda and torch.cuda.get_device_capability(query.device) >= (8, 0)
    if has_kernel and query.dtype is not torch.float32:
        from torch.nn.attention.varlen import varlen_attn

        q, k, v = (x[0].transpose(0, 1) for x in (query, key, value))
        bounds, most = cu_seq_lens_q, max_length_q
        out = varlen_attn(
            q, k, v, bounds, bounds, most, most, scale=scaling, window_size=(-1, 0), enable_gqa=True
        )
        assert isinstance(out, Tensor)
        return out[None], None
    parts = []
    for start, end in itertools.pairwise(cu_seq_lens_q.tolist()):
        q, k, v = (x[:, :, start:end] for x in (query, key, value))
        parts.append(F.scaled_dot_product_attention(q, k, v, is_causal=True, scale=scaling, enable_gqa=True))
    return torch.cat(parts, 2).transpose(1, 2), None


AttentionInterface.register(PACKED, attend)
