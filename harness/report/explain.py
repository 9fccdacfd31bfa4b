"""Why a criterion was missed, in text: the specs behind it, each with what a person needs to see the fault."""

from __future__ import annotations

from collections import Counter

from harness.benchmark.answers import FIRST
from harness.benchmark.score import Metric, Result
from harness.release.gate import SHARES, Finding
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
        failure(
            result, run.texts[result.task][FIRST], run.again(FIRST, result.task), finding.criterion.metric
        )
        for result in chosen[:SHOWN]
    ]
    rest = f"also: {', '.join(result.task for result in chosen[SHOWN:])}" if chosen[SHOWN:] else ""
    return "\n\n".join(part for part in (finding.line, *shown, rest) if part)


def failure(result: Result, request: str, rerun: str = "", metric: Metric = "greedy") -> str:
    """One spec that failed: the request, the RTL with the lines marked that may be at fault, verdict and waveform.

    Where samples failed and the greedy answer did not, there is no RTL: that of samples is not kept.
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
    said = _said(verdict.outcome, verdict.detail)
    if metric == "by_suite":
        theirs = _said(result.by_suite[0], result.suite_said)
        said = f"by the suite's testbench: {theirs}" + (f"\nby our judge: {said}" if said != theirs else "")
    if result.sampled:
        failed = Counter(outcome for outcome in result.sampled if outcome is not Outcome.PASS)
        said += f"\nsamples that pass: {result.sampled.count(Outcome.PASS)} of {len(result.sampled)}"
        said += "".join(f", {count} {outcome}" for outcome, count in failed.most_common())
    if metric in SHARES and verdict.passed:
        return "\n\n".join([f"--- {result.task} ---", plain(request), f"greedy answer: {said}"])
    parts = [f"--- {result.task} ---", plain(request), "\n".join(code), said]
    if verdict.mismatch:
        parts.append(f"{waveform(verdict.mismatch)}\n{LEGEND}")
    if rerun:
        parts.append(f"again: {rerun}")
    return "\n\n".join(parts)


def _said(outcome: Outcome, detail: str) -> str:
    return plain(f"{outcome}: {detail}" if detail else outcome)
