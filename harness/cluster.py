"""Calls that run on the workers of a dask.distributed scheduler: simulations and shards of generation.

dask does the scheduling: a call whose worker dies is given to another one. Added here is the certainty that a worker
is what this process would be. Verdicts and answers are kept under keys that name our code, so a worker with other
code, or another Icarus, must not give any: workers are asked before the first call, and again in every call, as
some may join later.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Executor, Future
from functools import cache, partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from uuid import uuid4

from harness.simulate.cache import simulator
from harness.store import digest_tree

if TYPE_CHECKING:
    import distributed

PACKAGE = Path(__file__).resolve().parent
SOURCES = ("dataset", "families", "model", "rtl", "simulate")
LIBRARIES = ("pyslang", "tokenizers", "torch", "transformers")
"""Packages of ours and of others that have a say in a verdict or an answer."""
CONNECT_S, FIRST_WORKER_S = 10, 60
"""How long a scheduler may take to answer, and its first worker to come: Slurm starts them at the same time as us."""

P = ParamSpec("P")
T = TypeVar("T")


class ClusterError(RuntimeError):
    """No scheduler, no workers, or workers that would answer otherwise than this process."""


@cache
def environment() -> dict[str, str]:
    """What decides a verdict or an answer besides what is asked, by name, as it was when first looked at.

    Kept, because a worker lives for days, and what it runs are the sources that it has loaded.
    """
    return {
        "Python": ".".join(platform.python_version_tuple()[:2]),
        **{f"harness/{name}": digest_tree(PACKAGE / name)[:16] for name in SOURCES},
        "Icarus": simulator() or "missing",
        **{library: _version(library) for library in LIBRARIES},
    }


class Cluster(Executor):
    """An executor whose calls run on the workers of the scheduler at `address` (as in tcp://10.0.0.5:8786).

    What is called must be importable, and it and its arguments picklable. Raises ClusterError when the scheduler
    cannot be reached, has no workers, or has one that differs from this process. A call fails with what it raised,
    with distributed.KilledWorker if several workers died of it, and with ClusterError once the scheduler is gone.
    Closing it (it is a context manager) takes back what has not been answered; the workers stay.
    """

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
            from distributed.comm.addressing import get_address_host_port
        except ImportError as error:
            raise ClusterError(
                "a cluster needs dask.distributed: install the extra `cluster`"
                " (pip install -e '.[cluster]'), here and for the workers"
            ) from error
        try:
            get_address_host_port(address)  # raises at once where Client would hang at exit
            self.client: Any = Client(address, timeout=CONNECT_S, set_as_default=False)  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            raise ClusterError(
                f"no dask scheduler answers at {address} ({error}); start one with `dask scheduler` and give the"
                " address that it prints"
            ) from error
        try:
            self._inspect(address)
        except BaseException:
            self.shutdown()
            raise

    def _inspect(self, address: str) -> None:
        """Raise ClusterError unless there are workers, all of them as this process is."""
        try:
            self.client.wait_for_workers(1, timeout=FIRST_WORKER_S)
        except TimeoutError as error:
            raise ClusterError(
                f"the scheduler at {address} has no workers; start some with `dask worker {address}`"
            ) from error
        for worker, found in self.client.run(environment, on_error="return").items():
            if isinstance(found, Exception):
                raise ClusterError(
                    f"worker {worker} cannot load the harness ({found!r}); start it in the environment that runs"
                    " pytest here"
                )
            _compare(environment(), found, worker)

    @property
    def slots(self) -> int:
        """Calls that run at a time: all threads of all workers there are now."""
        return sum(self.client.ncores().values())

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have `fn(*args, **kwargs)` called by some worker. Equal calls are each made."""
        # Bound together, the arguments are opaque to dask, which would otherwise search lists for tasks of its own.
        call = partial(fn, *args, **kwargs)
        key = f"{getattr(fn, '__name__', 'call').strip('_')}-{uuid4().hex}"
        task = self.client.submit(_call, environment(), call, key=key)
        answer: Future[T] = Future()
        answer.add_done_callback(lambda _: task.cancel() if answer.cancelled() else None)
        task.add_done_callback(lambda _: _settle(task, answer))
        return answer

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the scheduler, which drops our calls that have not been answered."""
        self.client.close()


def _call(expected: Mapping[str, str], call: Callable[[], T]) -> T:
    """What a worker runs. Raises ClusterError when it isn't as the client `expected`."""
    _compare(expected, environment(), platform.node())
    return call()


def _compare(ours: Mapping[str, str], theirs: Mapping[str, str], worker: str) -> None:
    other = [
        f"{name} ({theirs.get(name)}, here {said})" for name, said in ours.items() if theirs.get(name) != said
    ]
    if other:
        raise ClusterError(
            f"worker {worker} differs in {', '.join(other)}, so its answers could be others than ours;"
            " give it the same project and environment, and start it again"
        )


def _settle(task: distributed.Future[T], answer: Future[T]) -> None:
    """Pass on how a task ended; unlike dask's own executor say why where that was the loss of the scheduler."""
    if not answer.set_running_or_notify_cancel():
        return
    try:
        answer.set_result(task.result())
    except CancelledError as error:
        lost = ClusterError(f"{error}: the build goes on from what is kept when it is run again")
        lost.__cause__ = error
        answer.set_exception(lost)
    except BaseException as error:
        answer.set_exception(error)


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "missing"
