"""How good is a model on specs of no benchmark? For choosing recipes and compositions without looking at the suite.

    .tox/harness/bin/python benchmarks/validation.py [--model v5] [--specs 24] [--profile embedded]

Fresh specs of every category of the benchmark, none of them held out for it and none that the model was trained on
(by behaviour), each asked once in the wording of training and answered greedily.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random

from harness.benchmark.statistics import wilson
from harness.benchmark.suite import parameter_key
from harness.dataset.leakage import training_specs
from harness.families.catalogue import load
from harness.families.spec import Spec
from harness.pipeline import Pipeline
from harness.pipeline.stages import ROOT, records_of
from harness.profile import load_profile
from harness.report.progress import Progress
from harness.report.table import table
from harness.rtl.extract import extract
from harness.simulate.judge import judge_many
from harness.store import Store
from harness.wording.compose import text

SEED = "validation"


def fresh(pipeline: Pipeline, model: str, category: str) -> Iterator[Spec]:
    """Specs that neither the suite nor the model's training set has."""
    records = records_of(pipeline.training_data(model))
    seen = {parameter_key(load(r.metadata.spec)) for r in records if r.metadata.spec is not None}
    return (s for s in training_specs(category, SEED, pipeline.guard) if parameter_key(s) not in seen)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--model", default="v5")
    arguments.add_argument("--specs", type=int, default=24, help="of each category")
    arguments.add_argument("--profile", default="embedded")
    arguments.add_argument("--cache", type=Path, default=ROOT / "data" / "cache")
    chosen = arguments.parse_args()

    def say(line: str) -> None:
        print(line, flush=True)

    pipeline = Pipeline(
        load_profile(chosen.profile), Store(chosen.cache, say), lambda label: Progress(label, say)
    )
    categories = sorted({task.spec.category for task in pipeline.held_out.tasks})
    specs = [
        s for category in categories for s in islice(fresh(pipeline, chosen.model, category), chosen.specs)
    ]
    asked = [text(spec, Random(f"{SEED}:{number}")) for number, spec in enumerate(specs)]
    answers = pipeline.generate(chosen.model, asked, [0] * len(asked), "answers")
    verdicts = judge_many([(spec, extract(found[0])) for spec, found in zip(specs, answers, strict=True)])
    rows = []
    for category in (*categories, "all"):
        of = [v.passed for spec, v in zip(specs, verdicts, strict=True) if category in (spec.category, "all")]
        interval = wilson(sum(of), len(of))
        rows.append(
            [category, len(of), f"{sum(of) / len(of):.0%}", f"{interval.low:.0%}-{interval.high:.0%}"]
        )
    say(table(f"{chosen.model} on fresh specs", ["category", "specs", "passed", "95 %"], rows))


if __name__ == "__main__":
    main()
