"""The hand-written operations, against PyTorch's own."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.model import fused


@settings(deadline=None, max_examples=30)
@given(
    rows=st.integers(1, 9),
    vocabulary=st.integers(2, 40),
    at_once=st.integers(1, 100),
    seed=st.integers(0, 99),
)
def test_cross_entropy_in_parts(rows: int, vocabulary: int, at_once: int, seed: int) -> None:
    """However few logits are made at once, the loss and the gradient are those of torch's cross_entropy."""
    torch.manual_seed(seed)
    weight = torch.randn(vocabulary, 5)
    targets = torch.randint(0, vocabulary, (rows,))
    ours, theirs = (torch.randn(rows, 5, generator=torch.Generator().manual_seed(seed)) for _ in range(2))
    ours.requires_grad_(), theirs.requires_grad_()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fused, "LOGITS_AT_ONCE", at_once)
        loss = fused.cross_entropy(ours, weight, targets)
    expected = torch.nn.functional.cross_entropy(theirs @ weight.t(), targets, reduction="sum")
    (0.5 * loss).backward()  # type: ignore[no-untyped-call]
    (0.5 * expected).backward()  # type: ignore[no-untyped-call]
    assert loss.item() == pytest.approx(expected.item(), rel=1e-5, abs=1e-5)
    assert ours.grad is not None and theirs.grad is not None
    assert torch.allclose(ours.grad, theirs.grad, atol=1e-5)
