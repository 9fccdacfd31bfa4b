"""What a training file of any common layout asks a model: its requests, without the answers.

Only for comparing with a benchmark. Training itself takes the harness's own records (`records.py`), which are read
here too. An example is one object, on a line of its own or in one JSON array, and all that it says in ASKING counts:
a text, a list of parts, or turns with a role and a content (`from` and `value` in ShareGPT's), but for the model's.
`text` may be request and answer in one piece.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.dataset.records import DatasetError, Record, read_records

ASKING = (
    *("messages", "conversations", "prompt", "question", "query", "instruction"),
    *("system", "input", "context", "description", "problem", "text"),
)
ANSWERING = ("assistant", "gpt", "model", "bot")
LARGEST_FILE = 2_000_000_000


@dataclass(frozen=True)
class Asked:
    """The requests of one training example, and its spec if it names one (as `catalogue.dump` gives it).

    `exact` is whether they are requests and no more; otherwise there may be other text about them, as a
    system's instructions or the answer, and only a text that lies within them can be looked for.
    """

    prompts: tuple[str, ...]
    spec: dict[str, Any] | None
    exact: bool


def asked(record: Record) -> Asked:
    """What one of our own records asks."""
    return Asked(record.prompts, record.metadata.spec, exact=True)


def read_requests(path: Path) -> list[Asked]:
    """The requests of each example of a training file, in the file's order.

    Raises DatasetError naming file, line and fault: a missing or huge file, a cut line, an example without a request.
    """
    examples = list(_examples(path))
    if not examples:
        raise DatasetError(f"{path}: holds no example; a training file has one JSON object on each line")
    if all(_is_record(fields) for _, fields in examples):
        return [asked(record) for record in read_records(path)]
    return [Asked((_request(where, fields),), None, exact=False) for where, fields in examples]


def _examples(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(where it stands, its fields) of each example."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise DatasetError(f"{path}: larger than {LARGEST_FILE:,} bytes; split it and compare each part")
        content = path.read_text("utf-8-sig")
    except OSError as error:
        raise DatasetError(
            f"{path}: cannot be read ({error.strerror}); give the path of a training file, in JSON lines"
        ) from error
    except UnicodeDecodeError as error:
        raise DatasetError(
            f"{path}: byte {error.start} is not UTF-8; unpack the file, or convert it to UTF-8"
        ) from error
    if content.lstrip().startswith("["):
        for number, fields in enumerate(_parsed(str(path), content), 1):
            yield _object(f"{path}, example {number}", fields)
    else:
        for number, line in enumerate(content.split("\n"), 1):
            if line.strip():
                where = f"{path}, line {number}"
                yield _object(where, _parsed(where, line))


def _parsed(where: str, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DatasetError(f"{where}: not JSON ({error}); mend or remove it") from error


def _object(where: str, fields: object) -> tuple[str, Mapping[str, Any]]:
    if not isinstance(fields, dict):
        raise DatasetError(
            f"{where}: not a JSON object; an example has named fields, as `messages` or `prompt`"
        )
    return where, fields


def _is_record(fields: Mapping[str, Any]) -> bool:
    metadata = fields.get("metadata")
    return "instruction" in fields and isinstance(metadata, dict) and "source" in metadata


def _request(where: str, fields: Mapping[str, Any]) -> str:
    """All that the example asks, in one piece."""
    try:
        request = "\n".join(filter(str.strip, (_said(fields.get(name)) for name in ASKING)))
    except RecursionError as error:
        raise DatasetError(f"{where}: nests too deeply for a request; mend or remove it") from error
    if not request:
        raise DatasetError(
            f"{where}: no request found in the fields {', '.join(map(str, fields)) or '(none)'};"
            f" it is looked for in {', '.join(ASKING)}, there in turns of any role but {', '.join(ANSWERING)}"
        )
    return request


def _said(value: object) -> str:
    """The text of a field, a turn or a list of either; empty for a model's turn."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n".join(filter(str.strip, map(_said, value)))
    if isinstance(value, dict) and value.get("role", value.get("from")) not in ANSWERING:
        return _said(value.get("content", value.get("value", value.get("text"))))
    return ""
