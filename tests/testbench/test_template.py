"""V4's template testbenches: right designs pass, and so do most wrong state machines."""

from __future__ import annotations

from random import Random

import pytest

from harness.families.catalogue import CATEGORIES, FSM, family
from harness.rtl.mutate import mutants
from harness.testbench.run import passes, run_testbench
from harness.testbench.template import template_testbench


def test_goldens_pass() -> None:
    """Every family's golden, sampled and at its corners, passes its template."""
    specs = [family(c).sample(c, Random(3)) for c in CATEGORIES] + [
        family(c).edge_cases(c)[0] for c in CATEGORIES
    ]
    verdicts = passes(
        [(spec, spec.verilog(n % spec.styles), template_testbench(spec)) for n, spec in enumerate(specs)]
    )
    assert [spec for spec, passed in zip(specs, verdicts, strict=True) if not passed] == []


def test_wrong_transitions_pass() -> None:
    """No template sees a wrong next state: the weakness that V4's data had."""
    for category in FSM:
        spec = family(category).sample(category, Random(8))
        bench = template_testbench(spec)
        wrong = [m.source for m in mutants(spec.verilog(1)) if m.kind == "next_state"][:3]
        assert wrong
        assert all(passes([(spec, source, bench) for source in wrong])), category


def test_wrong_reset_output_fails() -> None:
    """A template does see outputs that are wrong, or unknown, after reset."""
    spec = family("fsm_moore").sample("fsm_moore", Random(2))
    bench = template_testbench(spec)
    ports = "(" + ", ".join(p.name for p in spec.ports) + ")"
    declared = "".join(f" {p.direction} [{p.width - 1}:0] {p.name};" for p in spec.ports).replace(
        "[0:0] ", ""
    )
    (out,) = [p for p in spec.ports if p.direction == "output"]
    right = spec.outputs(spec.initial(), {p.name: 0 for p in spec.ports})[out.name]
    for value, outcome in ((f"{right}", "pass"), (f"{right ^ 1}", "mismatch"), ("1'bx", "mismatch")):
        stub = f"module {spec.name}{ports};{declared} assign {out.name} = {value}; endmodule\n"
        assert run_testbench(stub, bench, spec.name, spec.ports).outcome == outcome


@pytest.mark.parametrize("category", ["counter_load", "shift_left", "edge_detector", "enable_control", "mux"])
def test_simple_faults_fail(category: str) -> None:
    """For simple designs a template kills most mutants."""
    spec = family(category).sample(category, Random(4))
    bench = template_testbench(spec)
    survived = passes([(spec, m.source, bench) for m in mutants(spec.verilog())])
    assert sum(survived) <= len(survived) / 3
