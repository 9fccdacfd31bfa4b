"""Completions kept for replay: what a model answered, never what was thought of it.

A recording is a JSONL file. Its first line says what made it (weights, base, decoding); each further line is
one answer, found again by the digest of its prompt. The build judges recorded answers afresh.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from harness.store import digest, write_atomic
from harness.validation import first_fault


class RecordingError(ValueError):
    """A recording that cannot be read or does not hold what is asked."""


class Answer(BaseModel):
    """One completion: `sample` 0 is the greedy one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    prompt: str
    sample: int
    text: str


class _Header(BaseModel):
    model_config = ConfigDict(extra="forbid")

    made_by: dict[str, Any]


_Line = TypeVar("_Line", bound=BaseModel)


@dataclass(frozen=True)
class Recording:
    """Answers by (prompt digest, sample), and what made them; errors end with `way_out`."""

    path: Path
    made_by: Mapping[str, Any]
    answers: Mapping[tuple[str, int], str]
    way_out: str

    def require(self, **settings: object) -> None:
        """Raise RecordingError when it was made with other settings; what it does not tell is not compared."""
        made = {**self.made_by.get("trained", {}), **self.made_by}
        other = [
            f"{name} {made[name]!r}, not {value!r}"
            for name, value in settings.items()
            if made.get(name, value) != value
        ]
        if other:
            raise RecordingError(
                f"{self.path}: was made with {', '.join(other)}; leave `recordings` out of the profile to train and ask"
                " that model, or name a folder of your own there and run with --from-scratch"
            )

    def find(self, prompts: Sequence[str], samples: Sequence[int]) -> list[list[str]]:
        """The recorded answers of each prompt. Raises RecordingError when one is missing."""
        found = []
        for prompt in prompts:
            key = digest(prompt)
            missing = [sample for sample in samples if (key, sample) not in self.answers]
            if missing:
                raise RecordingError(
                    f"{self.path} has no answer {missing[0]} for the prompt {prompt[:60]!r}...; the suite"
                    f" or the wording has changed since it was recorded: {self.way_out}"
                )
            found.append([self.answers[key, sample] for sample in samples])
        return found


def read_recording(path: Path, way_out: str = "run with --from-scratch") -> Recording:
    """Read a recording. Raises RecordingError naming the file, the line and the `way_out`."""
    try:
        header, *lines = path.read_text("utf-8").removesuffix("\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise RecordingError(f"{path}: cannot be read ({error}); {way_out}") from error
    made_by = _parsed(f"{path}, line 1", _Header, header, way_out).made_by
    rows = [_parsed(f"{path}, line {number}", Answer, line, way_out) for number, line in enumerate(lines, 2)]
    return Recording(path, made_by, {(row.prompt, row.sample): row.text for row in rows}, way_out)


def _parsed(where: str, kind: type[_Line], line: str, way_out: str) -> _Line:
    try:
        return kind.model_validate_json(line)
    except ValidationError as error:
        raise RecordingError(f"{where}: {first_fault(error)}; {way_out}") from error


def write_recording(path: Path, made_by: Mapping[str, Any], answers: Iterable[tuple[str, int, str]]) -> None:
    """Write (prompt, sample, text) triples, sorted, so that equal answers give equal bytes.

    Raises RecordingError when one prompt and sample have two answers: a replay could give only one of them.
    """
    found: dict[tuple[str, int], str] = {}
    for prompt, sample, text in answers:
        if found.setdefault((digest(prompt), sample), text) != text:
            raise RecordingError(
                f"{path}: two answers {sample} for the prompt {prompt[:60]!r}...; ask it once"
            )
    rows = sorted((prompt, sample, text) for (prompt, sample), text in found.items())
    lines = [json.dumps({"made_by": dict(made_by)}, sort_keys=True)]
    lines += [json.dumps({"prompt": p, "sample": s, "text": t}, ensure_ascii=False) for p, s, t in rows]
    write_atomic(path, "\n".join(lines) + "\n")
