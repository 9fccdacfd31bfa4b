"""What a failed call means: try again, give this request up, or stop everything.

| status | what is done |
|---|---|
| 408, 409, 429, 5xx (529: overloaded), lost connections, garbled replies | again, later |
| 400, 413, 422 | this request cannot be answered |
| 401, 402, 403, 404; 400 and 429 that say the money is spent | nothing can: everything stops |
"""

from __future__ import annotations

import email.utils
import random
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from harness.a7.errors import KEY, ApiError
from harness.a7.settings import ApiSettings
from harness.secret import quoted

LONGEST_BACKOFF = 60.0
LONGEST_WAIT = 900.0
"""A server that asks for a longer pause than this is not waited for."""
LIMITS = ("rate_limited", "overloaded")
"""Reasons of faults that say nothing against the request, only that there are too many."""
REASONS = {408: "timeout", 409: "conflict", 429: "rate_limited", 529: "overloaded"}
OUTAGES = ("unreachable", "connection_lost", "server_error")
"""Reasons that lie with the network or the API: another day the same requests are answered."""
SPENT = (
    "enforced_spend_limit_reached",
    "contract_spend_limit_reached",
    "linked_organization_spend_limit_reached",
    "organization_on_hold",
)
SPENT_WORDS = (
    "specified api usage limits",
    "specified workspace api usage limits",
    "credit balance is too low",
)
"""An account's own limits come as a 400 that only its text tells from others."""
UNSENT = (
    "ConnectError",
    "ConnectTimeout",
    "ProxyError",
    "PoolTimeout",
    "UnsupportedProtocol",
    "LocalProtocolError",
)
"""Transport errors after which nothing has reached the API, by their class."""
STOPPING = {
    401: "the key is not accepted; check ANTHROPIC_API_KEY",
    402: "the account cannot pay; add credit in the Claude Console",
    403: "the key may not do this; check its workspace and its permissions",
    404: "what was asked for does not exist there; check `model` and `base_url` in the profile",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One failed try. `retry_after` is what the server asked for; `charged`: it may have cost something;
    `stops`: no other call would fare better."""

    reason: str
    detail: str
    again: bool = True
    stops: bool = False
    retry_after: float | None = None
    charged: bool = False

    def wait(self, tried: int, backoff: float) -> float:
        """Seconds until the next try, after `tried` tries: doubling, with jitter, and at least what the server says."""
        doubled = min(backoff * 2.0 ** (tried - 1), LONGEST_BACKOFF) * random.uniform(0.5, 1)
        return max(doubled, (self.retry_after or 0.0) + backoff * random.uniform(0, 0.5))


def fault_of(error: Exception, settings: ApiSettings) -> Fault:
    """The fault behind an SDK's exception, a time-out or a reply that is none (ValueError).

    Any other exception is raised again. Neither the key nor the SDK's exception, which holds the request and its
    headers, gets any further: what is raised later is raised outside the handler, so that it has no context.
    """
    import anthropic

    if isinstance(error, anthropic.APIStatusError):
        said = error.api_message or error.message
        if error.error_code in SPENT or (
            error.status_code == 400 and any(words in said.lower() for words in SPENT_WORDS)
        ):
            detail = quoted(f"{error.status_code}: {said}", KEY)
            return Fault(
                "refused",
                f"the account may spend no more; raise its limit or add credit (the API says {detail})",
                again=False,
                stops=True,
            )
        return _status_fault(error.status_code, said, error.response.headers)
    if isinstance(error, anthropic.APIConnectionError):
        unsent = type(error.__cause__).__name__ in UNSENT
        detail = quoted(f"{error.message} {error.__cause__ or ''}", KEY)
        return Fault("unreachable" if unsent else "connection_lost", detail, charged=not unsent)
    if any(kind.__name__ == "TransportError" for kind in type(error).__mro__):  # in a streamed body
        return Fault("connection_lost", quoted(str(error), KEY), charged=True)
    if isinstance(error, TimeoutError):
        return Fault("timeout", f"no whole reply within {settings.timeout_s:g} s", charged=True)
    if isinstance(error, ValueError | anthropic.APIResponseValidationError):
        return Fault("garbled", quoted(f"the reply cannot be read: {error}", KEY), charged=True)
    raise error


def no_outage(reasons: Iterable[str]) -> None:
    """Raises ApiError if requests got no reply for reasons that will pass: a result without them would be kept."""
    if lost := Counter(reason for reason in reasons if reason in OUTAGES):
        counts = ", ".join(f"{count} {reason}" for reason, count in sorted(lost.items()))
        raise ApiError(
            f"requests got no reply ({counts}); run again: what was answered is stored, and not paid twice"
        )


def _status_fault(status: int, said: str, headers: Mapping[str, str]) -> Fault:
    detail = quoted(f"{status}: {said}", KEY)
    if status in STOPPING:
        return Fault("refused", f"{STOPPING[status]} (the API says {detail})", again=False, stops=True)
    if status not in REASONS and status < 500:
        return Fault("invalid_request", detail, again=False)
    retry_after = _retry_after(headers)
    reason = REASONS.get(status, "server_error")
    if retry_after is not None and retry_after > LONGEST_WAIT:
        said = f"{detail}; it asks for a pause of {retry_after:.0f} s"
        return Fault(reason, said, again=False, retry_after=retry_after)
    return Fault(reason, detail, retry_after=retry_after)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds in a retry-after header, which holds a number or a date."""
    said = headers.get("retry-after")
    if said is None:
        return None
    try:
        return max(0.0, float(said))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(said).timestamp() - time.time())
    except ValueError:
        return None
