"""What all state machines share: names of states, the pieces of their Verilog, and a base class.

Behaviour is held by state and input numbers; the names of states are surface. Style 0 is one clocked case,
style 1 the usual two blocks (next state, register), style 2 the same with one-hot codes.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Self

from harness.families import naming
from harness.families.spec import Condition, Fact, Port, Reset, Spec, State, surface

LOCALS = ("state", "next", "cnt", "N")
_THEMES = """
    IDLE RUN; OFF ON; IDLE ACTIVE; STOPPED MOVING; CLOSED OPEN; SLEEP AWAKE; EMPTY FULL; LOCKED UNLOCKED; RED GREEN;
    LOW HIGH; LEFT RIGHT; DARK LIT; QUIET LOUD; FREE TAKEN; WAIT GO; PARKED DRIVING; SAFE ALARM; EVEN ODD; UP DOWN;
    IDLE RUN DONE; IDLE BUSY DONE; OFF LOW HIGH; RED GREEN YELLOW; WAIT WORK REST; INIT LOAD EXEC; STOP SLOW FAST;
    IDLE ARMED FIRED; IDLE READ WRITE; OFF WARMUP ON; LEFT MIDDLE RIGHT; READY ACTIVE ERROR; FETCH DECODE STORE;
    SOLID LIQUID GAS; IDLE SETUP ACCESS; COLD WARM HOT; DAWN NOON DUSK; OPEN HALF SHUT; IDLE START DATA STOP;
    NORTH EAST SOUTH WEST; INIT CHECK RUN HALT; SPRING SUMMER AUTUMN WINTER; IDLE HEAT HOLD COOL; PING PONG REST SCORE;
    IDLE LOAD RUN PAUSE DONE; RESET INIT RUN STOP FAULT; ALPHA BETA GAMMA DELTA EPS; IDLE FILL WASH RINSE SPIN;
    FETCH DECODE EXEC MEM WB; ZERO ONE TWO THREE FOUR; IDLE SYNC HEAD BODY TAIL; NONE BRONZE SILVER GOLD MAX;
    CALM BREEZE WIND STORM GALE; TIN IRON ZINC LEAD COPPER; PARK DRIVE TURN BRAKE REVERSE; ANT BEE CAT DOG ELK
"""
THEMES = tuple(tuple(theme.split()) for theme in _THEMES.split(";"))
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


def legal(name: str, taken: Iterable[str]) -> bool:
    """Whether `name` may be a state: a word may be a port's in capitals (DONE beside done), other names may not."""
    if len(name) > naming.LONGEST or name in naming.KEYWORDS or (name.islower() and not naming.usable(name)):
        return False
    if len(name) > 2 and name.isalpha():
        return name not in taken
    return name.lower() not in {t.lower() for t in taken}


def _unusual(rng: Random) -> str:
    """An unusual identifier in capitals, short because a state table repeats it many times."""
    while len(name := naming.unusual(rng)) > 7:
        pass
    return name.upper()


def state_names(rng: Random, count: int, taken: set[str]) -> tuple[str, ...]:
    """Names for `count` states, distinct from each other, from `taken` and from local signals."""
    while True:
        draw = rng.random()
        names: Sequence[str]
        if draw < 0.40:
            names = rng.choice([theme for theme in THEMES if len(theme) >= count])[:count]
        elif draw < 0.55:
            stem, first = (
                rng.choice(("S", "S", "ST", "s", "Q", "STATE", "P", "st_", "ph")),
                rng.choice((0, 0, 1)),
            )
            names = [f"{stem}{first + i}" for i in range(count)]
        elif draw < 0.65:
            first = rng.choice((0, 0, 0, rng.randrange(20)))
            names = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[first : first + count]
        elif draw < 0.80:
            names = rng.sample(WORDS, count)
        else:
            names = [_unusual(rng) for _ in range(count)]
        if rng.random() < 0.12:
            prefix = rng.choice(("ST_", "S_", "FSM_", "st_"))
            names = [prefix + name for name in names]
        elif rng.random() < 0.08:
            names = [name.lower() for name in names]
        if len({name.lower() for name in names}) == count and all(legal(n, {*taken, *LOCALS}) for n in names):
            taken.update(names)
            return tuple(names)


def identity(rng: Random, *bases: str) -> tuple[str, str, Reset, set[str]]:
    """Module name, clock and reset of a sequential design, and the set of names that are now taken."""
    name, clock, reset = naming.module_name(rng, *bases), naming.clock(rng), naming.reset(rng)
    while not naming.usable(reset.name, {name, clock}):
        name, clock, reset = naming.module_name(rng, *bases), naming.clock(rng), naming.reset(rng)
    return name, clock, reset, {name, clock, reset.name}


# Bits of a state code, at least: one width for every small machine, so that nobody has to count states.
SMALLEST_CODE = 3


def encoding(states: Sequence[str], onehot: bool) -> tuple[str, str]:
    """The localparam line that numbers the states, and the range of a register that holds one."""
    count = len(states)
    if onehot:
        codes = [f"{count}'b{1 << i:0{count}b}" for i in range(count)]
        return f"  localparam {', '.join(f'{s} = {c}' for s, c in zip(states, codes))};\n", naming.vec(count)
    width = max(SMALLEST_CODE, (count - 1).bit_length())
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
        roles = ("control input",) if len(self.ins) == 1 else ("first control input", "second control input")
        return (
            Port("input", self.clock, 1, "clock"),
            Port("input", self.reset.name, 1, "reset"),
            *(Port("input", name, 1, role) for name, role in zip(self.ins, roles)),
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
            text += naming.clocked(
                self.reset, self.clock, f"{state} <= {home};", [f"{state} <= {following};"]
            )
            text += combinational(case(state, f"{following} =", moves, home))
        return text + self.drive(state) + "endmodule\n"

    @classmethod
    def corner(cls, category: str, reset: str, states: str, ins: str, **behaviour: Any) -> Self:
        """An edge case with plain names; `reset` is its kind, `states` and `ins` are lists of names."""
        low = reset.endswith("low")
        chosen = Reset(name="rst_n" if low else "rst", asynchronous=reset.startswith("async"), active_low=low)
        named: dict[str, Any] = {"states": tuple(states.split()), "ins": tuple(ins.split()), "out": "y"}
        return cls(category=category, name="edge_fsm", clock="clk", reset=chosen, **named, **behaviour)


def sound(targets: Sequence[Iterable[int]], start: int) -> bool:
    """Whether every state can be reached from `start` and none is a trap."""
    seen, queue = {start}, [start]
    while queue:
        fresh = set(targets[queue.pop()]) - seen
        seen |= fresh
        queue += fresh
    return len(seen) == len(targets) and all(set(to) != {s} for s, to in enumerate(targets))


def moore_values(rng: Random, count: int, width: int) -> tuple[int, ...]:
    """One output value per state, not all of them equal."""
    values = tuple(rng.randrange(1 << width) for _ in range(count))
    return values if len(set(values)) > 1 else moore_values(rng, count, width)
