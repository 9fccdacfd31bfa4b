"""The plan's task 2.1: can A7 be asked? A clear sentence, and no charge."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from harness.a7.availability import availability
from harness.a7.errors import KEY
from harness.a7.settings import ApiSettings
from tests.a7.server import FakeApi


def test_usable(api: FakeApi, settings: ApiSettings) -> None:
    """With key and model in order it says so, with the price, and no message was paid for."""
    found = availability(settings)
    assert found.usable
    assert "claude-sonnet-5-5 is active" in found.message
    assert "$2 in and $10 out" in found.message
    assert not api.calls


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"model": "claude-sonnet-4"}, "no price is known"),
        ({"model": "claude-opus-5"}, "knows no model 'claude-opus-5'; it offers claude-sonnet-5-5"),
        ({"base_url": "http://127.0.0.1:9"}, "unreachable"),
    ],
)
def test_unusable(api: FakeApi, settings: ApiSettings, change: dict[str, str], said: str) -> None:
    """An unknown price, an unknown model and an address out of reach are told apart."""
    found = availability(settings.model_copy(update=change))
    assert not found.usable
    assert said in found.message


def test_a_model_without_effort(api: FakeApi, settings: ApiSettings) -> None:
    """A model that takes no effort is usable only if the settings say none; the error names the setting."""
    api.takes_effort = False
    assert 'set `effort = "none"`' in availability(settings).message
    assert availability(settings.model_copy(update={"effort": "none"})).usable


@pytest.mark.parametrize(("key", "said"), [("", "is not set"), ("wrong", "the key is not accepted")])
def test_key(
    key: str, said: str, api: FakeApi, settings: ApiSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing key and a wrong one are told apart, and the wrong one is not shown."""
    monkeypatch.setenv(KEY, key)
    found = availability(settings)
    assert said in found.message
    assert "wrong" not in found.message


def test_imports_without_the_sdk() -> None:
    """Importing the writer does not import the SDK, which takes longer than all of the rest."""
    code = "import sys, harness.a7.writer, harness.a7.availability; sys.exit('anthropic' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": os.getcwd()}).returncode
        == 0
    )
