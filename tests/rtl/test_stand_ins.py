"""Stand-ins: they have the golden's ports, and the behaviour that their names say."""

from __future__ import annotations

from harness.families.spec import Port
from harness.rtl.rename import rename
from harness.rtl.screen import Screened, screen
from harness.rtl.stand_ins import constant, reading_x, spoiled, stubs
from harness.simulate.judge import judge_many
from harness.simulate.problem import Problem
from harness.simulate.verdict import Outcome

PORTS = (Port("input", "a", 2, ""), Port("output", "y", 2, ""), Port("output", "z", 1, ""))
GOLDEN = (
    "module m(input [1:0] a, output [1:0] y, output z);\n  assign y = a;\n  assign z = a[0];\nendmodule\n"
)
VECTORS = [{"a": value} for value in (0, 1, 2, 3)]
RIGHT = ["000", "011", "100", "111"]


def outcomes(answers: list[str], sources: list[str]) -> list[Outcome]:
    problem = Problem("m", PORTS, VECTORS, answers)
    return [verdict.outcome for verdict in judge_many([(problem, source) for source in sources])]


def test_stubs_have_the_ports_and_are_told_from_the_golden() -> None:
    """Every stub passes the screen, and none answers as the golden does."""
    sources = [source for _, source in stubs("m", PORTS)]
    assert len(sources) == 4
    assert all(isinstance(screen(source, "m", PORTS), Screened) for source in sources)
    assert outcomes(RIGHT, [GOLDEN, *sources]) == [Outcome.PASS, *[Outcome.MISMATCH] * 4]


def test_a_constant_keeps_its_outputs() -> None:
    """Each output has the digits that it was given, whatever the input."""
    assert outcomes(["101"] * 4, [constant("m", PORTS, {"y": "10", "z": "1"})]) == [Outcome.PASS]


def test_a_wrapper_changes_nothing_but_x() -> None:
    """Around the golden it answers as the golden; around one that leaves y unknown, y reads as the bit."""
    unknown = GOLDEN.replace("assign y = a", "assign y = 2'bxx")
    for bit in "01":
        known, filled = (
            reading_x(rename(source, "in_"), "in_", "m", PORTS, bit) for source in (GOLDEN, unknown)
        )
        assert outcomes(RIGHT, [known]) == [Outcome.PASS]
        assert outcomes([bit * 2 + answer[2] for answer in RIGHT], [filled]) == [Outcome.PASS]


def test_a_spoiled_design_is_wrong_in_one_output() -> None:
    """It is inverted, or held, and the others answer as the golden's."""
    designs = dict(spoiled(rename(GOLDEN, "in_"), "in_", "m", PORTS))
    wanted = {
        "a design whose y is inverted": ["110", "101", "010", "001"],
        "a design whose y stays 0": ["000", "001", "000", "001"],
        "a design whose y stays 1": ["110", "111", "110", "111"],
        "a design whose z is inverted": ["001", "010", "101", "110"],
        "a design whose z stays 0": ["000", "010", "100", "110"],
        "a design whose z stays 1": ["001", "011", "101", "111"],
    }
    assert designs.keys() == wanted.keys()
    for name, answers in wanted.items():
        assert outcomes(answers, [designs[name]]) == [Outcome.PASS]
