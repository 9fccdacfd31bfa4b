"""Anthropic's SDK, imported when it is first needed, without its own retries: ours are paced, counted and paid for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.a7.errors import ApiError, api_key
from harness.a7.settings import ApiSettings

if TYPE_CHECKING:
    from anthropic import Anthropic, AsyncAnthropic

MISSING = "the API needs Anthropic's SDK: pip install 'rtl-harness[api]'"


def make_async_sdk(settings: ApiSettings) -> AsyncAnthropic:
    """A client for an event loop. Raises ApiError without a key or without the SDK."""
    key = api_key()
    try:
        from anthropic import AsyncAnthropic
    except ImportError:
        raise ApiError(MISSING) from None
    return AsyncAnthropic(
        api_key=key.get_secret_value(),
        base_url=settings.base_url,
        timeout=settings.timeout_s,
        max_retries=0,
    )


def make_sdk(settings: ApiSettings, timeout: float | None = None) -> Anthropic:
    """A client that waits. Raises ApiError without a key or without the SDK."""
    key = api_key()
    try:
        from anthropic import Anthropic
    except ImportError:
        raise ApiError(MISSING) from None
    return Anthropic(
        api_key=key.get_secret_value(),
        base_url=settings.base_url,
        timeout=timeout or settings.timeout_s,
        max_retries=0,
    )
