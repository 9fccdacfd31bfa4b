"""How strict the testbenches of a build are: A7's and V4's templates, on the mutants of the same samples."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from harness.families.catalogue import draw
from harness.testbench.a7 import Writer
from harness.testbench.admission import Subject, admit
from harness.testbench.template import template_testbench

SAMPLE = "a7-sample"
TEMPLATE = "template"


@dataclass(frozen=True)
class Strictness:
    """What one writer's testbench of a sample did: `killed` of `live` wrong mutants, and its `faults`."""

    category: str
    writer: str
    killed: int
    live: int
    admitted: bool
    faults: str = ""


def strictness(
    a7: Writer, categories: Iterable[str], progress: Callable[[int, int], None]
) -> list[Strictness]:
    """One sample of each category under A7's testbench and under the template; no testbench is a fault too."""
    specs = {category: next(islice(draw(category, SAMPLE), 1)) for category in categories}
    attempts = a7.write_all(list(specs.values()), [spec.verilog() for spec in specs.values()])
    found = []
    for done, ((category, spec), attempt) in enumerate(zip(specs.items(), attempts, strict=True)):
        progress(done, len(specs))
        for writer, bench in ((TEMPLATE, template_testbench(spec)), (a7.name, attempt.testbench)):
            if bench is None:
                why = f"no testbench: {attempt.reason}: {attempt.detail}"
                found.append(Strictness(category, writer, 0, 0, False, why))
                continue
            seen = admit(Subject.of_spec(spec), bench)
            faults = "; ".join(seen.faults)
            found.append(Strictness(category, writer, seen.killed, seen.live, seen.admitted, faults))
    progress(len(specs), len(specs))
    return found
