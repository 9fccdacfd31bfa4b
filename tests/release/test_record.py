"""A gate record is believed only as the gate wrote it, and only for what it was decided on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.release.criteria import Criterion
from harness.release.gate import Finding
from harness.release.record import (
    RECORD,
    GateRecord,
    RecordError,
    read_record,
    read_reports,
    refusal,
    write_record,
)
from harness.store import canonical, digest, digest_file

WEIGHTS = {"merged": "k", "files": "d"}


def criterion(name: str, at_least: float | None) -> Criterion:
    baseline = "v3" if at_least is None else None
    return Criterion(
        id=name, category="fsm", at_least=at_least, not_below=baseline, metric="greedy", tolerance=1
    )


def finding(name: str, value: float, at_least: float | None = 0.7, **more: Any) -> Finding:
    bound = 0.8 if at_least is None else at_least
    met = value >= bound if at_least is not None else round((bound - value) * 20, 6) <= 1
    said = {"passed": met, "value": value, "bound": bound, "specs": 20, "low": 0.0, "high": 1.0, **more}
    return Finding(criterion=criterion(name, at_least), **said)


def record(criteria: Path, *findings: Finding, **more: Any) -> GateRecord:
    said = {"model": "v5", "weights": WEIGHTS, "suite": "s", "criteria": digest_file(criteria), **more}
    return GateRecord(rule="literal", findings=findings, **said)


@pytest.fixture
def criteria(tmp_path: Path) -> Path:
    path = tmp_path / "criteria.toml"
    path.write_text("one")
    return path


def test_a_record_is_read_as_it_was_written(tmp_path: Path, criteria: Path) -> None:
    """What the gate stored comes back equal, and is green exactly if every finding is."""
    green = record(criteria, finding("a", 0.7), finding("b", 0.75, None))
    assert read_record(write_record(green, tmp_path)) == green
    assert green.released
    assert not record(criteria, finding("a", 0.69)).released
    assert not record(criteria).released


def edited(path: Path, change: Callable[[dict[str, Any]], None], seal: bool) -> None:
    data = json.loads(path.read_text())
    change(data["record"])
    if seal:
        data["seal"] = digest(canonical(data["record"]))
    path.write_text(json.dumps(data))


def test_an_edited_record_is_refused(tmp_path: Path, criteria: Path) -> None:
    """A changed figure breaks the seal; a changed verdict contradicts its figures even under a new seal."""
    path = write_record(record(criteria, finding("a", 0.6), finding("b", 0.7, None)), tmp_path)

    def better(data: dict[str, Any]) -> None:
        data["findings"][0].update(value=0.9, passed=True)

    edited(path, better, seal=False)
    with pytest.raises(RecordError, match="was changed"):
        read_record(path)
    for number, said in ((0, True), (1, True)):
        path = write_record(record(criteria, finding("a", 0.6), finding("b", 0.7, None)), tmp_path)
        edited(path, lambda data, n=number, s=said: data["findings"][n].update(passed=s), seal=True)  # type: ignore[misc]
        with pytest.raises(RecordError, match="contradict"):
            read_record(path)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", b'{"seal": 1}', b'{"seal": "", "record": {}}'])
def test_what_is_no_record_is_refused(tmp_path: Path, content: bytes) -> None:
    """A missing, cut, binary or foreign file is named, with the way out."""
    with pytest.raises(RecordError, match="pytest -m acceptance"):
        read_record(tmp_path / RECORD)
    (tmp_path / RECORD).write_bytes(content)
    with pytest.raises(RecordError, match="run the gate again"):
        read_record(tmp_path / RECORD)


def test_a_green_record_allows_just_what_it_was_decided_on(criteria: Path) -> None:
    """Other weights, another suite, edited criteria, a missing or missed one: each is refused with its reason."""
    green = record(criteria, finding("a", 0.7))
    wanted = [criterion("a", 0.7)]

    def why(one: GateRecord, weights: dict[str, str] = WEIGHTS, suite: str = "s") -> str | None:
        return refusal(one, weights, suite, criteria, wanted)

    assert why(green) is None
    assert "other weights" in str(why(green, {"merged": "k", "files": "e"}))
    assert "no weights to deploy" in str(why(green, {}))
    assert "another suite" in str(why(green, suite="t"))
    assert "is red: fsm: 60.0%" in str(why(record(criteria, finding("a", 0.6))))
    assert "every criterion" in str(why(record(criteria, finding("b", 0.7))))
    assert "every criterion" in str(why(record(criteria)))
    assert "is red" in str(refusal(record(criteria), WEIGHTS, "s", criteria, []))
    criteria.write_text("two")
    assert "has changed" in str(why(green))


def test_only_the_reports_of_its_own_run_are_read(tmp_path: Path, criteria: Path) -> None:
    """A report of another run, a missing one, and a record of before reports were recorded are each refused."""
    (tmp_path / "report.html").write_text("released")
    green = record(criteria, finding("a", 0.7), reports={"report.html": digest("released")})
    assert read_reports(green, tmp_path) == {"report.html": b"released"}
    (tmp_path / "report.html").write_text("not released")
    with pytest.raises(RecordError, match=r"report\.html: is not what .* wrote; run the gate again"):
        read_reports(green, tmp_path)
    (tmp_path / "report.html").unlink()
    with pytest.raises(RecordError, match=r"report\.html: cannot be read .*; run the gate again"):
        read_reports(green, tmp_path)


def test_a_record_of_before_reports_were_recorded(tmp_path: Path, criteria: Path) -> None:
    """It can still be read, but it says of no report that it is its own."""
    path = write_record(record(criteria, finding("a", 0.7)), tmp_path)
    edited(path, lambda data: data.pop("reports"), seal=True)
    with pytest.raises(RecordError, match="which reports are its own; run the gate again"):
        read_reports(read_record(path), tmp_path)
