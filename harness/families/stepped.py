"""A register that loads, steps or holds at each clock edge: what counters and shift registers have in common."""

from __future__ import annotations

import dataclasses
from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar, Literal, Self

from harness.families import naming
from harness.families.spec import Condition, Fact, Port, Reset, Spec, State, Values, surface

Polarity = Literal["high", "low"]


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
