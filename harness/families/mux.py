"""Multiplexers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Literal, Self

from harness.families import naming
from harness.families.spec import Condition, Fact, Port, Spec, State, Values, surface

BASES = (
    "mux", "mux_unit", "data_mux", "selector", "data_sel", "sel_unit", "chan_sel", "src_mux", "bus_mux", "picker",
    "muxer", "input_sel", "route", "switch",
)  # fmt: skip
SERIES = (
    "d", "in", "a", "i", "x", "data", "in_", "d_", "din", "ch", "src", "data_", "opt", "lane", "port_", "I", "w",
)  # fmt: skip
RESULTS = (
    "y", "out", "q", "dout", "z", "data_out", "o", "mux_out", "res", "chosen", "o_data", "y_o", "Y", "picked",
)  # fmt: skip


def _series(rng: Random, taken: set[str]) -> tuple[str, ...]:
    """Eight names for the inputs of a multiplexer: a row of letters, a numbered row, or unrelated names."""
    while True:
        draw = rng.random()
        if draw < 0.2:
            names = tuple("abcdefgh") if rng.random() < 0.7 else tuple("stuvwxyz")
        elif draw < 0.75:
            first, stem = rng.choice((0, 0, 1)), rng.choice(SERIES)
            names = tuple(f"{stem}{first + i}" for i in range(8))
        else:
            names = tuple(naming.unusual(rng) for _ in range(8))
        if len({n.lower() for n in names}) == 8 and all(naming.usable(n, taken) for n in names):
            taken |= set(names)
            return names


@dataclass(frozen=True, kw_only=True)
class Mux(Spec):
    """A multiplexer: select code k shows the input at position `order[k]` of the header."""

    width: int
    order: tuple[int, ...]
    enable: Literal["high", "low"] | None
    inputs: tuple[str, ...] = surface()
    sel: str = surface()
    en: str = surface()
    y: str = surface()

    @classmethod
    def sample(cls, category: str, rng: Random) -> Self:
        name = naming.module_name(rng, *BASES)
        taken = {name}
        order = list(range(rng.choice((2, 4, 4, 8))))
        if rng.random() < 0.15:
            rng.shuffle(order)
        enable: Literal["high", "low"] | None = rng.choice((None, None, None, "high", "low"))
        return cls(
            category=category,
            name=name,
            clock=None,
            reset=None,
            width=naming.width(rng),
            order=tuple(order),
            enable=enable,
            inputs=_series(rng, taken),
            sel=naming.port(rng, naming.SELECTS, taken),
            en=naming.condition_names(rng, enable or "high", taken)[0],
            y=naming.port(rng, RESULTS, taken),
        )

    @classmethod
    def edge_cases(cls, category: str) -> list[Self]:
        one = cls(
            category=category,
            name="corner",
            clock=None,
            reset=None,
            width=1,
            order=(0, 1),
            enable=None,
            inputs=tuple("abcdefgh"),
            sel="sel",
            en="en",
            y="y",
        )
        return [
            one,
            replace(one, order=(1, 0), width=64),
            replace(one, enable="high"),
            replace(one, enable="low", width=2),
            replace(one, order=(0, 1, 2, 3)),
            replace(one, order=(3, 1, 0, 2), width=5, enable="low"),
            replace(one, order=tuple(range(8)), width=64),
            replace(one, order=tuple(range(7, -1, -1)), enable="high"),
        ]

    @property
    def _select_width(self) -> int:
        return (len(self.order) - 1).bit_length()

    @property
    def when(self) -> Condition | None:
        return Condition(self.enable, self.en) if self.enable else None

    def _rows(self) -> list[tuple[str, str]]:
        """`(code in binary digits, input)` for every code of the select."""
        return [(f"{k:0{self._select_width}b}", self.inputs[i]) for k, i in enumerate(self.order)]

    @property
    def ports(self) -> tuple[Port, ...]:
        enable = Port("input", self.en, 1, "active-low enable" if self.enable == "low" else "enable")
        return (
            *(Port("input", n, self.width, "data") for n in self.inputs[: len(self.order)]),
            Port("input", self.sel, self._select_width, "select"),
            *([enable] if self.enable else []),
            Port("output", self.y, self.width, "selected data"),
        )

    @property
    def kind(self) -> Fact:
        return Fact("kind.mux", {"n": len(self.order), "width": self.width})

    @property
    def effect(self) -> Fact | None:
        return None

    def facts(self) -> list[Fact]:
        rows = self._rows()
        if len(rows) == 2:
            names = {"low": rows[0][1], "high": rows[1][1]}
            facts = [Fact("mux.two", {"sel": self.sel, "y": self.y, **names})]
        else:
            table = tuple(
                Fact("mux.row", {"sel": self.sel, "code": code, "input": name, "y": self.y})
                for code, name in rows
            )
            facts = [Fact("mux.table", {"sel": self.sel, "y": self.y}, table)]
        if self.when:
            facts.append(Fact("mux.enable", {"y": self.y, "when": self.when}))
        return facts

    def verilog(self, style: int = 0) -> str:
        rows, bits, y, sel = self._rows(), self._select_width, self.y, self.sel
        off = {"high": f"!{self.en}", "low": self.en}[self.enable] if self.enable else None
        if style == 0 and len(rows) == 2:
            choice = f"!{sel} ? {rows[0][1]} : {rows[1][1]}"
            if self.when:
                choice = f"{self.when.verilog} ? ({choice}) : 0"
            return naming.header(self.name, self.ports) + f"  assign {y} = {choice};\nendmodule\n"
        if style == 0:
            cases = "".join(f"      {bits}'b{code}: {y} = {name};\n" for code, name in rows)
            text = f"    case ({sel})\n{cases}    endcase\n"
            text = (
                f"  always @* begin\n{text}    if ({off}) {y} = 0;\n  end\n"
                if off
                else f"  always @*\n{text}"
            )
            return naming.header(self.name, self.ports, {y}) + text + "endmodule\n"
        picked = naming.local("picked_value", {p.name for p in self.ports})
        chain = "".join(f"\n    ({sel} == {bits}'b{code}) ? {name} :" for code, name in rows[:-1])
        gated = f"({off}) ? {naming.zeros(self.width)} : {picked}" if off else picked
        return (
            naming.header(self.name, self.ports)
            + f"  wire {naming.vec(self.width)}{picked} ={chain}\n    {rows[-1][1]};\n"
            + f"  assign {y} = {gated};\nendmodule\n"
        )

    def outputs(self, state: State, inputs: Values) -> dict[str, int]:
        if self.when and not self.when.holds(inputs):
            return {self.y: 0}
        return {self.y: inputs[self.inputs[self.order[inputs[self.sel]]]]}
