"""What makes decoding fast on a CPU: nothing that was computed before is copied again.

transformers' cache joins all keys and values anew for every token, and its attention repeats them for each query
head that shares them: for 64 rows that is most of the time. Importing this registers the attention GROUPED.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.cache_utils import Cache, DynamicLayer
from transformers.masking_utils import eager_mask

GROUPED = "grouped"
ROOM = 64  # buffers grow by so many tokens; few sizes also means few kernels to compile


class RoomyLayer(DynamicLayer):  # type: ignore[no-untyped-call]
    """One layer's keys and values in buffers (batch, key heads, room, size), zero where nothing is yet.

    Attention is given the whole buffers, which are contiguous, and a mask that leaves out what lies ahead.
    """

    length = 0

    def update(
        self, key_states: Tensor, value_states: Tensor, *args: Any, **kwargs: Any
    ) -> tuple[Tensor, Tensor]:
        """Append, and return the buffers."""
        room, _ = self.get_mask_sizes(key_states.shape[2])
        keys, values = self.keys, self.values
        if keys is None or values is None:
            self.lazy_initialization(key_states, value_states)
            keys, values = key_states[:, :, :0], value_states[:, :, :0]
        if room > keys.shape[2]:
            keys, values = _roomy(keys, room), _roomy(values, room)
        end = self.length + key_states.shape[2]
        keys[:, :, self.length : end] = key_states
        values[:, :, self.length : end] = value_states
        self.keys, self.values, self.length = keys, values, end
        return keys, values

    def get_mask_sizes(self, query_length: int) -> tuple[int, int]:
        """Room and offset after `query_length` more tokens."""
        return -(-(self.length + query_length) // ROOM) * ROOM, 0

    def get_seq_length(self) -> int:
        """Tokens so far."""
        return self.length


def _roomy(old: Tensor, room: int) -> Tensor:
    batch, heads, length, size = old.shape
    buffer = old.new_zeros(batch, heads, room, size)
    buffer[:, :, :length] = old
    return buffer


def empty_cache(layers: int) -> Cache:
    """A cache for one batch of a model with so many layers."""
    return Cache(layers=[RoomyLayer() for _ in range(layers)])  # type: ignore[no-untyped-call]


def attend(
    module: Any,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor,
    scaling: float,
    **rest: Any,
) -> tuple[Tensor, None]:
    """softmax(s q k' + mask) v with the query heads of one key head in one product.

    Shapes: query (batch, heads, length, size), key and value (batch, key heads, room, size), mask
    (batch, 1, length, room), additive; returns (batch, length, heads, size).
    """
    batch, heads, length, size = query.shape
    room = key.shape[2]
    queries = (query * scaling).reshape(batch * key.shape[1], -1, size)
    scores = torch.bmm(queries, key.reshape(-1, room, size).transpose(1, 2))
    scores.view(batch, heads, length, room).add_(attention_mask)
    out = torch.bmm(scores.softmax(-1), value.reshape(-1, room, size))
    return out.view(batch, heads, length, size).transpose(1, 2), None


AttentionInterface.register(GROUPED, attend)
AttentionMaskInterface.register(GROUPED, eager_mask)
