"""Why a criterion was missed, in text: the specs behind it, each with what a person needs to see the fault."""

from __future__ import annotations

from harness.benchmark.answers import FIRST
from harness.benchmark.score import Result
from harness.release.criteria import OVERALL
from harness.release.gate import Finding
from harness.report.highlight import suspicious
from harness.report.run import Run
from harness.report.waveform import waveform

LEGEND = "> first wrong step (outputs before it are not compared), ! wrong; > before a line of RTL: look there first"
SHOWN = 3
"""Specs that one missed criterion shows whole; the others are named."""


def explain(run: Run, finding: Finding) -> str:
    """The finding's line, then what failed: specs that were lost against the baseline if there are any."""
    results = {result.task: result for result in run.scores[FIRST][run.candidate].results}
    category = finding.criterion.category
    failed = [r.task for r in results.values() if not r.functional and category in (r.row, OVERALL)]
    chosen = [task for task in finding.lost if task in failed] or failed
    shown = [
        failure(results[task], run.texts[task][FIRST], run.again(FIRST, task)) for task in chosen[:SHOWN]
    ]
    rest = f"also: {', '.join(chosen[SHOWN:])}" if chosen[SHOWN:] else ""
    return "\n\n".join(part for part in (finding.line, *shown, rest) if part)


def failure(result: Result, request: str, rerun: str = "") -> str:
    """One spec that failed: the request, the RTL with the lines marked that may be at fault, verdict and waveform."""
    verdict = result.greedy
    wrong = verdict.mismatch.row.wrong if verdict.mismatch else ()
    marked = suspicious(result.greedy_text, wrong, verdict.detail)
    code = [
        f"{'>' if number in marked else ' '}{number:4} {line}"
        for number, line in enumerate(result.greedy_text.splitlines(), 1)
    ]
    said = f"{verdict.outcome}: {verdict.detail}" if verdict.detail else str(verdict.outcome)
    parts = [f"--- {result.task} ---", request, "\n".join(code), said]
    if verdict.mismatch:
        parts.append(f"{waveform(verdict.mismatch)}\n{LEGEND}")
    if rerun:
        parts.append(f"again: {rerun}")
    return "\n\n".join(parts)
