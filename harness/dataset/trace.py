"""Training examples mined from a trace of production: what worked, verified again before it is believed.

The lines are those of harness.dataset.tracelog. Only `instruction`, `rtl` and something to verify with are needed: a
`spec` (as `families.catalogue.dump` writes it) or a `reference`, the golden module that the user gave. What a line
claims about itself counts for nothing, and what is learnt from it is what was judged, to the letter.

Not covered: a request that asks for something else than its spec says, beyond the names of module and ports; a
fault that shows only after the judge's stimulus; a reference that is a held-out design in other words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from harness.benchmark.suite import parameter_key
from harness.dataset import tracelog
from harness.dataset.leakage import NEAR, Guard, shingles
from harness.dataset.poison import LONGEST_REQUEST, bare, instructs, unteachable
from harness.dataset.records import DatasetError, Metadata, Record
from harness.dataset.tracelog import Place, TraceError
from harness.families.catalogue import load
from harness.families.comment import comment
from harness.rtl.extract import extract
from harness.simulate.check import Checker, Fault
from harness.simulate.judge import judge_many
from harness.simulate.problem import Problem
from harness.simulate.verdict import Outcome
from harness.store import digest

SOURCE = "v5_trace"
USERS = "user_design"
"""The category of what was verified by a user's reference."""
# Looked at and judged at a time: of a long trace no more is than is needed.
BATCH = 40
ENOUGH_MOVES = 0.5
"""Share of a reference's bits that have to toggle: one that hardly moves would be matched by anything as idle."""


class Refusal(StrEnum):
    """Why a line is not mined."""

    UNREADABLE = "cut, or not a line of a trace"
    PRIVATE = "private"
    CORRECTED = "its user corrected it"
    UNVERIFIABLE = "nothing to verify it with"
    CONTRADICTION = "its spec contradicts itself"
    UNDRIVEN = "its reference cannot be driven"
    UNNAMED = "its request does not name the module and ports"
    HELD_OUT = "held out by the benchmark"
    INSTRUCTS = "prompt text in request or code"
    UNTEACHABLE = "text that the judge does not see"
    SCREENED = "refused by screening"
    FALSE_CLAIM = "claims a pass that does not verify"
    WRONG = "does not verify"
    UNDECIDED = "our tools could not tell"
    DUPLICATE = "mined before, in the same or nearly the same words"


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore")

    instruction: str
    rtl: str
    spec: dict[str, object] | None = None
    reference: str | None = None
    correction: str | None = None
    corrects: str | None = None
    request: str | None = None
    time: str | None = None
    model: str | None = None
    verdict: str | None = None
    private: bool = False


@dataclass(frozen=True)
class _Candidate:
    """A record as it is if its answer verifies. `golden` is the reference's source, or the spec's own golden."""

    record: Record
    behaviour: str
    golden: str
    claimed: bool
    problem: Problem | None


@dataclass(frozen=True)
class Mined:
    """What a trace gave: the `records`, the lines that were looked at, and how many were refused why."""

    records: Sequence[Record]
    lines: int
    refused: Counter[Refusal] = field(default_factory=Counter)


def mine(trace: Path, limit: int, guard: Guard) -> list[Record]:
    """The first `limit` records that `sift` finds. Raises DatasetError as it does."""
    return list(sift(trace, guard, limit).records)


def sift(trace: Path, guard: Guard, limit: int | None = None) -> Mined:
    """Every different request whose answer, or its user's correction of it, verifies; at most the first `limit`.

    Corrections come first, then the others from the oldest file on. A line that cannot be used is counted and
    passed over: a trace is not ours to reject. Raises DatasetError when the trace cannot be read at all.
    """
    try:
        entries = [(place, _line(raw)) for place, raw in tracelog.lines(trace)]
    except TraceError as error:
        raise DatasetError(str(error)) from error
    parsed = [line for _, line in entries if line is not None]
    private = {line.request for line in parsed if line.private and line.request}
    corrected = {line.corrects for line in parsed if line.corrects and line.correction}
    refused: Counter[Refusal] = Counter()
    looked_at = 0

    def candidates() -> Iterator[_Candidate]:
        nonlocal looked_at
        # Corrections first: they teach what the model could not.
        for place, line in sorted(entries, key=lambda entry: entry[1] is None or not entry[1].correction):
            looked_at += 1
            found: _Candidate | Refusal
            if line is None:
                found = Refusal.UNREADABLE
            elif line.private or line.corrects in private or line.request in private:
                found = Refusal.PRIVATE
            elif line.request in corrected:
                found = Refusal.CORRECTED
            else:
                found = _candidate(place, line, guard, checker)
            if isinstance(found, Refusal):
                refused[found] += 1
            else:
                yield found

    usable, known = candidates(), _Known()
    wanted = len(entries) if limit is None else limit
    with closing(Checker(1)) as checker:
        while len(known.records) < wanted and (batch := list(islice(usable, BATCH))):
            for candidate, found in zip(batch, _verified(batch, checker), strict=True):
                if found is not None:
                    refused[found] += 1
                elif len(known.records) < wanted and not known.add(candidate):
                    refused[Refusal.DUPLICATE] += 1
    return Mined(known.records, looked_at, refused)


class _Known:
    """What has been mined, without repetition: no text twice, and no behaviour twice in nearly the same words."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.texts: set[str] = set()
        self.said: dict[str, list[set[str]]] = {}

    def add(self, candidate: _Candidate) -> bool:
        text = " ".join(re.findall(r"\w+", candidate.record.instruction.lower()))
        words = shingles(text)
        others = self.said.setdefault(candidate.behaviour, [])
        if text in self.texts or any(len(words & o) >= NEAR * len(words | o) for o in others):
            return False
        self.texts.add(text)
        others.append(words)
        self.records.append(candidate.record)
        return True


def _line(raw: bytes) -> _Line | None:
    try:
        return _Line.model_validate_json(raw)
    except ValidationError:
        return None


def _candidate(place: Place, line: _Line, guard: Guard, checker: Checker) -> _Candidate | Refusal:
    """The record that a line makes if its answer verifies, or why it cannot be one."""
    answer, request = line.correction or line.rtl, line.instruction
    if not request.strip() or not answer.strip() or (line.spec is None and not line.reference):
        return Refusal.UNVERIFIABLE
    if len(request) > LONGEST_REQUEST or instructs(request) or instructs(answer):
        return Refusal.INSTRUCTS
    problem, kept = None, ""
    if line.spec is not None:
        try:
            # In a process with limits first: a stranger's spec may be of any size, contradict itself and fail anywhere.
            names = set(checker.names(spec=line.spec))
        except Fault:
            return Refusal.CONTRADICTION
        spec = load(line.spec)
        problem, golden, kept = Problem.of_spec(spec), spec.verilog(), comment(spec).strip()
        category, behaviour = spec.category, parameter_key(spec)
    else:
        golden = str(line.reference)
        try:
            names = set(checker.names(reference=golden))
        except Fault:
            return Refusal.UNDRIVEN
        category, behaviour = USERS, digest(bare(golden))
    if not names <= set(re.findall(r"\w+", request)):
        return Refusal.UNNAMED
    code = bare(extract(answer), kept)
    if unteachable(code):
        return Refusal.UNTEACHABLE
    record = Record(instruction=request, output=code, metadata=_metadata(place, line, category))
    if not guard.allows_record(record):
        return Refusal.HELD_OUT
    return _Candidate(record, behaviour, golden, line.verdict == Outcome.PASS, problem)


def _metadata(place: Place, line: _Line, category: str) -> Metadata:
    """Where a mined record comes from."""
    origin: dict[str, Any] = {"file": place.file, "line": place.number}
    origin |= {key: said for key in ("request", "time", "model") if (said := getattr(line, key)) is not None}
    return Metadata(
        source=SOURCE,
        category=category,
        functional="verified",
        testbench_type="reference_judge" if line.spec is not None else "golden_judge",
        sim_passed=True,
        compile_success=True,
        spec=None if line.spec is None else dict(line.spec),
        **origin,
        corrected=bool(line.correction),
    )


def _verified(batch: Sequence[_Candidate], checker: Checker) -> list[Refusal | None]:
    """Why each candidate's answer is not believed; None for one that is.

    A spec whose own golden does not verify contradicts itself, whatever the answer does. References come from
    strangers, so `checker` reads them.
    """
    pairs = [(c.problem, source) for c in batch if c.problem for source in (c.golden, c.record.output)]
    verdicts = iter(judge_many(pairs))
    found: list[Refusal | None] = []
    for candidate in batch:
        if candidate.problem:
            golden, verdict = next(verdicts), next(verdicts)
            found.append(_reason(candidate, verdict.outcome) if golden.passed else Refusal.CONTRADICTION)
            continue
        try:
            (checked,) = checker.check([candidate.record.output], reference=candidate.golden)
        except Fault:
            found.append(Refusal.UNDRIVEN)
            continue
        reason = _reason(candidate, Outcome(checked.verdict))
        found.append(reason if checked.toggled >= ENOUGH_MOVES else Refusal.UNDRIVEN)
    return found


def _reason(candidate: _Candidate, outcome: Outcome) -> Refusal | None:
    if outcome is Outcome.PASS:
        return None
    if outcome is Outcome.TOOL_ERROR:
        return Refusal.UNDECIDED
    if candidate.claimed:
        return Refusal.FALSE_CLAIM
    return Refusal.SCREENED if outcome is Outcome.REJECTED else Refusal.WRONG
