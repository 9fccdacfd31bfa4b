"""The corpora: no attack passes, hangs or leaves anything behind, and no legitimate style is refused."""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import pytest

from harness.simulate import judge as judge_module
from harness.simulate.pair import judge_pair
from harness.simulate.sandbox import Limits
from harness.simulate.verdict import Outcome, Verdict

TESTS = Path(__file__).resolve().parents[1]
PATIENCE_S = 100.0
"""Longer than any simulation may take: others of this machine's are still running then only if they leaked."""


def corpus(name: str) -> dict[str, list[Path]]:
    """The files of a corpus by the golden that each names in its first line."""
    found: dict[str, list[Path]] = defaultdict(list)
    for path in sorted((TESTS / name).iterdir()):
        if path.is_file():
            said = re.match(r"\ufeff?// golden: (\w+)\r?\n// (tries|style): \S", read(path))
            assert said, f"{path.name} does not say what it is"
            found[said[1]].append(path)
    return found


def read(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")


def judged(name: str, golden: str) -> dict[str, Verdict]:
    paths = corpus(name)[golden]
    goldens = TESTS / ("attacks" if name == "attacks" else "legitimate") / "goldens"
    source = read(goldens / f"{golden}.v")
    verdicts = judge_pair(source, [read(path) for path in paths], golden).verdicts
    return {path.name: verdict for path, verdict in zip(paths, verdicts, strict=True)}


def processes() -> set[str]:
    """The simulators that run as this user."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/comm"):
        try:
            name = status.read_text().strip()
            if name in ("vvp", "iverilog", "ivl") and status.stat().st_uid == os.getuid():
                found.add(status.parent.name)
        except OSError:
            continue
    return found


def test_the_corpora_are_large_enough() -> None:
    """At least 40 attacks and 40 legitimate styles, over several goldens."""
    for name in ("attacks", "legitimate"):
        files = corpus(name)
        assert len(files) >= 3
        assert sum(map(len, files.values())) >= 40


@pytest.mark.parametrize("golden", sorted(corpus("attacks")))
def test_no_attack_passes_or_leaves_anything(
    golden: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every attack ends with a verdict other than pass, and no file and no process of it remains."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(judge_module, "ALONE", Limits(cpu_s=2))
    monkeypatch.setattr(judge_module, "SHARED", Limits(cpu_s=2))
    verdicts = judged("attacks", golden)
    accepted = [name for name, verdict in verdicts.items() if verdict.passed]
    ours = {n: v.detail for n, v in verdicts.items() if v.outcome is Outcome.TOOL_ERROR}
    assert accepted == []
    assert ours == {}
    assert list(tmp_path.iterdir()) == []
    left, deadline = processes(), time.monotonic() + PATIENCE_S
    while left & processes() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not left & processes()


@pytest.mark.parametrize("golden", sorted(corpus("legitimate")))
def test_no_legitimate_style_is_refused(golden: str) -> None:
    """Every way to write a golden that people use passes."""
    refused = {name: str(v) for name, v in judged("legitimate", golden).items() if not v.passed}
    assert refused == {}


@pytest.mark.parametrize("golden", sorted(corpus("refused")))
def test_what_is_not_supported_is_refused_by_a_rule(golden: str) -> None:
    """Rare but legal constructs that no rule lets through get no wrong verdict: they are rejected by name."""
    outcomes = {name: verdict.outcome for name, verdict in judged("refused", golden).items()}
    assert set(outcomes.values()) == {Outcome.REJECTED}, outcomes
