"""How fast greedy answers come, as ratios to `generate` of transformers, and whether they are the same, in one run.

    .tox/harness/bin/python benchmarks/speed/generation.py [--model FOLDER] [--prompts 96] [--repeats 3]

The prompts are texts of the benchmark. The model is the merged one that a build made last, or the one in FOLDER. It
must have been trained: a base model does not end its answers. Each way runs in processes of its own, in turn:

- ours: `harness.model.generate.generate`, as users run it;
- batches: `generate` of transformers, 32 prompts of similar length a call, padded on the left;
- one by one: the same with one prompt a call, for a few prompts, others in each repeat.

Rates count tokens of the answers with the one that ends them, and no loading: ours is timed once more on almost
nothing, and that time taken off. Equal greedy texts cannot be had: a batch adds up in another order. Where a text
differs from the one-by-one answer, the logits of both tokens at the first difference are compared. A difference of at
most NEAR steps of the model's number format, at the size of these logits, is a near tie, which rounding decides.
"""

from __future__ import annotations

import argparse
import itertools
import math
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.speed.runs import ROOT, Child, Job, cells, child, run, say
from harness.benchmark.answers import FIRST
from harness.benchmark.suite import load_suite
from harness.cores import cores
from harness.model.generate import generate
from harness.model.prompt import completion_ids, end_of_turn, prompt_ids
from harness.profile import load_profile
from harness.report.table import table

BATCH = 32
NEAR = 4
TITLES = {
    "ours": "ours",
    "batches": f"transformers, {BATCH} at a time",
    "one_by_one": "transformers, one by one",
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path)
    parser.add_argument("--prompts", type=int, default=96)
    parser.add_argument("--one-by-one", type=int, default=8)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--child", nargs=2, metavar=("WHAT", "JOB"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        return child(CHILDREN, *options.child)
    model = options.model or newest_model()
    settings = load_profile("embedded").benchmark
    asked = [task.texts[FIRST] for task in load_suite(ROOT / settings.suite).tasks]
    count = min(options.prompts, len(asked))
    prompts = [asked[len(asked) * k // count] for k in range(count)]
    print(f"{model}: {len(prompts)} prompts", flush=True)
    job = {"model": str(model), "prompts": prompts, "limit": settings.max_new_tokens}
    compare(job, options.one_by_one, options.repeats)
    return None


def compare(job: Job, singles: int, repeats: int) -> None:
    """All ways in turn, and their answers; raises SystemExit if the model seems not to have been trained."""
    rates: dict[str, list[float]] = {name: [] for name in TITLES}
    differences: dict[str, list[dict[str, Any]]] = {"ours": [], "batches": []}
    prompts = job["prompts"]
    stride = max(1, len(prompts) // singles)
    for repeat in range(repeats):
        texts = {}
        for name in differences:
            found = run(__file__, name, job)
            if found["endless"] > len(prompts) / 2:
                raise SystemExit(f"{job['model']} did not end most of its answers: train it first")
            texts[name] = found["texts"]
            rates[name].append(found["rate"])
            say(repeat, TITLES[name], found["rate"])
        few = range(repeat % stride, len(prompts), stride)[:singles]
        others = {name: [answers[i] for i in few] for name, answers in texts.items()}
        found = run(__file__, "one_by_one", {**job, "prompts": [prompts[i] for i in few], "others": others})
        rates["one_by_one"].append(found["rate"])
        say(repeat, TITLES["one_by_one"], found["rate"])
        for name, more in found["differences"].items():
            differences[name] += more
    columns = ["", "tokens/s", "of the repeats", "ours is", "equal to one by one", "differing: near ties"]
    lines = [
        [TITLES[name], *cells(rates, name, "ours"), *alike(differences.get(name, []))] for name in TITLES
    ]
    print("\n" + table(f"Greedy answers, {len(prompts)} prompts, {cores()} cores", columns, lines))
    for name, compared in differences.items():
        for one in compared:
            if not one["equal"]:
                print(f"{TITLES[name]}: token {one['place']} {one['tokens']}, {one['steps']:.1f} steps apart")


def newest_model() -> Path:
    """The merged model that a build made last. Raises SystemExit when there is none."""
    folders = list((ROOT / "data" / "cache" / "merged").glob("*/model"))
    if not folders:
        raise SystemExit(
            "no build has left a trained model in data/cache/merged: run ./v5 build, or name a merged model's folder"
            " with --model (a base model does not end its answers)"
        )
    return max(folders, key=lambda folder: folder.stat().st_mtime)


def alike(compared: Sequence[dict[str, Any]]) -> tuple[str, str]:
    """Cells: how many answers are equal, and how many of the others begin to differ at a near tie."""
    if not compared:
        return "", ""
    other = [one for one in compared if not one["equal"]]
    ties = sum(one["steps"] <= NEAR for one in other)
    return f"{len(compared) - len(other)} of {len(compared)}", f"{ties} of {len(other)}"


def ours(job: Job) -> dict[str, Any]:
    def seconds(prompts: Sequence[str], limit: int) -> tuple[float, list[str]]:
        began = time.perf_counter()
        answers = generate(job["model"], prompts, [0] * len(prompts), max_new_tokens=limit)
        return time.perf_counter() - began, [text for (text,) in answers]

    loading, _ = seconds(job["prompts"][: cores()], 1)
    taken, texts = seconds(job["prompts"], job["limit"])
    return measured(job, texts, taken - loading)


def batches(job: Job) -> dict[str, Any]:
    model, tokenizer, encoded = loaded(job)
    order = sorted(range(len(encoded)), key=lambda i: len(encoded[i]))
    texts = [""] * len(encoded)
    began = time.perf_counter()
    for start in range(0, len(order), BATCH):
        batch = order[start : start + BATCH]
        for i, ids in zip(batch, answer(model, tokenizer, [encoded[i] for i in batch], job["limit"])):
            texts[i] = tokenizer.decode(ids)
    return measured(job, texts, time.perf_counter() - began)


def one_by_one(job: Job) -> dict[str, Any]:
    """Also how `others`, texts made in another way for the same prompts, differ."""
    model, tokenizer, encoded = loaded(job)
    began = time.perf_counter()
    answers = [answer(model, tokenizer, [ids], job["limit"])[0] for ids in encoded]
    taken = time.perf_counter() - began
    differences = {
        name: [difference(model, tokenizer, *each) for each in zip(encoded, answers, texts, strict=True)]
        for name, texts in job["others"].items()
    }
    return {**measured(job, [tokenizer.decode(ids) for ids in answers], taken), "differences": differences}


def loaded(job: Job) -> tuple[Any, Any, list[list[int]]]:
    """Model and tokenizer as transformers loads them by default, and the prompts' ids; a short call warms up."""
    import transformers

    tokenizer: Any = transformers.AutoTokenizer.from_pretrained(job["model"])
    model = transformers.AutoModelForCausalLM.from_pretrained(job["model"])
    encoded = [prompt_ids(tokenizer, text) for text in job["prompts"]]
    answer(model, tokenizer, encoded[:1], 2)
    return model, tokenizer, encoded


def answer(model: Any, tokenizer: Any, prompts: Sequence[list[int]], limit: int) -> list[list[int]]:
    """Greedy answers of one call of `generate`, without the token that ends them."""
    import torch

    end = end_of_turn(tokenizer)
    width = max(map(len, prompts))
    ids = torch.tensor([[end] * (width - len(prompt)) + prompt for prompt in prompts])
    mask = torch.tensor([[0] * (width - len(prompt)) + [1] * len(prompt) for prompt in prompts])
    made = model.generate(
        input_ids=ids,
        attention_mask=mask,
        max_new_tokens=limit,
        do_sample=False,
        eos_token_id=end,
        pad_token_id=end,
    )
    return [list(itertools.takewhile(lambda token: token != end, row)) for row in made[:, width:].tolist()]


def difference(
    model: Any, tokenizer: Any, prompt: list[int], answered: list[int], other: str
) -> dict[str, Any]:
    """Whether `other` is the same text as the tokens `answered`; otherwise where not and how near the logits are."""
    import torch

    if tokenizer.decode(answered) == other:
        return {"equal": True}
    one, two = [*answered, end_of_turn(tokenizer)], completion_ids(tokenizer, other)
    place = next(n for n, pair in enumerate(zip(one, two)) if pair[0] != pair[1])
    with torch.inference_mode():
        logits = model(torch.tensor([prompt + one[:place]])).logits[0, -1]
    pair = logits[[one[place], two[place]]].float()
    step = torch.finfo(logits.dtype).eps * 2 ** math.floor(math.log2(pair.abs().max().item()))
    steps = abs(pair[0] - pair[1]).item() / step
    return {
        "equal": False,
        "place": place,
        "steps": steps,
        "tokens": [tokenizer.decode(token[place]) for token in (one, two)],
    }


def measured(job: Job, texts: list[str], seconds: float) -> dict[str, Any]:
    """Tokens/s of answers, counted alike for all; `endless` are those that were cut at the limit."""
    import transformers

    tokenizer = transformers.AutoTokenizer.from_pretrained(job["model"])
    lengths = [len(completion_ids(tokenizer, text)) for text in texts]
    endless = sum(length > job["limit"] for length in lengths)
    return {"texts": texts, "rate": sum(lengths) / seconds, "endless": endless}


CHILDREN: dict[str, Child] = {"ours": ours, "batches": batches, "one_by_one": one_by_one}


if __name__ == "__main__":
    main()
