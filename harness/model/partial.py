"""Generation that a kill does not send back to its start: each finished prompt is kept in a file as it comes."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

# Called with the prompts still to answer and a function that takes (index among them, its answers).
Ask = Callable[[Sequence[str], Callable[[int, list[str]], None]], object]


def answer_all(kept: Path, prompts: Sequence[str], ask: Ask) -> list[list[str]]:
    """The answers to all `prompts`, taking from the file `kept` what an earlier, killed run has finished.

    The file belongs to one list of prompts and one way of asking; the caller chooses its name accordingly.
    """
    found: dict[int, list[str]] = {}
    if kept.exists():
        for line in kept.read_text("utf-8").split("\n")[:-1]:
            index, answers = json.loads(line)
            found[index] = answers
    left = [index for index in range(len(prompts)) if index not in found]
    kept.parent.mkdir(parents=True, exist_ok=True)
    # A line cut by the kill is dropped here, so that what follows starts on a line of its own.
    kept.write_text("".join(json.dumps([i, a]) + "\n" for i, a in sorted(found.items())), "utf-8")
    with kept.open("a", encoding="utf-8") as file:

        def keep(position: int, answers: list[str]) -> None:
            found[left[position]] = answers
            file.write(json.dumps([left[position], answers]) + "\n")
            file.flush()

        if left:
            ask([prompts[index] for index in left], keep)
    return [found[index] for index in range(len(prompts))]
