"""Enable gating: a register or value forced to zeros or ones by an enable, and latch-based clock gates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Literal, Self

from harness.families import naming
from harness.families.naming import ConditionKind
from harness.families.spec import Condition, Fact, Port, Reset, Spec, State, Values, surface

Form = Literal["zero", "ones", "delayed", "comb", "latch", "latch_test"]
LATCHES = ("latch", "latch_test")
FORMS: tuple[Form, ...] = ("zero",) * 5 + ("delayed",) * 4 + ("latch",) * 4 + ("comb",) * 3 + ("ones", "ones")
FORMS += ("latch_test",) * 3
BASES = (
    "gate", "data_gate", "en_gate", "gated_reg", "mask_reg", "and_gate", "isolate", "iso_cell", "qualifier",
    "blanker", "gating", "enable_gate", "mask_unit", "squelch",
)  # fmt: skip
CLOCK_BASES = ("clk_gate", "icg", "clock_gate", "ckgate", "gated_clk", "icg_cell", "clkg", "cg_latch", "ck_gater")
GATED_CLOCKS = (
    "gclk", "clk_out", "clk_gated", "gated_clk", "clk_o", "o_clk", "eclk", "ck_out", "clkg", "GCLK", "clk_en_out",
    "core_clk_g", "gck", "cko", "q_clk", "out_clk",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class EnableGating(Spec):
    """Gating of one of six forms, each named after its `gating.*` fact.

    `condition` is the gate of the forms zero, ones and comb; the others use input `a` as it is, and
    latch_test also input `b`. `y` is the output in all forms: data, or the gated clock.
    """

    form: Form
    width: int
    condition: ConditionKind = "high"
    d: str = surface()
    y: str = surface()
    gated: str = surface()
    a: str = surface()
    b: str = surface()
    test: str = surface()
