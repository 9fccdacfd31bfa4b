"""What tokens cost: US dollars per million, as Anthropic's price list had them on LOOKED_UP."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harness.a7.errors import ApiError

LOOKED_UP = "2026-11-22"
BATCH = 0.5
"""The share of the price that a batch pays."""
US_ONLY = 1.1
"""The factor of a workspace that has its requests served in the United States alone."""
# A testbench request is far shorter than the 100,000 tokens from which Haiku 5.5 costs more.
DATED = re.compile(r"-\d{8}$")


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars per million tokens; a cache entry lives five minutes."""

    input: float
    output: float
    cache_write: float
    cache_read: float


PRICES = {
    "claude-opus-5-5": Price(4.0, 20.0, 5.0, 0.2),
    "claude-opus-5": Price(5.0, 25.0, 6.25, 0.5),
    "claude-sonnet-5-5": Price(2.0, 10.0, 2.5, 0.1),
    "claude-sonnet-5": Price(2.0, 10.0, 2.5, 0.2),
    "claude-haiku-5-5": Price(0.1, 0.5, 0.125, 0.01),
    "claude-haiku-4-5": Price(1.0, 5.0, 1.25, 0.1),
}


def price_of(model: str) -> Price:
    """The price of a model, with or without a date in its name. Raises ApiError for one that is not listed."""
    price = PRICES.get(DATED.sub("", model))
    if price is None:
        raise ApiError(
            f"no price is known for {model!r}, so no budget can be kept: choose one of {', '.join(PRICES)},"
            " or add its price to harness/a7/prices.py"
        )
    return price


@dataclass(frozen=True, slots=True)
class Usage:
    """The tokens of one reply, each counted once."""

    input: int = 0
    output: int = 0
    cache_write: int = 0
    cache_read: int = 0
    us_only: bool = False

    @classmethod
    def of(cls, message: Mapping[str, Any]) -> Usage:
        """What a reply says it used; nothing where it does not say."""
        said = message.get("usage") or {}
        keys = ("input_tokens", "output_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
        read, written, stored, cached = (int(said.get(key) or 0) for key in keys)
        return cls(read, written, stored, cached, said.get("inference_geo") == "us")

    @property
    def tokens(self) -> int:
        return self.input + self.output + self.cache_write + self.cache_read

    def cost(self, price: Price, batch: bool) -> float:
        """In dollars."""
        full = (
            self.input * price.input
            + self.output * price.output
            + self.cache_write * price.cache_write
            + self.cache_read * price.cache_read
        )
        return full / 1e6 * (BATCH if batch else 1.0) * (US_ONLY if self.us_only else 1.0)


def worst_case(params: Mapping[str, Any], batch: bool) -> float:
    """The most that a request can cost: a token for every two bytes, all written to the cache, a full reply."""
    usage = Usage(output=int(params["max_tokens"]), cache_write=estimate(params), us_only=True)
    return usage.cost(price_of(params["model"]), batch)


def estimate(params: Mapping[str, Any]) -> int:
    """Input tokens, on the high side: code comes to about three bytes a token."""
    return len(repr((params.get("system"), params["messages"])).encode()) // 2
