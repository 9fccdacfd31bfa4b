"""Training examples mined from a trace of production: what worked, verified again before it is believed.

A trace.jsonl line is an object with `instruction` (the request), `rtl` (the answer) and `spec` (as
`families.catalogue.dump` writes it). What a line claims about itself counts for nothing.
"""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from harness.dataset.leakage import Guard
from harness.dataset.records import DatasetError, Metadata, Record
from harness.families.catalogue import load
from harness.families.spec import Spec
from harness.rtl.extract import extract
from harness.simulate.judge import judge_many
from harness.simulate.stimulus import trace as stimulate

SOURCE = "v5_trace"
# Judged at a time: a long trace is read only as far as needed.
BATCH = 40
# Would be taken for the end of a turn, or another special token, when the record is tokenised.
SPECIAL_TOKEN = re.compile(r"<\|\w+\|>")
# The judge leaves prints and assertions out; a model would learn what they say.
SAYS_SOMETHING = re.compile(
    r"\b(assert|assume|cover)\b|\$(display|write|strobe|monitor|info|warning|error|fatal)"
)


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore")

    instruction: str = Field(min_length=1)
    rtl: str = Field(min_length=1)
    spec: dict[str, object]


def mine(trace: Path, limit: int, guard: Guard) -> list[Record]:
    """The first `limit` different requests whose RTL the judge passes and that the benchmark does not hold.

    Lines that cannot be used (cut by a crash, without a spec) are passed over: a trace is not ours to reject.
    Raises DatasetError when the file cannot be read at all.
    """
    try:
        text = trace.read_text("utf-8", errors="replace")
    except OSError as error:
        raise DatasetError(
            f"{trace}: cannot be read ({error.strerror}); give the path of a trace.jsonl"
        ) from error
    usable = (c for c in map(_candidate, text.split("\n")) if c is not None and guard.allows_record(c[1]))
    mined: dict[str, Record] = {}
    while len(mined) < limit and (batch := list(islice(usable, BATCH))):
        verdicts = judge_many([(spec, record.output) for spec, record in batch])
        for (_, record), verdict in zip(batch, verdicts, strict=True):
            if verdict.passed:
                mined.setdefault(record.instruction, record)
    return list(mined.values())[:limit]


def _candidate(line: str) -> tuple[Spec, Record] | None:
    """What a line asks for, and the record it makes if its RTL is right; None if it cannot be one."""
    try:
        entry = _Line.model_validate_json(line)
        spec = load(entry.spec)
        stimulate(spec, seed=0)
    except Exception:  # a stranger's spec may contradict itself, and then fail anywhere
        return None
    rtl = extract(entry.rtl)
    if SPECIAL_TOKEN.search(entry.instruction + entry.rtl) or SAYS_SOMETHING.search(rtl):
        return None
    metadata = Metadata(
        source=SOURCE,
        category=spec.category,
        functional="verified",
        testbench_type="reference_judge",
        sim_passed=True,
        compile_success=True,
        spec=dict(entry.spec),
    )
    return spec, Record(instruction=entry.instruction, output=rtl, metadata=metadata)
