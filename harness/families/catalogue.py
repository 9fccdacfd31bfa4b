"""Every category that can be asked for: which family makes it, and how specs are drawn and carried as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any

from pydantic import TypeAdapter, ValidationError

from harness.families.combinational import Comparator, Mux
from harness.families.counters import BasicCounter, LoadCounter, UpDownCounter
from harness.families.dividers import ClockDivider
from harness.families.edges import EdgeDetector
from harness.families.fsm import MealyMachine, MooreMachine, ThreeState, TwoState
from harness.families.fsm_handshake import Handshake
from harness.families.fsm_sequence import SequenceDetector
from harness.families.gating import EnableGating
from harness.families.registers import EnableRegister, Register, SetReset
from harness.families.shifters import Piso, Shift, Sipo, UniversalShift
from harness.families.spec import Spec

FAMILIES: dict[str, type[Spec]] = {
    "edge_detector": EdgeDetector,
    "async_reset": Register,
    "sync_reset": Register,
    "enable_control": EnableRegister,
    "enable_gating": EnableGating,
    "clock_divider": ClockDivider,
    "counter_basic": BasicCounter,
    "counter_updown": UpDownCounter,
    "counter_load": LoadCounter,
    "shift_left": Shift,
    "shift_right": Shift,
    "shift_universal": UniversalShift,
    "shift_piso": Piso,
    "shift_sipo": Sipo,
    "register_basic": Register,
    "register_set_reset": SetReset,
    "mux": Mux,
    "comparator": Comparator,
    "fsm_2state": TwoState,
    "fsm_3state": ThreeState,
    "fsm_handshake": Handshake,
    "fsm_sequence": SequenceDetector,
    "fsm_mealy": MealyMachine,
    "fsm_moore": MooreMachine,
}
CATEGORIES = tuple(FAMILIES)
FSM = tuple(category for category in CATEGORIES if category.startswith("fsm_"))
SHIFT = tuple(category for category in CATEGORIES if category.startswith("shift_"))


class UnknownCategory(ValueError):
    """A category that no family makes."""


def family(category: str) -> type[Spec]:
    """The family of a category. Raises UnknownCategory with the list of known ones."""
    if category not in FAMILIES:
        raise UnknownCategory(f"unknown category {category!r}; known are {', '.join(CATEGORIES)}")
    return FAMILIES[category]


def draw(category: str, seed: str) -> Iterator[Spec]:
    """An endless stream of random specs of one category, the same for the same seed."""
    rng, make = Random(f"{seed}:{category}"), family(category)
    while True:
        yield make.sample(category, rng)


@cache
def _adapter(made_by: type[Spec]) -> TypeAdapter[Spec]:
    return TypeAdapter(made_by)


def dump(spec: Spec) -> dict[str, Any]:
    """A spec as plain JSON data."""
    data: dict[str, Any] = _adapter(type(spec)).dump_python(spec, mode="json")
    return data


def load(data: Any) -> Spec:
    """The spec that `dump` wrote. Raises ValueError when it is not one."""
    if not isinstance(data, dict) or not isinstance(data.get("category"), str):
        raise ValueError(f"not a spec: {str(data)[:80]!r} has no category")
    try:
        return _adapter(family(data["category"])).validate_python(data)
    except ValidationError as error:
        raise ValueError(f"not a {data['category']} spec: {error}") from error
