"""The trace of production: one JSON line for each request, appended by any number of processes.

`trace.jsonl` is the newest file; a file that has grown to its limit is renamed to `trace.1.jsonl`, the next to
`trace.2.jsonl` and so on, so that the highest number is the youngest of them. Nothing is ever deleted here.

An append is one write under an exclusive lock of `trace.jsonl.lock`, which the kernel drops when a process dies.
A process that is killed can so leave at most one cut line, its own, for which `append` had not returned; the
next append ends it with a newline first. Lines survive a killed process, not a power cut (nothing is synced).
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from glob import escape
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from harness.simulate.verdict import UNVERIFIED, Outcome

VERDICTS = frozenset({*map(str, Outcome), UNVERIFIED})
ROTATE_BYTES = 64 * 1024 * 1024
TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"


class TraceError(OSError):
    """A trace that cannot be written or read."""


class TraceLine(BaseModel):
    """One request and what became of it, or a user's correction of one.

    A correction is a line of its own, with an id of its own: `corrects` names the request it belongs to,
    `instruction`, `rtl`, `category`, `spec` and `reference` are repeated from there, `correction` is the RTL that
    the user put right, and `verdict` is about that. Count requests by the lines without `corrects`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    time: str = Field(pattern=TIME)
    """When it was answered: RFC 3339, UTC, with milliseconds."""
    request: str = Field(min_length=1)
    model: str
    """Digest of the weights that answered."""
    instruction: str
    rtl: str
    verdict: str
    """An Outcome, or `unverified` where there was nothing to verify with."""
    detail: str = ""
    latency_s: float = Field(ge=0, allow_inf_nan=False)
    category: str | None = None
    spec: dict[str, Any] | None = None
    """What harness.families.catalogue.dump writes."""
    reference: str | None = None
    """A golden module that the user gave."""
    correction: str | None = None
    corrects: str | None = None
    private: bool = False
    """Marked by the user: what was asked and answered is not kept."""

    @field_validator("verdict")
    @classmethod
    def _known(cls, verdict: str) -> str:
        if verdict not in VERDICTS:
            raise ValueError(f"must be one of {', '.join(sorted(VERDICTS))}")
        return verdict

    def redacted(self) -> Self:
        """Without any of the user's content if it is private: id, time, category, verdict and latency stay."""
        if not self.private:
            return self
        gone: dict[str, object] = {"instruction": "", "rtl": "", "detail": "", "spec": None}
        gone |= {name: "" for name in ("reference", "correction") if getattr(self, name) is not None}
        return self.model_copy(update=gone)


def now() -> str:
    """The time as a line has it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def append(path: Path, line: TraceLine, limit: int = ROTATE_BYTES) -> None:
    """Add `line`, redacted, to the trace at `path`, which is rotated first if it would grow past `limit` bytes.

    When it returns, the line is there whole, whatever else is appended or killed meanwhile. Raises TraceError
    when it cannot be written (a full disk, no permission).
    """
    data = line.redacted().model_dump_json(exclude_defaults=True).encode() + b"\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path, fcntl.LOCK_EX):
            with suppress(FileNotFoundError):
                if path.stat().st_size > 0 and path.stat().st_size + len(data) > limit:
                    path.rename(_rotated(path, _numbers(path)[-1:]))
            descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                size = os.fstat(descriptor).st_size
                if size and os.pread(descriptor, 1, size - 1) != b"\n":
                    data = b"\n" + data
                if os.write(descriptor, data) != len(data):
                    raise OSError(None, "only a part was written, the disk is full")
            finally:
                os.close(descriptor)
    except OSError as error:
        raise TraceError(
            f"{path}: cannot be written ({error.strerror}); make room or choose another"
        ) from error


def read(path: Path) -> tuple[list[TraceLine], int]:
    """All lines of the trace at `path`, rotated files first, and the number of lines that are cut or malformed.

    Sees exactly the lines whose append had returned when it was called, or later ones too. Raises TraceError
    when there is no such trace or it cannot be read.
    """
    found, skipped = [], 0
    for _, raw in lines(path):
        try:
            found.append(TraceLine.model_validate_json(raw))
        except ValidationError:
            skipped += 1
    return found, skipped


def find(path: Path, request: str) -> TraceLine | None:
    """The line of one request; None if there is none. Raises TraceError when the trace cannot be read."""
    wanted = request.encode("utf-8", "replace")
    for _, raw in lines(path):
        if wanted in raw:
            with suppress(ValidationError):
                line = TraceLine.model_validate_json(raw)
                if line.request == request:
                    return line
    return None


class Place(NamedTuple):
    """Where a line stands: the file's name, and the line's number there, from 1."""

    file: str
    number: int


def lines(path: Path) -> Iterator[tuple[Place, bytes]]:
    """The lines that are not blank, as bytes, from the oldest file on; raises TraceError as `read` does.

    Files are opened, and their ends noted, between two appends: none is lost to a rotation.
    """
    with ExitStack() as stack:
        files: list[tuple[BinaryIO, int]] = []
        try:
            with _locked(path, fcntl.LOCK_SH):
                for one in [*(_rotated(path, [n - 1]) for n in _numbers(path)), path]:
                    with suppress(FileNotFoundError):
                        file = stack.enter_context(one.open("rb"))
                        files.append((file, os.fstat(file.fileno()).st_size))
        except OSError as error:
            raise TraceError(f"{path}: cannot be read ({error.strerror})") from error
        if not files:
            raise TraceError(f"{path}: there is no trace; give the path of a trace.jsonl")
        for opened, end in files:
            name, number = Path(opened.name).name, 0
            while opened.tell() < end:
                raw, number = opened.readline(), number + 1
                if raw.strip():
                    yield Place(name, number), raw


@contextmanager
def _locked(path: Path, kind: int) -> Iterator[None]:
    """Hold the trace's lock. A reader of a trace without a lock file (a copy) needs none and makes none."""
    make = os.O_RDWR | os.O_CREAT if kind == fcntl.LOCK_EX else os.O_RDONLY
    try:
        descriptor = os.open(f"{path}.lock", make | os.O_CLOEXEC, 0o600)
    except FileNotFoundError:
        if kind == fcntl.LOCK_EX:
            raise
        yield
        return
    try:
        fcntl.flock(descriptor, kind)
        yield
    finally:
        os.close(descriptor)


def _numbers(path: Path) -> list[int]:
    """Those of the rotated files that are there, in order."""
    middles = (
        one.name[len(path.stem) + 1 : -len(path.suffix)] for one in path.parent.glob(f"{escape(path.stem)}.*")
    )
    return sorted(int(middle) for middle in middles if middle.isascii() and middle.isdigit())


def _rotated(path: Path, last: list[int]) -> Path:
    """The name of the rotated file after `last`."""
    return path.with_name(f"{path.stem}.{1 + (last[0] if last else 0)}{path.suffix}")
