"""Registers: plain, with an enable, with a reset value, with synchronous set and clear."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from random import Random
from typing import Self

from harness.families import naming
from harness.families.naming import ConditionKind
from harness.families.spec import Condition, Fact, Number, Port, Radix, Reset, Spec, State, Values, surface

RESET_KINDS = {
    "async_reset": ("async_low", "async_high"),
    "sync_reset": ("sync_low", "sync_high"),
}
BASES = {
    "register_basic": ("dff", "data_reg", "reg_unit", "ff_bank", "d_reg", "word_reg", "store", "regcell", "pipe_reg"),
    "async_reset": ("dff_ar", "areg", "async_reg", "reg_arst", "ar_ff", "safe_reg", "data_ff", "cfg_reg", "init_reg"),
    "sync_reset": ("dff_sr", "sreg", "sync_reg", "reg_srst", "sr_ff", "ctrl_reg", "data_ff", "word_ff", "stage_reg"),
    "enable_control": ("en_reg", "reg_en", "hold_reg", "load_reg", "en_dff", "capture", "gated_ff", "we_reg", "keeper"),
    "register_set_reset": ("set_reg", "sr_reg", "set_clr", "flag_reg", "status_reg", "sc_reg", "set_reset", "flags"),
}  # fmt: skip
SETS = (
    "set", "preset", "set_en", "set_i", "i_set", "s", "pre", "mark", "raise_it", "force_1", "all_on", "fill",
    "set_n", "pset", "trip", "SET", "assert_it", "arm",
)  # fmt: skip
CLEARS = (
    "clr", "clear", "clr_i", "i_clr", "flush", "wipe", "erase", "ack", "force_0", "all_off", "clr_n", "drop",
    "sclr", "unset", "CLR", "zap", "disarm", "empty",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class _Stored(Spec):
    """What all registers here share: one stored word `q` and the value that reset gives it."""

    width: int
    reset_value: int
    radix: Radix = surface()
    d: str = surface()
    q: str = surface()

    @property
    def constant(self) -> str:
        """The reset value as the code spells it."""
        return Number(self.reset_value, self.width, self.radix).verilog if self.reset_value else "0"

    @property
    def effect(self) -> Fact | None:
        if self.reset is None:
            return None
        if self.reset_value == 0:
            return Fact("effect.clear", {"q": self.q})
        value = Number(self.reset_value, self.width, self.radix)
        return Fact("effect.value", {"q": self.q, "value": value})

    def _control_ports(self) -> tuple[Port, ...]:
        clock = (Port("input", self.clock, 1, "clock"),) if self.clock else ()
        return (*clock, Port("input", self.reset.name, 1, "reset")) if self.reset else clock

    @abstractmethod
    def _statement(self) -> str:
        """The statement that gives `q` its new value, reset aside."""

    @abstractmethod
    def _coming(self, held: str) -> str:
        """The new value as an expression; `held` is the stored word."""

    def verilog(self, style: int = 0) -> str:
        q, clock, vec = self.q, self.clock or "", naming.vec(self.width)
        if style == 0:
            head = naming.header(self.name, self.ports, {q})
            block = naming.clocked(self.reset, clock, f"{q} <= {self.constant};", [self._statement()])
            return head + block + "endmodule\n"
        taken = {p.name for p in self.ports}
        held, coming = naming.local("held_value", taken), naming.local("next_value", taken)
        return (
            naming.header(self.name, self.ports)
            + f"  reg {vec}{held};\n"
            + f"  wire {vec}{coming} = {self._coming(held)};\n"
            + naming.spelled_out(self.reset, clock, [f"{held} <= {self.constant};"], [f"{held} <= {coming};"])
            + f"  assign {q} = {held};\nendmodule\n"
        )

    def initial(self) -> State:
        return (self.reset_value,)

    def outputs(self, state: State, inputs: Values) -> dict[str, int]:
        return {self.q: state[0]}


@dataclass(frozen=True, kw_only=True)
class Register(_Stored):
    """A register that takes `d` at every clock edge, or only while `condition` holds."""

    condition: ConditionKind | None
    a: str = surface()
    b: str = surface()

    @classmethod
    def sample(cls, category: str, rng: Random) -> Self:
        condition: ConditionKind | None = rng.choice(("high", "high", "low")) if rng.random() < 0.3 else None
        return cls._draw(category, rng, condition, 0.35 if category == "register_basic" else 0.6)

    @classmethod
    def _draw(cls, category: str, rng: Random, condition: ConditionKind | None, preset: float) -> Self:
        """A random register; its reset value is non-zero with probability `preset`."""
        name, clock = naming.module_name(rng, *BASES[category]), naming.clock(rng)
        reset = naming.reset(rng, RESET_KINDS.get(category))
        taken = {name, clock, reset.name}
        d, q = naming.data_pair(rng, taken)
        a, b = naming.condition_names(rng, condition or "high", taken)
        width = naming.width(rng)
        value = naming.number(rng, width)
        return cls(
            category=category,
            name=name,
            clock=clock,
            reset=reset,
            width=width,
            reset_value=value.value if rng.random() < preset else 0,
            radix=value.radix,
            d=d,
            q=q,
            condition=condition,
            a=a,
            b=b,
        )

    @classmethod
    def edge_cases(cls, category: str) -> list[Self]:
        kinds = RESET_KINDS.get(category, naming.RESET_KINDS)
        resets = [Reset(name="rst", asynchronous="async" in k, active_low="low" in k) for k in kinds]
        one = cls(
            category=category,
            name="corner",
            clock="clk",
            reset=resets[0],
            width=1,
            reset_value=0,
            radix="bin",
            d="d",
            q="q",
            condition="high" if category == "enable_control" else None,
            a="en",
            b="en2",
        )
        conditions: tuple[ConditionKind, ...] = (
            naming.CONDITIONS if category == "enable_control" else ("high", "low")
        )
        return [
            *(replace(one, reset=reset) for reset in resets),
            replace(one, reset_value=1),
            replace(one, width=64, reset_value=2**64 - 1, radix="hex"),
            replace(one, width=2, reset_value=2),
            *(replace(one, condition=condition, width=3) for condition in conditions),
        ]

    @property
    def when(self) -> Condition | None:
        """When `d` is taken; None for always."""
        if self.condition is None:
            return None
        return Condition(
            self.condition, self.a, self.b if self.condition in ("both", "either", "only") else ""
        )

    @property
    def ports(self) -> tuple[Port, ...]:
        enables = []
        if self.when:
            enables.append(
                Port("input", self.a, 1, "active-low enable" if self.condition == "low" else "enable")
            )
            if self.when.b:
                purpose = "inhibit" if self.condition == "only" else "second enable"
                enables.append(Port("input", self.b, 1, purpose))
        return (
            *self._control_ports(),
            *enables,
            Port("input", self.d, self.width, "data"),
            Port("output", self.q, self.width, "register contents"),
        )

    @property
    def kind(self) -> Fact:
        key = "kind.enable_register" if self.category == "enable_control" else "kind.register"
        return Fact(key, {"width": self.width})

    def facts(self) -> list[Fact]:
        slots = {"clk": self.clock or "", "d": self.d, "q": self.q}
        if self.when:
            return [Fact("register.enabled", {**slots, "when": self.when})]
        return [Fact("register.always", slots)]

    def _statement(self) -> str:
        q, d = self.q, self.d
        return f"if ({self.when.verilog}) {q} <= {d};" if self.when else f"{q} <= {d};"

    def _coming(self, held: str) -> str:
        return f"({self.when.verilog}) ? {self.d} : {held}" if self.when else self.d

    def next(self, state: State, inputs: Values) -> State:
        return (inputs[self.d],) if self.when is None or self.when.holds(inputs) else state


@dataclass(frozen=True, kw_only=True)
class EnableRegister(Register):
    """A register whose enable is the point: one or two control inputs in any combination."""

    @classmethod
    def sample(cls, category: str, rng: Random) -> Self:
        return cls._draw(category, rng, rng.choice(naming.CONDITIONS), 0.2)


@dataclass(frozen=True, kw_only=True)
class SetReset(_Stored):
    """A register with synchronous set and clear inputs; with neither it takes `d`, or holds."""

    set_low: bool
    clear_low: bool
    set_first: bool
    loads: bool
    s: str = surface()
    c: str = surface()

    @classmethod
    def sample(cls, category: str, rng: Random) -> Self:
        name, clock, reset = naming.module_name(rng, *BASES[category]), naming.clock(rng), naming.reset(rng)
        taken = {name, clock, reset.name}
        d, q = naming.data_pair(rng, taken)
        width = naming.width(rng)
        value = naming.number(rng, width)
        return cls(
            category=category,
            name=name,
            clock=clock,
            reset=reset,
            width=width,
            reset_value=value.value if rng.random() < 0.2 else 0,
            radix=value.radix,
            d=d,
            q=q,
            set_low=rng.random() < 0.3,
            clear_low=rng.random() < 0.3,
            set_first=rng.random() < 0.5,
            loads=rng.random() < 0.6,
            s=naming.port(rng, SETS, taken),
            c=naming.port(rng, CLEARS, taken),
        )

    @classmethod
    def edge_cases(cls, category: str) -> list[Self]:
        one = cls(
            category=category,
            name="corner",
            clock="clk",
            reset=Reset(name="rst", asynchronous=True, active_low=False),
            width=1,
            reset_value=0,
            radix="bin",
            d="d",
            q="q",
            set_low=False,
            clear_low=False,
            set_first=True,
            loads=False,
            s="set",
            c="clr",
        )
        return [
            one,
            replace(one, set_first=False),
            replace(one, set_low=True, clear_low=True, loads=True),
            replace(one, width=2, set_first=False, clear_low=True, reset_value=2),
            replace(one, reset=Reset(name="rst", asynchronous=False, active_low=True), reset_value=1),
            replace(one, width=64, loads=True),
        ]

    def _actions(self) -> list[tuple[str, Condition, str]]:
        """`(set or clear, when, value in Verilog)` by priority."""
        actions = [
            ("set", Condition("low" if self.set_low else "high", self.s), naming.ones(self.width)),
            ("clear", Condition("low" if self.clear_low else "high", self.c), "0"),
        ]
        return actions if self.set_first else actions[::-1]

    @property
    def ports(self) -> tuple[Port, ...]:
        return (
            *self._control_ports(),
            Port("input", self.s, 1, "active-low set" if self.set_low else "set"),
            Port("input", self.c, 1, "active-low clear" if self.clear_low else "clear"),
            *([Port("input", self.d, self.width, "data")] if self.loads else []),
            Port("output", self.q, self.width, "register contents"),
        )

    @property
    def kind(self) -> Fact:
        return Fact("kind.set_reset", {"width": self.width})

    def facts(self) -> list[Fact]:
        (first, when, _), (second, other, _) = self._actions()
        return [
            Fact(f"setreset.{first}", {"q": self.q, "when": when}),
            Fact(f"setreset.{second}", {"q": self.q, "when": other}),
            Fact("setreset.priority", {"first": when.a, "second": other.a}),
            Fact("setreset.load", {"d": self.d, "q": self.q})
            if self.loads
            else Fact("setreset.hold", {"q": self.q}),
        ]

    def _statement(self) -> str:
        (_, when, value), (_, other, other_value) = self._actions()
        q = self.q
        text = f"if ({when.verilog}) {q} <= {value};\nelse if ({other.verilog}) {q} <= {other_value};"
        return f"{text}\nelse {q} <= {self.d};" if self.loads else text

    def _coming(self, held: str) -> str:
        (_, when, value), (_, other, other_value) = self._actions()
        rest = self.d if self.loads else held
        return f"({when.verilog}) ? {value} : ({other.verilog}) ? {other_value} : {rest}"

    def next(self, state: State, inputs: Values) -> State:
        values = {"set": (1 << self.width) - 1, "clear": 0}
        for action, when, _ in self._actions():
            if when.holds(inputs):
                return (values[action],)
        return (inputs[self.d],) if self.loads else state
