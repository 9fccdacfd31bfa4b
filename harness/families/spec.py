"""What can be asked for: a Spec is one design, from which text, Verilog and behaviour all follow.

A Spec is a frozen dataclass of parameters. Everything else is derived from it, so the pieces cannot
disagree: `ports`, the `facts` that the English text must state, golden `verilog` in several styles, and an
executable reference (`initial`, `next`, `outputs`): a synchronous machine over integers.
"""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Literal, Self

Radix = Literal["dec", "hex", "bin"]
State = tuple[int, ...]
Values = Mapping[str, int]

SURFACE = {"surface": True}


def surface() -> Any:
    """A dataclass field that names or spells something and never changes behaviour."""
    return field(metadata=SURFACE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reset:
    """How a design is reset: `name` is the port; the two flags say how it acts."""

    name: str
    asynchronous: bool
    active_low: bool

    @property
    def kind(self) -> str:
        """`async_low`, `async_high`, `sync_low` or `sync_high`: also the key of its fact."""
        return f"{'async' if self.asynchronous else 'sync'}_{'low' if self.active_low else 'high'}"

    @property
    def active(self) -> str:
        """The Verilog condition that is true while reset is asserted."""
        return f"!{self.name}" if self.active_low else self.name

    def sensitivity(self, clock: str) -> str:
        """The event list of an always block: the clock edge, and the reset's own edge when asynchronous."""
        if not self.asynchronous:
            return f"posedge {clock}"
        return f"posedge {clock} or {'negedge' if self.active_low else 'posedge'} {self.name}"

    def asserted(self, inputs: Values) -> bool:
        return bool(inputs[self.name]) != self.active_low


@dataclass(frozen=True, slots=True)
class Port:
    """One port. `role` (see wording/facts.toml, `role.*`) is what the port is for."""

    direction: Literal["input", "output"]
    name: str
    width: int
    role: str


@dataclass(frozen=True, slots=True)
class Number:
    """A constant that the text states and the code repeats in the same radix."""

    value: int
    width: int
    radix: Radix

    @property
    def digits(self) -> str:
        """The digits alone: `60`, `3C`, `00111100`."""
        if self.radix == "dec":
            return str(self.value)
        return f"{self.value:X}" if self.radix == "hex" else f"{self.value:0{self.width}b}"

    @property
    def verilog(self) -> str:
        """A sized literal: `8'd60`, `8'h3C`, `8'b00111100`."""
        return f"{self.width}'{self.radix[0]}{self.digits}"


@dataclass(frozen=True, slots=True)
class Condition:
    """A clause over one or two 1-bit inputs; `kind` is a `when.*` fact.

    high: a is 1; low: a is 0; both: a and b are 1; either: a or b is 1; only: a is 1 and b is 0.
    """

    kind: Literal["high", "low", "both", "either", "only"]
    a: str
    b: str = ""

    @property
    def verilog(self) -> str:
        return {
            "high": self.a,
            "low": f"!{self.a}",
            "both": f"{self.a} && {self.b}",
            "either": f"{self.a} || {self.b}",
            "only": f"{self.a} && !{self.b}",
        }[self.kind]

    def holds(self, inputs: Values) -> bool:
        a, b = bool(inputs[self.a]), bool(inputs[self.b]) if self.b else False
        return {"high": a, "low": not a, "both": a and b, "either": a or b, "only": a and not b}[self.kind]


Slot = str | int | Number | Condition | tuple[str, ...]


@dataclass(frozen=True)
class Fact:
    """One thing the text must say: a key of wording/facts.toml and a value for each of its slots.

    A fact with `rows` is a table: its `{rows}` slot is filled with the rows, one after the other.
    """

    key: str
    slots: Mapping[str, Slot] = field(default_factory=dict)
    rows: tuple[Fact, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Spec(ABC):
    """One design. Subclasses add parameters, and mark what is only naming with `surface()`."""

    category: str
    name: str = surface()
    clock: str | None = surface()
    reset: Reset | None

    @classmethod
    @abstractmethod
    def sample(cls, category: str, rng: Random) -> Self:
        """A random spec of `category`; equal `rng` states give equal specs."""

    @classmethod
    @abstractmethod
    def edge_cases(cls, category: str) -> list[Self]:
        """The corners of the family: 1-bit widths, shift by 0, divide by 1, a one-state FSM, ..."""

    @property
    @abstractmethod
    def ports(self) -> tuple[Port, ...]:
        """All ports in header order: clock, reset, then inputs, then outputs."""

    @property
    @abstractmethod
    def kind(self) -> Fact:
        """The noun phrase for the whole design: a `kind.*` fact."""

    @property
    @abstractmethod
    def effect(self) -> Fact | None:
        """What reset does: an `effect.*` fact; None without a reset."""

    @abstractmethod
    def facts(self) -> list[Fact]:
        """Everything the golden does that `ports`, `kind` and reset do not say, in reading order."""

    @abstractmethod
    def verilog(self, style: int = 0) -> str:
        """Golden Verilog-2005 of this spec in clean style number `style` (0 is what training uses)."""

    @property
    def styles(self) -> int:
        """How many clean styles `verilog` offers."""
        return 2

    def initial(self) -> State:
        """The state that reset forces; the empty tuple for combinational designs."""
        return ()

    def next(self, state: State, inputs: Values) -> State:
        """The state after a rising clock edge with these inputs, reset not asserted."""
        return state

    @abstractmethod
    def outputs(self, state: State, inputs: Values) -> dict[str, int]:
        """All outputs in `state` with these inputs (the clock's level included)."""

    def level(self, state: State, inputs: Values) -> State:
        """The state after inputs settle without an edge: only latches override this."""
        return state

    @property
    def parameters(self) -> tuple[tuple[str, Any], ...]:
        """What decides behaviour, names left out: two specs with equal parameters do the same thing."""
        pairs: list[tuple[str, Any]] = []
        for f in dataclasses.fields(self):
            if "surface" in f.metadata:
                continue
            value = getattr(self, f.name)
            pairs.append((f.name, value.kind if isinstance(value, Reset) else value))
        return tuple(pairs)


class Reference:
    """Runs a Spec as a simulator would: apply input values, read outputs.

    A rising edge of the clock uses the inputs of the same call, so change data only in calls where the
    clock does not rise. Before the first reset the state is that of reset.
    """

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.state = spec.initial()
        self._clock = 0

    def apply(self, inputs: Values) -> dict[str, int]:
        """Settle on `inputs` (every input port by name) and return every output."""
        spec, reset = self.spec, self.spec.reset
        clock = inputs[spec.clock] if spec.clock else 0
        rising = clock == 1 and self._clock == 0
        self._clock = clock
        asserted = reset is not None and reset.asserted(inputs)
        if asserted and reset is not None and (reset.asynchronous or rising):
            self.state = spec.initial()
        elif rising:
            self.state = spec.next(self.state, inputs)
        self.state = spec.level(self.state, inputs)
        return spec.outputs(self.state, inputs)
