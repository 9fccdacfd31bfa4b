"""A run as JUnit XML, for the pages of CI systems: a test case per category and split, and one per criterion."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from harness.release.gate import Finding
from harness.report import figures
from harness.report.figures import Category, interval, metric_name, named, percent, visible
from harness.report.run import Run
from harness.store import write_atomic


def write_junit(run: Run, path: Path) -> None:
    """Write the XML. A category fails with the lines of the criteria on it that are missed; only the gated split can.

    Raises OSError when the file cannot be written.
    """
    suites = ElementTree.Element("testsuites", name=visible(run.suite))
    for split in figures.splits(run):
        _split(suites, run, split)
    if run.findings:
        name = f"{run.suite}.criteria"
        suite = ElementTree.SubElement(suites, "testsuite", name=visible(name))
        for finding in run.findings:
            _case(suite, name, finding.criterion.id, [] if finding.passed else [finding], finding.line)
        _count(suite)
    ElementTree.indent(suites)
    write_atomic(path, ElementTree.tostring(suites, encoding="utf-8", xml_declaration=True))


def _split(suites: ElementTree.Element, run: Run, split: str) -> None:
    name = f"{run.suite}.{split}"
    suite = ElementTree.SubElement(suites, "testsuite", name=visible(name))
    gated = split == figures.splits(run)[0]
    for category in figures.categories(run, split):
        missed = [f for f in figures.misses(run) if gated and f.criterion.category == category.name]
        _case(suite, name, category.name, missed, _said(run, split, category))
    _count(suite)


def _said(run: Run, split: str, category: Category) -> str:
    """Everyone's figures, and the candidate's in other metrics, with what they rest on."""
    samples = figures.samples(run.scores[split][run.candidate])
    lines = [f"{category.specs} specs"]
    lines += [f"{named(f.model)}: {percent(f.value)} ({interval(f.low, f.high)})" for f in category.figures]
    lines += [f"{metric_name(metric, samples)}: {percent(value)}" for metric, value in category.more.items()]
    return "\n".join([*lines, *figures.notes(run, split, category.name)])


def _case(
    suite: ElementTree.Element, classname: str, name: str, missed: Sequence[Finding], figures_said: str
) -> None:
    case = ElementTree.SubElement(
        suite, "testcase", classname=visible(classname), name=visible(name), time="0"
    )
    if missed:
        lines = [visible(finding.line) for finding in missed]
        ElementTree.SubElement(case, "failure", message=lines[0], type="criterion").text = "\n".join(lines)
    ElementTree.SubElement(case, "system-out").text = visible(figures_said)


def _count(suite: ElementTree.Element) -> None:
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("errors", "0")
