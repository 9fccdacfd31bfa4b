"""A trace is summed up as it is: every request counts once, where it belongs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from harness.benchmark.score import Result, Scores
from harness.dataset.tracelog import TraceLine, append
from harness.release.criteria import Criterion
from harness.release.drift import Measured
from harness.release.gate import Finding
from harness.release.kinds import kinds
from harness.release.monitor import MonitorError, monitor, read_gate
from harness.release.record import GateRecord, write_record
from harness.simulate.verdict import Outcome, Verdict

MODEL = "f00d"


def request(number: int, passed: bool = True, /, **changes: Any) -> TraceLine:
    """A request for a multiplexer, answered on the day that `number` says, ten a day."""
    given: dict[str, Any] = {
        "time": f"2026-01-{1 + number // 10:02d}T00:00:{number % 10:02d}.000Z",
        "request": f"r{number}",
        "model": MODEL,
        "instruction": "a multiplexer",
        "rtl": "module m; endmodule",
        "verdict": "pass" if passed else "mismatch",
        "latency_s": 1.0,
        "category": "mux",
    }
    return TraceLine.model_validate(given | changes)


def trace(folder: Path, lines: Sequence[TraceLine]) -> Path:
    path = folder / "trace.jsonl"
    for line in lines:
        append(path, line)
    return path


def test_windows_by_count_and_by_day(tmp_path: Path) -> None:
    """Windows hold so many requests or a day's; a short rest joins the last one, so that no point hangs on little."""
    path = trace(tmp_path, [request(number, number < 15) for number in range(34)])
    by_count = monitor(path, {}, 15).windows["mux"]
    assert [(w.rate.passed, w.rate.total) for w in by_count] == [(15, 15), (0, 19)]
    by_day = monitor(path, {}, "day").windows["mux"]
    assert [(w.rate.passed, w.rate.total) for w in by_day] == [(10, 10), (5, 10), (0, 10), (0, 4)]
    assert by_day[1].first[:10] == by_day[1].last[:10] == "2026-01-02"
    assert by_day[0].rate.low == pytest.approx(0.722, abs=0.001)


def test_what_counts(tmp_path: Path) -> None:
    """Unverified requests, our own failures, corrections and other models' requests are no verdicts on this model."""
    path = trace(
        tmp_path,
        [
            request(0, False, model="old"),
            request(1),
            request(2, False),
            request(3, verdict="unverified"),
            request(4, verdict="tool_error"),
            request(5, corrects="r2", correction="module m; endmodule"),
            request(6, private=True),
        ],
    )
    with path.open("a") as file:
        file.write('{"cut')
    seen = monitor(path, {})
    assert (seen.requests, seen.others, seen.skipped, seen.unverified) == (5, 1, 1, 1)
    assert (seen.tool_errors, seen.private) == (1, 1)
    (domain,) = seen.domains
    assert (domain.rate.passed, domain.rate.total, domain.corrected) == (2, 3, 1)
    assert seen.overall == domain.rate


def test_weak_domains_are_ranked(tmp_path: Path) -> None:
    """What is surely weak comes first; three failures of three requests do not make the list's top."""
    lines = [request(number, number % 2 == 0) for number in range(60)]
    lines += [request(60 + n, False, category="comparator") for n in range(2)]
    lines += [request(70 + n, category="clock_divider") for n in range(40)]
    seen = monitor(trace(tmp_path, lines), {})
    assert [d.category for d in seen.domains] == ["mux", "comparator", "clock_divider"]
    assert [d.weak for d in seen.domains] == [True, True, False]
    assert seen.domains[0].shortfall == pytest.approx(0.38)
    assert seen.domains[2].shortfall == 0


def test_drift_is_held_against_the_gates_row(tmp_path: Path) -> None:
    """Requests of a family count for the row of the benchmark that it belongs to, and an alarm has its times."""
    lines = [request(number, number < 30, category="edge_detector") for number in range(60)]
    seen = monitor(trace(tmp_path, lines), {"edge_detect": Measured(19, 20), "fsm": Measured(39, 60)})
    (found,) = seen.drifts
    assert found.category == "edge_detect" and seen.alarms == [found]
    since, alarm = seen.since["edge_detect"]
    assert "2026-01-04" <= since <= alarm <= "2026-01-06"


def test_gate_files(tmp_path: Path) -> None:
    """Figures come from a scores.json or a small JSON; anything else is refused by name."""
    results = [
        Result(
            task=f"t{n}", row="fsm", greedy=Verdict(Outcome.PASS if n else Outcome.MISMATCH), greedy_text=""
        )
        for n in range(3)
    ]
    Scores(model="v5", split="normal", suite="s", results=tuple(results)).save(tmp_path / "scores.json")
    (tmp_path / "small.json").write_text(json.dumps({"mux": [1, 2]}))
    assert read_gate(tmp_path / "scores.json") == {"fsm": Measured(2, 3)}
    criterion = Criterion(id="a", category="fsm", at_least=0.5, not_below=None, metric="greedy", tolerance=1)
    overall = criterion.model_copy(update={"category": "overall"})
    met: Any = {"passed": True, "value": 0.85, "bound": 0.5, "specs": 20, "low": 0.6, "high": 1.0}
    findings = tuple(Finding(criterion=one, **met) for one in (criterion, overall))
    record = GateRecord(model="v5", weights={}, suite="s", criteria="c", rule="literal", findings=findings)
    assert read_gate(write_record(record, tmp_path)) == {"fsm": Measured(17, 20)}
    assert read_gate(tmp_path / "small.json") == {"mux": Measured(1, 2)}
    for text in ("", "[]", '{"mux": 1}', '{"mux": [3, 2]}', '{"results": 1}'):
        (tmp_path / "bad.json").write_text(text)
        with pytest.raises(MonitorError, match=r"bad\.json"):
            read_gate(tmp_path / "bad.json")
    with pytest.raises(MonitorError, match=r"none\.json"):
        read_gate(tmp_path / "none.json")


def test_an_empty_trace(tmp_path: Path) -> None:
    """A trace without a request is named."""
    (tmp_path / "trace.jsonl").write_text("{\n")
    with pytest.raises(MonitorError, match=r"holds no request \(1 lines"):
        monitor(tmp_path / "trace.jsonl", {})


def test_unknown_kinds_are_grouped(tmp_path: Path) -> None:
    """Requests of no category are grouped by what they ask, whatever their names and numbers; private ones stay out."""
    fifos = [f"A synchronous FIFO fifo_{n} with depth {n} and flags full and empty" for n in range(5)]
    uarts = [f"Please write a UART transmitter tx{n}, 8N1, baud divider {16 * n}" for n in range(3)]
    lines = [request(n, category=None, instruction=text) for n, text in enumerate([*fifos, *uarts])]
    lines.append(request(9, category=None, instruction="secret", private=True))
    found = monitor(trace(tmp_path, lines), {}).kinds
    assert [(kind.count, kind.text in group) for kind, group in zip(found, (fifos, uarts), strict=True)] == [
        (5, True),
        (3, True),
    ]
    assert (found[0].passed, found[0].verified) == (5, 5)


def test_odd_texts_are_grouped() -> None:
    """Equal texts, texts without words and a single text are groups too."""
    assert [kind.count for kind in kinds([("same words", True)] * 4 + [("12 34", None)])] == [4, 1]
    assert kinds([("one", None)])[0].count == 1
    assert kinds([]) == []
