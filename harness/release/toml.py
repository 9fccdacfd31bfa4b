"""Settings as TOML, which the standard library can only read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def toml(table: Mapping[str, Any], notes: Mapping[str, str] = {}, path: str = "") -> str:
    """`table` as TOML; sequences of tables come last. `notes` are comments on single values, by their dotted path.

    JSON writes numbers, strings and lists as TOML does. Raises TypeError for a value that JSON cannot write.
    """
    plain, tables = {}, []
    for key, value in table.items():
        if isinstance(value, Mapping):
            tables.append((f"[{path}{key}]", key, value))
        elif isinstance(value, list | tuple) and value and all(isinstance(one, Mapping) for one in value):
            tables += [(f"[[{path}{key}]]", key, one) for one in value]
        else:
            plain[key] = value
    lines = [
        f"{key} = {_value(value)}" + (f"  # {notes[path + key]}" if path + key in notes else "")
        for key, value in plain.items()
    ]
    text = "".join(f"{line}\n" for line in lines)
    return text + "".join(f"\n{head}\n{toml(value, notes, f'{path}{key}.')}" for head, key, value in tables)


def _value(value: Any) -> str:
    """As JSON, but for what TOML forbids: the halves of a pair of surrogates, and DEL as it is."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
