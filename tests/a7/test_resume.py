"""Killed and started again: what is stored is not asked twice, and the result is the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from harness.a7.settings import ApiSettings
from harness.a7.writer import AnthropicA7
from harness.families.spec import Spec
from tests.a7.server import FakeApi

SCRIPT = """
import sys
from pathlib import Path
from harness.a7.settings import ApiSettings
from harness.a7.writer import AnthropicA7
from tests.a7.conftest import some_specs

settings = ApiSettings.model_validate_json(sys.argv[1])
AnthropicA7(settings, Path(sys.argv[2])).write_all(some_specs(5))
"""


def run_until(replies: int, settings: ApiSettings, folder: Path, log: Path) -> None:
    """Another process that asks; killed without warning as soon as so many replies are stored."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, settings.model_dump_json(), str(folder)],
            stdout=out,
            stderr=out,
            env={**os.environ, "PYTHONPATH": os.getcwd()},
        )
        try:
            deadline = time.monotonic() + 60
            while len(list(folder.glob("*.json"))) < replies and time.monotonic() < deadline:
                time.sleep(0.005)
        finally:
            process.kill()
            process.wait()


@pytest.mark.parametrize("transport", ["messages", "batches"])
def test_killed_and_resumed(
    transport: str, api: FakeApi, settings: ApiSettings, specs: list[Spec], tmp_path: Path
) -> None:
    """After SIGKILL in mid-run a second run makes no call for a stored reply and ends with the same result."""
    chosen = settings.model_copy(update={"transport": transport, "concurrency": 2})
    api.latency = 0.1
    folder = tmp_path / "replies"
    run_until(2, chosen, folder, tmp_path / "log")
    stored = {path.stem for path in folder.glob("*.json")}
    assert len(stored) >= 2, (tmp_path / "log").read_text()
    before = dict(api.calls)

    attempts = AnthropicA7(chosen, folder).write_all(specs)
    assert all(api.calls[digest] == before[digest] for digest in stored)
    assert sum(api.calls.values()) <= len(specs) + 2  # two calls may have been under way at the kill
    assert attempts == AnthropicA7(settings, tmp_path / "anew").write_all(specs)
    assert all(json.loads(path.read_text("utf-8")) for path in folder.glob("*.json"))
