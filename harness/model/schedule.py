"""What a training step takes and how far it goes: the order of the examples and the learning rate."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.model.train import Recipe

BUCKET_BATCHES = 8  # batches that are sorted by length together


def epoch_batches(lengths: Sequence[int], batch_size: int, seed: int, epoch: int) -> list[list[int]]:
    """One epoch's batches of indices into `lengths`, similar lengths together; depends on (seed, epoch)."""
    order = random.Random(f"{seed} {epoch}")
    indices = list(range(len(lengths)))
    order.shuffle(indices)
    batches = []
    for start in range(0, len(indices), BUCKET_BATCHES * batch_size):
        bucket = sorted(indices[start : start + BUCKET_BATCHES * batch_size], key=lambda i: lengths[i])
        batches += [bucket[k : k + batch_size] for k in range(0, len(bucket), batch_size)]
    order.shuffle(batches)
    return batches


def share(group: Sequence[Sequence[int]], batch_size: int, rank: int, count: int) -> list[list[int]]:
    """What process `rank` of `count` takes of a step's batches, in batches of its own of at most `batch_size`.

    The step is shared out, not each batch: with more processes than a batch has examples some would never work.
    """
    mine = [index for batch in group for index in batch][rank::count]
    return [mine[start : start + batch_size] for start in range(0, len(mine), batch_size)]


def learning_rate(recipe: Recipe, step: int, total: int) -> float:
    """Rate of the 0-based `step`: linear warm-up, then along a cosine to 5 %."""
    warm = min(1.0, (step + 1) / recipe.warmup) if recipe.warmup else 1.0
    return recipe.lr * warm * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * step / total)))
