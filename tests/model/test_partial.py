"""Generation that goes on after a kill."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from harness.model.partial import answer_all

PROMPTS = [f"prompt {n}" for n in range(6)]
Keep = Callable[[int, list[str]], None]


def echo(prompts: Sequence[str], keep: Keep) -> None:
    for position in reversed(range(len(prompts))):
        keep(position, [prompts[position].upper()])


def test_answers_come_in_the_order_of_the_prompts(tmp_path: Path) -> None:
    """However the answers arrive, each stands at its prompt's place."""
    assert answer_all(tmp_path / "kept", PROMPTS, echo) == [[p.upper()] for p in PROMPTS]


@pytest.mark.parametrize("finished", range(6))
def test_a_killed_run_asks_only_for_the_rest(tmp_path: Path, finished: int) -> None:
    """After a kill with some prompts done, and a line cut in half, only the others are asked again."""
    asked: list[str] = []

    def dies(prompts: Sequence[str], keep: Keep) -> None:
        for position in range(finished):
            keep(position, [prompts[position].upper()])
        raise KeyboardInterrupt

    def rest(prompts: Sequence[str], keep: Keep) -> None:
        asked.extend(prompts)
        echo(prompts, keep)

    kept = tmp_path / "deep" / "kept"
    with pytest.raises(KeyboardInterrupt):
        answer_all(kept, PROMPTS, dies)
    with kept.open("a") as file:
        file.write('[5, ["CUT')
    assert answer_all(kept, PROMPTS, rest) == [[p.upper()] for p in PROMPTS]
    assert asked == PROMPTS[finished:]
