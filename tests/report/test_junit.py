"""JUnit XML: a case per category and split and per criterion, red where a criterion is missed."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from harness.report.junit import write_junit
from harness.report.run import Run
from tests.report.runs import bare, noted
from tests.report.test_html import hostile


def written(run: Run, folder: Path) -> ElementTree.Element:
    write_junit(run, folder / "junit.xml")
    return ElementTree.parse(folder / "junit.xml").getroot()


def test_cases_and_failures(tmp_path: Path) -> None:
    """A category is red in the gated split only, and says the line of the criterion that was missed."""
    run = bare()
    root = written(run, tmp_path)
    cases = {
        (case.get("classname"), case.get("name")): case.find("failure") is not None
        for case in root.iter("testcase")
    }
    assert cases == {
        ("small.normal", "fsm"): True,
        ("small.normal", "edge_detect"): False,
        ("small.normal", "overall"): True,
        ("small.worded-differently", "fsm"): False,
        ("small.worded-differently", "edge_detect"): False,
        ("small.worded-differently", "overall"): False,
        ("small.criteria", "overall"): True,
        ("small.criteria", "edge"): False,
        ("small.criteria", "fsm-v3"): True,
        ("small.criteria", "fsm-v4"): False,
    }
    assert [(s.get("tests"), s.get("failures")) for s in root] == [("3", "2"), ("3", "0"), ("4", "2")]
    failure = root.find("testsuite/testcase[@name='fsm']/failure")
    assert failure is not None and failure.get("message") == run.findings[2].line


def test_the_figures_stand_in_the_output(tmp_path: Path) -> None:
    """Every model's share with its interval, and the candidate's other metrics."""
    said = written(bare(), tmp_path).findtext("testsuite/testcase[@name='fsm']/system-out")
    assert said == (
        "3 specs\nV3: 100.0% (43–100%)\nV4: 66.7% (20–94%)\nV5: 33.3% (6–80%)\n"
        "samples pass@1: 66.7%\nsamples pass@2: 100.0%\ncompiles: 66.7%"
    )


def test_what_figures_rest_on_stands_below_them(tmp_path: Path) -> None:
    """In the case of its category and of all."""
    said = {c.get("name"): c.findtext("system-out") or "" for c in written(noted(), tmp_path)[0]}
    assert {name: "a2: decided by the suite's" in text for name, text in said.items()} == {
        "fsm": True,
        "edge_detect": False,
        "overall": True,
    }


def test_what_xml_forbids_is_replaced(tmp_path: Path) -> None:
    """Control characters and markup in ids and names leave a file that any parser reads."""
    root = written(hostile(), tmp_path)
    names = [case.get("name") or "" for case in root.iter("testcase")]
    assert len(names) == 10
    assert any("<script>" in name and "\ufffd" in name and "\x00" not in name for name in names)
