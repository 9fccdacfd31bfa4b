"""The commands that learn from production: `mine`, `monitor` and `retrain`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from harness.benchmark.suite import SuiteError, load_suite
from harness.command import NO, YES, faults_of, project_folder
from harness.dataset.leakage import Guard
from harness.dataset.records import DatasetError, write_records
from harness.dataset.trace import sift
from harness.dataset.tracelog import TraceError
from harness.pipeline import Pipeline
from harness.pipeline.stages import ROOT, records_of
from harness.profile import Profile, ProfileError, load_profile
from harness.release.monitor import GOAL, WINDOW, By, Monitored, MonitorError, monitor, read_gate
from harness.release.plan import PlanError, Size, expected, freeze, propose, write_plan
from harness.release.production import ProductionError, in_production, production
from harness.release.retrain import retrain, steps
from harness.report.figures import visible
from harness.report.monitor_html import headline, write_monitor_html
from harness.report.progress import Progress
from harness.report.table import table
from harness.simulate.icarus import MissingTool
from harness.store import Store, StoreError

app = typer.Typer()
FAULTS = (
    DatasetError,
    MissingTool,
    MonitorError,
    PlanError,
    ProductionError,
    ProfileError,
    StoreError,
    SuiteError,
    TraceError,
)
SHOWN_KINDS, SHOWN_TEXT = 10, 70

Trace = Annotated[Path, typer.Argument(help="A trace.jsonl; its rotated files are read too.")]
GateFile = Annotated[
    Path | None,
    typer.Option(
        help="The gate's figures: its gate.json, a scores.json, or JSON {category: \\[passed, total]}."
    ),
]
Base = Annotated[
    str, typer.Option(help="The profile that V6 is derived from: a shipped one's name, or FILE.toml.")
]
Cache = Annotated[Path, typer.Option(help="Where artifacts are kept.")]
CACHE = Path("data/cache")


@app.command()
def mine(
    trace: Trace,
    out: Annotated[Path, typer.Option(help="Where the records go, as JSONL.")],
    suite: Annotated[str, typer.Option(help="The suite folder to stay away from.")] = "benchmarks/suites/v5",
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many records; default: all.")] = None,
) -> None:
    """Training examples from production: what verifies again. Exit status 1 if there is none."""
    with faults_of(*FAULTS):
        found = sift(trace, Guard(load_suite(project_folder(suite))), limit)
        write_records(out, found.records)
    rows = [[reason.value, count] for reason, count in found.refused.most_common()]
    typer.echo(
        _titled(f"{found.lines} lines read, {found.refused.total()} refused", ["reason", "lines"], rows)
    )
    by_category = Counter(record.metadata.category for record in found.records)
    corrected = Counter(
        r.metadata.category for r in found.records if (r.metadata.model_extra or {}).get("corrected")
    )
    mined = [[category, count, corrected[category] or ""] for category, count in sorted(by_category.items())]
    title = f"{len(found.records)} mined to {out}"
    typer.echo(_titled(title, ["category", "records", "corrected by users"], mined))
    raise typer.Exit(YES if found.records else NO)


@app.command(name="monitor")
def monitor_command(
    trace: Trace,
    gate: GateFile = None,
    html: Annotated[Path | None, typer.Option(help="Write the report as one HTML file.")] = None,
    plan: Annotated[
        Path | None,
        typer.Option(
            help="Write the next version's profile, FILE.toml, and beside it a copy of the trace to mine."
        ),
    ] = None,
    base: Base = "embedded",
    window: Annotated[str, typer.Option(help="Requests of a category in a window, or `day`.")] = str(WINDOW),
    cache: Cache = CACHE,
) -> None:
    """What production does: rates over time, drift, weak domains, unknown kinds, and a plan for the next version.

    Exit status 1 if there is an alarm, so that cron can tell.
    """
    with faults_of(*FAULTS):
        seen = monitor(trace, read_gate(gate) if gate else {}, _by(window))
        proposed = None
        if plan:
            profile = load_profile(base)
            frozen = plan.with_suffix(".trace.jsonl")
            proposed = propose(profile, seen, frozen, _built(profile, cache) or expected(profile))
            freeze(trace, frozen)  # first: a plan is never there without the trace that it was made from
            write_plan(proposed, plan)
        if html:
            write_monitor_html(seen, proposed, html)
    typer.echo(_tables(seen))
    if proposed:
        rows = [[c.category, c.before, c.after, c.why] for c in proposed.changes]
        least, most = proposed.size
        typer.echo(
            _titled(f"{plan}: {least} to {most} examples", ["golden examples", "before", "now", "why"], rows)
        )
    typer.echo(headline(seen))
    raise typer.Exit(NO if seen.alarms else YES)


@app.command(name="retrain")
def retrain_command(
    trace: Trace,
    base: Base = "embedded",
    gate: GateFile = None,
    folder: Annotated[Path, typer.Option(help="For plan, records, logs and lock.")] = Path("data/retrain"),
) -> None:
    """Mine, plan, build, gate and deploy, or say why not. Exit status 0 only if it deployed. Safe from cron.

    Beside the model in production, V6 may not be clearly worse in any category (benchmarks/suites/succession.toml).
    """
    with faults_of(*FAULTS):
        serving = ROOT / production(ROOT).behavioral_model if in_production(ROOT) else None
        loop = steps(trace.resolve(), base, gate, folder.resolve(), serving)
        found = retrain(loop, folder.resolve(), ROOT, typer.echo)
    typer.echo("deployed" if found.deployed else f"not deployed: {found.reason}")
    raise typer.Exit(YES if found.deployed else NO)


def _titled(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table under a title that may be wider than it."""
    return f"\n{title}\n{table('', columns, rows)}"


def _tables(seen: Monitored) -> str:
    """All that is known, for the terminal."""
    parts = []
    windows = [
        [_plain(category), len(of), of[0].first[:10], " ".join(f"{w.rate.value:.0%}" for w in of[-8:])]
        for category, of in seen.windows.items()
    ]
    whole = seen.overall
    rate = (
        f", {whole.value:.1%} of {whole.total} verified passed ({whole.low:.0%} to {whole.high:.0%})"
        if whole
        else ""
    )
    title = f"{seen.requests} requests{rate}; {seen.unverified} not verified, {seen.skipped} lines skipped"
    parts.append(_titled(title, ["over time", "windows", "from", "pass rate of the last ones"], windows))
    if seen.drifts:
        drifts = [
            [
                _plain(d.category),
                f"{d.gate.rate:.0%} of {d.gate.total}",
                f"{d.bound:.0%}",
                f"{d.production.rate:.0%} of {d.production.total}",
                f"ALARM at {d.alarm_at}, since about {seen.since[d.category][0][:16]}" if d.alarm_at else "",
            ]
            for d in seen.drifts
        ]
        columns = ["drift", "gate", "found below", "production", ""]
        parts.append(_titled("false alarms: at most 5 % over the whole deployment", columns, drifts))
    domains = [
        [
            _plain(d.category),
            f"{d.rate.passed} of {d.rate.total}",
            f"{d.rate.low:.0%}-{d.rate.high:.0%}",
            "WEAK" if d.weak else "",
        ]
        for d in seen.domains
    ]
    parts.append(_titled("domains, the weakest first", ["domain", "passed", "95 %", f"{GOAL:.0%}"], domains))
    if seen.kinds:
        kinds = [[_plain(k.text.replace("\n", " ")[:SHOWN_TEXT]), k.count] for k in seen.kinds[:SHOWN_KINDS]]
        parts.append(_titled(f"{len(seen.kinds)} unknown kinds", ["most typical request", "requests"], kinds))
    return "\n".join(parts)


def _plain(text: str) -> str:
    """Text from a trace, which may hold anything, without control characters."""
    return visible(text)


def _built(profile: Profile, cache: Path) -> Size | None:
    """The size of components A to C as a build of this profile made them; None if there is none."""
    silent = Pipeline(profile, Store(cache, may_build=()), lambda label: Progress(label, lambda line: None))
    try:
        return Size(sum(len(records_of(silent.component(name))) for name in "abc"), measured=True)
    except StoreError:
        return None


def _by(window: str) -> By:
    if window == "day":
        return "day"
    if window.isdecimal() and int(window) > 0:
        return int(window)
    raise typer.BadParameter(f"{window!r} is neither `day` nor a number of requests", param_hint="--window")
