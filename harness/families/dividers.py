"""Clock dividers: a square wave of the clock divided by n, or a tick of one cycle in every n."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from random import Random
from typing import Literal, Self

from harness.families import naming
from harness.families.spec import Condition, Fact, Port, Reset, Spec, State, Values, surface
from harness.families.stepped import Polarity, control, enable_name, polarity, shared_names

_SQUARES = (
    "clk_out", "clk_out", "clk_div", "clk_div", "div_clk", "clkout", "clk_o", "o_clk", "slow_clk", "clk_slow",
    "clk_n", "divided", "sq", "wave", "square", "clk_2", "half_clk", "gen_clk", "baud_clk", "sclk_out", "out",
    "y", "q", "tog",
)  # fmt: skip
_TICKS = (
    "tick", "tick", "pulse", "pulse", "tick_o", "tick_out", "strobe", "pulse_o", "p", "beat", "stb",
    "div_tick", "en_out", "clk_en_o", "ce_out", "timeout", "period", "ping", "baud_tick", "out", "y",
    "clk_out", "trig", "mark", "sync_p",
)  # fmt: skip
_NAMES = {
    "square": (
        "clk_div",
        "clock_divider",
        "clkdiv",
        "divider",
        "freq_div",
        "clk_divider",
        "div_n",
        "prescaler",
    ),
    "tick": (
        "tick_gen",
        "pulse_gen",
        "divider",
        "clk_div",
        "tick",
        "strobe_gen",
        "prescaler",
        "rate_gen",
        "timer",
    ),
}
_CUSTOMARY = (
    2,
    4,
    4,
    6,
    8,
    8,
    10,
    12,
    16,
    20,
    24,
    32,
    50,
    64,
    100,
    128,
    200,
    256,
    500,
    1000,
    1024,
    5000,
    10000,
    50000,
)


@dataclass(frozen=True, kw_only=True)
class ClockDivider(Spec):
    """Divides the clock by `n`: `square` has 50 % duty and n even, `tick` is 1 for one cycle in n."""

    clock: str = surface()
    reset: Reset
    wave: Literal["square", "tick"]
    n: int
    enable: Polarity | None
    enable_name: str = surface()
    y: str = surface()

    def __post_init__(self) -> None:
        if self.n < 1 or (self.wave == "square" and self.n % 2):
            raise ValueError(
                f"divider {self.name}: n = {self.n} is impossible for a {self.wave}; "
                "a square needs an even n of at least 2, a tick an n of at least 1"
            )

    @classmethod
    def sample(cls, category: str, rng: Random) -> Self:
        wave: Literal["square", "tick"] = rng.choice(("square", "tick"))
        if rng.random() < 0.3:
            n = rng.choice(_CUSTOMARY)
        elif wave == "square":
            n = 2 * rng.randint(1, 50)
        else:
            n = 1 if rng.random() < 0.03 else rng.randint(2, 100)
        name, clock, reset, taken = shared_names(rng, *_NAMES[wave])
        enable = polarity(rng) if rng.random() < 0.4 else None
        return cls(
            category=category, name=name, clock=clock, reset=reset, wave=wave, n=n, enable=enable,
            enable_name=enable_name(rng, enable, taken, "div_en", "cnt_en"),
            y=naming.port(rng, _SQUARES if wave == "square" else _TICKS, taken),
        )  # fmt: skip

    @classmethod
    def edge_cases(cls, category: str) -> list[Self]:
        cases: list[tuple[Literal["square", "tick"], int]] = [("square", n) for n in (2, 4, 6, 8, 16, 18, 30)]
        cases += [("tick", n) for n in (1, 2, 3, 4, 5, 16, 17)]
        specs = [cls.sample(category, Random(f"edge {category} {i}")) for i in range(2 * len(cases))]
        enables: tuple[Polarity | None, ...] = (None, "high")
        return [
            dataclasses.replace(specs.pop(), wave=wave, n=n, enable=enable)
            for wave, n in cases
            for enable in enables
        ]

    @property
    def enabled(self) -> Condition | None:
        return Condition(self.enable, self.enable_name) if self.enable else None

    @property
    def last(self) -> int:
        """The last value of the internal count; with 0 there is no need of a count."""
        return self.n // 2 - 1 if self.wave == "square" else self.n - 1

    @property
    def ports(self) -> tuple[Port, ...]:
        enable = (control(self.enable, self.enable_name, "enable"),) if self.enable else ()
        return (
            Port("input", self.clock, 1, "clock"),
            Port("input", self.reset.name, 1, "reset"),
            *enable,
            Port("output", self.y, 1, "divided clock" if self.wave == "square" else "tick"),
        )

    @property
    def kind(self) -> Fact:
        return Fact("kind.clock_divider" if self.wave == "square" else "kind.tick", {"n": self.n})

    @property
    def effect(self) -> Fact:
        return Fact("effect.clear_all") if self.last else Fact("effect.clear", {"q": self.y})

    def facts(self) -> list[Fact]:
        slots = {"clk": self.clock, "y": self.y}
        if self.wave == "square":
            main = Fact("divider.toggle", {**slots, "n": self.n, "half": self.n // 2})
        elif self.last:
            main = Fact("divider.tick", {**slots, "n": self.n, "last": self.last})
        else:
            main = Fact("divider.always_one", slots)
        enabled = [Fact("divider.enabled", {"when": self.enabled, "y": self.y})] if self.enabled else []
        return [main, *enabled]

    def initial(self) -> State:
        """The count and the output."""
        return (0, 0)

    def next(self, state: State, inputs: Values) -> State:
        if self.enabled and not self.enabled.holds(inputs):
            return state
        count, y = state
        ends = count == self.last
        return (0 if ends else count + 1, y ^ ends if self.wave == "square" else int(ends))

    def outputs(self, state: State, inputs: Values) -> dict[str, int]:
        return {self.y: state[1]}

    def verilog(self, style: int = 0) -> str:
        taken = {self.name, *(p.name for p in self.ports)}
        names = [naming.local(name, taken) for name in ("cnt", "at_end", "level")]
        return self._inline(names[0]) if style == 0 else self._split(*names)

    def _inline(self, cnt: str) -> str:
        """Style 0: the output is a reg, the end of the period is compared where it matters."""
        y, ends = self.y, f"({cnt} == {self.last})"
        count, body, on_reset = "", [], f"{y} <= 0;"
        if self.last:
            # Eight bits do for most periods, and one width leaves no logarithm to take.
            count = f"  reg {naming.vec(max(8, self.last.bit_length()))}{cnt};\n"
            on_reset = f"{cnt} <= 0; {y} <= 0;"
            body.append(f"{cnt} <= {ends} ? 0 : {cnt} + 1;")
        if self.wave == "square":
            body.append(f"if {ends} {y} <= ~{y};" if self.last else f"{y} <= ~{y};")
        else:
            body.append(f"{y} <= {ends};" if self.last else f"{y} <= 1;")
        if self.enabled:
            several = len(body) > 1
            head = f"if ({self.enabled.verilog})"
            body = ["\n  ".join([f"{head} begin", *body]) + "\nend" if several else f"{head} {body[0]}"]
        always = naming.clocked(self.reset, self.clock, on_reset, body)
        return naming.header(self.name, self.ports, {y}) + count + always + "endmodule\n"

    def _split(self, cnt: str, at_end: str, level: str) -> str:
        """Style 1: begin/end throughout, the end of the period is a wire, the output is assigned."""
        declared, cleared = [f"reg {level};"], [f"{level} <= 1'b0;"]
        value = f"~{level}" if self.wave == "square" else "1'b1"
        work = [f"{level} <= {value};"]
        if self.last:
            size = self.last.bit_length()
            declared += [f"reg {naming.vec(size)}{cnt};", f"wire {at_end} = ({cnt} == {size}'d{self.last});"]
            cleared.insert(0, f"{cnt} <= {size}'d0;")
            square, tick = [f"  {level} <= ~{level};"], [f"{level} <= {at_end};"]
            work = [
                f"if ({at_end}) begin",
                f"  {cnt} <= {size}'d0;",
                *(square if self.wave == "square" else []),
            ]
            work += ["end else begin", f"  {cnt} <= {cnt} + 1'b1;", "end"]
            work = (tick if self.wave == "tick" else []) + work
        guard = f" if ({self.enabled.verilog})" if self.enabled else ""
        lines = [
            *declared,
            f"assign {self.y} = {level};",
            f"always @({self.reset.sensitivity(self.clock)}) begin",
            f"  if ({self.reset.active}) begin",
            *(f"    {line}" for line in cleared),
            f"  end else{guard} begin",
            *(f"    {line}" for line in work),
            "  end",
            "end",
        ]
        body = "".join(f"  {line}\n" for line in lines)
        return naming.header(self.name, self.ports) + body + "endmodule\n"
