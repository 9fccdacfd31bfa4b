"""Combinational blocks: multiplexers and comparators."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Literal, Self

from harness.families import naming
from harness.families.spec import Condition, Fact, Port, Spec, State, Values, surface

MUX_BASES = (
    "mux", "mux_unit", "data_mux", "selector", "data_sel", "sel_unit", "chan_sel", "src_mux", "bus_mux", "picker",
    "muxer", "input_sel", "route", "switch",
)  # fmt: skip
SERIES = (
    "d",
    "in",
    "a",
    "i",
    "x",
    "data",
    "in_",
    "d_",
    "din",
    "ch",
    "src",
    "data_",
    "opt",
    "lane",
    "port_",
    "I",
    "w",
)
RESULTS = (
    "y",
    "out",
    "q",
    "dout",
    "z",
    "data_out",
    "o",
    "mux_out",
    "res",
    "chosen",
    "o_data",
    "y_o",
    "Y",
    "picked",
)
Relation = Literal["eq", "ne", "lt", "gt", "le", "ge"]
OPERATORS: dict[Relation, str] = {"eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">="}
RELATIONS: tuple[Relation, ...] = tuple(OPERATORS)
COMPARATOR_BASES = (
    "cmp", "comparator", "compare", "comp_unit", "mag_cmp", "cmp_unit", "magnitude", "num_cmp", "relation",
    "compar", "val_cmp", "judge", "range_cmp",
)  # fmt: skip
OPERANDS = (
    ("a", "b"), ("x", "y"), ("lhs", "rhs"), ("in1", "in2"), ("op_a", "op_b"), ("left", "right"), ("A", "B"),
    ("value", "limit"), ("cur", "ref_val"), ("p", "q"), ("num1", "num2"), ("src_a", "src_b"), ("i_a", "i_b"),
    ("data0", "data1"), ("m", "n"), ("level", "thresh"), ("got", "want"), ("first", "second"),
)  # fmt: skip
FLAGS: dict[Relation, tuple[str, ...]] = {
    "eq": ("eq", "equal", "a_eq_b", "same", "is_eq", "match", "o_eq", "eq_o", "EQ"),
    "ne": ("ne", "neq", "not_equal", "differ", "is_ne", "mismatch", "o_ne", "ne_o", "NE"),
    "lt": ("lt", "less", "a_lt_b", "below", "is_lt", "smaller", "o_lt", "lt_o", "LT"),
    "gt": ("gt", "greater", "a_gt_b", "above", "is_gt", "larger", "o_gt", "gt_o", "GT"),
    "le": ("le", "lte", "less_eq", "at_most", "is_le", "not_above", "o_le", "le_o", "LE"),
    "ge": ("ge", "gte", "greater_eq", "at_least", "is_ge", "not_below", "o_ge", "ge_o", "GE"),
}


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
        name = naming.module_name(rng, *MUX_BASES)
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


@dataclass(frozen=True, kw_only=True)
class Comparator(Spec):
    """A comparator with one output for each of `relations`, in their order; `flags` names all six outputs."""

    width: int
    signed: bool
    relations: tuple[Relation, ...]
    a: str = surface()
    b: str = surface()
    flags: tuple[str, ...] = surface()

    @classmethod
    def sample(cls, category: str, rng: Random) -> Self:
        name = naming.module_name(rng, *COMPARATOR_BASES)
        taken = {name}
        a, b = rng.choice(OPERANDS)
        if rng.random() < 0.4 or not (naming.usable(a, taken) and naming.usable(b, taken)):
            a, b = naming.port(rng, naming.DATA_IN, taken), naming.port(rng, naming.DATA_IN, taken)
        taken |= {a, b}
        relations = rng.sample(RELATIONS, rng.choice((1, 2, 2, 3, 3, 4, 6)))
        if rng.random() < 0.6:
            relations.sort(key=RELATIONS.index)
        ordered = any(r not in ("eq", "ne") for r in relations)
        signed = ordered and rng.random() < 0.4
        return cls(
            category=category,
            name=name,
            clock=None,
            reset=None,
            width=naming.width(rng, 2 if signed else 1),
            signed=signed,
            relations=tuple(relations),
            a=a,
            b=b,
            flags=tuple(naming.port(rng, FLAGS[r], taken) for r in RELATIONS),
        )

    @classmethod
    def edge_cases(cls, category: str) -> list[Self]:
        one = cls(
            category=category,
            name="corner",
            clock=None,
            reset=None,
            width=1,
            signed=False,
            relations=RELATIONS,
            a="a",
            b="b",
            flags=RELATIONS,
        )
        return [
            one,
            replace(one, relations=("eq",)),
            replace(one, relations=("ge", "ne"), width=2),
            replace(one, signed=True),
            replace(one, signed=True, width=2),
            replace(one, signed=True, width=64),
            replace(one, width=64),
            *(replace(one, relations=(r,), width=3, signed=True) for r in RELATIONS[2:]),
        ]

    def _outputs(self) -> list[tuple[Relation, str]]:
        return [(r, self.flags[RELATIONS.index(r)]) for r in self.relations]

    @property
    def ports(self) -> tuple[Port, ...]:
        return (
            Port("input", self.a, self.width, "first operand"),
            Port("input", self.b, self.width, "second operand"),
            *(Port("output", y, 1, "comparison result") for _, y in self._outputs()),
        )

    @property
    def kind(self) -> Fact:
        return Fact("kind.comparator", {"width": self.width})

    @property
    def effect(self) -> Fact | None:
        return None

    def facts(self) -> list[Fact]:
        names = {"a": self.a, "b": self.b}
        facts = [Fact(f"compare.{r}", {"y": y, **names}) for r, y in self._outputs()]
        # For equality alone the sign makes no difference, so the text does not speak of it.
        if any(r not in ("eq", "ne") for r in self.relations):
            facts.insert(0, Fact("compare.signed" if self.signed else "compare.unsigned", names))
        return facts

    def verilog(self, style: int = 0) -> str:
        a, b = self.a, self.b
        if style == 0:
            left, right = (f"$signed({a})", f"$signed({b})") if self.signed else (a, b)
            text = "".join(
                f"  assign {y} = ({left} {OPERATORS[r]} {right});\n"
                if r not in ("eq", "ne")
                else f"  assign {y} = ({a} {OPERATORS[r]} {b});\n"
                for r, y in self._outputs()
            )
            return naming.header(self.name, self.ports) + text + "endmodule\n"
        taken = {p.name for p in self.ports}
        left, right = naming.local("left_value", taken), naming.local("right_value", taken)
        vec = ("signed " if self.signed else "") + naming.vec(self.width)
        tests = "".join(
            f"    {y} = ({left} {OPERATORS[r]} {right}) ? 1'b1 : 1'b0;\n" for r, y in self._outputs()
        )
        return (
            naming.header(self.name, self.ports, {y for _, y in self._outputs()})
            + f"  wire {vec}{left} = {a};\n  wire {vec}{right} = {b};\n"
            + f"  always @* begin\n{tests}  end\nendmodule\n"
        )

    def outputs(self, state: State, inputs: Values) -> dict[str, int]:
        a, b = self._number(inputs[self.a]), self._number(inputs[self.b])
        results: dict[Relation, bool] = {
            "eq": a == b,
            "ne": a != b,
            "lt": a < b,
            "gt": a > b,
            "le": a <= b,
            "ge": a >= b,
        }
        return {y: int(results[r]) for r, y in self._outputs()}

    def _number(self, bits: int) -> int:
        """`bits` as a number, in two's complement where the comparator is signed."""
        return bits - (1 << self.width) if self.signed and bits >> (self.width - 1) else bits
