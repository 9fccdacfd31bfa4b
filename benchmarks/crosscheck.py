"""Judge against formal check: does a simulation verdict ever contradict a proof?

    .tox/harness/bin/python benchmarks/crosscheck.py [--specs 6] [--mutants 8]

For random specs of every family, all styles and some mutants of the golden go to both. A contradiction is a
mismatch of designs that are proven equal, or a pass of designs that differ: the first would be a fault of the
judge or of the prover, the second a gap of the stimulus. Exit status 1 if there is any.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from random import Random

from harness.families.catalogue import CATEGORIES, family
from harness.formal.equivalence import equivalent
from harness.report.table import table
from harness.rtl.mutate import mutants
from harness.simulate.judge import judge


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--specs", type=int, default=6, help="random specs of each category")
    arguments.add_argument("--mutants", type=int, default=8, help="at most this many mutants of each")
    chosen = arguments.parse_args()
    seen: Counter[tuple[str, str]] = Counter()
    contradictions, seconds = [], []
    for category in CATEGORIES:
        for number in range(chosen.specs):
            rng = Random(f"crosscheck:{category}:{number}")
            spec = family(category).sample(category, rng)
            golden = spec.verilog()
            wrong = [mutant.source for mutant in mutants(golden)]
            sources = [spec.verilog(style) for style in range(1, spec.styles)]
            sources += rng.sample(wrong, min(chosen.mutants, len(wrong)))
            for source, verdict in zip(sources, judge(spec, sources), strict=True):
                start = time.perf_counter()
                proof = equivalent(golden, source, spec.name, spec.ports, spec.clock, spec.reset)
                seconds.append(time.perf_counter() - start)
                pair = proof.outcome.value, verdict.outcome.value
                seen[pair] += 1
                if pair in (("equal", "mismatch"), ("different", "pass")):
                    contradictions.append(f"{category} {number}: {proof} but {verdict}\n{source}")
        print(
            f"{category}: {sum(seen.values())} pairs so far, {len(contradictions)} contradictions", flush=True
        )
    rows = [[f"{proof}, judge: {verdict}", count] for (proof, verdict), count in sorted(seen.items())]
    print(table("", ["formal check", "pairs"], rows))
    print(f"median {sorted(seconds)[len(seconds) // 2]:.2f} s, longest {max(seconds):.2f} s a pair")
    print("\n".join(contradictions))
    sys.exit(bool(contradictions))


if __name__ == "__main__":
    main()
