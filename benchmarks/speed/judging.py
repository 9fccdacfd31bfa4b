"""How fast verdicts come, as ratios to plain Icarus on the same files, in one run.

    python benchmarks/speed/judging.py [--specs 40] [--mutants 40] [--flood 100000]

The baseline compiles and runs every candidate with the same stimulus in processes of its own, two at a time
(`xargs -P2`), and compares the samples; its verdicts must be the judge's. `--flood` sets the number of
candidates for which peak memory is compared with that for 1,000.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from random import Random
from statistics import median
from typing import TypeVar

from harness.families.catalogue import CATEGORIES, family
from harness.families.spec import Spec
from harness.rtl.mutate import mutants
from harness.rtl.rename import flatten, parse
from harness.simulate.cache import VerdictCache
from harness.simulate.icarus import Bench, stimulus_hex, testbench
from harness.simulate.judge import judge, judge_many, judge_stream
from harness.simulate.problem import Problem
from harness.simulate.verdict import Outcome

REPEATS = 3
PLAIN = "iverilog -g2012 -s t0__judge -o simulation dut.v top.v && vvp -n simulation"

T = TypeVar("T")
Pair = tuple[Spec, str]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--specs", type=int, default=40)
    arguments.add_argument("--mutants", type=int, default=40)
    arguments.add_argument("--flood", type=int, default=100_000)
    arguments.add_argument("--flood-worker", type=int, help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.flood_worker:
        return flood(chosen.flood_worker)
    specs = [family(c).sample(c, Random(n)) for n, c in zip(range(chosen.specs), CATEGORIES * chosen.specs)]
    single = [(spec, spec.verilog()) for spec in specs]
    many = [(spec, m.source) for spec in specs[:24] for m in islice(mutants(spec.verilog()), chosen.mutants)]
    compare("one candidate for each spec", single)
    compare("mutants of each spec", many)
    one_by_one(single)
    cached(many)
    memory(chosen.flood)
    return None


def compare(title: str, pairs: Sequence[Pair]) -> None:
    """The judge on all pairs against plain Icarus on all pairs; raises AssertionError if verdicts differ."""
    times: dict[str, list[float]] = {"judge": [], "plain": []}
    for _ in range(REPEATS):
        ours, seconds = timed(lambda: [v.outcome is Outcome.PASS for v in judge_many(pairs, workers=2)])
        times["judge"].append(seconds)
        theirs, seconds = timed(lambda: plain(pairs))
        times["plain"].append(seconds)
        assert ours == theirs, "plain Icarus and the judge disagree"
    say(f"{title} ({len(pairs)})", median(times["plain"]), median(times["judge"]), len(pairs))


def one_by_one(pairs: Sequence[Pair]) -> None:
    """Single calls, each waited for, against single processes."""
    _, ours = timed(lambda: [judge(spec, [source]) for spec, source in pairs])
    _, theirs = timed(lambda: plain(pairs, parallel=1))
    say(f"one call at a time ({len(pairs)})", theirs, ours, len(pairs))


def cached(pairs: Sequence[Pair]) -> None:
    """A second run over pairs whose verdicts are in the cache."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "verdicts.sqlite"
        first, fresh = timed(lambda: judge_many(pairs, cache=VerdictCache(path)))
        second, again = timed(lambda: judge_many(pairs, cache=VerdictCache(path)))
        assert first == second
    say(f"a second run from the cache ({len(pairs)})", fresh, again, len(pairs))


def memory(count: int) -> None:
    """Peak memory of 1,000 distinct candidates against `count`."""
    peaks = {n: int(child([sys.executable, __file__, "--flood-worker", str(n)])) for n in (1000, count)}
    shown = ", ".join(f"{n:,} candidates {peak / 1024:.0f} MiB" for n, peak in peaks.items())
    print(f"peak memory: {shown}: ratio {peaks[count] / peaks[1000]:.2f}")


def flood(count: int) -> None:
    """Judge so many distinct candidates, one after the other out of a generator, and print the peak in KiB."""
    spec = family("fsm_2state").sample("fsm_2state", Random(1))
    golden = spec.verilog()
    pairs: Iterator[Pair] = ((spec, f"{golden}// {n}\n") for n in range(count))
    assert all(verdict.passed for verdict in judge_stream(pairs, workers=2))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def plain(pairs: Sequence[Pair], parallel: int = 2) -> list[bool]:
    """Whether each candidate passes, by an `iverilog` and a `vvp` of its own."""
    with tempfile.TemporaryDirectory() as name:
        folders = []
        problems: dict[Spec, Problem] = {}
        for number, (spec, source) in enumerate(pairs):
            problem = problems.setdefault(spec, problems.get(spec) or Problem.of_spec(spec))
            folder = Path(name) / str(number)
            folder.mkdir()
            (folder / "dut.v").write_text(source)
            bench = Bench(spec.name, spec.ports, problem.vectors, (flatten(parse(source)),))
            (folder / "top.v").write_text(testbench(0, bench, [""]))
            (folder / "stimulus0").write_text(stimulus_hex(spec.ports, problem.vectors))
            folders.append(folder)
        command = ["xargs", "-P", str(parallel), "-I{}", "sh", "-c", f"cd {{}} && {PLAIN}"]
        subprocess.run(
            command, input="\n".join(map(str, folders)), text=True, check=False, capture_output=True
        )
        return [
            problems[spec].compare((folder / "samples0").read_text().split("\n")[:-1]).passed
            if (folder / "samples0").exists()
            else False
            for (spec, _), folder in zip(pairs, folders, strict=True)
        ]


def timed(work: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    return work(), time.perf_counter() - start


def child(command: Sequence[str]) -> str:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def say(title: str, base: float, ours: float, count: int) -> None:
    rates = f"{count / ours:,.0f} verdicts/s against {count / base:,.0f}"
    print(f"{title}: {base / ours:.1f} times as fast ({rates})", flush=True)


if __name__ == "__main__":
    main()
