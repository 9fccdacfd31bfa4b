"""Faults of data paths: each is found where it can be made, and the older kinds are all there too."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.families.catalogue import CATEGORIES, family
from harness.rtl.mutate import mutants
from harness.rtl.mutate_data import all_mutants
from harness.rtl.rename import parse, syntax_errors

HEAD = "module m(input signed [7:0] a, input signed [7:0] b, input [2:0] s, output signed [7:0] y);\n"


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ("assign y = a * 3;", {("wrong_operator", "* -> +"), ("wrong_signal", "a -> b")}),
        ("assign y = a % 3;", {("wrong_operator", "% -> /"), ("wrong_signal", "a -> b")}),
        ("assign y = a >>> s;", {("wrong_operator", ">>> -> >>"), ("wrong_signal", "a -> b")}),
        ("assign y = a[s];", {("wrong_index", "s -> 0"), ("wrong_index", "s -> (s) & ~1")}),
        ("assign y = $signed(s);", {("dropped_sign", "$signed(s) -> (s)")}),
        ("assign y = {a[7], b[6:0]};", set()),
    ],
)
def test_fault(body: str, faults: set[tuple[str, str]]) -> None:
    """One kind of each, beside the signs of the ports that are dropped one by one."""
    source = f"{HEAD}  {body}\nendmodule\n"
    older = {m.source for m in mutants(source)}
    new = [m for m in all_mutants(source) if m.source not in older]
    assert [m.detail for m in new].count("signed -> nothing") == 3
    assert {(m.kind, m.detail) for m in new if m.line > 1} == faults


def test_no_target_becomes_another() -> None:
    """A signal is changed where it is read, not where it is assigned, nor in a port of an instance."""
    source = """module m(input [3:0] a, input [3:0] b, output reg [3:0] x, output [3:0] y);
  always @* x = a;
  inner i(.p(b), .q(y));
endmodule
"""
    assert [m.detail for m in all_mutants(source) if m.kind == "wrong_signal"] == ["a -> b"]


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(CATEGORIES), st.integers(0, 10_000))
def test_they_come_on_top(category: str, seed: int) -> None:
    """Of every golden all older mutants are there, and every mutant parses and is another text."""
    source = family(category).sample(category, Random(seed)).verilog()
    found = [m.source for m in all_mutants(source)]
    assert {m.source for m in mutants(source)} <= set(found)
    assert len({source, *found}) == 1 + len(found)
    assert not any(syntax_errors(parse(text)) for text in found)
