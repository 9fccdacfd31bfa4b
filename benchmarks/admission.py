"""How much wrong RTL do testbenches accept? Template testbenches against A7's, per category.

    .tox/harness/bin/python benchmarks/admission.py [--specs 6] [--seed 0]

Wrong RTL is every single-fault mutant of a random spec's golden that the judge tells from it (a mutant that the
judge passes is left out). The last columns show whether the testbenches accept the goldens, in all styles.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from random import Random

from harness.families.catalogue import CATEGORIES, family
from harness.report.table import table
from harness.rtl.mutate import mutants
from harness.simulate.judge import judge
from harness.simulate.verdict import Outcome
from harness.testbench.a7 import OfflineA7
from harness.testbench.run import passes
from harness.testbench.template import template_testbench


@dataclass
class Count:
    """Of one category: wrong designs, how many each kind of testbench accepts, and the same for goldens."""

    wrong: int = 0
    template: int = 0
    a7: int = 0
    goldens: int = 0
    template_right: int = 0
    a7_right: int = 0

    def add(self, other: Count) -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    def row(self, name: str) -> list[object]:
        accepted = [f"{count / self.wrong:.0%}" if self.wrong else "-" for count in (self.template, self.a7)]
        right = [f"{count}/{self.goldens}" for count in (self.template_right, self.a7_right)]
        return [name, self.wrong, *accepted, *right]


def measure(category: str, specs: int, seed: int) -> Count:
    """Try both kinds of testbench of some random specs on mutants and goldens."""
    count = Count()
    for number in range(specs):
        spec = family(category).sample(category, Random(f"admission:{seed}:{category}:{number}"))
        sources = [mutant.source for mutant in mutants(spec.verilog())]
        verdicts = judge(spec, sources, seed=seed)
        wrong = [s for s, v in zip(sources, verdicts, strict=True) if v.outcome is Outcome.MISMATCH]
        goldens = [spec.verilog(style) for style in range(spec.styles)]
        accepted = {}
        for kind, bench in (("template", template_testbench(spec)), ("a7", OfflineA7()(spec))):
            found = passes([(spec, source, bench) for source in (*wrong, *goldens)])
            accepted[kind] = sum(found[: len(wrong)]), sum(found[len(wrong) :])
        (template, template_right), (a7, a7_right) = accepted["template"], accepted["a7"]
        count.add(Count(len(wrong), template, a7, len(goldens), template_right, a7_right))
    return count


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--specs", type=int, default=6, help="random specs of each category")
    arguments.add_argument("--seed", type=int, default=0)
    chosen = arguments.parse_args()
    rows, total = [], Count()
    for category in CATEGORIES:
        count = measure(category, chosen.specs, chosen.seed)
        total.add(count)
        rows.append(count.row(category))
        print(*rows[-1], flush=True)
    columns = ["category", "wrong designs", "template accepts", "A7 accepts", "goldens: template", "A7"]
    print(table("", columns, [*rows, total.row("all")]))


if __name__ == "__main__":
    main()
