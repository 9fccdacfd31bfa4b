"""What a large release costs beside its simulations: memory and time to hold, store, gate on and report the verdicts.

    .tox/harness/bin/python benchmarks/speed/gate.py [--specs 10000] [--samples 20]

The verdicts are made up: a candidate and two baselines on so many specs of the suite's categories, greedy answers
with the steps around each mismatch, and so many samples each. Peak memory is the process's own, so far.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import TypeVar

from harness.benchmark.answers import FIRST
from harness.benchmark.score import Result, Scores, load_scores
from harness.benchmark.suite import ROWS
from harness.release.criteria import load_criteria
from harness.release.gate import decide_all
from harness.report.run import Run
from harness.report.write import write_reports
from harness.simulate.problem import AFTER, BEFORE
from harness.simulate.verdict import Mismatch, Outcome, Row, Verdict

CRITERIA = Path(__file__).resolve().parents[1] / "suites" / "criteria.toml"
RATES = {"v3": 0.85, "v4": 0.75, "v5": 0.87}
# Characters of an answer: about what the golden of a small FSM has.
ANSWER = 900

T = TypeVar("T")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--specs", type=int, default=10_000)
    arguments.add_argument("--samples", type=int, default=20)
    chosen = arguments.parse_args()
    print(f"at the start: {peak()}")
    made = step("made", lambda: {m: made_up(m, chosen.specs, chosen.samples) for m in RATES})
    with tempfile.TemporaryDirectory() as folder:
        paths = {model: Path(folder) / f"{model}.json" for model in RATES}
        step("saved", lambda: save(made, paths))
        print(f"a model's file: {paths['v5'].stat().st_size / 2**20:.0f} MiB")
        made.clear()
        scores = step("loaded", lambda: {model: load_scores(path) for model, path in paths.items()})
    criteria = load_criteria(CRITERIA, tuple(ROWS))
    findings = step(f"{len(criteria)} criteria decided", lambda: decide_all(criteria, scores["v5"], scores))
    sampled = [c.model_copy(update={"metric": "sampled"}) for c in criteria]
    step("the same on samples", lambda: decide_all(sampled, scores["v5"], scores))
    run = Run(
        suite="made-up",
        candidate="v5",
        scores={FIRST: scores},
        findings=findings,
        texts={result.task: {FIRST: "made up"} for result in scores["v5"].results},
        rerun={FIRST: "harness rerun scores.json {task}"},
    )
    with tempfile.TemporaryDirectory() as folder:
        reports = step("reports written", lambda: write_reports(run, Path(folder)))
        print(", ".join(f"{path.name} {path.stat().st_size / 2**20:.1f} MiB" for path in reports))
    print("\n".join(finding.line for finding in findings[:6]))


def made_up(model: str, specs: int, samples: int) -> Scores:
    """Scores of one model; that the same spec is hard for all is left out: flips are at their most."""
    random = Random(model)
    rows = list(ROWS)
    results = tuple(
        Result(
            task=f"{rows[number % len(rows)]}-{number:05d}",
            row=rows[number % len(rows)],
            greedy=verdict(random.random() < RATES[model]),
            greedy_text=random.randbytes(ANSWER // 2).hex(),
            sampled=tuple(
                Outcome.PASS if random.random() < RATES[model] else Outcome.MISMATCH for _ in range(samples)
            ),
        )
        for number in range(specs)
    )
    return Scores(model=model, split=FIRST, suite="made-up", results=results)


def verdict(passed: bool) -> Verdict:
    if passed:
        return Verdict(Outcome.PASS)
    window = tuple(
        Row(
            number,
            {"rst": "0", "en": "1", "d": "00101101"},
            {"q": "00101100", "done": "1"},
            {"q": "0" * 8, "done": "1"},
        )
        for number in range(BEFORE + 1 + AFTER)
    )
    mismatch = Mismatch(BEFORE, window)
    return Verdict(Outcome.MISMATCH, str(mismatch), mismatch)


def save(scores: Mapping[str, Scores], paths: Mapping[str, Path]) -> None:
    for model, path in paths.items():
        scores[model].save(path)


def step(name: str, work: Callable[[], T]) -> T:
    start = time.perf_counter()
    result = work()
    print(f"{name}: {time.perf_counter() - start:.2f} s, {peak()}", flush=True)
    return result


def peak() -> str:
    return f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB"


if __name__ == "__main__":
    main()
