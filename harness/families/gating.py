"""Enable gating: a register or value forced to zeros or ones by an enable, and latch-based clock gates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Literal, Self

from harness.families import naming
from harness.families.naming import ConditionKind
from harness.families.spec import Condition, Fact, Port, Reset, Slot, Spec, State, Values, surface

Form = Literal["zero", "ones", "delayed", "comb", "latch", "latch_test"]
SHARES: dict[Form, int] = {"zero": 5, "ones": 2, "delayed": 4, "comb": 3, "latch": 4, "latch_test": 3}
BASES = (
    "gate", "data_gate", "en_gate", "gated_reg", "mask_reg", "and_gate", "isolate", "iso_cell", "qualifier",
    "blanker", "gating", "enable_gate", "mask_unit", "squelch",
)  # fmt: skip
CLOCK_BASES = (
    "clk_gate",
    "icg",
    "clock_gate",
    "ckgate",
    "gated_clk",
    "icg_cell",
    "clkg",
    "cg_latch",
    "ck_gater",
)
GATED_CLOCKS = (
    "gclk", "clk_out", "clk_gated", "gated_clk", "clk_o", "o_clk", "eclk", "ck_out", "clkg", "GCLK", "clk_en_out",
    "core_clk_g", "gck", "cko", "q_clk", "out_clk",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class EnableGating(Spec):
    """Gating of one of six forms, each named after its `gating.*` fact.

    `condition` is the gate of the forms zero, ones and comb; the other forms take input `a` as it is,
    latch_test with `te` beside it. `y` is the output: the gated data, or the gated clock.
    """

    form: Form
    width: int
    condition: ConditionKind
    d: str = surface()
    y: str = surface()
    a: str = surface()
    b: str = surface()
    te: str = surface()

    @classmethod
    def sample(cls, category: str, rng: Random) -> Self:
        (form,) = rng.choices(list(SHARES), list(SHARES.values()))
        latch = form.startswith("latch")
        condition: ConditionKind = "high"
        if form in ("zero", "ones", "comb") and rng.random() < 0.5:
            condition = rng.choice(naming.CONDITIONS)
        name = naming.module_name(rng, *(CLOCK_BASES if latch else BASES))
        clock, reset = naming.clock(rng), naming.reset(rng)
        taken = {name, clock, reset.name}
        d, y = naming.data_pair(rng, taken)
        a, b = naming.condition_names(rng, condition, taken)
        return cls(
            category=category,
            name=name,
            clock=None if form == "comb" else clock,
            reset=None if form == "comb" or latch else reset,
            form=form,
            width=1 if latch else naming.width(rng),
            condition=condition,
            d=d,
            y=naming.port(rng, GATED_CLOCKS, taken) if latch else y,
            a=a,
            b=b,
            te=naming.port(rng, naming.TEST_ENABLES, taken),
        )

    @classmethod
    def edge_cases(cls, category: str) -> list[Self]:
        one = cls(
            category=category,
            name="corner",
            clock="clk",
            reset=Reset(name="rst_n", asynchronous=True, active_low=True),
            form="zero",
            width=1,
            condition="high",
            d="d",
            y="q",
            a="en",
            b="en2",
            te="te",
        )
        clocked = [replace(one, form=form, width=w) for form in ("zero", "ones", "delayed") for w in (1, 64)]
        comb = replace(one, form="comb", clock=None, reset=None)
        return [
            *clocked,
            *(replace(one, condition=condition, width=2) for condition in naming.CONDITIONS),
            replace(one, form="ones", reset=Reset(name="rst", asynchronous=False, active_low=False), width=3),
            replace(
                one, form="delayed", reset=Reset(name="rst", asynchronous=False, active_low=True), width=2
            ),
            *(replace(comb, condition=condition) for condition in naming.CONDITIONS),
            replace(comb, width=64),
            replace(one, form="latch", y="gclk", reset=None),
            replace(one, form="latch_test", y="gclk", reset=None),
        ]

    @property
    def _latched(self) -> bool:
        return self.form in ("latch", "latch_test")

    @property
    def when(self) -> Condition:
        """The gate of the forms zero, ones and comb."""
        both = self.condition in ("both", "either", "only")
        return Condition(self.condition, self.a, self.b if both else "")

    @property
    def ports(self) -> tuple[Port, ...]:
        ports = []
        if self.clock:
            ports.append(Port("input", self.clock, 1, "clock"))
        if self.reset:
            ports.append(Port("input", self.reset.name, 1, "reset"))
        ports.append(Port("input", self.a, 1, "active-low enable" if self.condition == "low" else "enable"))
        if self.when.b:
            ports.append(Port("input", self.b, 1, "inhibit" if self.condition == "only" else "second enable"))
        if self._latched:
            if self.form == "latch_test":
                ports.append(Port("input", self.te, 1, "test enable"))
            return (*ports, Port("output", self.y, 1, "gated clock"))
        ports.append(Port("input", self.d, self.width, "data"))
        return (*ports, Port("output", self.y, self.width, "gated data"))

    @property
    def kind(self) -> Fact:
        if self._latched:
            return Fact("kind.clock_gate")
        return Fact(
            "kind.gate_logic" if self.form == "comb" else "kind.gated_register", {"width": self.width}
        )

    @property
    def effect(self) -> Fact | None:
        if self.reset is None:
            return None
        # The delayed form has a second flip-flop, which "clears q" would not cover.
        return Fact("effect.clear_all") if self.form == "delayed" else Fact("effect.clear", {"q": self.y})

    def facts(self) -> list[Fact]:
        clock = {"clk": self.clock or ""}
        data = {"d": self.d, "q": self.y}
        slots: dict[Form, dict[str, Slot]] = {
            "zero": {**clock, **data, "when": self.when},
            "ones": {**clock, **data, "when": self.when},
            "delayed": {**clock, **data, "e": self.a},
            "comb": {**data, "when": self.when},
            "latch": {**clock, "e": self.a, "gclk": self.y},
            "latch_test": {**clock, "e": self.a, "te": self.te, "gclk": self.y},
        }
        return [Fact(f"gating.{self.form}", slots[self.form])]

    def verilog(self, style: int = 0) -> str:
        if self._latched:
            return self._latch(style)
        return (self._short() if style == 0 else self._long()) + "endmodule\n"

    def _short(self) -> str:
        d, y, clock = self.d, self.y, self.clock or ""
        if self.form == "comb":
            gate = f"({self.when.verilog})" if self.when.b else self.when.verilog
            return naming.header(self.name, self.ports) + f"  assign {y} = {gate} ? {d} : 0;\n"
        head = naming.header(self.name, self.ports, {y})
        if self.form == "delayed":
            stored = naming.local("en_q", {p.name for p in self.ports})
            body = [f"{stored} <= {self.a};", f"{y} <= {stored} ? {d} : 0;"]
            reset = f"{stored} <= 0; {y} <= 0;"
            return head + f"  reg {stored};\n" + naming.clocked(self.reset, clock, reset, body)
        other = naming.ones(self.width) if self.form == "ones" else "0"
        gated = f"if ({self.when.verilog}) {y} <= {d};\nelse {y} <= {other};"
        return head + naming.clocked(self.reset, clock, f"{y} <= 0;", [gated])

    def _long(self) -> str:
        d, y, w, clock = self.d, self.y, self.width, self.clock or ""
        taken = {p.name for p in self.ports}
        gate, held = naming.local("gate_on", taken), naming.local("held_value", taken)
        stored = naming.local("stored_enable", taken)
        head = naming.header(self.name, self.ports)
        if self.form == "comb":
            return head + f"  wire {gate} = {self.when.verilog};\n  assign {y} = {d} & {{{w}{{{gate}}}}};\n"
        enable = stored if self.form == "delayed" else self.when.verilog
        masked = f"{d} | {{{w}{{!{gate}}}}}" if self.form == "ones" else f"{d} & {{{w}{{{gate}}}}}"
        reset, body = [f"{held} <= {naming.zeros(w)};"], [f"{held} <= {masked};"]
        declared = f"  reg {naming.vec(w)}{held};\n"
        if self.form == "delayed":
            reset.append(f"{stored} <= 1'b0;")
            body.append(f"{stored} <= {self.a};")
            declared += f"  reg {stored};\n"
        declared += f"  wire {gate} = {enable};\n"
        return (
            head + declared + naming.spelled_out(self.reset, clock, reset, body) + f"  assign {y} = {held};\n"
        )

    def _latch(self, style: int) -> str:
        clock, taken = self.clock or "", {p.name for p in self.ports}
        held = naming.local("lat", taken)
        sources = [self.a, self.te] if self.form == "latch_test" else [self.a]
        head = naming.header(self.name, self.ports) + f"  reg {held};\n"
        if style == 0:
            events = " or ".join([clock, *sources])
            latch = f"  always @({events})\n    if (!{clock}) {held} <= {' | '.join(sources)};\n"
        else:
            open_ = naming.local("latch_in", taken)
            latch = f"  wire {open_} = {' | '.join(sources)};\n"
            latch += f"  always @* begin\n    if (!{clock}) begin\n      {held} <= {open_};\n    end\n  end\n"
        return head + latch + f"  assign {self.y} = {clock} & {held};\nendmodule\n"

    def initial(self) -> State:
        return {"comb": (), "delayed": (0, 0)}.get(self.form, (0,))

    def next(self, state: State, inputs: Values) -> State:
        if self.form == "delayed":
            return (inputs[self.a], inputs[self.d] if state[0] else 0)
        if self.form in ("zero", "ones"):
            return (self._gated(inputs),)
        return state

    def level(self, state: State, inputs: Values) -> State:
        if not self._latched or inputs[self.clock or ""]:
            return state
        return (inputs[self.a] | (inputs[self.te] if self.form == "latch_test" else 0),)

    def outputs(self, state: State, inputs: Values) -> dict[str, int]:
        if self._latched:
            return {self.y: inputs[self.clock or ""] & state[0]}
        return {self.y: self._gated(inputs) if self.form == "comb" else state[-1]}

    def _gated(self, inputs: Values) -> int:
        """The data where the gate is open; zeros, or ones, where it is not."""
        if self.when.holds(inputs):
            return inputs[self.d]
        return (1 << self.width) - 1 if self.form == "ones" else 0
