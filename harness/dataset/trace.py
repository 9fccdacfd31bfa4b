"""Training examples mined from a trace of production: what worked, verified again before it is believed.

A trace.jsonl line is an object with `instruction` (the request), `rtl` (the answer) and `spec` (as
`families.catalogue.dump` writes it). What a line claims about itself counts for nothing.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from harness.dataset.leakage import Guard
from harness.dataset.records import DatasetError, Metadata, Record
from harness.families.catalogue import load
from harness.rtl.extract import extract
from harness.simulate.judge import judge_many


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore")

    instruction: str = Field(min_length=1)
    rtl: str = Field(min_length=1)
    spec: dict[str, object]


def mine(trace: Path, limit: int, guard: Guard) -> list[Record]:
    """At most `limit` different requests whose RTL the judge passes and that the benchmark does not hold.

    Lines that cannot be read (cut by a crash, without a spec) are passed over: a trace is not ours to reject.
    Raises DatasetError when the file cannot be read at all.
    """
    try:
        text = trace.read_text("utf-8", errors="replace")
    except OSError as error:
        raise DatasetError(
            f"{trace}: cannot be read ({error.strerror}); give the path of a trace.jsonl"
        ) from error
    found: dict[str, _Line] = {}
    for line in text.splitlines():
        try:
            entry = _Line.model_validate_json(line)
            spec = load(entry.spec)
        except (ValidationError, ValueError):
            continue
        if guard.allows(spec) and guard.allows_text(entry.instruction):
            found.setdefault(entry.instruction, entry)
    lines = list(found.values())
    verdicts = judge_many([(load(entry.spec), extract(entry.rtl)) for entry in lines])
    passed = [entry for entry, verdict in zip(lines, verdicts, strict=True) if verdict.passed]
    return [
        Record(
            instruction=entry.instruction,
            output=extract(entry.rtl),
            metadata=Metadata(
                source="v5_trace",
                category=str(entry.spec["category"]),
                functional="verified",
                testbench_type="reference_judge",
                sim_passed=True,
                compile_success=True,
                spec=dict(entry.spec),
            ),
        )
        for entry in passed[:limit]
    ]
