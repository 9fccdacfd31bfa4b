"""How the API is used: model, request, pace and money. A part of a profile."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class ApiSettings(BaseModel):
    """Everything but the key, which comes from the environment alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    model: str = "claude-sonnet-5-5"
    effort: Literal["none", "low", "medium", "high", "xhigh", "max"] = Field(
        "medium", description="how much the model thinks; none: do not say, for models that take no effort"
    )
    max_tokens: int = Field(16_000, ge=256, le=64_000, description="of one reply, its thinking included")
    with_rtl: bool = Field(
        False, description="show the writer the RTL under test, whose faults it may then bless"
    )
    admission: bool = Field(False, description="a testbench must pass admission, not only accept the golden")
    transport: Literal["messages", "batches"] = Field(
        "messages", description="batches: half the price, replies within a day"
    )
    budget_usd: float = Field(25.0, ge=0, description="never spent beyond; stored replies count")
    concurrency: int = Field(16, ge=1, description="calls under way at a time")
    requests_per_minute: int = Field(1000, ge=1)
    tokens_per_minute: int = Field(500_000, ge=1000, description="input and output together")
    tries: int = Field(8, ge=1, description="of one request, counting the first")
    backoff_s: float = Field(
        1.0, ge=0, description="before the second try; doubles with each, up to a minute"
    )
    timeout_s: float = Field(600.0, gt=0, description="for one whole reply, however slowly it trickles in")
    poll_s: float = Field(30.0, ge=0, description="between two looks at a batch")
    base_url: str | None = Field(None, description="a gateway instead of Anthropic's own address")
