"""Content-addressed artifacts: `cache/<stage>/<key>/`, built once, shared by every process, never half-written.

The key is a digest of everything that can change the result. A folder exists only if its build finished:
it is built under a temporary name, its manifest is written last, and then it is renamed. A build holds a lock,
so that two processes asking for the same artifact build it once; a failed build is remembered for as long as
the asking run lasts, so that the others do not repeat it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

MANIFEST = "manifest.json"


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
    """sha256 over the names and bytes of the files of a folder that match `pattern`."""
    files = sorted(
        path for path in folder.glob(pattern) if path.is_file() and "__pycache__" not in path.parts
    )
    return digest(canonical([[path.relative_to(folder).as_posix(), digest_file(path)] for path in files]))


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
        temporary.unlink(missing_ok=True)
        raise StoreError(
            f"cannot write {path}: {error.strerror}; free space or choose another --cache"
        ) from error


class Store:
    """Artifacts under one root folder. `say` is told, in one line, why a stage is run; a read-only store builds none."""

    def __init__(
        self, root: Path, say: Callable[[str], None] = lambda line: None, *, read_only: bool = False
    ) -> None:
        self.root, self.say, self.read_only = root, say, read_only

    def get(self, stage: str, inputs: Mapping[str, Any], build: Callable[[Path], None]) -> Artifact:
        """The artifact of `stage` for `inputs` (JSON data), built by `build(folder)` if it is not there.

        `build` gets a folder that survives a kill, so a long stage may keep checkpoints in it; a folder named
        `checkpoints` is dropped when the stage is finished. Whatever `build` raises is passed on.
        """
        key = digest(canonical({"stage": stage, **inputs}))[:24]
        final = self.root / stage / key
        if (final / MANIFEST).is_file():
            return Artifact(stage, key, final, built=False)
        if self.read_only:
            raise NotBuilt(
                f"{stage} is not built for these settings; run `pytest -m build` with the same profile first"
            )
        work = final.with_name(f"{key}.partial")
        try:
            work.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"cannot use the cache folder {self.root}: {error.strerror}; choose another with --cache"
            ) from error
        with FileLock(f"{final}.lock"):
            if (final / MANIFEST).is_file():
                return Artifact(stage, key, final, built=False)
            self._report_failure_of_this_run(work)
            self.say(f"{stage}: {self._why(stage, inputs)}")
            work.mkdir(exist_ok=True)
            try:
                build(work)
                shutil.rmtree(work / "checkpoints", ignore_errors=True)
                write_atomic(
                    work / MANIFEST, json.dumps({"stage": stage, "key": key, "inputs": inputs}, indent=1)
                )
                work.replace(final)
            except Exception as error:
                self._remember_failure(work, error)
                raise
        return Artifact(stage, key, final, built=True)

    def _remember_failure(self, work: Path, error: Exception) -> None:
        note = {"run": _run_id(), "error": f"{type(error).__name__}: {error}"}
        try:
            (work / "failed.json").write_text(json.dumps(note), "utf-8")
        except OSError:
            pass  # the disk may be what failed; the error itself is on its way up

    def _report_failure_of_this_run(self, work: Path) -> None:
        try:
            note = json.loads((work / "failed.json").read_text("utf-8"))
        except (OSError, ValueError):
            return
        (work / "failed.json").unlink(missing_ok=True)
        if _run_id() and note.get("run") == _run_id():
            self._remember_failure(work, StoreError(note["error"]))
            raise StoreError(f"another worker of this run already failed to build this: {note['error']}")

    def _why(self, stage: str, inputs: Mapping[str, Any]) -> str:
        """What differs from the newest earlier artifact of this stage, as a short phrase."""
        manifests = sorted(self.root.glob(f"{stage}/*/{MANIFEST}"), key=lambda path: path.stat().st_mtime)
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


def _run_id() -> str:
    """One pytest run has one id, the same on all its xdist workers; empty outside of one."""
    return os.environ.get("PYTEST_XDIST_TESTRUNUID", "")
