"""What a report shows: everything that one gate run has decided on and, where it built the model, how it was made."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from harness.benchmark.score import Scores
from harness.dataset.leakage import Nearest
from harness.release.gate import Finding
from harness.testbench.strictness import Strictness


@dataclass(frozen=True)
class Run:
    """One gate run. `scores` is by split, then by model, baselines first and the candidate last.

    What follows `texts` is how the candidate was made, and empty for a model that was made elsewhere:
    `composition` counts training examples by category and component, `writing` component C's attempts by
    category and outcome, `losses` are nats per token by model, one a step, and `provenance` is (stage, key,
    what decided it) of every artifact.
    """

    terms: str
    """What the verdict is by: criteria, rule, suite and baselines."""
    suite: str
    candidate: str
    scores: Mapping[str, Mapping[str, Scores]]
    findings: Sequence[Finding]
    texts: Mapping[str, Mapping[str, str]]
    """Each task's request by split."""
    rerun: Mapping[str, str]
    """By split, the command that judges one task again; `{task}` stands for its id."""
    composition: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    strictness: Sequence[Strictness] = ()
    writing: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    losses: Mapping[str, Sequence[float]] = field(default_factory=dict)
    neighbours: Sequence[Nearest] = ()
    provenance: Sequence[tuple[str, str, Mapping[str, object]]] = ()

    def again(self, split: str, task: str) -> str:
        """The command that judges the candidate's answer to `task` again, ready for a shell."""
        return self.rerun[split].replace("{task}", shlex.quote(task))

    @property
    def released(self) -> bool:
        """Whether every criterion is met, and there is one."""
        return bool(self.findings) and all(finding.passed for finding in self.findings)
