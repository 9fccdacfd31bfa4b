"""Stage 3: FSMs written by a model, kept only if A7's strict testbench passes (component C)."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from harness.dataset.assemble import categories
from harness.dataset.component_c import C_TARGETS, MAX_ATTEMPTS
from harness.dataset.records import read_records
from harness.pipeline import Pipeline
from harness.pipeline.stages import RECORDS
from harness.report.table import table

pytestmark = pytest.mark.build


def test_component_c(pipeline: Pipeline, announce: Callable[[str], None]) -> None:
    """Every FSM kind is there, within 400 attempts, each example in its versions, with its writer and testbench."""
    artifact = pipeline.component("c")
    records = read_records(artifact.path / RECORDS)
    tally = json.loads((artifact.path / "tally.json").read_text())
    counts = ("target", "attempts", "untested", "accepted")
    rows = [[k, *(t[name] for name in counts), f"{t['rate']:.0%}"] for k, t in tally.items()]
    announce(table("component C", ["category", *counts, "pass rate"], rows))
    acted = json.loads((artifact.path / "policies.json").read_text())
    for sentence in acted:
        announce(f"policy: {sentence}")
    found = set(categories(records))
    assert found <= set(C_TARGETS) if acted else found == set(C_TARGETS)
    assert sum(t["attempts"] for t in tally.values()) <= MAX_ATTEMPTS
    texts = pipeline.profile.train.epochs * pipeline.profile.data.fsm_versions
    assert {len(record.turns) for record in records} == {texts}
    own = pipeline.a7.testbench_type
    allowed = {own, f"{own}_relaxed", "template"} if acted else {own}
    for record in records:
        assert record.metadata.testbench_type in allowed
        assert record.metadata.model_extra is not None
        assert record.metadata.model_extra["candidate_writer"]
