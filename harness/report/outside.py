"""Outside suites for the terminal: the audit of testbenches, and scores by two judges."""

from __future__ import annotations

from collections.abc import Sequence

from harness.report.table import table
from harness.simulate.verdict import Verdict
from harness.suites.audit import Audit
from harness.suites.score import OutsideScores


def audit_table(audits: Sequence[Audit]) -> str:
    """A line for each problem, then what is wrong with the unsound ones and what could not be asked."""
    rows = [
        [a.problem, "sound" if a.sound else "UNSOUND", f"{a.killed} of {a.live}" if a.live else "none"]
        for a in audits
    ]
    unsound = sum(not a.sound for a in audits)
    title = f"testbenches: {unsound} of {len(audits)} are unsound"
    said = [f"{a.problem}: {line}" for a in audits for line in (*a.faults, *a.notes)]
    return "\n".join([table(title, ["problem", "testbench", "mutants killed"], rows), *said])


def score_table(scores: OutsideScores) -> str:
    """A line for each problem, both totals, then every completion on which the judges differ."""
    rows = []
    for problem in dict.fromkeys(verdict.problem for verdict in scores.verdicts):
        found = scores.of(problem)
        ours = sum(v.ours.passed for v in found if v.ours is not None)
        rows.append(
            [
                problem,
                len(found),
                "not driven" if problem in scores.undriven else ours,
                sum(v.theirs.passed for v in found),
                sum(v.differ for v in found),
            ]
        )
    both = [v for v in scores.verdicts if v.ours is not None]
    passed = sum(v.ours.passed for v in both if v.ours is not None)
    theirs = sum(v.theirs.passed for v in scores.verdicts)
    total = len(scores.verdicts)
    rows.append(["all", total, f"{passed} of {len(both)}", f"{theirs} of {total}", len(scores.differences)])
    lines = [
        table("completions passed", ["problem", "completions", "our judge", "the suite", "differ"], rows)
    ]
    lines += [
        f"{v.problem}, sample {v.sample}: we say {_said(v.ours)}; the suite says {_said(v.theirs)}"
        for v in scores.differences
    ]
    lines += [f"{problem}: not driven by our judge: {why}" for problem, why in scores.undriven.items()]
    return "\n".join(lines)


def _said(verdict: Verdict | None) -> str:
    if verdict is None or not verdict.detail:
        return str(verdict.outcome) if verdict else "nothing"
    return f"{verdict.outcome} ({verdict.detail.splitlines()[0]})"
