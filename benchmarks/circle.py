"""The whole circle: V5 serves, a weakness is planted, its trace shows it, and V6 is built against it and gated.

    .tox/harness/bin/python -m benchmarks.circle [--profile smoke] [--work data/built/circle]

V5 must be in production (`./v5 deploy`). `harness generate --batch` asks it for fresh specs, neither in the benchmark
nor in its training, and verifies each answer by the spec: first `--steady` requests in the benchmark's mix, then
`--drift` of which the category `--weak` is a large share. The trace is mined and monitored as `harness retrain` does
it. The monitor must raise its alarm in that category's row, not before its share grew, rank it as the weakest domain
and plan more examples of it. V6 is then built from the plan, derived from `--profile`, and gated, by the release
criteria and beside V5, as `harness retrain` does. Nothing is deployed.

Building V6 takes about an hour with the default profile and minutes with `smoke`, whose gate is red. Each step is
kept in the work folder: a run that was cut off, or is started again, goes on where it was.
Exit status: 0 if the circle closed, whatever the gates said; 1 if not, with the reason.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from benchmarks.validation import fresh
from harness.benchmark.score import Result, flips
from harness.benchmark.statistics import mcnemar
from harness.dataset.records import read_records
from harness.dataset.tracelog import TraceLine, read
from harness.families.catalogue import dump
from harness.pipeline import Pipeline
from harness.pipeline.stages import ROOT
from harness.profile import load_profile
from harness.release.monitor import Monitored, monitor, read_gate, row_of
from harness.release.production import ProductionError, production, weights_digest
from harness.release.record import RECORD, read_record
from harness.release.retrain import Step, retrain, steps
from harness.report.progress import Progress
from harness.report.table import table
from harness.simulate.verdict import Outcome
from harness.store import Store, StoreError, write_atomic
from harness.wording.compose import text

V5_PROFILE = "embedded"
"""What `./v5 build` makes, and so what `./v5 deploy` has put into production."""
SEED = "circle"
NORMAL = "normal"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--profile", default=V5_PROFILE, help="the profile that V6 is derived from")
    arguments.add_argument("--work", type=Path, default=ROOT / "data" / "built" / "circle")
    arguments.add_argument("--steady", type=int, default=150, help="requests before the drift")
    arguments.add_argument("--drift", type=int, default=150, help="requests after it")
    arguments.add_argument("--weak", default="fsm_handshake", help="the category that becomes frequent")
    arguments.add_argument("--share", type=float, default=0.5, help="of the requests after the drift")
    chosen = arguments.parse_args()
    work = chosen.work.resolve()
    v5 = in_production()
    settings = {name: value for name, value in vars(chosen).items() if name != "work"}
    settle(work, {**settings, "weights": production(ROOT).facts.weights})
    trace = work / "trace.jsonl"

    phases = [work / "steady.jsonl", work / "drift.jsonl"]
    if not phases[-1].exists():
        plant(v5, phases, [(chosen.steady, 0.0), (chosen.drift, chosen.share)], chosen.weak)
    served = [kept(phase.with_suffix(".served.json"), partial(serve, phase, trace)) for phase in phases]
    lines = [those(phase, trace) for phase in phases]

    gate = v5.judged("v5", NORMAL).path / "scores.json"
    answers = work / "production.jsonl"
    mine, plan, build, decide, succeed, _ = steps(trace, chosen.profile, gate, work, answers)
    done = {s.name: kept(work / f"{s.name}.done.json", partial(run, s, work)) for s in (mine, plan)}
    for step in (mine, plan):
        say((work / f"{step.name}.log").read_text().rstrip())
    seen = monitor(trace, read_gate(gate))
    found = noticed(seen, chosen.weak, lines, chosen.profile, work / "v6.toml")

    done[build.name] = kept(work / "build.done.json", partial(run, build, work))
    write_answers(v5, answers)
    verdicts = {
        step.name: kept(work / f"{step.name}.done.json", partial(judged, step, work))
        for step in (decide, succeed)
    }
    v6 = pipeline_of(str(work / "v6.toml"), {"production": str(answers)})

    say("\nThe circle closed.\n")
    for phase, answered, figures in zip(phases, lines, served, strict=True):
        passed = sum(line.verdict == Outcome.PASS for line in answered)
        waited = median(line.latency_s for line in answered)
        pace = figures["asked"] / figures["seconds"]
        rates = f"median latency {waited:.1f} s, {pace:.2f} a second"
        say(f"served, {phase.stem}: {passed} of {len(answered)} right, {rates}")
    mined = Counter(record.metadata.category for record in read_records(work / "mined.jsonl"))
    say(f"mined: {mined.total()} examples, {mined[chosen.weak]} of {chosen.weak}")
    say(f"monitor: {found}")
    say("seconds: " + ", ".join(f"{name} {d['seconds']:.0f}" for name, d in {**done, **verdicts}.items()))
    say("\n" + comparison(v6, chosen.weak))
    for name, verdict in verdicts.items():
        missed = "".join(f"\n  missed {line}" for line in verdict["missed"])
        say(f"\n{name}: {'GREEN' if verdict['green'] else 'RED'}{missed}")
    green = all(verdict["green"] for verdict in verdicts.values())
    say(f"\n`harness retrain` would {'' if green else 'not '}deploy V6: both gates must be green.")


def in_production() -> Pipeline:
    """V5's stages, to be read only. Ends the program if V5 is not in production."""
    pipeline = pipeline_of(V5_PROFILE)
    try:
        now = production(ROOT).facts.weights
        built = weights_digest(pipeline.weights("v5")[0])
        pipeline.judged("v5", NORMAL)
    except (ProductionError, StoreError) as error:
        first = "run `./v5 build`, `./v5 acceptance` and `./v5 deploy` first"
        raise SystemExit(f"V5 is not built and in production: {error}; {first}") from None
    if now != built:
        raise SystemExit(f"production is not V5 of the profile {V5_PROFILE}: run `./v5 deploy`")
    return pipeline


def pipeline_of(profile: str, given: Mapping[str, str] | None = None) -> Pipeline:
    """The stages of a profile over the cache of the project; none is built."""
    store = Store(ROOT / "data" / "cache", may_build=())
    return Pipeline(load_profile(profile), store, lambda label: Progress(label, say), given=given or {})


def settle(work: Path, settings: Mapping[str, Any]) -> None:
    """Keep the settings in the work folder. Ends the program if it holds a run with others."""
    path = work / "settings.json"
    if path.exists() and (before := json.loads(path.read_text())) != settings:
        raise SystemExit(
            f"{work} holds a run with other settings ({before}): name another folder with --work"
        )
    write_atomic(path, json.dumps(settings, indent=1))


def kept(path: Path, make: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
    """What a step came to and the `seconds` it took: from `path` if an earlier run has left it there, or made now."""
    if not path.exists():
        start = time.monotonic()
        write_atomic(path, json.dumps({**make(), "seconds": time.monotonic() - start}, indent=1))
    else:
        say(f"{path.name.removesuffix('.json')}: kept from an earlier run")
    made: dict[str, Any] = json.loads(path.read_text())
    return made


def plant(v5: Pipeline, phases: Sequence[Path], plans: Sequence[tuple[int, float]], weak: str) -> None:
    """Write the requests of each phase: so many, of which a share is of the category `weak` besides the usual mix."""
    random = Random(SEED)
    usual = [task.spec.category for task in v5.held_out.tasks]
    drawn = [
        [weak if random.random() < share else random.choice(usual) for _ in range(count)]
        for count, share in plans
    ]
    specs = {category: fresh(v5, "v5", category) for category in sorted({*chain(*drawn)})}
    for path, categories in zip(phases, drawn, strict=True):
        requests = []
        for number, spec in enumerate(next(specs[category]) for category in categories):
            said = text(spec, Random(f"{SEED}:{path.stem}:{number}"))
            requests.append(json.dumps({"instruction": said, "spec": dump(spec)}) + "\n")
        write_atomic(path, "".join(requests))
        say(f"planted, {path.stem}: {len(requests)} requests, {categories.count(weak)} of {weak}")


def serve(phase: Path, trace: Path) -> dict[str, Any]:
    """Ask the model in production for what the trace does not answer yet, until nothing is left."""
    asked, batch, log = 0, phase.with_suffix(".left"), phase.with_suffix(".log")
    while left := unanswered(phase, trace):
        write_atomic(batch, "".join(left))
        command = ["generate", "--batch", str(batch), "--trace", str(trace)]
        say(f"serving, {phase.stem}: {len(left)} requests; answers in {log}")
        with log.open("ab") as out:
            process = subprocess.run(
                [sys.executable, "-m", "harness", *command], cwd=ROOT, stdout=out, stderr=out
            )
        answered = len(left) - len(unanswered(phase, trace))
        if not answered:
            raise SystemExit(
                f"`harness generate` answered nothing, exit status {process.returncode}: see {log}"
            )
        asked += answered
    return {"asked": asked}


def unanswered(phase: Path, trace: Path) -> list[str]:
    """The requests of a phase that the trace does not hold, as lines."""
    known = {line.instruction for line in read(trace)[0]} if trace.exists() else set()
    lines = phase.read_text().splitlines(keepends=True)
    return [line for line in lines if json.loads(line)["instruction"] not in known]


def those(phase: Path, trace: Path) -> list[TraceLine]:
    """The lines of the trace that answer a phase, in the order of the trace."""
    asked = {json.loads(line)["instruction"] for line in phase.read_text().splitlines()}
    return [line for line in read(trace)[0] if line.instruction in asked]


def run(step: Step, work: Path) -> dict[str, Any]:
    """One step of the retrain loop. Ends the program if it fails."""
    done = retrain([step], work, ROOT, say)
    if not done.deployed:
        raise SystemExit(f"the circle did not close: {done.reason}")
    return {}


def judged(step: Step, work: Path) -> dict[str, Any]:
    """A gate, which may be red: whether it is green, and what was missed. RecordError if it decided nothing."""
    report = Path(step.command[step.command.index("--report") + 1])
    (report / RECORD).unlink(missing_ok=True)
    done = retrain([step], work, ROOT, say)
    record = read_record(report / RECORD)
    return {"green": done.deployed, "missed": [f.line for f in record.findings if not f.passed]}


def noticed(seen: Monitored, weak: str, lines: Sequence[Sequence[TraceLine]], base: str, plan: Path) -> str:
    """How the monitor found the planted weakness, in words. Ends the program if it did not."""
    row, (before, after) = row_of(weak, seen.gate), lines
    alarms = {drift.category: drift for drift in seen.alarms}
    if row is None or row not in alarms:
        raise SystemExit(f"the monitor missed it: no alarm in {row or weak}, only {sorted(alarms)}")
    number = alarms[row].alarm_at or 0
    of_row = [
        line
        for line in (*before, *after)
        if row_of(line.category, seen.gate) == row and line.verdict != Outcome.TOOL_ERROR
    ]
    first, since = of_row[number - 1], sum(line in after for line in of_row[:number])
    if first not in after:
        raise SystemExit(f"a false alarm: in {row} at its request {number}, before anything was planted")
    if seen.domains[0].category != weak:
        raise SystemExit(f"the monitor ranks {seen.domains[0].category} as the weakest domain, not {weak}")
    was, planned = (load_profile(name).data.holes.get(weak, 0) for name in (base, str(plan)))
    if planned <= was:
        raise SystemExit(f"{plan} plans {planned} examples of {weak}, which had {was}")
    rate, others = seen.domains[0].rate, sorted(alarms.keys() - {row})
    return (
        f"alarm in {row} after {1 + after.index(first)} requests since the drift, {since} of them {row};"
        f" {weak} is the weakest domain, {rate.passed} of {rate.total} right; planned examples of"
        f" it {was} -> {planned}; other alarms: {', '.join(others) or 'none'}"
    )


def write_answers(pipeline: Pipeline, path: Path) -> None:
    """V5's answers to the benchmark, as the gate takes those of any system."""
    rows = [
        {"spec": task, "split": split, "sample": number, "text": answer}
        for split in pipeline.splits("v5")
        for task, answers in pipeline.completions("v5", split).items()
        for number, answer in enumerate(answers)
    ]
    write_atomic(path, "".join(json.dumps(row) + "\n" for row in rows))


def comparison(v6: Pipeline, weak: str) -> str:
    """V6, which its own pipeline calls V5, and the V5 in production per category, on each split."""
    kinds = {task.id: task.spec.category for task in v6.held_out.tasks}
    tables = []
    for split in v6.splits("production"):
        old, new = v6.scores("production", split), v6.scores("v5", split)
        rows = [beside(row, old.of(row), new.of(row)) for row in new.rows]
        pairs = [pair for pair in zip(old.results, new.results, strict=True) if kinds[pair[0].task] == weak]
        if pairs:
            rows.append(beside(f"of these {weak}", [b for b, _ in pairs], [a for _, a in pairs]))
        all_specs = beside("overall", old.results, new.results)
        rows.append([*all_specs[:2], f"{old.overall():.1%}", f"{new.overall():.1%}", *all_specs[4:]])
        tables.append(
            table(f"V6 against V5, {split}", ["category", "specs", "V5", "V6", "won", "lost", "p"], rows)
        )
    return "\n\n".join(tables)


def beside(name: str, before: Sequence[Result], after: Sequence[Result]) -> list[object]:
    """A row of the comparison: pass rates, specs that changed sides, and McNemar's exact p."""
    shares = [[float(result.functional) for result in of] for of in (before, after)]
    changed = flips(before, after)
    rates = [f"{sum(of) / len(of):.0%}" for of in shares]
    return [name, len(after), *rates, len(changed.won), len(changed.lost), f"{mcnemar(*shares):.2f}"]


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
