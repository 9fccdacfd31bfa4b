"""What a report shows: everything that one gate run has decided on and, where it built the model, how it was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from harness.benchmark.score import Scores
from harness.release.gate import Finding


@dataclass(frozen=True)
class Strictness:
    """How strict one writer's testbenches were for a category: `killed` of `live` wrong mutants of the golden."""

    category: str
    writer: str
    killed: int
    live: int
    admitted: bool


@dataclass(frozen=True)
class Neighbour:
    """The training example nearest to a benchmark spec: similarity of their texts in 0..1."""

    task: str
    record: str
    similarity: float
    text: str


@dataclass(frozen=True)
class Run:
    """One gate run. `scores` is by split, then by model, baselines first and the candidate last.

    What follows `texts` is how the candidate was made, and empty for a model that was made elsewhere:
    `composition` counts training examples by category and component, `writing` component C's attempts by
    category and outcome, `losses` are nats per token by model, one a step, and `provenance` is (stage, key,
    what decided it) of every artifact.
    """

    suite: str
    candidate: str
    scores: Mapping[str, Mapping[str, Scores]]
    findings: Sequence[Finding]
    texts: Mapping[str, Mapping[str, str]]
    """Each task's request by split."""
    rerun: str
    """The command that repeats one task; `{task}` stands for its id."""
    composition: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    strictness: Sequence[Strictness] = ()
    writing: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    losses: Mapping[str, Sequence[float]] = field(default_factory=dict)
    neighbours: Sequence[Neighbour] = ()
    provenance: Sequence[tuple[str, str, Mapping[str, object]]] = ()

    @property
    def released(self) -> bool:
        """Whether every criterion is met, and there is one."""
        return bool(self.findings) and all(finding.passed for finding in self.findings)
