"""The suite's own testbench gives its verdict whatever a candidate does to the tools."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from harness.simulate.sandbox import Limits
from harness.simulate.verdict import Outcome
from harness.suites import bench as bench_module
from harness.suites.bench import run_candidate
from harness.suites.layouts import read_suite
from harness.suites.problem import ports_of

ENDLESS = "function integer f(input integer i); begin f = 0; while (1) f = f + 1; end endfunction"
RECURSIVE = "function automatic integer f(input integer i); f = f(i + 1) + 1; endfunction"


@pytest.fixture(autouse=True, scope="module")
def _short_limits() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bench_module, "LIMITS", Limits(cpu_s=1, file_mib=16))
        yield


@pytest.mark.parametrize(
    ("body", "outcome", "said"),
    [
        ("initial while (1) ; assign y = a;", Outcome.TIMEOUT, "vvp was stopped"),
        (f"{ENDLESS} localparam P = f(1); assign y = P;", Outcome.RESOURCE_LIMIT, "iverilog was stopped"),
        (f"{RECURSIVE} assign y = f(a);", Outcome.RESOURCE_LIMIT, "vvp ran out of stack"),
        (f"{RECURSIVE} localparam P = f(1); assign y = P;", Outcome.RESOURCE_LIMIT, "iverilog ran out of"),
        ("reg [1023:0] m [0:100000000]; initial m[0] = 1;", Outcome.RESOURCE_LIMIT, "more memory"),
        ("assign y = b;", Outcome.COMPILE_ERROR, "b"),
        ("reg r; initial r = ~1.5; assign y = r;", Outcome.COMPILE_ERROR, "Icarus cannot handle it: vvp"),
    ],
)
def test_what_a_candidate_does_to_the_tools_is_its_own_fault(
    suites: Mapping[str, Path], body: str, outcome: Outcome, said: str
) -> None:
    """No candidate makes a tool error, and one that stops the compiler has not compiled."""
    silent = next(p for p in read_suite(f"rtllm:{suites['rtllm']}") if p.id == "silent")
    rtl = f"module silent(input a, output y); {body} endmodule\n"
    found = run_candidate(silent, rtl, ports_of(silent.reference, silent.module))
    assert (found.outcome, said in found.detail) == (outcome, True), found.detail
