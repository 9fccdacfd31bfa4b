"""Verdicts kept by content, so that what was judged once is not simulated again.

A verdict follows from the problem, the candidate's text, the judge's own code and the simulator: the key is a
digest of all four. Tool errors are not kept. Several processes may use one file at a time.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from harness.families.spec import Spec
from harness.simulate.problem import Problem
from harness.simulate.verdict import Outcome, Verdict
from harness.store import canonical, digest, digest_tree

PACKAGE = Path(__file__).resolve().parents[1]
VERDICT = TypeAdapter(Verdict)
BUSY_S = 60.0


class VerdictCache:
    """A table of verdicts in an SQLite file, made if it is not there."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=NORMAL")
        self.connection.execute(
            "CREATE TABLE IF NOT EXISTS verdicts (key TEXT PRIMARY KEY, verdict BLOB) WITHOUT ROWID"
        )

    def find(self, keys: Iterable[str]) -> dict[str, Verdict]:
        """Those of the verdicts that are there."""
        found = {}
        for key in keys:
            row = self.connection.execute("SELECT verdict FROM verdicts WHERE key = ?", (key,)).fetchone()
            if row is not None:
                found[key] = VERDICT.validate_json(row[0])
        return found

    def keep(self, verdicts: Mapping[str, Verdict]) -> None:
        """Add verdicts, all or none of them."""
        rows = [
            (key, VERDICT.dump_json(verdict))
            for key, verdict in verdicts.items()
            if verdict.outcome is not Outcome.TOOL_ERROR
        ]
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.executemany("INSERT OR REPLACE INTO verdicts VALUES (?, ?)", rows)
        self.connection.execute("COMMIT")


def problem_key(asked: Spec | Problem, seed: int) -> str:
    """What a verdict depends on, but for the candidate."""
    if isinstance(asked, Spec):
        said: object = [repr(asked), seed]
    else:
        ports = [[port.direction, port.name, port.width] for port in asked.ports]
        said = [asked.module, ports, list(asked.vectors), list(asked.answers), asked.known_from]
    return digest(canonical([said, _judge()]))


def verdict_key(problem: str, candidate: str) -> str:
    return digest(f"{problem}\n{candidate}")


@cache
def _judge() -> list[str]:
    """The judge's own code and the simulator's version."""
    return [*(digest_tree(PACKAGE / name) for name in ("families", "rtl", "simulate")), simulator()]


@cache
def simulator() -> str:
    """What Icarus says of its version; empty without Icarus."""
    iverilog = shutil.which("iverilog")
    said = subprocess.run([iverilog, "-V"], capture_output=True, check=False).stdout if iverilog else b""
    return said.decode("utf-8", "replace").partition("\n")[0]
