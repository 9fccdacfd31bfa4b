"""Stage 5: the fine-tuned model."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from harness.pipeline import Pipeline

pytestmark = pytest.mark.build


def test_v5_is_trained(pipeline: Pipeline, announce: Callable[[str], None]) -> None:
    """V5's adapter exists and its loss came down: the mean of the last tenth is below that of the first."""
    adapter = pipeline.adapter("v5").path / "adapter"
    steps = [json.loads(line) for line in (adapter / "loss.jsonl").read_text().splitlines()]
    tenth = max(1, len(steps) // 10)
    first, last = (sum(s["loss"] for s in part) / tenth for part in (steps[:tenth], steps[-tenth:]))
    announce(
        f"V5: {len(steps)} steps, loss {first:.3f} -> {last:.3f}, {steps[-1]['tokens_per_second']:.0f} tokens/s"
    )
    assert (adapter / "adapter_model.safetensors").is_file()
    assert last < first
