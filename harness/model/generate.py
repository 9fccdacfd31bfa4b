"""Answers of a model to many prompts: batched decoding on a CPU or GPU, streamed prompt by prompt."""

from __future__ import annotations

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

from harness.model.prompt import prompt_ids
from harness.model.workers import run_workers, say, usual_count
from harness.store import digest_tree

if TYPE_CHECKING:
    from harness.model.decode import Model

BATCH_ROWS = 64  # measured: 17 % more tokens/s than 32


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


def equal_batches(items: Sequence[int], most: int) -> list[list[int]]:
    """`items` in order, cut into an even number of batches of at most `most`, of equal size or one less.

    Even, so that two processes are equally busy; independent of their number, so that it changes no answer.
    """
    count = min(len(items), 2 * math.ceil(len(items) / (2 * most)))
    edges = [len(items) * k // count for k in range(count + 1)]
    return [list(items[start:end]) for start, end in itertools.pairwise(edges)]


def answer(model: Model, batch: Job) -> Iterator[tuple[int, list[str]]]:
    """Decode a batch: (place in it, greedy answer and samples) of each prompt as it is finished."""
    import torch

    from harness.model.decode import decode, uniforms

    each = 1 + batch.samples[0]
    asked = itertools.product(batch.prompts, range(each))
    streams = torch.stack([uniforms(batch.seed, *one, batch.max_new_tokens) for one in asked])
    encoded = [prompt_ids(model.tokenizer, text) for text in batch.prompts]
    found: list[dict[int, str]] = [{} for _ in encoded]
    torch.set_flush_denormal(True)  # a setting of the calling thread
    with torch.inference_mode():
        for row, ids in decode(model.weights, encoded, streams, temperature=batch.temperature, end=model.end):
            place, number = divmod(row, each)
            found[place][number] = str(model.tokenizer.decode(ids))
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
    from harness.model.decode import Model

    with _answering:
        if (batch.model, weights) not in _loaded:
            _loaded.clear()  # first, as two may not fit
            if digest_tree(_shared(batch.model)) != weights:
                raise ModelFolderError(
                    f"{batch.model} on {platform.node()} holds other files than where the run was started: share it"
                )
            _loaded[batch.model, weights] = Model(batch.model)
        found = dict(answer(_loaded[batch.model, weights], batch))
    return [found[place] for place in range(len(found))]


def _shared(folder: str) -> Path:
    if not Path(folder).is_dir():
        raise ModelFolderError(
            f"{platform.node()} sees no folder {folder}: models, and so --cache, must lie at one path that all share"
        )
    return Path(folder)


def _worker(folder: Path) -> None:
    """One process of several on this machine: takes batch after batch; prints a line per prompt."""
    from harness.model.decode import Model

    job = Job(**json.loads((folder / "job.json").read_text()))
    model = Model(job.model)
    for batch in _taken(folder, job.batches(model.tokenizer)):
        for place, answers in answer(model, job.part(batch)):
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
