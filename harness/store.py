"""Content-addressed artifacts: `cache/<stage>/<key>/`, built once, shared by processes, never half-written.

The key is a digest of everything that can change the result. A folder exists only if its build finished: it
is built under a temporary name, its manifest is written last, and then it is renamed. A build holds a lock,
so that two processes asking for the same artifact build it once; a failed build is remembered for as long as
the asking run lasts, so that nobody else in it repeats it.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from filelock import FileLock

MANIFEST = "manifest.json"
FAILED = "failed.json"
PARTIAL = ".partial"
FULL = (errno.ENOSPC, errno.EDQUOT)
# A pytest run has one id, the same on all its xdist workers; elsewhere each process has its own.
RUN_ID = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid4().hex


class StoreError(RuntimeError):
    """An artifact that could not be built or read."""


class NotBuilt(StoreError):
    """An artifact that a reader wanted and that nobody has built."""


@dataclass(frozen=True)
class Artifact:
    """A finished folder: `path` holds its files, `key` identifies what made it."""

    stage: str
    key: str
    path: Path
    built: bool

    @property
    def manifest(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads((self.path / MANIFEST).read_text("utf-8"))
        return data


def canonical(data: Any) -> str:
    """JSON with one spelling for equal data."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(data: bytes | str) -> str:
    """sha256 in hexadecimal."""
    return hashlib.sha256(data.encode("utf-8") if isinstance(data, str) else data).hexdigest()


def digest_file(path: Path) -> str:
    """sha256 of a file's bytes, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_tree(folder: Path, pattern: str = "**/*") -> str:
    """sha256 over the names and bytes of a folder's files that match `pattern`, caches of tools left out."""
    names = sorted(path.relative_to(folder) for path in folder.glob(pattern) if path.is_file())
    kept = [name for name in names if not any(p.startswith((".", "__pycache__")) for p in name.parts)]
    return digest(canonical([[name.as_posix(), digest_file(folder / name)] for name in kept]))


def write_atomic(path: Path, content: str | bytes) -> None:
    """Write a file so that a reader, or a crash, sees the old content or the new, never a part.

    Raises StoreError when it cannot be written (a full disk, no permission); the old file stays.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink()


class Store:
    """Artifacts under one root folder. `say` is told why a stage is run; only stages in `may_build` are, if given."""

    def __init__(
        self,
        root: Path,
        say: Callable[[str], None] = lambda line: None,
        may_build: Collection[str] | None = None,
    ) -> None:
        self.root, self.say, self.may_build = root, say, may_build

    def get(self, stage: str, inputs: Mapping[str, Any], build: Callable[[Path], None]) -> Artifact:
        """The artifact of `stage` for `inputs` (JSON data), built by `build(folder)` if it is not there.

        `build` gets a folder that survives a kill, so a long stage may keep checkpoints in it; a folder named
        `checkpoints` is dropped when the stage is finished. Raises NotBuilt if the artifact is lacking and
        may not be built, StoreError if the cache cannot be written or this build has failed in this run before;
        whatever else `build` raises is passed on.
        """
        key = digest(canonical({"stage": stage, **inputs}))[:24]
        final = self.root / stage / key
        if (final / MANIFEST).is_file():
            return Artifact(stage, key, final, built=False)
        if self.may_build is not None and stage not in self.may_build:
            raise NotBuilt(
                f"{stage} is not built for these settings; run `pytest -m build` with the same profile first"
            )
        work = final.with_name(key + PARTIAL)
        try:
            final.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(f"{final}.lock").acquire()
        except OSError as error:
            raise _unwritable(final, error) from error
        with lock:
            if (final / MANIFEST).is_file():
                return Artifact(stage, key, final, built=False)
            _refuse_to_repeat(work, stage)
            self.say(f"{stage}: {self._why(stage, inputs)}")
            try:
                work.mkdir(exist_ok=True)
                (work / FAILED).unlink(missing_ok=True)
                build(work)
                shutil.rmtree(work / "checkpoints", ignore_errors=True)
                write_atomic(
                    work / MANIFEST, json.dumps({"stage": stage, "key": key, "inputs": inputs}, indent=1)
                )
                shutil.rmtree(final, ignore_errors=True)  # a folder without a manifest is no artifact
                work.replace(final)
            except Exception as error:
                _remember_failure(work, error)
                if isinstance(error, OSError) and error.errno in FULL:
                    raise _unwritable(final, error) from error
                raise
        return Artifact(stage, key, final, built=True)

    def drop(self, artifact: Artifact) -> None:
        """Remove a large artifact that is not needed for now; it is built again when it is asked for."""
        (artifact.path / MANIFEST).unlink(missing_ok=True)  # first: a folder without one is no artifact
        shutil.rmtree(artifact.path, ignore_errors=True)

    def _why(self, stage: str, inputs: Mapping[str, Any]) -> str:
        """What differs from the newest earlier artifact of this stage, as a short phrase."""
        finished = (p for p in self.root.glob(f"{stage}/*/{MANIFEST}") if p.parent.suffix != PARTIAL)
        manifests = sorted(finished, key=lambda path: path.stat().st_mtime)
        if not manifests:
            return "not built yet"
        try:
            before = json.loads(manifests[-1].read_text("utf-8"))["inputs"]
        except (OSError, ValueError, KeyError):
            return "the newest earlier one cannot be read"
        changed = sorted(
            k for k in {*before, *inputs} if canonical(before.get(k)) != canonical(inputs.get(k))
        )
        return f"{', '.join(changed)} changed" if changed else "built by another version"


def _remember_failure(work: Path, error: Exception) -> None:
    note = json.dumps({"run": RUN_ID, "error": f"{type(error).__name__}: {error}"})
    with suppress(OSError):  # the disk may be what failed; the error itself is on its way up
        (work / FAILED).write_text(note, "utf-8")


def _refuse_to_repeat(work: Path, stage: str) -> None:
    """Raise StoreError if this build has failed before in this run."""
    try:
        note = json.loads((work / FAILED).read_text("utf-8"))
    except (OSError, ValueError):
        return
    if note["run"] == RUN_ID:
        raise StoreError(f"{stage} has already failed to build in this run: {note['error']}")


def _unwritable(path: Path, error: OSError) -> StoreError:
    return StoreError(
        f"cannot write {path}: {error.strerror or error}; make room there or choose another folder (--cache, --report)"
    )
