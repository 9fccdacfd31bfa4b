"""What is written as TOML is read back as it was meant."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from harness.release.toml import toml

TABLE: dict[str, Any] = {
    "name": 'a "name"\n',
    "facts": {"share": 0.25, "deep": {"list": [1, 2]}},
    "kept": True,
    "history": ({"number": 1, "of": {"a": 1}}, {"number": 2}),
}


def test_tables_are_read_back() -> None:
    """Values, nested tables and sequences of tables come back, whichever of them stands first."""
    read = tomllib.loads(toml(TABLE))
    assert read == {**TABLE, "history": list(TABLE["history"])}


def test_notes_are_comments_on_single_values() -> None:
    """A note stands behind the value of its dotted path, and nothing else changes."""
    said = toml(TABLE, {"facts.share": "why", "history.number": "which"})
    assert "share = 0.25  # why\n" in said
    assert tomllib.loads(said) == tomllib.loads(toml(TABLE))


@pytest.mark.parametrize("value", ["\U0001f600", "\x7f", "\\", "\x00\x1f", "ä"])
def test_any_character_can_be_written(value: str) -> None:
    """Also those that JSON writes as TOML may not: outside the first plane, and DEL."""
    read: dict[str, Any] = tomllib.loads(toml({"value": value}))
    assert read == {"value": value}
