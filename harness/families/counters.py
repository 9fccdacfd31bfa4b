"""Counters (up, down, modulo, up/down, loadable), and the stepped register they share with the shifters."""

from __future__ import annotations

import dataclasses
from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Any, ClassVar, Literal, Self

from harness.families import naming
from harness.families.spec import Condition, Fact, Port, Reset, Spec, State, Values, surface

Polarity = Literal["high", "low"]
Way = Literal["up", "down"]

_COUNTS = (
    "q", "q", "count", "count", "cnt", "cnt", "value", "val", "num", "cnt_q", "q_out", "count_out", "cnt_o",
    "o_count", "counter_q", "index", "ptr", "pos", "timer", "tally", "seq_no", "addr", "phase", "total", "Q",
)  # fmt: skip
_UPS = (
    "dir", "dir", "updn", "up_down", "ud", "up_i", "inc", "count_up", "cnt_up", "go_up", "u_d", "forward",
    "fwd", "grow", "plus", "incr", "dir_up", "up_en", "sel_up", "ascend",
)  # fmt: skip
_DOWNS = (
    "dir", "dir", "down", "dn", "dec", "count_down", "cnt_dn", "go_dn", "d_u", "reverse", "rev", "backward",
    "minus", "sub", "decr", "down_i", "up_n", "shrink", "descend",
)  # fmt: skip
_TERMINALS = (
    "tc", "tc", "tc", "term", "term_cnt", "done", "last", "at_end", "limit", "tc_o", "o_tc", "end_flag",
    "rco", "carry", "hit", "expired", "flag", "TC", "wrap_next", "edge_val",
)  # fmt: skip
_BASIC_NAMES = {
    "up": ("counter", "up_counter", "count_up", "cnt", "upcnt", "tally", "event_counter", "cycle_cnt"),
    "down": ("counter", "down_counter", "count_down", "dn_cnt", "downcnt", "countdown", "timer"),
    "modulo": ("counter", "mod_counter", "modn", "mod_cnt", "ring_count", "modulo_counter", "wrap_cnt"),
}
_CUSTOMARY = (
    3,
    5,
    6,
    7,
    9,
    10,
    12,
    13,
    20,
    24,
    25,
    30,
    50,
    60,
    64,
    80,
    100,
    128,
    144,
    200,
    250,
    256,
    365,
    500,
    1000,
)


def shared_names(rng: Random, *bases: str) -> tuple[str, str, Reset, set[str]]:
    """Module name, clock and reset, all different, and the set that is to note further port names."""
    while True:
        name, clock, reset = naming.module_name(rng, *bases), naming.clock(rng), naming.reset(rng)
        taken = {name, clock, reset.name}
        if len({n.lower() for n in taken}) == 3:
            return name, clock, reset, taken


def polarity(rng: Random) -> Polarity:
    """The active level of a control input, mostly high."""
    return "high" if rng.random() < 0.8 else "low"


def enable_name(rng: Random, active: Polarity | None, taken: set[str], *more: str) -> str:
    """A name for an enable (an inhibiting one when active low); `more` joins the usual pool."""
    return naming.port(rng, (*naming.ENABLES, *more) if active != "low" else naming.INHIBITS, taken)


def control(active: Polarity, name: str, purpose: str) -> Port:
    """A 1-bit control input whose role tells when it is active low."""
    return Port("input", name, 1, purpose if active == "high" else f"active-low {purpose}")


def usual_width(rng: Random, high: int = 32) -> int:
    """A width from 1 to `high`, mostly from 2 to 16."""
    return naming.width(rng, 2, min(16, high)) if rng.random() < 0.85 else naming.width(rng, 1, high)


@dataclass(frozen=True, kw_only=True)
class SteppedRegister(Spec):
    """One register, 0 after reset, that at each clock edge loads, steps or holds.

    Loading comes before stepping, and an enable holds back the step alone. A subclass says what a step is.
    """

    visible: ClassVar[bool] = True  # the register is the output q itself

    clock: str = surface()
    reset: Reset
    width: int
    load: Polarity | None
    enable: Polarity | None
    load_name: str = surface()
    enable_name: str = surface()
    d: str = surface()
    q: str = surface()

    @abstractmethod
    def step(self, value: int, inputs: Values) -> int:
        """The register after a step; bits above its width are dropped by the caller."""

    @abstractmethod
    def step_verilog(self, r: str) -> str:
        """The Verilog expression of a step of the register named `r`."""

    @property
    def step_inputs(self) -> tuple[Port, ...]:
        """The inputs that a step reads."""
        return ()

    def outputs_verilog(self, r: str) -> dict[str, str]:
        """Every output port and its expression over the register named `r`."""
        return {self.q: r}

    @property
    def loading(self) -> Condition | None:
        return Condition(self.load, self.load_name) if self.load else None

    @property
    def enabled(self) -> Condition | None:
        return Condition(self.enable, self.enable_name) if self.enable else None

    @property
    def output_ports(self) -> tuple[Port, ...]:
        return (Port("output", self.q, self.width, "register contents"),)

    @property
    def ports(self) -> tuple[Port, ...]:
        ports = [Port("input", self.clock, 1, "clock"), Port("input", self.reset.name, 1, "reset")]
        if self.load:
            ports.append(control(self.load, self.load_name, "load strobe"))
        if self.enable:
            ports.append(control(self.enable, self.enable_name, "enable"))
        ports.extend(self.step_inputs)
        if self.load:
            ports.append(Port("input", self.d, self.width, "parallel data"))
        return (*ports, *self.output_ports)

    @property
    def effect(self) -> Fact:
        return Fact("effect.clear", {"q": self.q}) if self.visible else Fact("effect.clear_all")

    def initial(self) -> State:
        return (0,)

    def next(self, state: State, inputs: Values) -> State:
        if self.loading and self.loading.holds(inputs):
            return (inputs[self.d],)
        if self.enabled and not self.enabled.holds(inputs):
            return state
        return (self.step(state[0], inputs) % (1 << self.width),)

    def outputs(self, state: State, inputs: Values) -> dict[str, int]:
        return {self.q: state[0]}

    def local(self, name: str) -> str:
        """`name`, changed as far as needed to differ from the module and its ports."""
        return naming.local(name, {self.name, *(p.name for p in self.ports)})

    def always(self, r: str) -> str:
        """The always block of style 0: load, step and hold as one if-chain."""
        chain = [f"if ({self.loading.verilog}) {r} <= {self.d};"] if self.loading else []
        guard = f"if ({self.enabled.verilog}) " if self.enabled else ""
        chain.append(f"{guard}{r} <= {self.step_verilog(r)};")
        return naming.clocked(self.reset, self.clock, f"{r} <= 0;", ["\nelse ".join(chain)])

    def next_value(self, r: str, following: str) -> str:
        """Style 1: the declaration of `following`, the value that the register takes at the next edge."""
        value = f"{self.loading.verilog} ? {self.d} : " if self.loading else ""
        step = self.step_verilog(r)
        if self.enabled:
            step = f"{self.enabled.verilog} ? {f'({step})' if '?' in step else step} : {r}"
        return f"  wire {naming.vec(self.width)}{following} = {value}{step};\n"

    def verilog(self, style: int = 0) -> str:
        direct = self.visible and style == 0
        r = self.q if direct else self.local("sr" if not self.visible else "value")
        code = naming.header(self.name, self.ports, {self.q} if direct else ())
        code += "" if direct else f"  reg {naming.vec(self.width)}{r};\n"
        if style == 0:
            code += self.always(r)
        else:
            following = self.local("upcoming")
            code += self.next_value(r, following) + (
                f"  always @({self.reset.sensitivity(self.clock)}) begin\n"
                f"    if ({self.reset.active}) begin\n"
                f"      {r} <= {self.width}'d0;\n"
                f"    end else begin\n"
                f"      {r} <= {following};\n"
                f"    end\n"
                f"  end\n"
            )
        for port, value in self.outputs_verilog(r).items():
            code += "" if port == r else f"  assign {port} = {value};\n"
        return code + "endmodule\n"

    @classmethod
    def variants(cls, category: str, cases: Iterable[dict[str, Any]]) -> list[Self]:
        """One spec per case: the case's fields, and for all others a sample that is always the same."""
        samples = (cls.sample(category, Random(f"edge {category} {i}")) for i in range(10_000))
        return [dataclasses.replace(spec, **case) for case, spec in zip(cases, samples, strict=False)]


@dataclass(frozen=True, kw_only=True)
class Counter(SteppedRegister):
    """What all counters have in common: the role of their output, and the fact of the enable."""

    @property
    def output_ports(self) -> tuple[Port, ...]:
        return (Port("output", self.q, self.width, "count value"),)

    @property
    def enable_facts(self) -> list[Fact]:
        return [Fact("counter.enabled", {"q": self.q, "when": self.enabled})] if self.enabled else []


@dataclass(frozen=True, kw_only=True)
class BasicCounter(Counter):
    """Counts up, down, or up from 0 to modulus - 1; `modulus` is None except for a modulo counter."""

    counts: Literal["up", "down", "modulo"]
    modulus: int | None

    def __post_init__(self) -> None:
        if (self.modulus is None) == (self.counts == "modulo"):
            raise ValueError(f"counter {self.name}: a modulo counter has a modulus and no other has one")
        if self.modulus is not None and not 1 <= self.modulus <= 1 << self.width:
            raise ValueError(
                f"counter {self.name}: modulus {self.modulus} is not in 1..{1 << self.width}, "
                f"what {self.width} bits can count; choose a smaller modulus or a larger width"
            )

    @classmethod
    def sample(cls, category: str, rng: Random) -> Self:
        counts: Literal["up", "down", "modulo"] = rng.choice(("up", "down", "modulo"))
        width, modulus = usual_width(rng), None
        if counts == "modulo":
            modulus = rng.choice(_CUSTOMARY)
            if rng.random() < 0.6:
                modulus = rng.randint(2, 1 << naming.width(rng, 2, 12))
            width = (modulus - 1).bit_length()
            if rng.random() < 0.25:
                width = max(width, usual_width(rng))
        name, clock, reset, taken = shared_names(rng, *_BASIC_NAMES[counts])
        enable = polarity(rng) if rng.random() < 0.55 else None
        return cls(
            category=category, name=name, clock=clock, reset=reset, width=width, load=None, enable=enable,
            load_name="", enable_name=enable_name(rng, enable, taken, "cnt_en", "count_en", "inc"), d="",
            q=naming.port(rng, _COUNTS, taken), counts=counts, modulus=modulus,
        )  # fmt: skip

    @classmethod
    def edge_cases(cls, category: str) -> list[Self]:
        plain = [(way, width) for way in ("up", "down") for width in (1, 2, 32)]
        cases: list[dict[str, Any]] = [{"counts": c, "width": w, "modulus": None} for c, w in plain]
        moduli = ((1, 1), (1, 2), (2, 1), (2, 3), (4, 1), (4, 2), (4, 16), (8, 255), (8, 256), (32, 1 << 32))
        cases += [{"counts": "modulo", "width": w, "modulus": n} for w, n in moduli]
        return cls.variants(category, cases)

    @property
    def kind(self) -> Fact:
        size = {"width": self.width}
        if self.modulus is not None:
            return Fact("kind.counter_modulo", size | {"n": self.modulus})
        return Fact(f"kind.counter_{self.counts}", size)

    def facts(self) -> list[Fact]:
        way = "down" if self.counts == "down" else "up"
        limit = Fact("counter.wraps", {"q": self.q})
        if self.modulus is not None:
            limit = Fact("counter.modulo", {"q": self.q, "last": self.modulus - 1, "n": self.modulus})
        return [Fact(f"counter.{way}", {"clk": self.clock, "q": self.q}), limit, *self.enable_facts]

    def step(self, value: int, inputs: Values) -> int:
        if self.modulus is not None:
            return 0 if value == self.modulus - 1 else value + 1
        return value + 1 if self.counts == "up" else value - 1

    def step_verilog(self, r: str) -> str:
        if self.modulus is not None:
            last = self.modulus - 1
            # Unsized decimal constants are only sure to hold 31 bits.
            limit = str(last) if last < 1 << 31 else f"{self.width}'d{last}"
            return f"({r} == {limit}) ? 0 : {r} + 1"
        return f"{r} + 1" if self.counts == "up" else f"{r} - 1"


@dataclass(frozen=True, kw_only=True)
class UpDownCounter(Counter):
    """Counts up while the direction input is at level `up`, else down; wraps, or stays at its limits."""

    up: Polarity
    saturates: bool
    direction: str = surface()

    @classmethod
    def sample(cls, category: str, rng: Random) -> Self:
        name, clock, reset, taken = shared_names(
            rng, "updown_counter", "ud_counter", "updown", "up_dn_cnt", "counter", "bidir_cnt", "udcnt",
            "level_cnt", "pos_counter", "sat_counter",
        )  # fmt: skip
        up: Polarity = rng.choice(("high", "high", "low"))
        enable = polarity(rng) if rng.random() < 0.5 else None
        return cls(
            category=category, name=name, clock=clock, reset=reset, width=usual_width(rng), load=None,
            enable=enable, load_name="", enable_name=enable_name(rng, enable, taken, "cnt_en", "count_en"),
            d="", q=naming.port(rng, _COUNTS, taken), up=up, saturates=rng.random() < 0.5,
            direction=naming.port(rng, _UPS if up == "high" else _DOWNS, taken),
        )  # fmt: skip

    @classmethod
    def edge_cases(cls, category: str) -> list[Self]:
        corners = product((1, 2, 32), ("high", "low"), (False, True))
        return cls.variants(category, [{"width": w, "up": up, "saturates": s} for w, up, s in corners])

    @property
    def step_inputs(self) -> tuple[Port, ...]:
        return (Port("input", self.direction, 1, "count direction"),)

    @property
    def kind(self) -> Fact:
        return Fact("kind.counter_updown", {"width": self.width})

    @property
    def _up(self) -> Condition:
        return Condition(self.up, self.direction)

    def facts(self) -> list[Fact]:
        down = Condition("low" if self.up == "high" else "high", self.direction)
        return [
            Fact("counter.direction", {"clk": self.clock, "q": self.q, "up": self._up, "down": down}),
            Fact("counter.saturates" if self.saturates else "counter.wraps", {"q": self.q}),
            *self.enable_facts,
        ]

    def step(self, value: int, inputs: Values) -> int:
        if self._up.holds(inputs):
            return value if self.saturates and value == (1 << self.width) - 1 else value + 1
        return value if self.saturates and value == 0 else value - 1

    def step_verilog(self, r: str) -> str:
        if self.saturates:
            return f"{self._up.verilog} ? (&{r} ? {r} : {r} + 1) : ({r} == 0 ? {r} : {r} - 1)"
        return f"{self._up.verilog} ? {r} + 1 : {r} - 1"


@dataclass(frozen=True, kw_only=True)
class LoadCounter(Counter):
    """Counts up or down by `amount` and wraps; loads in parallel; may flag its last value.

    The flag is all ones when counting up and zero when counting down.
    """

    way: Way
    amount: int
    flagged: bool
    flag: str = surface()

    @classmethod
    def sample(cls, category: str, rng: Random) -> Self:
        name, clock, reset, taken = shared_names(
            rng, "load_counter", "counter_load", "ld_cnt", "loadable_cnt", "preset_counter", "counter",
            "cnt_load", "loadcnt", "prog_counter", "pc_unit",
        )  # fmt: skip
        width = usual_width(rng)
        enable = polarity(rng) if rng.random() < 0.5 else None
        load = polarity(rng)
        return cls(
            category=category, name=name, clock=clock, reset=reset, width=width, load=load, enable=enable,
            load_name=naming.port(rng, naming.LOADS if load == "high" else ("load_n", "ld_n", "pl_n", "we_n"),
            taken), enable_name=enable_name(rng, enable, taken, "cnt_en", "count_en"), d=naming.port(rng,
            naming.DATA_IN, taken), q=naming.port(rng, _COUNTS, taken), way=rng.choice(("up", "down")),
            amount=min(rng.choice((1, 1, 1, 2, 3, 4)), (1 << width) - 1), flagged=rng.random() < 0.4,
            flag=naming.port(rng, _TERMINALS, taken),
        )  # fmt: skip

    @classmethod
    def edge_cases(cls, category: str) -> list[Self]:
        corners = product(((1, 1), (2, 1), (2, 3), (3, 4), (32, 1), (32, 4)), ("up", "down"))
        cases = [{"width": w, "amount": by, "way": way, "flagged": True} for (w, by), way in corners]
        return cls.variants(category, cases)

    @property
    def output_ports(self) -> tuple[Port, ...]:
        flag = (Port("output", self.flag, 1, "terminal count flag"),) if self.flagged else ()
        return (*super().output_ports, *flag)

    @property
    def kind(self) -> Fact:
        return Fact("kind.counter_load", {"width": self.width})

    def facts(self) -> list[Fact]:
        slots = {"clk": self.clock, "q": self.q}
        facts = (
            [Fact("counter.load", {"q": self.q, "d": self.d, "when": self.loading})] if self.loading else []
        )
        if self.amount == 1:
            facts.append(Fact(f"counter.{self.way}", slots))
        else:
            facts.append(Fact(f"counter.{self.way}_by", {**slots, "step": self.amount}))
        facts.append(Fact("counter.wraps", {"q": self.q}))
        facts += self.enable_facts
        if self.flagged:
            limit = "max" if self.way == "up" else "zero"
            facts.append(Fact(f"counter.tc_{limit}", {"tc": self.flag, "q": self.q}))
        return facts

    def step(self, value: int, inputs: Values) -> int:
        return value + self.amount if self.way == "up" else value - self.amount

    def step_verilog(self, r: str) -> str:
        return f"{r} {'+' if self.way == 'up' else '-'} {self.amount}"

    def outputs(self, state: State, inputs: Values) -> dict[str, int]:
        last = (1 << self.width) - 1 if self.way == "up" else 0
        flag = {self.flag: int(state[0] == last)} if self.flagged else {}
        return {self.q: state[0]} | flag

    def outputs_verilog(self, r: str) -> dict[str, str]:
        flag = {self.flag: f"&{r}" if self.way == "up" else f"({r} == 0)"} if self.flagged else {}
        return {self.q: r} | flag
