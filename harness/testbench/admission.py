"""Is this testbench any good? Only an admitted one may verify data.

It must accept right designs, reject stubs, not depend on unknown values, and kill the mutants of the golden
that behave differently. A mutant that it leaves alive is set apart as equivalent only if the judge, on long
stimuli of its own, cannot tell it from the golden either.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from harness.families.naming import header, vec
from harness.families.spec import Spec
from harness.rtl.mutate import Mutant, mutants
from harness.rtl.rename import rename
from harness.simulate.judge import judge
from harness.simulate.verdict import Outcome, Verdict
from harness.testbench.run import run_testbench

THRESHOLD = 0.95
JUDGE_SEEDS = (101, 102, 103)
"""500 cycles each."""


@dataclass(frozen=True)
class Admission:
    """What a testbench did: `faults` it has (empty is good), how many of the `live` mutants it `killed`.

    `equivalent` mutants behave as the golden, as far as the judge can see; `survivors` do not, and passed.
    """

    faults: tuple[str, ...]
    live: int
    killed: int
    equivalent: int
    survivors: tuple[Mutant, ...]

    @property
    def score(self) -> float:
        """The share of live mutants killed; 1 if there are none."""
        return self.killed / self.live if self.live else 1.0

    @property
    def admitted(self) -> bool:
        return not self.faults and self.score >= THRESHOLD


def admit(spec: Spec, testbench: str, workers: int | None = None) -> Admission:
    """Try a testbench on goldens, stubs and mutants. Mutants that do not compile or end are left out."""
    goldens = dict(_goldens(spec))
    stubs = dict(_stubs(spec))
    wrong = mutants(spec.verilog())
    sources = [*goldens.values(), *stubs.values(), *(m.source for m in wrong)]
    verdicts = iter(_run_all(spec, sources, testbench, workers))

    faults = [
        f"rejects {name}: {v.detail}" for name, v in zip(goldens, verdicts, strict=False) if not v.passed
    ]
    accepted = [name for name, v in zip(stubs, verdicts, strict=False) if v.passed]
    faults += [f"accepts {name}" for name in accepted if not _equivalent(spec, [stubs[name]])[0]]

    outcomes = [(mutant, verdict.outcome) for mutant, verdict in zip(wrong, verdicts, strict=True)]
    killed = sum(outcome is Outcome.MISMATCH for _, outcome in outcomes)
    alive = [mutant for mutant, outcome in outcomes if outcome is Outcome.PASS]
    same = _equivalent(spec, [mutant.source for mutant in alive])
    survivors = tuple(mutant for mutant, equal in zip(alive, same, strict=True) if not equal)
    return Admission(tuple(faults), killed + len(survivors), killed, sum(same), survivors)


def _run_all(spec: Spec, sources: Sequence[str], testbench: str, workers: int | None) -> list[Verdict]:
    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        return list(pool.map(lambda source: run_testbench(source, testbench, spec.name, spec.ports), sources))


def _equivalent(spec: Spec, sources: Sequence[str]) -> list[bool]:
    """Which sources the judge accepts under every seed."""
    rounds = [judge(spec, sources, seed=seed) for seed in JUDGE_SEEDS] if sources else []
    return [all(verdict.passed for verdict in verdicts) for verdicts in zip(*rounds, strict=True)]


def _goldens(spec: Spec) -> Iterator[tuple[str, str]]:
    """Right designs: every style, and the first with unknown output bits turned into 0 and into 1.

    If the verdict changed with those, the testbench would be checking outputs that are not known.
    """
    for style in range(spec.styles):
        yield f"the golden in style {style}", spec.verilog(style)
    for bit in "01":
        yield f"the golden with x read as {bit}", _without_x(spec, bit)


def _without_x(spec: Spec, bit: str) -> str:
    """The golden in a wrapper that replaces each x of its outputs."""
    taken = {p.name for p in spec.ports}
    prefix = "inner_"
    while any(name.startswith(prefix) for name in taken):
        prefix += "_"
    outputs = [p for p in spec.ports if p.direction == "output"]
    wires = "".join(f"  wire {vec(p.width)}{prefix}{p.name};\n" for p in outputs)
    nets = (f".{p.name}({prefix if p in outputs else ''}{p.name})" for p in spec.ports)
    cleaned = "".join(
        f"  assign {p.name}{index} = {prefix}{p.name}{index} === 1'bx ? 1'b{bit} : {prefix}{p.name}{index};\n"
        for p in outputs
        for index in ([f"[{n}]" for n in range(p.width)] if p.width > 1 else [""])
    )
    instance = f"  {prefix}{spec.name} {prefix}dut({', '.join(nets)});\n"
    return (
        rename(spec.verilog(), prefix)
        + header(spec.name, spec.ports)
        + wires
        + instance
        + cleaned
        + "endmodule\n"
    )


def _stubs(spec: Spec) -> Iterator[tuple[str, str]]:
    """Designs with the right ports and no behaviour."""
    outputs = [p for p in spec.ports if p.direction == "output"]
    yield "a stub with ports only", header(spec.name, spec.ports) + "endmodule\n"
    for said, bit in (("0", "0"), ("1", "1"), ("unknown", "x")):
        drivers = "".join(f"  assign {p.name} = {{{p.width}{{1'b{bit}}}}};\n" for p in outputs)
        yield (
            f"a stub with constant outputs ({said})",
            header(spec.name, spec.ports) + drivers + "endmodule\n",
        )
    after_reset = spec.outputs(spec.initial(), {p.name: 0 for p in spec.ports})
    drivers = "".join(f"  assign {p.name} = {p.width}'d{after_reset[p.name]};\n" for p in outputs)
    yield "a stub that stays at its reset outputs", header(spec.name, spec.ports) + drivers + "endmodule\n"
