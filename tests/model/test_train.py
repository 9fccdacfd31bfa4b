"""Training: the plan of a run, its files, and that a killed one goes on."""

from __future__ import annotations

import json
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.model.merge import merge
from harness.model.schedule import epoch_batches, learning_rate, share
from harness.model.train import Example, Recipe, Step, TrainError, train
from harness.model.workers import WorkerError

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")
RECIPE = Recipe(
    epochs=2, batch_size=2, grad_accumulation=2, warmup=2, lora_r=4, lora_alpha=8, dtype="float32", workers=2
)
STEPS = 6  # 11 examples: 6 batches, 3 steps, twice


@given(st.lists(st.integers(1, 400), min_size=1, max_size=120), st.integers(1, 9), st.integers(0, 9))
def test_every_example_once_per_epoch(lengths: list[int], batch_size: int, seed: int) -> None:
    """An epoch holds each example exactly once, in as few batches as possible, the same at every call."""
    batches = epoch_batches(lengths, batch_size, seed, 0)
    assert sorted(chain(*batches)) == list(range(len(lengths)))
    assert len(batches) == -(-len(lengths) // batch_size)
    assert batches == epoch_batches(lengths, batch_size, seed, 0)


@given(
    st.lists(st.integers(1, 4), min_size=1, max_size=8),
    st.integers(1, 9),
)
def test_a_step_is_shared_among_all_processes(sizes: list[int], count: int) -> None:
    """Each example of a step has one process, and none waits while another has two examples more."""
    numbers = iter(range(sum(sizes)))
    group = [[next(numbers) for _ in range(size)] for size in sizes]
    shares = [share(group, 4, rank, count) for rank in range(count)]
    assert sorted(chain(*chain(*shares))) == list(range(sum(sizes)))
    assert all(1 <= len(batch) <= 4 for own in shares for batch in own)
    loads = [sum(map(len, own)) for own in shares]
    assert max(loads) - min(loads) <= 1


@given(st.integers(1, 12), st.integers(1, 5))
def test_turns_are_shared_out_among_the_epochs(count: int, epochs: int) -> None:
    """Every epoch has a turn of the example, and all turns are trained on equally often where there are enough."""
    example = Example(turns=tuple((str(n), "answer") for n in range(count)))
    seen = [example.epoch(epoch, epochs) for epoch in range(epochs)]
    assert all(seen)
    used = sorted(chain(*seen))
    assert used == sorted(example.turns) if count >= epochs else len(used) == epochs


def test_order_depends_on_seed_and_epoch() -> None:
    """Another seed or epoch gives another order."""
    orders = [epoch_batches(range(50), 4, seed, epoch) for seed in (0, 1) for epoch in (0, 1)]
    assert len({json.dumps(order) for order in orders}) == 4


def test_rate_warms_up_and_falls_to_five_percent() -> None:
    """The rate rises linearly over the warm-up and ends close to 5 % of its peak."""
    recipe = Recipe(lr=1.0, warmup=10)
    rates = [learning_rate(recipe, step, 1000) for step in range(1000)]
    assert rates[0] == pytest.approx(0.1)
    assert rates.index(max(rates)) in (9, 10)
    assert rates[-1] == pytest.approx(0.05, abs=1e-4)


@pytest.fixture(scope="module")
def finished(tiny: Path, examples: list[Example], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The adapter of a run that nobody disturbed."""
    return train(examples, tiny, tmp_path_factory.mktemp("whole") / "adapter", RECIPE)


@pytest.mark.slow
def test_a_killed_run_resumes_to_the_same_bytes(
    finished: Path, tiny: Path, examples: list[Example], tmp_path: Path
) -> None:
    """Killed after its fourth step and called again, a run ends with the bytes of an undisturbed one: it goes on with
    as many processes as it began with, also where by now another number would be taken."""
    out = tmp_path / "adapter"

    def kill(step: Step) -> None:
        if step.step == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(examples, tiny, out, RECIPE, kill, checkpoint_seconds=0)
    assert not out.exists()
    seen: list[int] = []
    train(examples, tiny, out, RECIPE.model_copy(update={"workers": 1}), lambda s: seen.append(s.step))
    assert seen in (
        [4, 5, 6],
        [5, 6],
        [6],
    )  # it didn't start again; steps may have ended before the kill arrived
    weights = "adapter_model.safetensors"
    assert (out / weights).read_bytes() == (finished / weights).read_bytes()
    losses = [
        [(line["step"], line["loss"]) for line in map(json.loads, path.read_text().splitlines())]
        for path in (out / "loss.jsonl", finished / "loss.jsonl")
    ]
    assert losses[0] == losses[1]
    assert [step for step, _ in losses[0]] == list(range(1, STEPS + 1))


def test_a_finished_run_is_not_repeated(finished: Path, tiny: Path, examples: list[Example]) -> None:
    """The same call again returns the result without a step; with other examples it is an error."""
    assert train(examples, tiny, finished, RECIPE, lambda step: pytest.fail("trained again")) == finished
    assert len((finished / "loss.jsonl").read_text().splitlines()) == STEPS
    with pytest.raises(TrainError, match="another run"):
        train(examples[1:], tiny, finished, RECIPE)


def test_merged_weights_are_those_of_peft(finished: Path, tiny: Path, tmp_path: Path) -> None:
    """PEFT's merge of the saved adapter in fp32, rounded to bf16 at the end, gives the weights of ours."""
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    ours = AutoModelForCausalLM.from_pretrained(merge(tiny, finished, tmp_path / "merged")).state_dict()
    base: Any = AutoModelForCausalLM.from_pretrained(tiny, dtype=torch.bfloat16)
    base.to(torch.float32)
    before = {name: weight.clone() for name, weight in base.state_dict().items()}
    theirs = PeftModel.from_pretrained(base, finished).merge_and_unload().to(torch.bfloat16).state_dict()
    assert ours.keys() == theirs.keys()
    assert {weight.dtype for weight in ours.values()} == {torch.bfloat16}
    for name, weight in ours.items():
        # the last fp32 bit may differ, and tip the rounding of a few weights
        assert (weight == theirs[name]).float().mean() > 0.99
        torch.testing.assert_close(weight, theirs[name], rtol=2**-7, atol=1e-6)
        assert torch.equal(weight.float(), before[name]) == ("_proj." not in name)


def test_a_failing_worker_is_reported(tmp_path: Path, examples: list[Example]) -> None:
    """The worker's own error text reaches the caller."""
    with pytest.raises(WorkerError, match="nowhere"):
        train(examples, tmp_path / "nowhere", tmp_path / "adapter", RECIPE.model_copy(update={"workers": 1}))


@pytest.mark.slow
def test_nf4_trains_on_a_cpu(tiny: Path, examples: list[Example], tmp_path: Path) -> None:
    """QLoRA runs for real: the loss is finite and falls."""
    pytest.importorskip("bitsandbytes")
    recipe = Recipe(
        epochs=12, batch_size=11, warmup=0, lr=1e-2, lora_r=4, lora_alpha=8, workers=1, quantization="nf4"
    )
    losses: list[float] = []
    train(examples, tiny, tmp_path / "adapter", recipe, lambda step: losses.append(step.loss))
    assert losses[-1] < 0.8 * losses[0]
