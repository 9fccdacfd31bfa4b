"""The gate's stored result: on which weights, suite and criteria it was decided, and every finding.

`deploy` believes a record only for exactly the weights, suite and criteria that it is about to deploy with. A
seal over the content and a second look at each finding's own figures find an edited or a damaged file. They do not find
a forger who knows this file: whoever may write to the project may also write a record with a seal of its own,
edit the scores it was decided on, or replace the harness.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from harness.model.served import is_address
from harness.release.criteria import Criterion
from harness.release.gate import DECIMALS, Finding, Rule
from harness.store import canonical, digest, digest_file, digest_tree, write_atomic

if TYPE_CHECKING:
    from harness.pipeline import Pipeline
    from harness.release.contest import Contest

RECORD = "gate.json"


class RecordError(ValueError):
    """A gate record that is not there, cannot be read or contradicts itself."""


class GateRecord(BaseModel):
    """One gate run. `weights` identifies the model: what `weights_of` says, or nothing where only answers are known.

    `suite` is the suite's digest, `criteria` that of the criteria file, `reports` those of the reports by
    name; older records have none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str
    weights: dict[str, Any]
    suite: str
    criteria: str
    rule: Rule
    findings: tuple[Finding, ...]
    reports: dict[str, str] = {}

    @property
    def released(self) -> bool:
        """Whether every criterion is met, and there is one."""
        return bool(self.findings) and all(finding.passed for finding in self.findings)


def weights_of(pipeline: Pipeline, model: str) -> dict[str, Any]:
    """What identifies a model's weights: what they were made from, and the digest of all their files.

    Nothing for a model of which only answers are known, from a file or a server. Raises NotBuilt for one that is
    not there.
    """
    said = pipeline.given.get(model, "")
    if said.endswith(".jsonl") or is_address(said):
        return {}
    folder, key = pipeline.weights(model)
    return {**key, "files": digest_tree(folder)}


def record_of(
    pipeline: Pipeline, contest: Contest, findings: Sequence[Finding], reports: Sequence[Path]
) -> GateRecord:
    """The record of a gate run that came to `findings` and wrote `reports` about them.

    Raises NotBuilt and OSError for what has gone meanwhile.
    """
    return GateRecord(
        model=contest.candidate,
        weights=weights_of(pipeline, contest.candidate),
        suite=pipeline.suite.digest,
        criteria=digest_file(contest.criteria),
        rule=pipeline.profile.benchmark.rule,
        findings=tuple(findings),
        reports={path.name: digest_file(path) for path in reports},
    )


def write_record(record: GateRecord, folder: Path) -> Path:
    """Store a record as gate.json in `folder`. Raises StoreError when it cannot be written."""
    content = record.model_dump(mode="json")
    path = folder / RECORD
    write_atomic(path, json.dumps({"seal": digest(canonical(content)), "record": content}, indent=1))
    return path


def read_record(path: Path) -> GateRecord:
    """The record that `write_record` stored.

    Raises RecordError for a file that is missing, cut or changed, and for findings whose verdict contradicts
    their own figures or that were decided by another rule than the record says.
    """
    try:
        data = json.loads(path.read_bytes())
        seal, content = data["seal"], data["record"]
        record = GateRecord.model_validate_json(json.dumps(content))
    except FileNotFoundError as error:
        raise RecordError(
            f"{path}: there is no gate record; run `pytest -m acceptance` with the same options"
        ) from error
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
        raise RecordError(
            f"{path}: is no gate record ({str(error).splitlines()[0]}); run the gate again"
        ) from error
    if digest(canonical(content)) != seal:
        raise RecordError(f"{path}: was changed after the gate wrote it; run the gate again")
    for finding in record.findings:
        if finding.rule != record.rule or _contradicts_itself(finding):
            raise RecordError(
                f"{path}: {finding.criterion.id} is said to be {'met' if finding.passed else 'missed'} by the rule"
                f" {finding.rule}, which its own figures contradict; run the gate again"
            )
    return record


def read_reports(record: GateRecord, folder: Path) -> dict[str, bytes]:
    """The reports in `folder` by name, as the gate run of `record` wrote them.

    Raises RecordError for one that is missing or that another run wrote, and for a record that names none.
    """
    if not record.reports:
        raise RecordError(f"{folder / RECORD}: does not say which reports are its own; run the gate again")
    found = {}
    for name, known in record.reports.items():
        try:
            found[name] = (folder / name).read_bytes()
        except OSError as error:
            raise RecordError(
                f"{folder / name}: cannot be read ({error.strerror}); run the gate again"
            ) from error
        if digest(found[name]) != known:
            raise RecordError(f"{folder / name}: is not what the gate of {RECORD} wrote; run the gate again")
    return found


def refusal(
    record: GateRecord, weights: Mapping[str, Any], suite: str, criteria: Path, expected: Sequence[Criterion]
) -> str | None:
    """Why `record` does not allow these weights to be deployed; None if it does.

    `expected` are the criteria of the file `criteria`. Raises OSError when that cannot be read.
    """
    if not weights:
        return (
            f"of {record.model} only answers are known (from a file or a server): there are no weights to deploy;"
            " gate the model itself (--model=FOLDER)"
        )
    if record.weights != dict(weights):
        return f"the gate of {record.model} was run on other weights; run it again on these"
    if record.suite != suite:
        return f"the gate of {record.model} was run on another suite, or on fewer of its specs; run it again"
    if record.criteria != digest_file(criteria):
        return f"{criteria} has changed since the gate was run; run it again"
    decided = [finding.criterion for finding in record.findings]
    if decided != list(expected):
        return f"the record does not hold every criterion of {criteria}; run the gate again"
    missed = [finding.line for finding in record.findings if not finding.passed]
    if missed or not record.released:
        return f"the gate of {record.model} is red: {'; '.join(missed) or 'it has no criterion'}"
    return None


def _contradicts_itself(finding: Finding) -> bool:
    """Whether the verdict is not the one that the rule `literal` gives on these figures; others are not retraced."""
    criterion, behind = finding.criterion, finding.bound - finding.value
    if criterion.at_least is not None:
        met = finding.bound == criterion.at_least and round(behind, DECIMALS) <= 0
    else:
        met = round(behind * finding.specs, DECIMALS) <= criterion.tolerance
    return finding.rule == "literal" and finding.passed != met
