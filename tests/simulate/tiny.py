"""Small specs of our own, so that the judge's tests do not depend on the design families."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Self

from harness.families.spec import Fact, Port, Reset, Spec, State, Values


@dataclass(frozen=True, kw_only=True)
class TinyCounter(Spec):
    """An enabled up counter with asynchronous active-low reset and a terminal count."""

    width: int = 4

    @classmethod
    def make(cls, width: int = 4, asynchronous: bool = True) -> TinyCounter:
        reset = Reset(name="rst_n", asynchronous=asynchronous, active_low=True)
        return cls(category="tiny", name="counter", clock="clk", reset=reset, width=width)

    @classmethod
    def sample(cls, category: str, rng: Random) -> Self:
        raise NotImplementedError

    @classmethod
    def edge_cases(cls, category: str) -> list[Self]:
        return []

    @property
    def ports(self) -> tuple[Port, ...]:
        return (
            Port("input", "clk", 1, "clock"),
            Port("input", "rst_n", 1, "reset"),
            Port("input", "en", 1, "enable"),
            Port("output", "q", self.width, "count"),
            Port("output", "tc", 1, "terminal count"),
        )

    @property
    def kind(self) -> Fact:
        return Fact("kind.counter_up")

    @property
    def effect(self) -> Fact | None:
        return Fact("effect.clear_all")

    def facts(self) -> list[Fact]:
        return []

    def verilog(self, style: int = 0) -> str:
        assert self.reset is not None
        return f"""module counter(input clk, rst_n, en, output reg [{self.width - 1}:0] q, output tc);
  assign tc = &q;
  always @({self.reset.sensitivity("clk")})
    if (!rst_n) q <= 0;
    else if (en) q <= q + 1'b1;
endmodule
"""

    def initial(self) -> State:
        return (0,)

    def next(self, state: State, inputs: Values) -> State:
        return ((state[0] + inputs["en"]) % (1 << self.width),)

    def outputs(self, state: State, inputs: Values) -> dict[str, int]:
        return {"q": state[0], "tc": int(state[0] == (1 << self.width) - 1)}


@dataclass(frozen=True, kw_only=True)
class TinyRegister(TinyCounter):
    """An enabled register without reset: its state is known only once it has been loaded."""

    @classmethod
    def make(cls, width: int = 4, asynchronous: bool = False) -> TinyRegister:
        return cls(category="tiny", name="register", clock="clk", reset=None, width=width)

    @property
    def ports(self) -> tuple[Port, ...]:
        return (
            Port("input", "clk", 1, "clock"),
            Port("input", "en", 1, "enable"),
            Port("input", "d", self.width, "data"),
            Port("output", "q", self.width, "data"),
        )

    def verilog(self, style: int = 0) -> str:
        m = self.width - 1
        return f"""module register(input clk, input en, input [{m}:0] d, output reg [{m}:0] q);
  always @(posedge clk) if (en) q <= d;
endmodule
"""

    def next(self, state: State, inputs: Values) -> State:
        return (inputs["d"],) if inputs["en"] else state

    def outputs(self, state: State, inputs: Values) -> dict[str, int]:
        return {"q": state[0]}


@dataclass(frozen=True, kw_only=True)
class TinyAdder(TinyCounter):
    """Combinational: the sum of two inputs, one bit wider."""

    @classmethod
    def make(cls, width: int = 4, asynchronous: bool = False) -> TinyAdder:
        return cls(category="tiny", name="adder", clock=None, reset=None, width=width)

    @property
    def ports(self) -> tuple[Port, ...]:
        return (
            Port("input", "a", self.width, "operand"),
            Port("input", "b", self.width, "operand"),
            Port("output", "y", self.width + 1, "sum"),
        )

    def verilog(self, style: int = 0) -> str:
        m = self.width - 1
        return f"module adder(input [{m}:0] a, b, output [{m + 1}:0] y);\n  assign y = a + b;\nendmodule\n"

    def initial(self) -> State:
        return ()

    def next(self, state: State, inputs: Values) -> State:
        return state

    def outputs(self, state: State, inputs: Values) -> dict[str, int]:
        return {"y": inputs["a"] + inputs["b"]}
