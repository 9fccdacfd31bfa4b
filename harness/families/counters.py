"""Counters: up, down, modulo, up/down and loadable."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Any, Literal, Self

from harness.families import naming
from harness.families.spec import Condition, Fact, Port, State, Values, surface
from harness.families.stepped import (
    Polarity,
    SteppedRegister,
    enable_name,
    polarity,
    shared_names,
    usual_width,
)

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
    3, 5, 6, 7, 9, 10, 12, 13, 20, 24, 25, 30, 50, 60, 64, 80, 100, 128, 144, 200, 250, 256, 365, 500, 1000,
)  # fmt: skip


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
