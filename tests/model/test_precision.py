"""The choice between bf16 and fp32."""

from __future__ import annotations

import pytest
import torch

from harness.model import precision

CPU = torch.device("cpu")


@pytest.mark.parametrize("faster", [torch.bfloat16, torch.float32])
def test_the_faster_one_is_chosen(faster: torch.dtype, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the processor claims, the measured times decide."""
    monkeypatch.setattr(precision, "_seconds", lambda dtype: 1.0 if dtype is faster else 2.0)
    assert precision.faster_dtype(CPU) is faster


def test_a_product_is_timed() -> None:
    """A measurement gives a time for both."""
    assert all(precision._seconds(dtype) > 0 for dtype in (torch.bfloat16, torch.float32))
