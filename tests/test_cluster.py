"""Judging and generation on dask's workers: real processes, one of which is killed in mid-run."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from harness import cluster as module
from harness.cluster import Cluster, ClusterError, environment
from harness.families.catalogue import draw
from harness.model.generate import ModelFolderError, generate
from harness.simulate.judge import judge_many
from harness.simulate.verdict import Outcome
from tests.model.conftest import tiny

__all__ = ["tiny"]

SPECS = [spec for name in ("mux", "comparator") for spec in islice(draw(name, "cluster"), 6)]
SOURCES = [spec.verilog() for spec in SPECS]
# Each spec with what was written for it, with what was written for its neighbour, and with half a module.
PAIRS = [
    pair
    for spec, right, wrong in zip(SPECS, SOURCES, SOURCES[1:] + SOURCES[:1], strict=True)
    for pair in ((spec, right), (spec, wrong), (spec, right[:-12]))
]
PROMPTS = [f"request {'x' * n}" for n in range(24)]
SAMPLES = [n % 6 for n in range(24)]
"""Two batches for each number of samples."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A scheduler with two worker processes, each with a nanny that starts another in its place."""
    from distributed import LocalCluster

    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        memory_limit=0,
    ) as local:
        yield local.scheduler_address


@pytest.fixture
def cluster(address: str) -> Iterator[Cluster]:
    """Both workers, whatever the test before has killed."""
    with Cluster(address) as found:
        found.client.wait_for_workers(2, timeout=60)
        yield found


class Killer:
    """Kills one worker that is at work, as soon as there is progress to report."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster, self.killed = cluster, 0
        self.pids: dict[str, int] = cluster.client.run(os.getpid)

    def __call__(self, *progress: object) -> None:
        if self.killed:
            return
        for worker, calls in self.cluster.client.processing().items():
            if calls and not self.killed:
                self.killed = self.pids[worker]
                os.kill(self.killed, signal.SIGKILL)


def test_verdicts_are_those_of_this_machine(cluster: Cluster) -> None:
    """Two workers give the verdicts that threads here give, of passes, mismatches and errors, in the same order."""
    assert cluster.slots == 2
    verdicts = judge_many(PAIRS, workers=cluster.slots, executor=cluster)
    assert verdicts == judge_many(PAIRS, workers=2)
    assert {Outcome.PASS, Outcome.COMPILE_ERROR} < {verdict.outcome for verdict in verdicts}


def test_a_killed_worker_loses_no_verdict(cluster: Cluster) -> None:
    """After SIGKILL of a worker in mid-run every pair is judged all the same, once, with the same verdict."""
    kill, told = Killer(cluster), []

    def progress(done: int, total: int) -> None:
        told.append(done)
        kill()

    verdicts = judge_many(PAIRS, workers=12, progress=progress, executor=cluster)
    assert kill.killed and kill.killed not in cluster.client.run(os.getpid).values()
    assert verdicts == judge_many(PAIRS, workers=2)
    assert told == sorted(set(told)) and told[-1] == len(PAIRS)


@pytest.mark.slow
def test_a_killed_worker_loses_no_answer(cluster: Cluster, tiny: Path) -> None:
    """With a worker killed in mid-run each prompt is answered once, in the bytes that local processes give."""
    kill, seen = Killer(cluster), []

    def arrived(index: int, answers: list[str]) -> None:
        seen.append(index)
        kill()

    found = generate(tiny, PROMPTS, SAMPLES, max_new_tokens=100, on_answers=arrived, executor=cluster)
    assert kill.killed and kill.killed not in cluster.client.run(os.getpid).values()
    assert sorted(seen) == list(range(len(PROMPTS)))
    assert found == generate(tiny, PROMPTS, SAMPLES, max_new_tokens=100, workers=1)


def test_a_worker_with_other_code_is_refused(
    cluster: Cluster, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What differs is named: when connecting, and in a call that a worker gets which came later."""
    monkeypatch.setattr(module, "LIBRARIES", (*module.LIBRARIES, "pytest"))
    environment.cache_clear()
    try:
        with pytest.raises(ClusterError, match=r"worker \S+ differs in pytest \(None, here"):
            Cluster(address)
        with pytest.raises(ClusterError, match=r"worker \S+ differs in pytest \(None, here"):
            cluster.submit(os.getpid).result()
    finally:
        environment.cache_clear()


@pytest.mark.parametrize("said", ["tcp://127.0.0.1:1", "nowhere"])
def test_a_scheduler_that_is_not_there(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the address and how to start one, for a closed port and for no address at all."""
    monkeypatch.setattr(module, "CONNECT_S", 0.5)
    with pytest.raises(ClusterError, match=f"no dask scheduler answers at {said} .*`dask scheduler`"):
        Cluster(said)


def test_a_scheduler_that_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls that it had not answered end with an error that says so."""
    from distributed import LocalCluster

    monkeypatch.setattr(module, "CONNECT_S", 0.5)
    where = {
        "n_workers": 1,
        "processes": False,
        "protocol": "tcp",
        "host": "127.0.0.1",
        "dashboard_address": "127.0.0.1:0",
    }
    with LocalCluster(**where) as local:  # type: ignore[no-untyped-call]
        cluster = Cluster(local.scheduler_address)
        answer = cluster.submit(time.sleep, 1)
    with cluster, pytest.raises(ClusterError, match="lost the connection to the scheduler"):
        answer.result()


def test_a_model_that_the_machines_do_not_share(cluster: Cluster, tmp_path: Path) -> None:
    """A folder that is not there is an error that names it and the rule."""
    with pytest.raises(ModelFolderError, match=f"sees no folder {tmp_path}/none: .*one path that all share"):
        generate(tmp_path / "none", ["a"], [0], executor=cluster)
