"""State machines given state by state: two and three states, Moore tables and Mealy tables.

Behaviour is held by state and input numbers; the names of states are surface. Style 0 is one clocked case,
style 1 the usual two blocks (next state, register), style 2 the same with one-hot codes.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Literal, Self

from harness.families import naming
from harness.families.spec import Condition, Fact, Port, Reset, Spec, State, Values, surface

When = Literal["high", "low", "both", "either", "only"]

LOCALS = ("state", "next", "cnt", "N")
THEMES = tuple(
    tuple(line.split())
    for line in """
    IDLE RUN; OFF ON; IDLE ACTIVE; STOPPED MOVING; CLOSED OPEN; SLEEP AWAKE; EMPTY FULL; LOCKED UNLOCKED; RED GREEN;
    LOW HIGH; LEFT RIGHT; DARK LIT; QUIET LOUD; FREE TAKEN; WAIT GO; PARKED DRIVING; SAFE ALARM; EVEN ODD; UP DOWN;
    IDLE RUN DONE; IDLE BUSY DONE; OFF LOW HIGH; RED GREEN YELLOW; WAIT WORK REST; INIT LOAD EXEC; STOP SLOW FAST;
    IDLE ARMED FIRED; IDLE READ WRITE; OFF WARMUP ON; LEFT MIDDLE RIGHT; READY ACTIVE ERROR; FETCH DECODE STORE;
    SOLID LIQUID GAS; IDLE SETUP ACCESS; COLD WARM HOT; DAWN NOON DUSK; OPEN HALF SHUT; IDLE START DATA STOP;
    NORTH EAST SOUTH WEST; INIT CHECK RUN HALT; SPRING SUMMER AUTUMN WINTER; IDLE HEAT HOLD COOL; PING PONG REST SCORE;
    IDLE LOAD RUN PAUSE DONE; RESET INIT RUN STOP FAULT; ALPHA BETA GAMMA DELTA EPS; IDLE FILL WASH RINSE SPIN;
    FETCH DECODE EXEC MEM WB; ZERO ONE TWO THREE FOUR; IDLE SYNC HEAD BODY TAIL; NONE BRONZE SILVER GOLD MAX;
    CALM BREEZE WIND STORM GALE; TIN IRON ZINC LEAD COPPER; PARK DRIVE TURN BRAKE REVERSE; ANT BEE CAT DOG ELK
    """.split(";")
)
WORDS = tuple(dict.fromkeys(word for theme in THEMES for word in theme))
PAIRS = (
    ("start", "stop"), ("set_i", "clr_i"), ("j", "k"), ("up", "down"), ("go_i", "halt"), ("open_req", "close_req"),
    ("wake", "sleep"), ("a", "b"), ("x", "w"), ("in1", "in2"), ("push", "pop"), ("arm", "disarm"), ("req", "fin"),
    ("enter", "leave"), ("left", "right"), ("inc", "dec"), ("start", "done"), ("coin", "turn"), ("p", "q"),
    ("bump_l", "bump_r"), ("i0", "i1"), ("btn_a", "btn_b"), ("fill", "drain"), ("hot", "cold"), ("begin_i", "end_i"),
    ("key", "door"), ("u", "v"), ("ping", "pong"), ("ok", "err"), ("fwd", "back"), ("load", "fire"), ("c", "d"),
)  # fmt: skip
SINGLE = (
    "x", "in", "din", "a", "w", "i", "sig", "btn", "key", "step", "toggle", "t", "ctl", "event_i", "sel", "bit_in",
    "s_in", "inp", "cmd", "trig", "sense", "d", "u", "x_in", "data", "ser", "next_i", "pulse_in", "choice", "r",
)  # fmt: skip
OUTPUTS = (
    "y", "out", "z", "q", "led", "active", "flag", "dout", "lamp", "motor", "valve", "status", "level", "code",
    "out_o", "result", "light", "drive", "sig_out", "f", "phase", "o", "alarm", "mode_o", "y_out", "light_o",
)  # fmt: skip


def _legal(name: str, taken: Iterable[str]) -> bool:
    """A state may be spelled like a port in capitals (DONE, done) when it is a word, never otherwise."""
    if len(name) > naming.LONGEST or name in naming.KEYWORDS or (name.islower() and not naming.usable(name)):
        return False
    if len(name) > 2 and name.isalpha():
        return name not in taken
    return name.lower() not in {t.lower() for t in taken}


def state_names(rng: Random, count: int, taken: set[str]) -> tuple[str, ...]:
    """Names for `count` states, distinct from each other, from `taken` and from local signals."""
    while True:
        draw = rng.random()
        names: Sequence[str]
        if draw < 0.40:
            names = rng.choice([theme for theme in THEMES if len(theme) >= count])[:count]
        elif draw < 0.55:
            stem, first = rng.choice(("S", "S", "ST", "s", "Q", "STATE", "P", "st_", "ph")), rng.choice((0, 0, 1))
            names = [f"{stem}{first + i}" for i in range(count)]
        elif draw < 0.65:
            first = rng.choice((0, 0, 0, rng.randrange(20)))
            names = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[first : first + count]
        elif draw < 0.80:
            names = rng.sample(WORDS, count)
        else:
            names = [naming.unusual(rng).upper() for _ in range(count)]
        if rng.random() < 0.12:
            prefix = rng.choice(("ST_", "S_", "FSM_", "st_"))
            names = [prefix + name for name in names]
        elif rng.random() < 0.08:
            names = [name.lower() for name in names]
        if len({name.lower() for name in names}) == count and all(_legal(n, {*taken, *LOCALS}) for n in names):
            taken.update(names)
            return tuple(names)


def identity(rng: Random, *bases: str) -> tuple[str, str, Reset, set[str]]:
    """Module name, clock and reset of a sequential design, and the set of names that are now taken."""
    name, clock, reset = naming.module_name(rng, *bases), naming.clock(rng), naming.reset(rng)
    while not naming.usable(reset.name, {name, clock}):
        name, clock, reset = naming.module_name(rng, *bases), naming.clock(rng), naming.reset(rng)
    return name, clock, reset, {name, clock, reset.name}


def encoding(states: Sequence[str], onehot: bool) -> tuple[str, str]:
    """The localparam line that numbers the states, and the range of a register that holds one."""
    count = len(states)
    if onehot:
        codes = [f"{count}'b{1 << i:0{count}b}" for i in range(count)]
        return f"  localparam {', '.join(f'{s} = {c}' for s, c in zip(states, codes))};\n", naming.vec(count)
    width = max(1, (count - 1).bit_length())
    codes = [f"{width}'d{i}" for i in range(count)]
    return f"  localparam {', '.join(f'{s} = {c}' for s, c in zip(states, codes))};\n", naming.vec(width)


def case(subject: str, target: str, values: Iterable[tuple[str, str]], default: str) -> str:
    """A case statement that gives `target` (with its assignment operator) one value per label."""
    rows = "".join(f"  {label}: {target} {value};\n" for label, value in values)
    return f"case ({subject})\n{rows}  default: {target} {default};\nendcase"


def combinational(statement: str) -> str:
    """`always @*` around one statement, indented for a module body."""
    return "".join(f"  {line}\n" for line in f"always @* {statement}".splitlines())


def ternary(condition: Condition, yes: str, no: str) -> str:
    test = f"({condition.verilog})" if condition.b else condition.verilog
    return f"{test} ? {yes} : {no}"


def _sound(targets: Sequence[Iterable[int]], start: int) -> bool:
    """Whether every state can be reached from `start` and none is a trap."""
    seen, queue = {start}, [start]
    while queue:
        fresh = set(targets[queue.pop()]) - seen
        seen |= fresh
        queue += fresh
    return len(seen) == len(targets) and all(set(to) != {s} for s, to in enumerate(targets))


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
class Machine(Spec):
    """A machine with named states and one output of `width` bits; state number `start` is that of reset."""

    states: tuple[str, ...] = surface()
    ins: tuple[str, ...] = surface()
    out: str = surface()
    start: int
    width: int

    @property
    def ports(self) -> tuple[Port, ...]:
        assert self.clock is not None and self.reset is not None
        return (
            Port("input", self.clock, 1, "clock"),
            Port("input", self.reset.name, 1, "reset"),
            *(Port("input", name, 1, "control input") for name in self.ins),
            Port("output", self.out, self.width, "state machine output"),
        )

    @property
    def kind(self) -> Fact:
        return Fact("kind.fsm", {"n": len(self.states)})

    @property
    def effect(self) -> Fact:
        return Fact("effect.state", {"state": self.states[self.start]})

    @property
    def styles(self) -> int:
        return 3

    def initial(self) -> State:
        return (self.start,)

    def listing(self) -> Fact:
        """The fact that names the states."""
        if len(self.states) == 1:
            return Fact("fsm.single", {"state": self.states[0]})
        return Fact("fsm.states", {"states": self.states, "n": len(self.states)})

    def literal(self, value: int) -> str:
        return f"{self.width}'b{value:0{self.width}b}"

    @property
    def by_case(self) -> bool:
        """Whether the output is driven by a case over the states."""
        return True

    @abstractmethod
    def move(self, s: int) -> str:
        """The next state of state `s` as a Verilog expression."""

    @abstractmethod
    def drive(self, state: str) -> str:
        """The Verilog that drives the output from the register `state`."""

    def verilog(self, style: int = 0) -> str:
        assert self.clock is not None
        taken = {port.name for port in self.ports} | set(self.states)
        state, following = naming.local("state", taken), naming.local("next", taken)
        codes, span = encoding(self.states, onehot=style == 2)
        home = self.states[self.start]
        moves = [(name, self.move(s)) for s, name in enumerate(self.states)]
        text = naming.header(self.name, self.ports, {self.out} if self.by_case else ()) + codes
        if style == 0:
            table = case(state, f"{state} <=", moves, home)
            text += f"  reg {span}{state};\n"
            text += naming.clocked(self.reset, self.clock, f"{state} <= {home};", [table])
        else:
            text += f"  reg {span}{state}, {following};\n"
            text += naming.clocked(self.reset, self.clock, f"{state} <= {home};", [f"{state} <= {following};"])
            text += combinational(case(state, f"{following} =", moves, home))
        return text + self.drive(state) + "endmodule\n"

    @classmethod
    def corner(cls, category: str, reset: str, states: str, ins: str, **behaviour: Any) -> Self:
        """An edge case with plain names; `reset` is its kind, `states` and `ins` are lists of names."""
        low = reset.endswith("low")
        chosen = Reset(
            name="rst_n" if low else "rst", asynchronous=reset.startswith("async"), active_low=low
        )
        named: dict[str, Any] = {"states": tuple(states.split()), "ins": tuple(ins.split()), "out": "y"}
        return cls(category=category, name="edge_fsm", clock="clk", reset=chosen, **named, **behaviour)


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
                slots = {"s": name, "when": self.condition(move), "then": to, "other": other}
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
        while set().union(*(m.inputs for m in table)) != set(range(ins)) or not _sound(
            [m.targets for m in table], start
        ):
            table = moves()
        values = _outputs(rng, count, width)
        return cls(
            category=category, name=name, clock=clock, reset=reset, states=state_names(rng, count, taken),
            ins=inputs, out=out, start=start, width=width, moves=table, values=values,
        )  # fmt: skip


def _outputs(rng: Random, count: int, width: int) -> tuple[int, ...]:
    """One output value per state, not all of them equal."""
    values = tuple(rng.randrange(1 << width) for _ in range(count))
    return values if len(set(values)) > 1 else _outputs(rng, count, width)


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

        bases = ("fsm2", "two_state", "fsm", "ctrl", "onoff", "toggle_fsm", "latch_ctrl", "flip", "fsm_2state")
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
            cls.corner(category, "sync_high", "A B C", "u v", start=2, width=2, moves=equal, values=(3, 1, 0)),
            cls.corner(category, "async_high", "L M R", "a b", start=0, width=1, moves=loops, values=(1, 1, 1)),
            cls.corner(category, "async_low", "L M R", "a b", start=1, width=2, moves=loops, values=(0, 0, 0)),
        ]


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
        """A random sound table for as many states as `behaviour` has output values."""
        count = len(behaviour["values"])
        name, clock, reset, taken = identity(rng, *bases)
        ins, out = (naming.port(rng, SINGLE, taken),), naming.port(rng, OUTPUTS, taken)
        start = 0 if rng.random() < 0.85 else rng.randrange(count)
        table = tuple((rng.randrange(count), rng.randrange(count)) for _ in range(count))
        while not _sound(table, start):
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
        values = _outputs(rng, rng.choice((2, 3, 3, 4, 4, 5)), width)
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
