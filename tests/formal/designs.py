"""Ports and sources for the tests of formal equivalence."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from harness.families.spec import Port, Reset
from harness.formal.proof import Outcome, Proof
from harness.rtl.rename import flatten, parse
from harness.simulate.icarus import Bench, output_bits, simulate
from harness.simulate.sandbox import Limits

ASYNC = Reset(name="rst_n", asynchronous=True, active_low=True)
SYNC = Reset(name="rst", asynchronous=False, active_low=False)
RESET = "always @(posedge clk or negedge rst_n) if (!rst_n)"


def ports(reset: Reset | None, *names: str) -> tuple[Port, ...]:
    """Clock and reset where there is one, then ports from `d:8` (input) and `=q:8` (output)."""
    found = [Port("input", "clk", 1, "clock"), Port("input", reset.name, 1, "reset")] if reset else []
    for name in names:
        text, _, width = name.lstrip("=").partition(":")
        found.append(Port("output" if name.startswith("=") else "input", text, int(width or 1), "data"))
    return tuple(found)


def module(ports: Sequence[Port], body: str, reg: str = "") -> str:
    """A module `m` with these ports, of which the outputs named in `reg` are variables."""
    header = ", ".join(
        f"{p.direction} {'reg ' if p.name in reg.split() else ''}[{p.width - 1}:0] {p.name}" for p in ports
    )
    return f"module m({header});\n  {body}\nendmodule\n"


def assert_shown(proof: Proof, ports: Sequence[Port], golden: str, candidate: str) -> None:
    """The counterexample's last vector, and none before, shows a difference in Icarus Verilog.

    Its clock starts low and never changes together with anything else.
    """
    assert proof.outcome is Outcome.DIFFERENT, proof
    vectors = proof.counterexample
    assert vectors
    sources = (flatten(parse(golden)), flatten(parse(candidate)))
    ((*before, last),) = simulate([Bench("m", tuple(ports), vectors, sources)], Limits()).samples
    bits = output_bits(ports)
    assert len(before) + 1 == len(vectors)
    assert any(a in "01" and a != b for a, b in zip(last[:bits], last[bits:], strict=True))
    known = [line for line in before if "x" not in line]
    assert all(line[:bits] == line[bits:] for line in known)
    if "clk" in vectors[0]:
        assert vectors[0]["clk"] == 0
        for one, other in pairwise(vectors):
            assert one["clk"] == other["clk"] or {**one, "clk": other["clk"]} == other
