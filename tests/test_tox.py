"""What tox lets through to the harness."""

from __future__ import annotations

from configparser import ConfigParser
from pathlib import Path

from harness.a7 import errors
from harness.model import transport

ROOT = Path(__file__).resolve().parents[1]


def test_the_keys_are_passed_on() -> None:
    """A command run by tox (each `./v5` command) has the keys of A7's service and of a served model."""
    tox = ConfigParser(interpolation=None)
    tox.read(ROOT / "tox.ini")
    assert {errors.KEY, transport.KEY} <= set(tox["testenv:harness"]["pass_env"].split())
