"""SIGKILL at any moment, ten times: what was begun ends in the same bytes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from harness.model.generate import generate
from harness.model.train import Example, Recipe, train

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::FutureWarning")]
KILLS = 10
WEIGHTS = "adapter_model.safetensors"
RECIPE = Recipe(epochs=60, batch_size=4, lora_r=4, lora_alpha=8, dtype="float32", workers=2)
TRAIN = """
import json, sys
from pathlib import Path
from harness.model.train import Example, Recipe, train
base, out, recipe, examples = sys.argv[1:]
train([Example.model_validate(e) for e in json.loads(examples)], base, Path(out),
      Recipe.model_validate_json(recipe), checkpoint_seconds=0)
"""
PROMPTS = [f"request {n} {'more ' * (n % 7)}" for n in range(300)]
TOKENS = 40
GENERATE = """
import json, sys
from pathlib import Path
from harness.model.generate import generate
from harness.model.partial import answer_all
model, kept, prompts, tokens = sys.argv[1:]
prompts = json.loads(prompts)
answer_all(Path(kept), len(prompts), lambda known, keep: generate(
    model, prompts, [1] * len(prompts), max_new_tokens=int(tokens), workers=2, known=known, on_answers=keep))
"""


def kill_again_and_again(command: Sequence[str], lines: Path, most: int) -> None:
    """Start the command and kill it with all its processes ten times.

    Twice while it is still starting, else some moments after the file `lines` has grown by 1 to `most` lines.
    """
    rng, wanted = Random(0), 0
    for kill in range(KILLS):
        process = subprocess.Popen([sys.executable, "-c", *command], start_new_session=True)
        if kill % 5 == 0:
            time.sleep(rng.uniform(0, 3))
        else:
            wanted = max(wanted, _count(lines)) + rng.randint(1, most)
            while process.poll() is None and _count(lines) < wanted:
                time.sleep(0.001)
            time.sleep(rng.uniform(0, 0.02))
        assert process.poll() is None, "it ended before it could be killed"
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _count(lines: Path) -> int:
    return len(lines.read_text().splitlines()) if lines.exists() else 0


def test_training(tiny: Path, examples: list[Example], tmp_path: Path) -> None:
    """Killed while starting, in a step or in a checkpoint, a run ends with the adapter and losses of a whole one."""
    whole = train(examples, tiny, tmp_path / "whole", RECIPE)
    out = tmp_path / "killed"
    said = json.dumps([example.model_dump() for example in examples])
    command = [TRAIN, str(tiny), str(out), RECIPE.model_dump_json(), said]
    kill_again_and_again(command, tmp_path / "killed.part" / "loss.jsonl", 15)
    assert not out.exists()
    killed = train(examples, tiny, out, RECIPE)
    assert (killed / WEIGHTS).read_bytes() == (whole / WEIGHTS).read_bytes()
    losses = [
        [json.loads(line)["loss"] for line in (folder / "loss.jsonl").read_text().splitlines()]
        for folder in (killed, whole)
    ]
    assert losses[0] == losses[1]


def test_generation(tiny: Path, tmp_path: Path) -> None:
    """Killed between any two answers, a run goes on with what was kept and ends with the answers of a whole one."""
    whole = generate(tiny, PROMPTS, [1] * len(PROMPTS), max_new_tokens=TOKENS, workers=2)
    kept = tmp_path / "kept.jsonl"
    kill_again_and_again([GENERATE, str(tiny), str(kept), json.dumps(PROMPTS), str(TOKENS)], kept, 25)
    known = dict(map(json.loads, kept.read_text().split("\n")[:-1]))
    assert 0 < len(known) < len(PROMPTS)
    assert generate(tiny, PROMPTS, [1] * len(PROMPTS), max_new_tokens=TOKENS, workers=2, known=known) == whole
