"""Whether a testbench may be used, and the complaint to its writer if not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from harness.families.naming import header
from harness.families.spec import Spec
from harness.simulate.verdict import Outcome
from harness.testbench.admission import Admission, Subject, admit
from harness.testbench.run import run_testbench

SURVIVORS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Complaint:
    """`reason` is one word to count by; `text` is for the writer, and shows nothing of the golden but faults."""

    reason: str
    text: str


def complaint(spec: Spec, testbench: str, admission: bool) -> Complaint | None:
    """What is wrong with a testbench; None if it accepts the golden, rejects a stub and is admitted, if asked."""
    golden = run_testbench(spec.verilog(), testbench, spec.name, spec.ports)
    if golden.outcome is Outcome.MISMATCH:
        return Complaint("rejects_golden", "It says TEST FAILED for a design that meets the specification.")
    if golden.outcome is Outcome.TIMEOUT:
        return Complaint("does_not_end", "It was stopped: it does not end within five seconds.")
    if not golden.passed:
        return Complaint("broken", f"It does not run with a right design: {golden.detail}")
    stub = header(spec.name, spec.ports) + "endmodule\n"
    if run_testbench(stub, testbench, spec.name, spec.ports).passed:
        return Complaint("accepts_stub", "It says TEST PASSED for a design whose outputs are never driven.")
    if admission:
        found = admit(Subject.of_spec(spec), testbench, workers=1)  # checks run side by side already
        if not found.admitted:
            return Complaint("not_admitted", "\n".join(_shortcomings(found)))
    return None


def _shortcomings(found: Admission) -> Iterator[str]:
    for fault in found.faults:
        yield f"It {fault}."
    if found.survivors:
        yield (
            f"It says TEST PASSED for {len(found.survivors)} of {found.live} designs with one fault. For example:"
        )
    for mutant in found.survivors[:SURVIVORS_SHOWN]:
        yield f"- {mutant.kind}: {mutant.detail}"
