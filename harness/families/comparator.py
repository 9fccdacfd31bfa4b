"""Comparators, signed or not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Literal, Self

from harness.families import naming
from harness.families.spec import Fact, Port, Spec, State, Values, surface

Relation = Literal["eq", "ne", "lt", "gt", "le", "ge"]
OPERATORS: dict[Relation, str] = {"eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">="}
RELATIONS: tuple[Relation, ...] = tuple(OPERATORS)
BASES = (
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
        name = naming.module_name(rng, *BASES)
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
