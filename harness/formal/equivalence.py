"""Are two Verilog modules equal for all inputs, for all time?

They are if, whatever they hold when power comes on, once reset has acted they answer alike at either level of the
clock and through all later resets, wherever the golden's answer is known. Initial values are no reset: they are
not relied on, except for variables that nothing else ever sets.

The circuits are compared first. But Verilog says more than its circuit does (sensitivity lists, races, x), so a
simulator has the last word: only what it confirms is a difference, and a proof counts only if a random walk
confirms it. What remains open is a design that behaves unlike its circuit only where that walk never comes, and
faults of Yosys and ABC in proofs.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from harness.families.spec import Port, Reset
from harness.formal.circuits import compare
from harness.formal.layout import Layout
from harness.formal.proof import Outcome, Proof, Vector
from harness.formal.replay import Difference, Unsimulated, difference, walk
from harness.formal.tools import package
from harness.rtl.rename import Flat
from harness.rtl.screen import Rejection
from harness.rtl.screener import screen_safely
from harness.simulate.icarus import find_tools


def equivalent(
    golden: str,
    candidate: str,
    module: str,
    ports: Sequence[Port],
    clock: str | None,
    reset: Reset | None,
    cpu_s: int = 10,
) -> Proof:
    """Compare two sources that define `module` with `ports`; nobody need vouch for the candidate.

    `cpu_s` seconds of processor time are for the engines that compare the circuits; reading the sources and the
    simulations come on top. Raises MissingTool without pyosys or Icarus, and ValueError when the golden does not
    pass screening.
    """
    find_tools()
    package()
    layout = Layout(module, tuple(ports), clock, reset)
    known, asked = (screen_safely(source, module, ports) for source in (golden, candidate))
    if isinstance(known, Rejection):
        raise ValueError(f"the golden of {module!r} breaks the rule {known.rule!r}: {known.detail}")
    if isinstance(asked, Rejection):
        return Proof(Outcome.UNDECIDED, f"rejected, {asked.rule}: {asked.detail}")
    with tempfile.TemporaryDirectory(prefix="formal-") as folder:
        claim = compare(layout, known.flat, asked.flat, Path(folder), cpu_s)
    try:
        return _confirmed(claim, layout, known.flat, asked.flat)
    except Unsimulated as problem:
        return Proof(Outcome.UNDECIDED, f"{claim.detail}; not simulated: {problem}")


def _confirmed(claim: Proof, layout: Layout, golden: Flat, candidate: Flat) -> Proof:
    """What a simulator makes of what the circuits say. Raises Unsimulated."""
    if claim.counterexample:
        found = difference(layout, golden, candidate, claim.counterexample)
        if found:
            return _different(claim.detail, layout, claim.counterexample, found)
        claim = Proof(Outcome.UNDECIDED, f"a difference {claim.detail} does not show in a simulation")
    vectors = walk(layout)
    found = difference(layout, golden, candidate, vectors)
    if found:
        return _different(f"found by simulation; {claim.detail}", layout, vectors, found)
    return claim


def _different(detail: str, layout: Layout, vectors: list[Vector], found: Difference) -> Proof:
    wrong, low = [], 0
    for port in layout.ports:
        if port.direction == "output":
            expected, got = (digits[low : low + port.width] for digits in (found.golden, found.candidate))
            if expected != got:
                wrong.append(f"{port.name} is {got}, expected {expected}")
            low += port.width
    return Proof(
        Outcome.DIFFERENT, f"step {found.step}: {'; '.join(wrong)} ({detail})", vectors[: found.step + 1]
    )
