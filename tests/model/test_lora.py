"""The loss and the optimiser, against PyTorch, PEFT and transformers.Trainer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from harness.model.lora import FlatAdamW, activation_bytes, completion_loss, load_lora, spare_memory
from harness.model.prompt import completion_ids, prompt_ids
from harness.model.schedule import learning_rate
from harness.model.train import Example, Recipe

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::UserWarning")
RECIPE = Recipe(lora_r=4, lora_alpha=8, warmup=2, dtype="float32")
CPU = torch.device("cpu")
Row = tuple[list[int], list[int]]


@pytest.fixture(scope="module")
def rows(tiny: Path, examples: list[Example]) -> list[Row]:
    """The examples as (prompt ids, completion ids)."""
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(tiny)
    return [
        (prompt_ids(tokenizer, request), completion_ids(tokenizer, answer))
        for (request, answer), *_ in (e.turns for e in examples)
    ]


def _perturbed(model: Any) -> Any:
    """Adapters away from zero, so that both of a pair get a gradient."""
    torch.manual_seed(1)
    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.data.add_(0.1 * torch.randn_like(parameter))
    return model


def test_only_completion_tokens_count(tiny: Path, rows: list[Row]) -> None:
    """The loss is the cross-entropy of the completion tokens alone, summed over rows of uneven length."""
    model = load_lora(str(tiny), RECIPE, CPU)
    expected = torch.zeros(())
    with torch.no_grad():
        for prompt, completion in rows[:3]:
            logits = model(torch.tensor([prompt + completion])).logits[0].log_softmax(-1)
            for place, token in enumerate(completion, start=len(prompt)):
                expected -= logits[place - 1, token]
        assert completion_loss(model, rows[:3], pad=1).item() == pytest.approx(expected.item(), rel=1e-5)


def test_parts_of_a_batch_sum_to_its_gradient(tiny: Path, rows: list[Row]) -> None:
    """What two workers compute for their rows adds up to the gradient of the whole batch."""
    model = _perturbed(load_lora(str(tiny), RECIPE, CPU))
    optimizer = FlatAdamW([p for p in model.parameters() if p.requires_grad], RECIPE)
    completion_loss(model, rows[:4], 1).backward()  # type: ignore[no-untyped-call]
    optimizer.take_gradient()
    whole = optimizer.grad.clone()
    optimizer.grad.zero_()
    for part in (rows[:4:2], rows[1:4:2]):
        completion_loss(model, part, 1).backward()  # type: ignore[no-untyped-call]
        optimizer.take_gradient()
    torch.testing.assert_close(optimizer.grad, whole, rtol=1e-4, atol=1e-4)


def test_fused_layers_compute_what_peft_computes(tiny: Path, rows: list[Row]) -> None:
    """Loss and gradients equal those of PEFT's own forward, which a vanishing dropout keeps in place."""
    fused = _perturbed(load_lora(str(tiny), RECIPE, CPU))
    peft = _perturbed(load_lora(str(tiny), RECIPE.model_copy(update={"lora_dropout": 1e-12}), CPU))
    losses = [completion_loss(model, rows[:3], 1) for model in (fused, peft)]
    for loss in losses:
        loss.backward()  # type: ignore[no-untyped-call]
    torch.testing.assert_close(*losses)
    pairs = zip(fused.parameters(), peft.parameters(), strict=True)
    gradients = [(a.grad, b.grad) for a, b in pairs if a.requires_grad]
    assert len(gradients) == 2 * 7 * 2
    for a, b in gradients:
        torch.testing.assert_close(a, b, rtol=1e-3, atol=1e-4)


def test_the_loop_follows_transformers_trainer(tiny: Path, rows: list[Row], tmp_path: Path) -> None:
    """Over twenty steps on the same batches the losses and the adapters equal those of transformers.Trainer."""
    pytest.importorskip("accelerate")
    from transformers import Trainer, TrainingArguments

    steps, size = 20, 2
    rows = rows * 4
    model = load_lora(str(tiny), RECIPE, CPU)
    optimizer = FlatAdamW([p for p in model.parameters() if p.requires_grad], RECIPE)
    ours = []
    for step in range(steps):
        batch = rows[step * size : (step + 1) * size]
        loss = completion_loss(model, batch, 1) / sum(len(c) for _, c in batch)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.take_gradient()
        optimizer.step(learning_rate(RECIPE, step, steps), RECIPE.clip)
        ours.append(loss.item())

    def collate(batch: list[dict[str, Row]]) -> dict[str, torch.Tensor]:
        pairs = [item["row"] for item in batch]
        width = max(len(p) + len(c) for p, c in pairs)
        fill = [width - len(p) - len(c) for p, c in pairs]
        ids = [p + c + [1] * n for (p, c), n in zip(pairs, fill, strict=True)]
        labels = [[-100] * len(p) + c + [-100] * n for (p, c), n in zip(pairs, fill, strict=True)]
        return {"input_ids": torch.tensor(ids), "labels": torch.tensor(labels)}

    class InOrder(Trainer):
        def _get_train_sampler(self, *_: Any) -> Any:
            return torch.utils.data.SequentialSampler(rows[: steps * size])

    reference = load_lora(str(tiny), RECIPE, CPU)
    adamw = torch.optim.AdamW(
        [p for p in reference.parameters() if p.requires_grad], lr=1.0, betas=(0.9, 0.99), weight_decay=0
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(adamw, lambda step: learning_rate(RECIPE, step, steps))
    trainer = InOrder(
        model=reference,
        args=TrainingArguments(
            output_dir=str(tmp_path),
            use_cpu=True,
            max_steps=steps,
            per_device_train_batch_size=size,
            max_grad_norm=RECIPE.clip,
            logging_steps=1,
            report_to=[],
            save_strategy="no",
            disable_tqdm=True,
            remove_unused_columns=False,
        ),
        train_dataset=[{"row": row} for row in rows[: steps * size]],
        data_collator=collate,
        optimizers=(adamw, schedule),
    )
    trainer.train()
    theirs = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    assert ours == pytest.approx(theirs, rel=1e-3)
    for a, b in zip(model.parameters(), reference.parameters(), strict=True):
        if a.requires_grad:
            torch.testing.assert_close(a, b, rtol=1e-2, atol=2e-4)


def test_kept_activations_are_estimated(tiny: Path, rows: list[Row]) -> None:
    """What autograd keeps for a pass, of the layers' tensors, is within a factor of two of the estimate."""
    model = load_lora(str(tiny), RECIPE.model_copy(update={"lora_dropout": 1e-12}), CPU)
    frozen = {p.untyped_storage().data_ptr() for p in model.parameters()}
    kept: dict[int, int] = {}

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in frozen and tensor.is_floating_point():
            kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    row = (list(range(2, 34)), list(range(2, 34)))
    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        loss = completion_loss(model, [row], 1)
    assert loss.requires_grad
    assert 0.5 < activation_bytes(model, 64) / sum(kept.values()) < 2


@pytest.mark.parametrize(
    ("free", "reserved", "recomputes"), [(3.0, 0.0, False), (1.5, 0.0, True), (1.5, 1.0, False)]
)
def test_activations_are_computed_again_where_memory_is_short(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, free: float, reserved: float, recomputes: bool
) -> None:
    """They may take half of a GPU's free memory, to which belongs what torch holds without using it."""
    model = load_lora(str(tiny), RECIPE, CPU)
    needed = activation_bytes(model, 100)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda _: (int(free * needed), 0))
    monkeypatch.setattr(torch.cuda, "memory_reserved", lambda _: int((reserved + 7) * needed))
    monkeypatch.setattr(torch.cuda, "memory_allocated", lambda _: 7 * needed)
    spare_memory(model, 100, torch.device("cuda"))
    assert model.get_base_model().is_gradient_checkpointing is recomputes
