"""The processes of a training run: however many there are, and whoever starts them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import torch

from harness.model import loop
from harness.model.train import Example, Recipe, TrainError, train

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


def test_more_processes_than_a_batch_has_examples(
    two: Path, tiny: Path, examples: list[Example], tmp_path: Path
) -> None:
    """The batches of a step are shared out together, which changes the loss curve by no more than rounding."""
    halved = RECIPE.model_copy(update={"batch_size": 1, "grad_accumulation": 4, "workers": 3})
    one = train(examples, tiny, tmp_path / "one", halved.model_copy(update={"workers": 1}))
    three = train(examples, tiny, tmp_path / "three", halved)
    assert _losses(three) == pytest.approx(_losses(one), rel=1e-4)


def test_each_process_has_a_gpu_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a launcher the rank says which, with one LOCAL_RANK does; too many processes are an error."""
    chosen: list[torch.device] = []
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "set_device", chosen.append)
    monkeypatch.delenv("LOCAL_RANK", raising=False)
    assert [loop.device_of(rank) for rank in (0, 1)] == chosen == [torch.device("cuda", n) for n in (0, 1)]
    with pytest.raises(
        TrainError, match="process 2 has no GPU of its own, as there are 2; start one process"
    ):
        loop.device_of(2)
    monkeypatch.setenv("LOCAL_RANK", "1")
    assert loop.device_of(5) == torch.device("cuda", 1)


def test_torchrun_trains_the_same(two: Path, tiny: Path, examples: list[Example], tmp_path: Path) -> None:
    """Two processes that torchrun starts end with the bytes of our own two."""
    run = train(examples, tiny, tmp_path / "adapter", RECIPE, launcher=TORCHRUN)
    assert (run / WEIGHTS).read_bytes() == (two / WEIGHTS).read_bytes()
    assert _losses(run) == _losses(two)
