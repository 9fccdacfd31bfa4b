"""Edge detectors: rising, falling or both, on one bit or on every bit of a bus, registered or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Literal, Self

from harness.families import naming
from harness.families.spec import Fact, Port, Reset, Spec, State, Values, surface

Edge = Literal["rising", "falling", "both"]
EDGES: tuple[Edge, ...] = ("rising", "falling", "both")
BASES = (
    "edge_det", "edge_detector", "edge_mon", "pulse_gen", "one_shot", "edge_catch", "edge_find", "transition",
    "strobe_gen", "chg_det", "edge_unit", "edge_sense", "pulser", "ev_det",
)  # fmt: skip
SIGNALS = (
    "sig", "sig_in", "din", "d", "a", "in", "x", "btn", "button", "level", "trigger", "trig", "req", "i_sig",
    "sig_i", "line", "sense", "key", "irq_in", "async_in", "pin", "raw", "data", "sw", "SIG", "gpio_i", "flag_in",
)  # fmt: skip
PULSES = (
    "pulse", "edge_out", "det", "y", "q", "out", "rise", "hit", "detected", "strobe_o", "o_pulse", "event_o",
    "tick", "p", "change", "pls", "flag", "edge_o", "stb_out", "trig_out", "found", "PULSE", "mark", "edges",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class EdgeDetector(Spec):
    """An output bit per input bit that is 1 for one cycle when the input has changed in direction `edge`."""

    edge: Edge
    width: int
    registered: bool
    d: str = surface()
    y: str = surface()

    @classmethod
    def sample(cls, category: str, rng: Random) -> Self:
        name, clock, reset = naming.module_name(rng, *BASES), naming.clock(rng), naming.reset(rng)
        taken = {name, clock, reset.name}
        return cls(
            category=category,
            name=name,
            clock=clock,
            reset=reset,
            edge=rng.choice(EDGES),
            width=1 if rng.random() < 0.5 else naming.width(rng, 2),
            registered=rng.random() < 0.5,
            d=naming.port(rng, SIGNALS, taken),
            y=naming.port(rng, PULSES, taken),
        )

    @classmethod
    def edge_cases(cls, category: str) -> list[Self]:
        one = cls(
            category=category,
            name="corner",
            clock="clk",
            reset=Reset(name="rst_n", asynchronous=True, active_low=True),
            edge="rising",
            width=1,
            registered=False,
            d="d",
            y="y",
        )
        high = Reset(name="rst", asynchronous=False, active_low=False)
        return [
            *(replace(one, edge=edge, registered=r) for edge in EDGES for r in (False, True)),
            *(replace(one, edge=edge, registered=r, width=64) for edge in EDGES for r in (False, True)),
            replace(one, width=2, reset=high),
            replace(one, width=2, reset=high, registered=True),
        ]

    @property
    def ports(self) -> tuple[Port, ...]:
        assert self.clock is not None and self.reset is not None
        return (
            Port("input", self.clock, 1, "clock"),
            Port("input", self.reset.name, 1, "reset"),
            Port("input", self.d, self.width, "monitored signal"),
            Port("output", self.y, self.width, "edge pulse"),
        )

    @property
    def kind(self) -> Fact:
        return Fact("kind.edge_detector")

    @property
    def effect(self) -> Fact | None:
        return Fact("effect.clear_all")

    def facts(self) -> list[Fact]:
        names = {"d": self.d, "y": self.y}
        facts = [
            Fact(f"edge.{self.edge}", names),
            Fact("edge.registered" if self.registered else "edge.combinational", names),
        ]
        if self.width > 1:
            facts.append(Fact("edge.bitwise", {**names, "width": self.width}))
        return facts

    def verilog(self, style: int = 0) -> str:
        return (
            naming.header(self.name, self.ports)
            + (self._short() if style == 0 else self._long())
            + "endmodule\n"
        )

    def _locals(self, *names: str) -> Iterator[str]:
        taken = {p.name for p in self.ports}
        return (naming.local(name, taken) for name in names)

    def _short(self) -> str:
        prev, pulse = self._locals("prev", "pulse")
        found, clock = self._comparison(prev), self.clock or ""
        regs, reset, body, shown = prev, f"{prev} <= 0;", [f"{prev} <= {self.d};"], found
        if self.registered:
            regs, reset, shown = f"{prev}, {pulse}", f"{reset} {pulse} <= 0;", pulse
            body.append(f"{pulse} <= {found};")
        always = naming.clocked(self.reset, clock, reset, body)
        return f"  reg {naming.vec(self.width)}{regs};\n{always}  assign {self.y} = {shown};\n"

    def _long(self) -> str:
        last, found, pulse = self._locals("last_value", "found", "pulse_reg")
        vec, zero = naming.vec(self.width), naming.zeros(self.width)
        declared = f"  reg {vec}{last};\n  wire {vec}{found} = {self._comparison(last)};\n"
        reset, body, shown = [f"{last} <= {zero};"], [f"{last} <= {self.d};"], found
        if self.registered:
            declared += f"  reg {vec}{pulse};\n"
            reset.append(f"{pulse} <= {zero};")
            body.append(f"{pulse} <= {found};")
            shown = pulse
        always = naming.spelled_out(self.reset, self.clock or "", reset, body)
        return f"{declared}{always}  assign {self.y} = {shown};\n"

    def _comparison(self, prev: str) -> str:
        d = self.d
        return {"rising": f"{d} & ~{prev}", "falling": f"~{d} & {prev}", "both": f"{d} ^ {prev}"}[self.edge]

    def _edges(self, prev: int, d: int) -> int:
        return {"rising": d & ~prev, "falling": ~d & prev, "both": d ^ prev}[self.edge]

    def initial(self) -> State:
        return (0, 0) if self.registered else (0,)

    def next(self, state: State, inputs: Values) -> State:
        d = inputs[self.d]
        return (d, self._edges(state[0], d)) if self.registered else (d,)

    def outputs(self, state: State, inputs: Values) -> dict[str, int]:
        return {self.y: state[1] if self.registered else self._edges(state[0], inputs[self.d])}
