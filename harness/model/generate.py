"""Answers of a model to many prompts: batched decoding on a CPU or GPU, streamed prompt by prompt."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import platform
import sys
import tempfile
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Executor, as_completed
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.model.prompt import end_of_turn, prompt_ids
from harness.model.workers import quiet, run_workers, say, usual_count
from harness.store import digest_tree

if TYPE_CHECKING:
    import torch

BATCH_ROWS = 64  # measured: 17 % more tokens/s than 32
FULL = 7 / 8  # rows that have ended go on unheard while a larger share is left: leaving them out copies all


def generate(
    model_dir: Path | str,
    prompts: Sequence[str],
    samples: Sequence[int],
    *,
    max_new_tokens: int = 512,
    temperature: float = 1.0,
    seed: int = 0,
    workers: int = 0,
    known: Mapping[int, list[str]] | None = None,
    on_answers: Callable[[int, list[str]], None] | None = None,
    executor: Executor | None = None,
) -> list[list[str]]:
    """For each prompt its greedy answer, then `samples` of it (one number a prompt) drawn at `temperature`.

    An answer is text up to the end-of-turn token or `max_new_tokens`. Each is drawn from a stream of its own per
    (seed, prompt, sample), so it doesn't depend on what else is asked (up to rounding, which depends on the batch).
    `on_answers(index, answers)` is called as soon as a prompt is finished, in any order, so that a caller can
    store it and give what is `known` after a kill. A batch that is not known whole is then decoded whole, so that
    rounding is as it would have been. The answers come from `workers` processes (as many as fit if 0),
    or batch by batch from wherever `executor` runs calls; the batches, and so the answers, are the same. Raises
    WorkerError when a process fails, ModelFolderError when a call finds no such folder, and what `executor` raises.
    """
    known = known or {}
    answers = [known.get(index, []) for index in range(len(prompts))]
    if len(known) == len(prompts):
        return answers
    job = Job(str(model_dir), list(prompts), list(samples), max_new_tokens, temperature, seed, sorted(known))
    with closing(_by_processes(job, workers) if executor is None else _by_calls(job, executor)) as source:
        for index, found in source:
            if index in known:
                continue
            answers[index] = found
            if on_answers is not None:
                on_answers(index, found)
    return answers


@dataclass(frozen=True, slots=True)
class Job:
    """What is asked of the model in the folder `model`; for each prompt so many `samples` beside its greedy answer.

    `known` are the places of prompts whose answers are there.
    """

    model: str
    prompts: list[str]
    samples: list[int]
    max_new_tokens: int
    temperature: float
    seed: int
    known: list[int] = field(default_factory=list)

    def part(self, places: Sequence[int]) -> Job:
        """The same with only the prompts at `places`."""
        prompts = [self.prompts[i] for i in places]
        return replace(self, prompts=prompts, samples=[self.samples[i] for i in places], known=[])

    def batches(self, tokenizer: Any) -> list[list[int]]:
        """Places of the prompts that are decoded together: of like length, with equally many samples.

        They are made of all prompts; those in which everything is known are left out.
        """
        known = set(self.known)
        lengths = [len(prompt_ids(tokenizer, text)) for text in self.prompts]
        order = sorted(range(len(lengths)), key=lambda i: (self.samples[i], lengths[i], i))
        return [
            batch
            for drawn, alike in itertools.groupby(order, key=lambda i: self.samples[i])
            for batch in equal_batches(list(alike), max(1, BATCH_ROWS // (1 + drawn)))
            if not known.issuperset(batch)
        ]


def _by_processes(job: Job, workers: int) -> Generator[tuple[int, list[str]], None, None]:
    """(index, answers) of each prompt as processes on this machine finish it."""
    with tempfile.TemporaryDirectory(prefix="generate-") as folder:
        (Path(folder) / "job.json").write_text(json.dumps(asdict(job)))
        count = min(workers or usual_count(), len(job.prompts))
        with closing(run_workers("harness.model.generate", Path(folder), count)) as messages:
            for message in messages:
                yield message["index"], message["answers"]


def _by_calls(job: Job, executor: Executor) -> Generator[tuple[int, list[str]], None, None]:
    """(index, answers) of each prompt, batch by batch; each batch is a call."""
    job = replace(job, model=str(Path(job.model).resolve()))
    weights = digest_tree(_shared(job.model))
    batches = executor.submit(plan, job).result()
    calls = {executor.submit(answer_batch, job.part(batch), weights): batch for batch in batches}
    try:
        for call in as_completed(calls):
            yield from zip(calls[call], call.result(), strict=True)
    finally:
        for call in calls:
            call.cancel()


def uniforms(seed: int, prompt: str, sample: int, count: int) -> torch.Tensor:
    """The `count` random numbers in [0, 1) that one sample of one prompt uses, one per token."""
    import torch

    digest = hashlib.sha256(f"{seed}\0{sample}\0{prompt}".encode()).digest()
    stream = torch.Generator().manual_seed(int.from_bytes(digest[:7], "big"))
    return torch.rand(count, generator=stream, dtype=torch.float64)


def draw(logits: torch.Tensor, temperature: float, uniform: torch.Tensor) -> torch.Tensor:
    """Next token per row of `logits` [rows, vocabulary], drawn with the numbers `uniform` [rows]."""
    import torch

    mass = torch.softmax(logits.double() / temperature, -1).cumsum_(-1)
    target = uniform.to(mass.device)[:, None] * mass[:, -1:]
    return torch.searchsorted(mass, target, right=True)[:, 0].clamp(max=logits.shape[-1] - 1)


def highest(logits: torch.Tensor) -> torch.Tensor:
    """The likeliest token per row of `logits` [rows, vocabulary], the first of equally likely ones."""
    if logits.device.type != "cpu":
        return logits.argmax(-1)
    import torch

    return torch.from_numpy(logits.float().numpy().argmax(-1))  # torch's own took four times as long


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
        drawn = [place for place, row in enumerate(rows) if row % answers]
        if drawn:
            greedy = [place for place, row in enumerate(rows) if row % answers == 0]
            tokens = torch.empty(len(rows), dtype=torch.long, device=device)
            tokens[greedy] = highest(logits[greedy])
            numbers = streams[[rows[place] for place in drawn], count]
            tokens[drawn] = draw(logits[drawn], temperature, numbers)
        else:
            tokens = highest(logits)
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


class Model:
    """Weights and tokenizer of one folder, on this machine's GPU if it has one.

    bf16 weights are computed with in fp32 where that is faster.
    """

    def __init__(self, folder: str) -> None:
        import torch
        import transformers

        from harness.model.decode import GROUPED
        from harness.model.precision import faster_dtype

        quiet()
        device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
        stored = transformers.AutoConfig.from_pretrained(folder).dtype
        model: Any = transformers.AutoModelForCausalLM.from_pretrained(
            folder,
            dtype=faster_dtype(device) if stored is torch.bfloat16 else "auto",
            attn_implementation=GROUPED if device.type == "cpu" else "sdpa",
        )
        self.model = model.to(device).eval()

    def answer(self, batch: Job) -> Iterator[tuple[int, list[str]]]:
        """Decode a batch: (place in it, greedy answer and samples) of each prompt as it is finished."""
        import torch

        each = 1 + batch.samples[0]
        asked = itertools.product(batch.prompts, range(each))
        streams = torch.stack([uniforms(batch.seed, *one, batch.max_new_tokens) for one in asked])
        encoded = [prompt_ids(self.tokenizer, text) for text in batch.prompts]
        end = end_of_turn(self.tokenizer)
        found: list[dict[int, str]] = [{} for _ in encoded]
        torch.set_flush_denormal(True)  # a setting of the calling thread
        with torch.inference_mode():
            for row, ids in decode(self.model, encoded, streams, temperature=batch.temperature, end=end):
                place, answer = divmod(row, each)
                found[place][answer] = str(self.tokenizer.decode(ids))
                if len(found[place]) == each:
                    yield place, [found[place][k] for k in range(each)]


class ModelFolderError(RuntimeError):
    """A model's folder that is not there, or holds something else, where it is wanted."""


_loaded: dict[tuple[str, str], Model] = {}  # by folder and digest: the one that has answered last stays
_answering = threading.Lock()  # one batch at a time, as each uses all cores of its worker


def plan(job: Job) -> list[list[int]]:
    """A call: the job's batches; elsewhere, so that who asks loads neither torch nor transformers."""
    import transformers

    return job.batches(transformers.AutoTokenizer.from_pretrained(_shared(job.model)))


def answer_batch(batch: Job, weights: str) -> list[list[str]]:
    """A call: the answers to a batch, in its order, by a model whose files have the digest `weights`."""
    with _answering:
        if (batch.model, weights) not in _loaded:
            _loaded.clear()  # first, as two may not fit
            if digest_tree(_shared(batch.model)) != weights:
                raise ModelFolderError(
                    f"{batch.model} on {platform.node()} holds other files than where the run was started: share it"
                )
            _loaded[batch.model, weights] = Model(batch.model)
        found = dict(_loaded[batch.model, weights].answer(batch))
    return [found[place] for place in range(len(found))]


def _shared(folder: str) -> Path:
    if not Path(folder).is_dir():
        raise ModelFolderError(
            f"{platform.node()} sees no folder {folder}: models, and so --cache, must lie at one path that all share"
        )
    return Path(folder)


def _worker(folder: Path) -> None:
    """One process of several on this machine: takes batch after batch; prints a line per prompt."""
    job = Job(**json.loads((folder / "job.json").read_text()))
    model = Model(job.model)
    for batch in _taken(folder, job.batches(model.tokenizer)):
        for place, answers in model.answer(job.part(batch)):
            say({"index": batch[place], "answers": answers})


def _taken(folder: Path, batches: Sequence[list[int]]) -> Iterator[list[int]]:
    """The batches that no other process has taken; the longest first, so that all processes end at about one time.

    Shared out beforehand they left a core idle for minutes: a batch lasts as long as its longest answer.
    """
    for number in reversed(range(len(batches))):
        with suppress(FileExistsError):
            (folder / f"taken-{number}").touch(exist_ok=False)
            yield batches[number]


if __name__ == "__main__":
    _worker(Path(sys.argv[1]))
