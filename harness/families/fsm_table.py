"""State machines given as a table over one input: Moore and Mealy."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Self

from harness.families import naming
from harness.families.machine import (
    OUTPUTS,
    SINGLE,
    Machine,
    case,
    combinational,
    identity,
    moore_values,
    sound,
    state_names,
)
from harness.families.spec import Fact, State, Values


@dataclass(frozen=True, kw_only=True)
class Table(Machine):
    """A machine with one input and a full table: `table[s]` is the next state for input 0 and for input 1."""

    table: tuple[tuple[int, int], ...]

    def move(self, s: int) -> str:
        to0, to1 = self.table[s]
        return f"!{self.ins[0]} ? {self.states[to0]} : {self.states[to1]}"

    def next(self, state: State, inputs: Values) -> State:
        return (self.table[state[0]][inputs[self.ins[0]]],)

    def facts(self) -> list[Fact]:
        return [self.listing(), *(self.row(s) for s in range(len(self.states)))]

    @abstractmethod
    def row(self, s: int) -> Fact:
        """What the text says of state `s`."""

    @classmethod
    def draw(cls, category: str, rng: Random, bases: Sequence[str], width: int, **behaviour: Any) -> Self:
        """A random sound table that looks at its input, for as many states as `behaviour` has output values."""
        count = len(behaviour["values"])
        name, clock, reset, taken = identity(rng, *bases)
        ins, out = (naming.port(rng, SINGLE, taken),), naming.port(rng, OUTPUTS, taken)
        start = 0 if rng.random() < 0.85 else rng.randrange(count)
        table = tuple((rng.randrange(count), rng.randrange(count)) for _ in range(count))
        while not sound(table, start) or all(to0 == to1 for to0, to1 in table):
            table = tuple((rng.randrange(count), rng.randrange(count)) for _ in range(count))
        return cls(
            category=category, name=name, clock=clock, reset=reset, states=state_names(rng, count, taken),
            ins=ins, out=out, start=start, width=width, table=table, **behaviour,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class MooreMachine(Table):
    """Two to five states; the output, one to three bits, depends on the state alone."""

    values: tuple[int, ...]

    @property
    def kind(self) -> Fact:
        return Fact("kind.fsm_moore", {"n": len(self.states)})

    def row(self, s: int) -> Fact:
        to0, to1 = self.table[s]
        return Fact(
            "moore.row",
            {
                "s": self.states[s],
                "x": self.ins[0],
                "to0": self.states[to0],
                "to1": self.states[to1],
                "y": self.out,
                "bits": f"{self.values[s]:0{self.width}b}",
            },
        )

    def drive(self, state: str) -> str:
        rows = zip(self.states, map(self.literal, self.values))
        return combinational(case(state, f"{self.out} =", rows, self.literal(self.values[self.start])))

    def outputs(self, state: State, inputs: Values) -> dict[str, int]:
        return {self.out: self.values[state[0]]}

    @classmethod
    def sample(cls, category: str, rng: Random) -> Self:
        width = rng.choice((1, 1, 2, 2, 3))
        values = moore_values(rng, rng.choice((2, 3, 3, 4, 4, 5)), width)
        return cls.draw(
            category, rng, ("moore", "fsm_moore", "moore_fsm", "fsm", "sm", "stepper"), width, values=values
        )

    @classmethod
    def edge_cases(cls, category: str) -> list[Self]:
        ring = tuple(((s + 1) % 5, (s + 4) % 5) for s in range(5))
        trap = ((0, 1), (1, 2), (2, 2))
        equal = ((1, 1), (0, 0))
        return [
            cls.corner(category, "async_low", "ONLY", "x", start=0, width=2, table=((0, 0),), values=(2,)),
            cls.corner(category, "sync_high", "S0", "x", start=0, width=1, table=((0, 0),), values=(1,)),
            cls.corner(category, "sync_low", "A B", "x", start=1, width=1, table=equal, values=(0, 1)),
            cls.corner(category, "async_high", "A B C", "x", start=0, width=3, table=trap, values=(7, 0, 5)),
            cls.corner(
                category, "sync_low", "A B C D E", "x", start=4, width=3, table=ring, values=(0, 1, 2, 3, 4)
            ),
            cls.corner(
                category, "async_low", "A B C D E", "x", start=0, width=1, table=ring, values=(1,) * 5
            ),
        ]


@dataclass(frozen=True, kw_only=True)
class MealyMachine(Table):
    """Two to four states; the 1-bit output depends on the state and, at once, on the input."""

    values: tuple[tuple[int, int], ...]

    @property
    def kind(self) -> Fact:
        return Fact("kind.fsm_mealy", {"n": len(self.states)})

    def row(self, s: int) -> Fact:
        (to0, to1), (y0, y1) = self.table[s], self.values[s]
        return Fact(
            "mealy.row",
            {
                "s": self.states[s],
                "x": self.ins[0],
                "to0": self.states[to0],
                "y0": str(y0),
                "to1": self.states[to1],
                "y1": str(y1),
                "y": self.out,
            },
        )

    def drive(self, state: str) -> str:
        rows = [
            (name, f"!{self.ins[0]} ? {self.literal(y0)} : {self.literal(y1)}")
            for name, (y0, y1) in zip(self.states, self.values)
        ]
        return combinational(case(state, f"{self.out} =", rows, self.literal(0)))

    def outputs(self, state: State, inputs: Values) -> dict[str, int]:
        return {self.out: self.values[state[0]][inputs[self.ins[0]]]}

    @classmethod
    def sample(cls, category: str, rng: Random) -> Self:
        values: tuple[tuple[int, int], ...] = ((0, 0),)
        while all(y0 == y1 for y0, y1 in values):
            values = tuple((rng.randrange(2), rng.randrange(2)) for _ in range(rng.choice((2, 3, 3, 4))))
        return cls.draw(
            category, rng, ("mealy", "fsm_mealy", "mealy_fsm", "fsm", "sm", "transducer"), 1, values=values
        )

    @classmethod
    def edge_cases(cls, category: str) -> list[Self]:
        ring = ((0, 1), (1, 2), (2, 3), (3, 0))
        equal = ((1, 1), (0, 0))
        return [
            cls.corner(category, "async_low", "ONLY", "x", start=0, width=1, table=((0, 0),), values=((0, 1),)),
            cls.corner(category, "sync_high", "S0", "x", start=0, width=1, table=((0, 0),), values=((1, 1),)),
            cls.corner(category, "sync_low", "A B", "x", start=1, width=1, table=equal, values=((1, 0), (1, 0))),
            cls.corner(category, "async_high", "A B C D", "x", start=3, width=1, table=ring, values=((0, 0),) * 4),
            cls.corner(
                category, "sync_low", "A B C", "x", start=0, width=1, table=((0, 1), (1, 2), (2, 2)),
                values=((0, 0), (0, 1), (1, 0)),
            ),
        ]  # fmt: skip
