"""State machines of two and three states, given branch by branch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal, Self

from harness.families import naming
from harness.families.machine import (
    OUTPUTS,
    PAIRS,
    SINGLE,
    Machine,
    case,
    combinational,
    identity,
    moore_values,
    sound,
    state_names,
    ternary,
)
from harness.families.spec import Condition, Fact, Slot, State, Values

When = Literal["high", "low", "both", "either", "only"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Where a state goes: to `to` when the condition over inputs number `a` (and `b`) holds, else to `other`.

    Without a condition (`when` None) it goes to `to` at the next edge.
    """

    when: When | None
    a: int = 0
    b: int | None = None
    to: int
    other: int

    @property
    def inputs(self) -> set[int]:
        return set() if self.when is None else {self.a} if self.b is None else {self.a, self.b}

    @property
    def targets(self) -> set[int]:
        return {self.to} if self.when is None else {self.to, self.other}


@dataclass(frozen=True, kw_only=True)
class Branching(Machine):
    """A Moore machine whose states each say under which condition they move."""

    moves: tuple[Move, ...]
    values: tuple[int, ...]

    def condition(self, move: Move) -> Condition:
        assert move.when is not None
        return Condition(move.when, self.ins[move.a], "" if move.b is None else self.ins[move.b])

    def facts(self) -> list[Fact]:
        facts = [self.listing()]
        for s, (name, move) in enumerate(zip(self.states, self.moves)):
            to, other = self.states[move.to], self.states[move.other]
            if move.when is None:
                facts.append(Fact("fsm.always", {"s": name, "to": to}))
            elif move.other == s:
                facts.append(Fact("fsm.go", {"s": name, "to": to, "when": self.condition(move)}))
            else:
                slots: dict[str, Slot] = {"s": name, "then": to, "other": other}
                slots["when"] = self.condition(move)
                facts.append(Fact("fsm.branch", slots))
        if self.by_case:
            rows = tuple(
                Fact("fsm.value", {"s": name, "y": self.out, "bits": f"{value:0{self.width}b}"})
                for name, value in zip(self.states, self.values)
            )
            return [*facts, Fact("fsm.values", {"y": self.out}, rows)]
        return [*facts, Fact("fsm.high_in", {"y": self.out, "states": tuple(self.high)})]

    @property
    def high(self) -> list[str]:
        """The states in which a 1-bit output is 1."""
        return [name for name, value in zip(self.states, self.values) if value]

    @property
    def by_case(self) -> bool:
        return self.width > 1 or not self.high

    def move(self, s: int) -> str:
        move = self.moves[s]
        if move.when is None:
            return self.states[move.to]
        return ternary(self.condition(move), self.states[move.to], self.states[move.other])

    def drive(self, state: str) -> str:
        if not self.by_case:
            return f"  assign {self.out} = {' || '.join(f'({state} == {name})' for name in self.high)};\n"
        rows = zip(self.states, map(self.literal, self.values))
        return combinational(case(state, f"{self.out} =", rows, self.literal(self.values[self.start])))

    def next(self, state: State, inputs: Values) -> State:
        move = self.moves[state[0]]
        taken = move.when is None or self.condition(move).holds(inputs)
        return (move.to if taken else move.other,)

    def outputs(self, state: State, inputs: Values) -> dict[str, int]:
        return {self.out: self.values[state[0]]}

    @classmethod
    def draw(
        cls,
        category: str,
        rng: Random,
        bases: Sequence[str],
        ins: int,
        width: int,
        moves: Callable[[], tuple[Move, ...]],
    ) -> Self:
        """A random machine: `moves` is called until its table is sound and looks at every input."""
        name, clock, reset, taken = identity(rng, *bases)
        pools = [(word,) for word in rng.choice(PAIRS)] if ins == 2 else [SINGLE]
        inputs = tuple(naming.port(rng, pool, taken) for pool in pools)
        out = naming.port(rng, OUTPUTS, taken)
        table = moves()
        count = len(table)
        start = 0 if rng.random() < 0.8 else rng.randrange(count)
        while set().union(*(m.inputs for m in table)) != set(range(ins)) or not sound(
            [m.targets for m in table], start
        ):
            table = moves()
        values = moore_values(rng, count, width)
        return cls(
            category=category, name=name, clock=clock, reset=reset, states=state_names(rng, count, taken),
            ins=inputs, out=out, start=start, width=width, moves=table, values=values,
        )  # fmt: skip


def _move(rng: Random, to: int, other: int, ins: int) -> Move:
    """A move on a random condition over `ins` inputs: mostly one of them being 1."""
    if ins == 2 and rng.random() < 0.12:
        a = rng.randrange(2)
        return Move(when=rng.choice(("both", "either", "only")), a=a, b=1 - a, to=to, other=other)
    return Move(when="high" if rng.random() < 0.75 else "low", a=rng.randrange(ins), to=to, other=other)


@dataclass(frozen=True, kw_only=True)
class TwoState(Branching):
    """Two states, one or two inputs, an output that is 1 in one of the states."""

    @classmethod
    def sample(cls, category: str, rng: Random) -> Self:
        ins = rng.choice((1, 2, 2))

        def moves() -> tuple[Move, ...]:
            table = [_move(rng, 1, 0, ins), _move(rng, 0, 1, ins)]
            if ins == 1 and rng.random() < 0.3:
                s = rng.choice((0, 1, 1))
                table[s] = Move(when=None, to=1 - s, other=1 - s)
            return tuple(table)

        bases = (
            "fsm2",
            "two_state",
            "fsm",
            "ctrl",
            "onoff",
            "toggle_fsm",
            "latch_ctrl",
            "flip",
            "fsm_2state",
        )
        return cls.draw(category, rng, bases, ins, 1, moves)

    @classmethod
    def edge_cases(cls, category: str) -> list[Self]:
        free = (Move(when=None, to=1, other=1), Move(when=None, to=0, other=0))
        trap = (Move(when="low", to=1, other=0), Move(when=None, to=1, other=1))
        equal = (Move(when="high", to=1, other=1), Move(when="high", to=0, other=0))
        both = (Move(when="only", a=1, b=0, to=1, other=0), Move(when="either", a=0, b=1, to=0, other=1))
        stays = (Move(when="low", to=0, other=1), Move(when="high", to=1, other=0))
        return [
            cls.corner(category, "async_low", "A B", "", start=0, width=1, moves=free, values=(0, 1)),
            cls.corner(category, "sync_high", "OFF ON", "x", start=0, width=1, moves=trap, values=(0, 1)),
            cls.corner(category, "sync_low", "A B", "x", start=1, width=1, moves=equal, values=(1, 0)),
            cls.corner(category, "async_high", "S0 S1", "j k", start=1, width=1, moves=both, values=(0, 1)),
            cls.corner(category, "async_low", "S0 S1", "x", start=0, width=1, moves=stays, values=(1, 1)),
            cls.corner(category, "sync_low", "S0 S1", "x", start=0, width=1, moves=stays, values=(0, 0)),
        ]


@dataclass(frozen=True, kw_only=True)
class ThreeState(Branching):
    """Three states, two inputs, a Moore output of one or two bits."""

    @classmethod
    def sample(cls, category: str, rng: Random) -> Self:
        def move(s: int) -> Move:
            to = (s + rng.choice((1, 1, 2))) % 3
            if rng.random() < 0.12:
                return Move(when=None, to=to, other=to)
            return _move(rng, to, s if rng.random() < 0.7 else 3 - s - to, 2)

        bases = ("fsm3", "three_state", "fsm", "seq_ctrl", "controller", "phase_fsm", "sm3", "fsm_3state")
        width = rng.choice((1, 2))
        return cls.draw(category, rng, bases, 2, width, lambda: (move(0), move(1), move(2)))

    @classmethod
    def edge_cases(cls, category: str) -> list[Self]:
        ring = tuple(Move(when=None, to=to, other=to) for to in (1, 2, 0))
        trap = (
            Move(when="both", a=0, b=1, to=1, other=0),
            Move(when="low", a=1, to=2, other=0),
            Move(when=None, to=2, other=2),
        )
        equal = tuple(Move(when="high", a=s % 2, to=(s + 1) % 3, other=(s + 1) % 3) for s in range(3))
        loops = (
            Move(when="low", a=0, to=0, other=1),
            Move(when="high", a=1, to=1, other=2),
            Move(when="either", a=1, b=0, to=2, other=0),
        )
        return [
            cls.corner(category, "async_low", "A B C", "", start=0, width=2, moves=ring, values=(0, 1, 2)),
            cls.corner(category, "sync_low", "P Q R", "a b", start=0, width=1, moves=trap, values=(0, 1, 1)),
            cls.corner(
                category, "sync_high", "A B C", "u v", start=2, width=2, moves=equal, values=(3, 1, 0)
            ),
            cls.corner(
                category, "async_high", "L M R", "a b", start=0, width=1, moves=loops, values=(1, 1, 1)
            ),
            cls.corner(
                category, "async_low", "L M R", "a b", start=1, width=2, moves=loops, values=(0, 0, 0)
            ),
        ]
