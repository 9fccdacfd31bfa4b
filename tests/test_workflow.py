"""The workflow that gates a release."""

from __future__ import annotations

from pathlib import Path

WORKFLOW = Path(__file__).resolve().parents[1] / ".github" / "workflows" / "gate.yml"


def test_a_red_gate_keeps_what_was_built() -> None:
    """The cache is restored before the build, and saved after the gate however that ended, under a key of its own."""
    job = WORKFLOW.read_text("utf-8").split("\n  gate:\n")[1]
    steps = job.split("\n    steps:\n")[1].split("      - ")
    (restored,) = (number for number, step in enumerate(steps) if "actions/cache/restore@" in step)
    (saved,) = (number for number, step in enumerate(steps) if "actions/cache/save@" in step)
    built, gated = (
        next(number for number, step in enumerate(steps) if command in step)
        for command in ("./v5 build", "./v5 acceptance")
    )
    assert restored < built < gated < saved
    assert "if: always()" in steps[saved]
    # A key is saved once and never replaced, and a job that is run again has the same run and another attempt.
    assert "github.run_attempt" in steps[saved]
