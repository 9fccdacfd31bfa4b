"""Recorded replies: they answer without key and network, and what was not recorded is told."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

import pytest

from harness.a7.errors import KEY
from harness.a7.ledger import Ledger
from harness.a7.replay import Replay
from harness.a7.settings import ApiSettings
from harness.a7.writer import AnthropicA7, write
from harness.families.catalogue import FSM, draw
from harness.families.spec import Spec
from harness.store import canonical, digest
from tests.a7.server import FakeApi

RECORDED = Path(__file__).resolve().parents[2] / "benchmarks" / "recordings" / "a7"


def test_replay(
    api: FakeApi, settings: ApiSettings, specs: list[Spec], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A recorded run gives the same testbenches again; a spec that was not asked about has its reason."""
    recorded = AnthropicA7(settings, tmp_path).write_all(specs[:2])
    monkeypatch.delenv(KEY)
    found = Replay(Ledger(tmp_path)).hold([write(spec, "", settings) for spec in specs[:3]])
    assert found[:2] == recorded
    assert found[2].reason == "not_recorded"
    assert str(tmp_path) in found[2].detail


def test_shipped_replies_say_where_they_come_from() -> None:
    """Each is filed under the digest of its request, costs nothing, and names no model that the API has."""
    paths = sorted(RECORDED.glob("*.json"))
    assert len(paths) == len(FSM)
    for path in paths:
        stored = json.loads(path.read_text("utf-8"))
        assert path.stem == digest(canonical(stored["request"]))
        assert "not through the API" in stored["provenance"]
        assert stored["request"]["model"] == stored["message"]["model"] == "claude-interactive"
        assert set(stored["message"]["usage"].values()) == {0}


@pytest.mark.parametrize("category", FSM)
def test_shipped_replies_are_testbenches(category: str) -> None:
    """The recorded reply answers the prompt as it is now, and its testbench accepts the golden and rejects a stub."""
    (spec,) = islice(draw(category, "writers"), 1)
    settings = ApiSettings(model="claude-interactive")
    [attempt] = Replay(Ledger(RECORDED)).hold([write(spec, "", settings)])
    assert attempt.testbench is not None, attempt
    assert attempt.turns == 1
