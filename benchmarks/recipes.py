"""Which training recipe learns most in the same time? Validation loss of short runs, away from the benchmark.

    .tox/harness/bin/python benchmarks/recipes.py 'lr = 1e-3' 'lr = 2e-3' 'lr = 2e-3; batch_size = 2'

Each argument is TOML (`;` for a new line) laid over the profile's `train` settings. Every run sees the same 600 texts
once; the loss, in nats per completion token, is that of 64 texts of other specs. All are goldens outside the suite.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import tomllib
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from harness.benchmark.suite import load_suite  # noqa: E402
from harness.dataset.components import A_COUNTS, B_CATEGORIES  # noqa: E402
from harness.dataset.leakage import Guard, training_specs, versions  # noqa: E402
from harness.families.comment import golden  # noqa: E402
from harness.model.base import resolve_base  # noqa: E402
from harness.model.merge import merge  # noqa: E402
from harness.model.prompt import completion_ids, prompt_ids  # noqa: E402
from harness.model.train import Example, Recipe, train  # noqa: E402
from harness.profile import load_profile  # noqa: E402

TRAINED, HELD_OUT = 600, 64
OF_A_CATEGORY = 40


def texts(suite: Path) -> list[tuple[str, str]]:
    """(request, golden) of specs outside the suite, of every category that components A and B hold."""
    guard = Guard(load_suite(suite))
    pairs = [
        versions(spec, golden(spec), f"recipes:{spec.category}:{number}", 1, guard)[0]
        for category in (*A_COUNTS, *B_CATEGORIES)
        for number, spec in enumerate(islice(training_specs(category, "recipes", guard), OF_A_CATEGORY))
    ]
    Random(0).shuffle(pairs)
    return pairs[: HELD_OUT + TRAINED]


def held_out_loss(model_dir: Path, pairs: list[tuple[str, str]]) -> float:
    """Mean cross-entropy of the completion tokens of `pairs`, in nats."""
    import torch
    import transformers

    tokenizer = transformers.AutoTokenizer.from_pretrained(model_dir)
    model: Any = transformers.AutoModelForCausalLM.from_pretrained(model_dir, dtype="auto")
    total, tokens = 0.0, 0
    with torch.inference_mode():
        for request, answer in pairs:
            prompt, completion = prompt_ids(tokenizer, request), completion_ids(tokenizer, answer)
            logits = model(torch.tensor([prompt + completion])).logits[0, len(prompt) - 1 : -1].float()
            total += torch.nn.functional.cross_entropy(
                logits, torch.tensor(completion), reduction="sum"
            ).item()
            tokens += len(completion)
    return total / tokens


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("recipes", nargs="+", metavar="TOML")
    parser.add_argument("--profile", default="embedded")
    options = parser.parse_args()
    profile = load_profile(options.profile)
    base = resolve_base(profile.base, ROOT / "data" / "cache" / "base")
    pairs = texts(ROOT / profile.benchmark.suite)
    examples = [Example(turns=(pair,)) for pair in pairs[HELD_OUT:]]
    for text in options.recipes:
        changes = tomllib.loads(text.replace(";", "\n"))
        recipe = Recipe.model_validate({**profile.train.model_dump(), "epochs": 1, **changes})
        with tempfile.TemporaryDirectory() as folder:
            began = time.monotonic()
            train(examples, base, Path(folder) / "adapter", recipe)
            seconds = time.monotonic() - began
            merged = merge(base, Path(folder) / "adapter", Path(folder) / "model")
            print(f"{held_out_loss(merged, pairs[:HELD_OUT]):.4f} after {seconds:.0f} s: {text}", flush=True)


if __name__ == "__main__":
    main()
