"""Generation that goes on after a kill."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from harness.model.partial import Keep, answer_all

ANSWERS = [[f"answer {n}"] for n in range(6)]


def in_reverse(known: Mapping[int, list[str]], keep: Keep) -> None:
    for index in reversed(range(len(ANSWERS))):
        if index not in known:
            keep(index, ANSWERS[index])


def test_answers_come_in_the_order_of_the_prompts(tmp_path: Path) -> None:
    """However the answers arrive, each stands at its prompt's place."""
    assert answer_all(tmp_path / "kept", len(ANSWERS), in_reverse) == ANSWERS


@pytest.mark.parametrize("finished", range(6))
def test_a_killed_run_knows_what_it_had(tmp_path: Path, finished: int) -> None:
    """After a kill with some prompts done, and a line cut in half, the next run is given just those."""

    def dies(known: Mapping[int, list[str]], keep: Keep) -> None:
        for index in range(finished):
            keep(index, ANSWERS[index])
        raise KeyboardInterrupt

    def rest(known: Mapping[int, list[str]], keep: Keep) -> None:
        assert known == dict(enumerate(ANSWERS[:finished]))
        in_reverse(known, keep)

    kept = tmp_path / "deep" / "kept"
    with pytest.raises(KeyboardInterrupt):
        answer_all(kept, len(ANSWERS), dies)
    with kept.open("a") as file:
        file.write('[5, ["CUT')
    assert answer_all(kept, len(ANSWERS), rest) == ANSWERS
    assert answer_all(kept, len(ANSWERS), lambda known, keep: pytest.fail("asked again")) == ANSWERS
