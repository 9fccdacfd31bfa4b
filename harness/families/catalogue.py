"""Every category that can be asked for: which family makes it, how specs are drawn and carried as JSON."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any

from pydantic import TypeAdapter, ValidationError

from harness.families.comparator import Comparator
from harness.families.counters import BasicCounter, LoadCounter, UpDownCounter
from harness.families.dividers import ClockDivider
from harness.families.edges import EdgeDetector
from harness.families.fsm import ThreeState, TwoState
from harness.families.fsm_handshake import Handshake
from harness.families.fsm_sequence import SequenceDetector
from harness.families.fsm_table import MealyMachine, MooreMachine
from harness.families.gating import EnableGating
from harness.families.mux import Mux
from harness.families.registers import EnableRegister, Register, SetReset
from harness.families.shifters import Piso, Shift, Sipo, UniversalShift
from harness.families.spec import Spec
from harness.validation import first_fault

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
WIDEST = 256
IDENTIFIER = re.compile(r"[A-Za-z_]\w*", re.ASCII)


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
    """The spec that `dump` wrote. Raises ValueError when it is not one, or not of a module with sane ports.

    Not every contradiction between parameters is found: whoever uses a stranger's spec must expect failures.
    """
    if not isinstance(data, dict) or not isinstance(data.get("category"), str):
        raise ValueError(f"not a spec: {str(data)[:80]!r} has no category")
    made_by = family(data["category"])
    unknown = sorted(map(str, data.keys() - {field.name for field in dataclasses.fields(made_by)}))
    if unknown:
        raise ValueError(f"not a {data['category']} spec: unknown fields {', '.join(unknown)}")
    try:
        spec = _adapter(made_by).validate_python(data)
    except ValidationError as error:
        raise ValueError(f"not a {data['category']} spec: {first_fault(error, 'the whole')}") from error
    _check_ports(spec)
    return spec


def _check_ports(spec: Spec) -> None:
    """Raise ValueError unless names can stand in Verilog, and widths are positive and not absurd."""
    try:
        ports = spec.ports
    except (ArithmeticError, AssertionError, LookupError, ValueError) as error:
        raise ValueError(f"not a {spec.category} spec: its ports cannot be derived ({error!r})") from error
    names = [spec.name, *(port.name for port in ports)]
    for name in names:
        if not IDENTIFIER.fullmatch(name):
            raise ValueError(f"not a {spec.category} spec: {name!r} is no Verilog identifier")
    if len(set(names)) < len(names):
        raise ValueError(f"not a {spec.category} spec: two of its names are equal: {', '.join(names)}")
    for port in ports:
        if not 1 <= port.width <= WIDEST:
            raise ValueError(
                f"not a {spec.category} spec: port {port.name} is {port.width} bits wide, not 1 to {WIDEST}"
            )
