"""Decoding of a batch: its rows grow token by token, and leave when they have ended."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
import transformers
from torch import Tensor

from harness.model.grouped import GROUPED, empty_cache
from harness.model.precision import faster_dtype
from harness.model.prompt import end_of_turn
from harness.model.workers import quiet

FULL = 7 / 8  # rows that have ended go on unheard while a larger share is left: leaving them out copies all


class Model:
    """Weights and tokenizer of one folder, on this machine's GPU if it has one.

    bf16 weights are computed with in fp32 where that is faster.
    """

    def __init__(self, folder: Path | str) -> None:
        quiet()
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.tokenizer: Any = transformers.AutoTokenizer.from_pretrained(folder)
        self.end = end_of_turn(self.tokenizer)
        stored = transformers.AutoConfig.from_pretrained(folder).dtype
        weights: Any = transformers.AutoModelForCausalLM.from_pretrained(
            folder,
            dtype=faster_dtype(self.device) if stored is torch.bfloat16 else "auto",
            attn_implementation=GROUPED if self.device.type == "cpu" else "sdpa",
        )
        self.weights = weights.to(self.device).eval()


class Batch:
    """Prompts that are read together, and rows of answers to them that grow together.

    Prompts (token ids) are padded on the left with `pad` and read once; row r then goes on from prompt `spread[r]`.
    """

    def __init__(
        self, weights: Any, prompts: Sequence[Sequence[int]], spread: Sequence[int], pad: int
    ) -> None:
        self.weights, self.spread = weights, spread
        self.device = next(weights.parameters()).device
        width = max(map(len, prompts))
        ids = torch.full((len(prompts), width), pad)
        mask = torch.zeros((len(prompts), width), dtype=torch.long)
        for row, prompt in enumerate(prompts):
            ids[row, width - len(prompt) :] = torch.tensor(prompt)
            mask[row, width - len(prompt) :] = 1
        self._ids, self._mask = ids.to(self.device), mask.to(self.device)
        self._positions = (self._mask.cumsum(1) - 1).clamp(min=0)
        self._cache = empty_cache(weights.config.num_hidden_layers)
        self._read = False

    def logits(self) -> Tensor:
        """What the model makes of the prompts, or of the last tokens: [rows, vocabulary]."""
        hidden = self.weights.base_model(
            input_ids=self._ids,
            attention_mask=self._mask,
            position_ids=self._positions,
            past_key_values=self._cache,
            use_cache=True,
        ).last_hidden_state[:, -1]
        if not self._read:
            rows = torch.tensor(self.spread, device=self.device)
            self._cache.batch_select_indices(rows)
            hidden, self._mask, self._positions = hidden[rows], self._mask[rows], self._positions[rows]
            self._read = True
        logits: Tensor = self.weights.get_output_embeddings()(hidden)
        return logits

    def take(self, tokens: Tensor, live: Sequence[int]) -> Sequence[int]:
        """Append a token to each row; returns the places of the rows that go on, among them all `live` ones."""
        places: Sequence[int] = range(len(tokens))
        if len(live) <= len(tokens) * FULL:
            places = live
            kept = torch.tensor(live, device=self.device)
            self._cache.batch_select_indices(kept)
            tokens, self._mask, self._positions = tokens[kept], self._mask[kept], self._positions[kept]
        self._ids = tokens[:, None]
        self._mask = torch.cat([self._mask, self._mask.new_ones(len(places), 1)], 1)
        self._positions = self._positions[:, -1:] + 1
        return places


def decode(
    weights: Any, prompts: Sequence[Sequence[int]], streams: Tensor, *, temperature: float, end: int
) -> Iterator[tuple[int, list[int]]]:
    """Decode a batch: yield (row, token ids without the end token) whenever a row has ended.

    With n rows a prompt, row r is answer r % n of prompt r // n; answer 0 is greedy. `streams` [rows, max_new_tokens]
    holds the random numbers of the others; its width limits the tokens.
    """
    answers, limit = len(streams) // len(prompts), streams.shape[1]
    rows: Sequence[int] = range(len(streams))
    batch = Batch(weights, prompts, [row // answers for row in rows], end)
    texts: list[list[int]] = [[] for _ in rows]
    ended: set[int] = set()
    for count in range(limit):
        logits = batch.logits()
        drawn = [place for place, row in enumerate(rows) if row % answers]
        greedy = [place for place, row in enumerate(rows) if row % answers == 0]
        tokens = torch.empty(len(rows), dtype=torch.long, device=batch.device)
        tokens[greedy] = highest(logits[greedy] if drawn else logits)
        if drawn:
            numbers = streams[[rows[place] for place in drawn], count]
            tokens[drawn] = draw(logits[drawn], temperature, numbers)
        for row, token in zip(rows, tokens.tolist(), strict=True):
            if row in ended:
                continue
            if token != end:
                texts[row].append(token)
            if token == end or count + 1 == limit:
                ended.add(row)
                yield row, texts[row]
        live = [place for place, row in enumerate(rows) if row not in ended]
        if not live:
            return
        rows = [rows[place] for place in batch.take(tokens, live)]


def uniforms(seed: int, prompt: str, sample: int, count: int) -> Tensor:
    """The `count` random numbers in [0, 1) that one sample of one prompt uses, one per token."""
    digest = hashlib.sha256(f"{seed}\0{sample}\0{prompt}".encode()).digest()
    stream = torch.Generator().manual_seed(int.from_bytes(digest[:7], "big"))
    return torch.rand(count, generator=stream, dtype=torch.float64)


def draw(logits: Tensor, temperature: float, uniform: Tensor) -> Tensor:
    """Next token per row of `logits` [rows, vocabulary], drawn with the numbers `uniform` [rows]."""
    mass = torch.softmax(logits.double() / temperature, -1).cumsum_(-1)
    target = uniform.to(mass.device)[:, None] * mass[:, -1:]
    return torch.searchsorted(mass, target, right=True)[:, 0].clamp(max=logits.shape[-1] - 1)


def highest(logits: Tensor) -> Tensor:
    """The likeliest token per row of `logits` [rows, vocabulary], the first of equally likely ones."""
    if logits.device.type != "cpu":
        return logits.argmax(-1)
    return torch.from_numpy(logits.float().numpy().argmax(-1))  # torch's own took four times as long
