"""What all stages share: the profile, the store, the suite that training stays away from, and keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from harness.benchmark.suite import Suite, load_suite
from harness.cluster import Cluster
from harness.dataset.leakage import Guard
from harness.dataset.records import Record, read_records
from harness.families.catalogue import FSM
from harness.profile import Profile
from harness.release.contest import profile_suite
from harness.report.progress import Progress
from harness.store import Artifact, Store, digest_file, digest_tree
from harness.suites.suite import OutsideSuite

PACKAGE = Path(__file__).resolve().parents[1]
ROOT = PACKAGE.parent
# What decides the bytes of a dataset, as sources.
DATA_SOURCES = ("families", "wording", "dataset", "rtl", "simulate", "testbench", "benchmark")
RECORDS = "records.jsonl"


@dataclass(eq=False)
class Stages:
    """One profile over one store. `from_scratch` trains V3 and V4 instead of replaying recordings.

    `outside` is scored instead of the profile's suite; `given` are models made elsewhere, by name; `launcher` starts
    training on several devices (see `harness.model.train.train`). Models answer, and are judged, on `cluster` if there
    is one; it is in no key, as it changes no result.
    """

    profile: Profile
    store: Store
    progress: Callable[[str], Progress]
    from_scratch: bool = False
    root: Path = ROOT
    outside: OutsideSuite | None = None
    given: Mapping[str, str] = field(default_factory=dict)
    cluster: Cluster | None = None
    launcher: tuple[str, ...] = ()

    @cached_property
    def suite(self) -> Suite | OutsideSuite:
        """What models are scored on: of the benchmark's specs as many as the profile wants."""
        return self.outside or profile_suite(self.root, self.profile.benchmark)

    @cached_property
    def held_out(self) -> Suite:
        """The whole benchmark, from which training stays away."""
        return load_suite(self.root / self.profile.benchmark.suite)

    @cached_property
    def guard(self) -> Guard:
        """Keeps training away from `held_out`, however little of it is run."""
        return Guard(self.held_out)

    def _texts(self, category: str) -> int:
        return self.profile.train.epochs * self.profile.data.versions.get(category, 1)

    def _fsm_texts(self, category: str) -> int:
        """As many as `_texts`, but of FSMs as many as the profile wants for what V5 adds."""
        own = self.profile.train.epochs * self.profile.data.fsm_versions
        return own if category in FSM else self._texts(category)

    def _data_inputs(self, given: Path | None) -> dict[str, Any]:
        """What decides a data stage: settings, held-out specs, code, and the user's file if there is one."""
        data = self.profile.data
        return {
            "share": data.share,
            "seed": data.seed,
            "epochs": self.profile.train.epochs,
            "versions": data.versions,
            "suite": self.held_out.digest,
            "file": None if given is None else digest_file(given) if given.is_file() else str(given),
            **self._code(*DATA_SOURCES),
        }

    def _code(self, *sources: str) -> dict[str, str]:
        """What identifies the code of packages, or of single modules, in a key."""
        return {f"code:{name}": _code_digest(name) for name in sources}


def records_of(artifact: Artifact) -> list[Record]:
    """The examples of a data stage."""
    return read_records(artifact.path / RECORDS)


@cache
def _code_digest(source: str) -> str:
    path = PACKAGE / source
    return (digest_file(path) if path.is_file() else digest_tree(path))[:16]
