"""Why a criterion was missed, in text: the specs behind it, each with what a person needs to see the fault."""

from __future__ import annotations

from harness.benchmark.answers import FIRST
from harness.benchmark.score import Result
from harness.release.gate import Finding
from harness.report.figures import MOST_LINES, missed_by, plain
from harness.report.highlight import suspicious
from harness.report.run import Run
from harness.report.waveform import waveform
from harness.simulate.verdict import Outcome

LEGEND = "> first wrong step (outputs before it are not compared), ! wrong; > before a line of RTL: look there first"
SHOWN = 3
"""Specs that one missed criterion shows whole; the others are named."""


def explain(run: Run, finding: Finding) -> str:
    """The finding's line, then what failed: specs that were lost against the baseline if there are any."""
    missed = missed_by(run, finding)
    chosen = [result for result in missed if result.task in finding.lost] or missed
    shown = [
        failure(result, run.texts[result.task][FIRST], run.again(FIRST, result.task))
        for result in chosen[:SHOWN]
    ]
    rest = f"also: {', '.join(result.task for result in chosen[SHOWN:])}" if chosen[SHOWN:] else ""
    return "\n\n".join(part for part in (finding.line, *shown, rest) if part)


def failure(result: Result, request: str, rerun: str = "") -> str:
    """One spec that failed: the request, the RTL with the lines marked that may be at fault, verdict and waveform.

    What a model has written is cut where it is long, and cannot steer the terminal.
    """
    verdict = result.greedy
    wrong = verdict.mismatch.row.wrong if verdict.mismatch else ()
    rtl = plain(result.greedy_text)
    marked = suspicious(rtl, wrong, verdict.detail)
    lines = rtl.splitlines()
    code = [
        f"{'>' if number in marked else ' '}{number:4} {line}"
        for number, line in enumerate(lines[:MOST_LINES], 1)
    ]
    code += [f"… {len(lines) - MOST_LINES:,} more lines"] if len(lines) > MOST_LINES else []
    said = plain(f"{verdict.outcome}: {verdict.detail}" if verdict.detail else verdict.outcome)
    if result.sampled:
        said += f"\nsamples that pass: {result.sampled.count(Outcome.PASS)} of {len(result.sampled)}"
    parts = [f"--- {result.task} ---", plain(request), "\n".join(code), said]
    if verdict.mismatch:
        parts.append(f"{waveform(verdict.mismatch)}\n{LEGEND}")
    if rerun:
        parts.append(f"again: {rerun}")
    return "\n\n".join(parts)
