"""What the commands have in common: exit statuses, errors in one line, and folders of the project."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from harness.pipeline.stages import ROOT

YES, NO, FAULT = 0, 1, 2


@contextmanager
def faults_of(*kinds: type[Exception]) -> Iterator[None]:
    """Turn what is wrong with the question, or with this machine, into a message and the exit status 2."""
    try:
        yield
    except kinds as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(FAULT) from None


def project_folder(said: str) -> Path:
    """A folder here, or else of that name in the project."""
    return Path(said) if Path(said).exists() else ROOT / said
