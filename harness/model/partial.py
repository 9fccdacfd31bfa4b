"""Generation that a kill does not send back to its start: each finished prompt is kept in a file as it comes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from harness.store import write_atomic

Keep = Callable[[int, list[str]], None]
# Called with the answers there are, by the prompt's place, and with a function that takes each further one.
Ask = Callable[[Mapping[int, list[str]], Keep], object]


def answer_all(kept: Path, count: int, ask: Ask) -> list[list[str]]:
    """The answers to `count` prompts, taking from the file `kept` what an earlier, killed run has finished.

    The file belongs to one list of prompts and one way of asking; the caller chooses its name accordingly.
    """
    found: dict[int, list[str]] = {}
    if kept.exists():
        for line in kept.read_text("utf-8").split("\n")[:-1]:
            index, answers = json.loads(line)
            found[index] = answers
    # A line cut by the kill is dropped here, so that what follows starts on a line of its own.
    write_atomic(kept, "".join(json.dumps([i, a]) + "\n" for i, a in sorted(found.items())))
    with kept.open("a", encoding="utf-8") as file:

        def keep(index: int, answers: list[str]) -> None:
            found[index] = answers
            file.write(json.dumps([index, answers]) + "\n")
            file.flush()

        if len(found) < count:
            ask(dict(found), keep)
    return [found[index] for index in range(count)]
