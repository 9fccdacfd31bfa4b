"""Can the API be used? Looked up through the models endpoint, which costs nothing (the plan's task 2.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.a7.errors import KEY, ApiError
from harness.a7.faults import fault_of
from harness.a7.prices import LOOKED_UP, price_of
from harness.a7.sdk import make_sdk
from harness.a7.settings import ApiSettings

if TYPE_CHECKING:
    from anthropic import Anthropic


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether A7 can be asked, and a sentence on it."""

    usable: bool
    message: str


def availability(settings: ApiSettings) -> Availability:
    """Look at price, key, SDK, address and model, in this order; stop at the first that is not there."""
    try:
        price = price_of(settings.model)
        model = _find(settings)
    except ApiError as error:
        return Availability(False, str(error))
    cost = f"${price.input:g} in and ${price.output:g} out per million tokens as of {LOOKED_UP}"
    return Availability(True, f"{KEY} is accepted; {model}; {cost}")


def _find(settings: ApiSettings) -> str:
    """What the API says of the model. Raises ApiError: no key, out of reach, unknown or retired model."""
    with make_sdk(settings, timeout=min(settings.timeout_s, 30.0)) as sdk:
        from anthropic import NotFoundError

        problem = ""
        try:
            info = sdk.models.retrieve(settings.model)
        except NotFoundError:
            problem = f"the API knows no model {settings.model!r}; it offers {_offered(sdk)}"
        except Exception as error:
            fault = fault_of(error, settings)
            problem = f"the API at {sdk.base_url} cannot be used: {fault.reason} ({fault.detail})"
        if problem:
            raise ApiError(problem)
    lifecycle = getattr(info, "lifecycle", "active")
    if lifecycle == "retired":
        raise ApiError(f"{settings.model} is retired; choose another `model` in the profile")
    longest = getattr(info, "max_tokens", None)
    if longest is not None and settings.max_tokens > longest:
        raise ApiError(f"{settings.model} replies with at most {longest} tokens; lower `max_tokens`")
    effort = getattr(getattr(info, "capabilities", None), "effort", None)
    if settings.effort != "none" and effort is not None and not effort.supported:
        raise ApiError(f'{settings.model} takes no effort; set `effort = "none"` in the profile')
    return f"{settings.model} is {lifecycle}"


def _offered(sdk: Anthropic) -> str:
    """The names of the models there are, as far as they can be had."""
    try:
        return ", ".join(model.id for model in sdk.models.list(limit=20).data) or "none"
    except Exception:
        return "others"
