"""The processes of a training run: however many there are, and whoever starts them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from harness.model.train import Example, Recipe, train

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::FutureWarning")]
RECIPE = Recipe(epochs=2, batch_size=4, warmup=2, lora_r=4, lora_alpha=8, dtype="float32", workers=2)
TORCHRUN = (sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2")
WEIGHTS = "adapter_model.safetensors"


@pytest.fixture(scope="module")
def two(tiny: Path, examples: list[Example], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The adapter that two processes train."""
    return train(examples, tiny, tmp_path_factory.mktemp("two") / "adapter", RECIPE)


def _losses(adapter: Path) -> list[float]:
    return [json.loads(line)["loss"] for line in (adapter / "loss.jsonl").read_text().splitlines()]


def test_one_process_has_the_losses_of_two(
    two: Path, tiny: Path, examples: list[Example], tmp_path: Path
) -> None:
    """Sharing the batches changes the loss curve by no more than rounding."""
    recipe = RECIPE.model_copy(update={"workers": 1})
    one = train(examples, tiny, tmp_path / "adapter", recipe)
    assert _losses(one) == pytest.approx(_losses(two), rel=1e-4)


def test_torchrun_trains_the_same(two: Path, tiny: Path, examples: list[Example], tmp_path: Path) -> None:
    """Two processes that torchrun starts end with the bytes of our own two."""
    run = train(examples, tiny, tmp_path / "adapter", RECIPE, launcher=TORCHRUN)
    assert (run / WEIGHTS).read_bytes() == (two / WEIGHTS).read_bytes()
    assert _losses(run) == _losses(two)
