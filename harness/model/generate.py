"""Answers of a model to many prompts: batched decoding on a CPU or GPU, streamed prompt by prompt."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.model.prompt import end_of_turn, prompt_ids
from harness.model.workers import cores, quiet, run_workers, say

if TYPE_CHECKING:
    import torch

BATCH_ROWS = 64  # measured: 17 % more tokens/s than 32
FULL = (
    7 / 8
)  # rows that have ended go on unheard while a larger share than this is left: leaving them out copies all


def generate(
    model_dir: Path | str,
    prompts: Sequence[str],
    samples: Sequence[int],
    *,
    max_new_tokens: int = 512,
    temperature: float = 1.0,
    seed: int = 0,
    workers: int = 0,
    on_answers: Callable[[int, list[str]], None] | None = None,
) -> list[list[str]]:
    """For each prompt its greedy answer, then `samples` of it (one number a prompt) drawn at `temperature`.

    An answer is text up to the end-of-turn token or `max_new_tokens`. Each is drawn from a stream of its own per
    (seed, prompt, sample), so it doesn't depend on what else is asked (up to rounding, which depends on the batch).
    `on_answers(index, answers)` is called as soon as a prompt is finished, in any order, so that a caller can
    store it and ask only for the rest after a kill. Raises WorkerError when a process fails.
    """
    answers: list[list[str]] = [[] for _ in prompts]
    if not prompts:
        return answers
    with tempfile.TemporaryDirectory(prefix="generate-") as folder:
        job = {
            "model": str(model_dir),
            "prompts": list(prompts),
            "max_new_tokens": max_new_tokens,
            "temperature": temperature,
            "samples": list(samples),
            "seed": seed,
        }
        (Path(folder) / "job.json").write_text(json.dumps(job))
        count = min(workers or _default_workers(), len(prompts))
        with closing(run_workers("harness.model.generate", Path(folder), count)) as messages:
            for message in messages:
                answers[message["index"]] = message["answers"]
                if on_answers is not None:
                    on_answers(message["index"], message["answers"])
    return answers


def _default_workers() -> int:
    import torch

    return 1 if torch.cuda.is_available() else min(2, cores())


def uniforms(seed: int, prompt: str, sample: int, count: int) -> torch.Tensor:
    """The `count` random numbers in [0, 1) that one sample of one prompt uses, one per token."""
    import torch

    digest = hashlib.sha256(f"{seed}\0{sample}\0{prompt}".encode()).digest()
    stream = torch.Generator().manual_seed(int.from_bytes(digest[:7], "big"))
    return torch.rand(count, generator=stream, dtype=torch.float64)


def draw(logits: torch.Tensor, temperature: float, uniform: torch.Tensor) -> torch.Tensor:
    """Next token per row of `logits` [rows, vocabulary], drawn with the numbers `uniform` [rows]."""
    import torch

    mass = torch.softmax(logits.double() / temperature, -1).cumsum(-1)
    target = uniform.to(mass.device)[:, None] * mass[:, -1:]
    return torch.searchsorted(mass, target, right=True)[:, 0].clamp(max=logits.shape[-1] - 1)


def equal_batches(items: Sequence[int], most: int) -> list[list[int]]:
    """`items` in order, cut into an even number of batches of at most `most`, of equal size or one less.

    Even, so that two processes are equally busy; independent of their number, so that it changes no answer.
    """
    count = min(len(items), 2 * math.ceil(len(items) / (2 * most)))
    edges = [len(items) * k // count for k in range(count + 1)]
    return [list(items[start:end]) for start, end in itertools.pairwise(edges)]


def decode(
    model: Any,
    prompts: Sequence[list[int]],
    streams: torch.Tensor,
    *,
    temperature: float,
    end: int,
) -> Iterator[tuple[int, list[int]]]:
    """Decode a batch: yield (row, token ids without the end token) whenever a row has ended.

    With n rows a prompt, row r is answer r % n of prompt r // n; answer 0 is greedy. `streams` [rows, max_new_tokens]
    holds the random numbers of the others; its width limits the tokens. Prompts are padded on the left and read once.
    """
    import torch

    from harness.model.decode import empty_cache

    device = next(model.parameters()).device
    width = max(map(len, prompts))
    ids = torch.full((len(prompts), width), end)
    mask = torch.zeros((len(prompts), width), dtype=torch.long)
    for row, prompt in enumerate(prompts):
        ids[row, width - len(prompt) :] = torch.tensor(prompt)
        mask[row, width - len(prompt) :] = 1
    ids, mask = ids.to(device), mask.to(device)
    cache = empty_cache(model.config.num_hidden_layers)
    positions = (mask.cumsum(1) - 1).clamp(min=0)
    answers = len(streams) // len(prompts)
    rows = list(range(len(streams)))
    texts: list[list[int]] = [[] for _ in rows]
    ended: set[int] = set()
    limit = streams.shape[1]
    for count in range(limit):
        hidden = model.base_model(
            input_ids=ids, attention_mask=mask, position_ids=positions, past_key_values=cache, use_cache=True
        ).last_hidden_state[:, -1]
        if count == 0:
            cache.batch_repeat_interleave(answers)
            hidden, mask, positions = (x.repeat_interleave(answers, 0) for x in (hidden, mask, positions))
        logits = model.get_output_embeddings()(hidden)
        tokens = logits.argmax(-1)
        drawn = [place for place, row in enumerate(rows) if row % answers]
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
        keep = [place for place, row in enumerate(rows) if row not in ended]
        if not keep:
            return
        if len(keep) <= len(rows) * FULL:
            kept = torch.tensor(keep, device=device)
            cache.batch_select_indices(kept)
            tokens, mask, positions = tokens[kept], mask[kept], positions[kept]
            rows = [rows[place] for place in keep]
        ids = tokens[:, None]
        mask = torch.cat([mask, mask.new_ones(len(rows), 1)], 1)
        positions = positions[:, -1:] + 1


def _worker(folder: Path, rank: int, count: int) -> None:
    """One process: every `count`-th batch of the prompts sorted by length; prints a line per prompt."""
    import torch
    import transformers

    from harness.model.decode import GROUPED

    quiet()
    torch.set_flush_denormal(True)
    job = json.loads((folder / "job.json").read_text())
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    tokenizer = transformers.AutoTokenizer.from_pretrained(job["model"])
    attention = GROUPED if device.type == "cpu" else "sdpa"
    model: Any = transformers.AutoModelForCausalLM.from_pretrained(
        job["model"], dtype="auto", attn_implementation=attention
    )
    model.to(device).eval()
    texts, samples = job["prompts"], job["samples"]
    encoded = [prompt_ids(tokenizer, text) for text in texts]
    order = sorted(range(len(texts)), key=lambda i: (samples[i], len(encoded[i]), i))
    batches = [
        batch
        for drawn, alike in itertools.groupby(order, key=lambda i: samples[i])
        for batch in equal_batches(list(alike), max(1, BATCH_ROWS // (1 + drawn)))
    ]
    with torch.inference_mode():
        for batch in batches[rank::count]:
            each = 1 + samples[batch[0]]
            streams = torch.stack(
                [
                    uniforms(job["seed"], texts[i], sample, job["max_new_tokens"])
                    for i in batch
                    for sample in range(each)
                ]
            )
            found: dict[int, dict[int, str]] = {i: {} for i in batch}
            for row, ids in decode(
                model,
                [encoded[i] for i in batch],
                streams,
                temperature=job["temperature"],
                end=end_of_turn(tokenizer),
            ):
                index = batch[row // each]
                found[index][row % each] = str(tokenizer.decode(ids))
                if len(found[index]) == each:
                    say({"index": index, "answers": [found[index][k] for k in range(each)]})


if __name__ == "__main__":
    _worker(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
