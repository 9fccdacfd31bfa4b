"""The store: built once, never half-written, and saying why, whatever is killed, full or failing."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import time
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness import store as store_module
from harness.store import NotBuilt, Store, StoreError, canonical, digest_tree, write_atomic

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the machine may be busy
INPUTS = {"seed": 1, "code": "abc"}
PROCESSES = multiprocessing.get_context("fork")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "cache")


def result(folder: Path) -> None:
    (folder / "result.txt").write_text("42")


def fails(folder: Path) -> None:
    (folder / "half.txt").write_text("4")
    raise ValueError("no data")


def must_not_run(folder: Path) -> None:
    raise AssertionError("built again")


def visible(store: Store) -> list[str]:
    """The names of the finished folders."""
    folders = (path for path in store.root.glob("*/*") if path.is_dir())
    return [path.name for path in folders if path.suffix != ".partial"]


def test_what_is_dropped_is_built_again(store: Store) -> None:
    """A dropped artifact leaves nothing behind that passes for one, and the next who asks has it."""
    first = store.get("data", INPUTS, result)
    store.drop(first)
    assert visible(store) == []
    again = store.get("data", INPUTS, result)
    assert again.built and (again.path / "result.txt").read_text() == "42"


def test_built_once(store: Store) -> None:
    """The first call builds, every later one, of another store over the same folder too, finds it."""
    first = store.get("data", INPUTS, result)
    again = Store(store.root).get("data", dict(reversed(INPUTS.items())), must_not_run)
    assert (first.built, again.built) == (True, False)
    assert first.path == again.path
    assert (first.path / "result.txt").read_text() == "42"
    assert first.manifest == {"stage": "data", "key": first.key, "inputs": INPUTS}
    assert visible(store) == [first.key]


def test_other_inputs_are_other_artifacts(store: Store) -> None:
    """Stage and every input are part of the key."""
    keys = {
        store.get(stage, {**INPUTS, "seed": seed}, result).key
        for stage in ("data", "adapter")
        for seed in (1, 2)
    }
    assert len(keys) == 4


@PATIENT
@given(JSON)
def test_canonical(data: object) -> None:
    """Canonical JSON loses nothing, and its spelling does not depend on the order of keys."""
    assert json.loads(canonical(data)) == data
    backwards = json.loads(canonical(data), object_pairs_hook=lambda pairs: dict(reversed(pairs)))
    assert canonical(backwards) == canonical(data)


def _get_slowly(root: Path, log: Path) -> None:
    def build(folder: Path) -> None:
        with log.open("a") as file:
            file.write("built\n")
        time.sleep(0.2)
        result(folder)

    artifact = Store(root).get("data", INPUTS, build)
    assert (artifact.path / "result.txt").read_text() == "42"


def test_concurrent_processes_build_once(store: Store, tmp_path: Path) -> None:
    """Of several processes that want the same artifact one builds it; the others wait and get it."""
    workers = [PROCESSES.Process(target=_get_slowly, args=(store.root, tmp_path / "log")) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * 4
    assert (tmp_path / "log").read_text() == "built\n"
    assert not list(store.root.glob("*/*.partial"))


def _hang(root: Path, started: Event) -> None:
    def build(folder: Path) -> None:
        (folder / "checkpoints").mkdir()
        (folder / "checkpoints" / "step").write_text("7")
        started.set()
        time.sleep(600)

    Store(root).get("data", INPUTS, build)


def test_kill(store: Store) -> None:
    """A killed build leaves no artifact and no lock; the next one goes on from its checkpoints."""
    started = PROCESSES.Event()
    worker = PROCESSES.Process(target=_hang, args=(store.root, started))
    worker.start()
    assert started.wait(60)
    worker.kill()
    worker.join()
    assert visible(store) == []

    def build(folder: Path) -> None:
        assert (folder / "checkpoints" / "step").read_text() == "7"
        result(folder)

    artifact = store.get("data", INPUTS, build)
    assert sorted(path.name for path in artifact.path.iterdir()) == ["manifest.json", "result.txt"]


def test_kill_before_the_last_step(store: Store) -> None:
    """A folder that was killed between manifest and rename is neither an artifact nor compared with."""
    final = store.get("data", INPUTS, result).path
    final.rename(final.with_name(f"{final.name}.partial"))
    said: list[str] = []
    assert Store(store.root, said.append).get("data", INPUTS, result).built
    assert said == ["data: not built yet"]


def test_folder_without_manifest_is_replaced(store: Store) -> None:
    """Who deletes a manifest gets a fresh artifact."""
    first = store.get("data", INPUTS, result)
    (first.path / "manifest.json").unlink()
    (first.path / "stray.txt").touch()
    again = store.get("data", INPUTS, result)
    assert again.built
    assert sorted(path.name for path in again.path.iterdir()) == ["manifest.json", "result.txt"]


def test_failed_build_is_invisible(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a build raises is passed on and nothing shows; a later run builds anew."""
    with pytest.raises(ValueError, match="no data"):
        store.get("data", INPUTS, fails)
    assert visible(store) == []
    with pytest.raises(NotBuilt):
        Store(store.root, may_build=()).get("data", INPUTS, must_not_run)
    monkeypatch.setattr(store_module, "RUN_ID", "a later run")
    artifact = store.get("data", INPUTS, result)
    assert artifact.built
    assert not (artifact.path / "failed.json").exists()


def test_failure_is_remembered_in_the_same_run(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody in the same run repeats a failed build; each is told the first error, however many ask."""
    monkeypatch.setattr(store_module, "RUN_ID", "this run")
    with pytest.raises(ValueError, match="no data"):
        store.get("data", INPUTS, fails)
    for _ in range(3):
        with pytest.raises(StoreError) as caught:
            Store(store.root).get("data", INPUTS, must_not_run)
        assert str(caught.value) == "data has already failed to build in this run: ValueError: no data"
    assert store.get("data", {**INPUTS, "seed": 2}, result).built


def test_interrupt_is_no_failure(store: Store) -> None:
    """Ctrl-C during a build is passed on and not held against the next try."""

    def interrupted(folder: Path) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.get("data", INPUTS, interrupted)
    assert visible(store) == []
    assert store.get("data", INPUTS, result).built


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"seed": 2, "code": "abc"}, "seed changed"),
        ({"seed": 2, "code": "abd"}, "code, seed changed"),
        ({"seed": 1}, "code changed"),
        ({**INPUTS, "share": 0.5}, "share changed"),
    ],
)
def test_says_why(tmp_path: Path, changed: dict[str, object], reason: str) -> None:
    """One line names the stage and the inputs that differ from the newest artifact; no news, no line."""
    said: list[str] = []
    store = Store(tmp_path, said.append)
    store.get("data", INPUTS, result)
    store.get("data", INPUTS, must_not_run)
    store.get("data", changed, result)
    assert said == ["data: not built yet", f"data: {reason}"]


def test_broken_manifest_of_another_artifact(store: Store) -> None:
    """An older manifest that cannot be read does not stop a build."""
    (store.get("data", INPUTS, result).path / "manifest.json").write_text("{")
    said: list[str] = []
    assert Store(store.root, said.append).get("data", {"seed": 3}, result).built
    assert said == ["data: the newest earlier one cannot be read"]


def test_read_only(store: Store) -> None:
    """A reader gets what is there, makes nothing, and is told how to make what is missing."""
    reader = Store(store.root, may_build=())
    with pytest.raises(NotBuilt, match=r"data is not built.*pytest -m build"):
        reader.get("data", INPUTS, must_not_run)
    assert not store.root.exists()
    store.get("data", INPUTS, result)
    assert not reader.get("data", INPUTS, must_not_run).built


def _full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_full_disk(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full before, while or after a build gives a StoreError with the path and the way out."""
    problem = rf"cannot write {store.root}.*No space left on device; make room there or .*--cache"
    with pytest.raises(StoreError, match=problem):
        store.get("data", INPUTS, _full)
    for place, call in ((Path, "mkdir"), (Path, "replace"), (os, "fsync")):
        with monkeypatch.context() as patched:
            patched.setattr(place, call, _full)
            with pytest.raises(StoreError, match=problem):
                store.get(call, INPUTS, result)
    assert visible(store) == []


def test_impossible_folder(tmp_path: Path) -> None:
    """A cache folder that is a file is refused by its path, before anything is built."""
    (tmp_path / "cache").touch()
    with pytest.raises(StoreError, match=f"cannot write {tmp_path}/cache/data"):
        Store(tmp_path / "cache").get("data", INPUTS, must_not_run)


@pytest.mark.parametrize("content", ["new", b"new"])
def test_write_atomic(tmp_path: Path, content: str | bytes) -> None:
    """Text and bytes are written, folders made and old content replaced."""
    path = tmp_path / "a" / "b.json"
    write_atomic(path, "old")
    write_atomic(path, content)
    assert path.read_bytes() == b"new"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("failing", [(os, "fsync"), (Path, "replace")], ids=["fsync", "replace"])
@pytest.mark.parametrize("failure", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt()])
def test_write_atomic_keeps_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: tuple[object, str], failure: BaseException
) -> None:
    """If writing fails or is interrupted, the old content stays and no other file is left behind."""
    path = tmp_path / "b.json"
    write_atomic(path, "old")

    def fail(*_: object) -> None:
        raise failure

    with monkeypatch.context() as patched:
        patched.setattr(*failing, fail)
        with pytest.raises((StoreError, KeyboardInterrupt)):
            write_atomic(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_write_atomic_below_a_file(tmp_path: Path) -> None:
    """A folder that is a file gives a StoreError with the path."""
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=f"cannot write {tmp_path}/file/b.json"):
        write_atomic(tmp_path / "file" / "b.json", "new")


def test_digest_tree(tmp_path: Path) -> None:
    """The digest of a folder follows names and bytes of its files, not what tools leave there."""
    (tmp_path / "a.py").write_text("1")
    digests = [digest_tree(tmp_path)]
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").touch()
    (tmp_path / ".ruff_cache").mkdir()
    (tmp_path / ".ruff_cache" / "x").touch()
    assert digest_tree(tmp_path) == digests[0]
    (tmp_path / "a.py").write_text("2")
    digests.append(digest_tree(tmp_path))
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    digests.append(digest_tree(tmp_path))
    assert len(set(digests)) == 3
