"""The resident model: the same answers as in a measurement, alone or together, whole or in pieces."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from harness.model.generate import generate
from harness.serve.engine import Ask, EngineError, TooSlow, texts
from harness.serve.resident import Resident

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")
ROOT = Path(__file__).parents[2]
LEAVES_EARLY = """
import sys
from pathlib import Path
from harness.serve.engine import Ask
from harness.serve.resident import Resident
next(Resident(Path(sys.argv[1]), "tiny").answer(Ask("a", (0.0,), 100_000), 60))
"""
PROMPTS = ["a", "a longer request", "something longer still, by far"]


@pytest.fixture(scope="module")
def engine(tiny: Path) -> Resident:
    """The tiny model in memory."""
    return Resident(tiny, "tiny")


def ask(prompt: str, *heats: float, tokens: int = 24) -> Ask:
    return Ask(prompt, heats or (0.0,), tokens, seed=0)


def test_answers_are_those_that_are_measured(engine: Resident, tiny: Path) -> None:
    """Greedy and drawn answers, asked at the same time by several threads, equal those of harness.model.generate."""
    measured = generate(tiny, PROMPTS, [2, 2, 2], max_new_tokens=24, temperature=0.7, workers=1)
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda p: texts(engine.answer(ask(p, 0.0, 0.7, 0.7), 60)), PROMPTS))
    assert found == measured


def test_pieces_make_the_whole(engine: Resident) -> None:
    """What is heard token by token is the answer, each piece new text; the last one says why and how many tokens."""
    pieces = list(engine.answer(ask(PROMPTS[1]), 60))
    assert len(pieces) > 2
    assert "".join(piece.text for piece in pieces) == texts(engine.answer(ask(PROMPTS[1]), 60))[0]
    assert [piece.end for piece in pieces[:-1]] == [None] * (len(pieces) - 1)
    assert (pieces[-1].end, pieces[-1].tokens) in {("length", 24), ("stop", pieces[-1].tokens)}


def test_an_answer_has_a_limit_and_can_be_given_up(engine: Resident) -> None:
    """The asked number of tokens is kept; who is too late hears so; an answer nobody hears harms no other."""
    (piece, *_) = engine.answer(ask("a", tokens=1), 60)
    assert piece.tokens <= 1
    with pytest.raises(TooSlow):
        list(engine.answer(ask("a"), 0))
    left = engine.answer(ask(PROMPTS[2], tokens=500), 60)
    next(left)
    left.close()
    assert texts(engine.answer(ask("a"), 60))


def test_a_failure_is_told_and_the_next_request_answered(
    engine: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever breaks while decoding reaches those who wait for it, and only them."""

    def breaks(*arguments: Any) -> Any:
        raise RuntimeError("out of memory")

    with monkeypatch.context() as patch:
        patch.setattr(engine, "_chosen", breaks)
        with pytest.raises(EngineError):
            list(engine.answer(ask("a"), 60))
    assert engine.ready()
    assert texts(engine.answer(ask("a"), 60))


def test_a_prompt_is_measured_as_it_is_asked(engine: Resident) -> None:
    """Its length counts the chat format; a marker of that is refused."""
    assert engine.length("abc") - engine.length("ab") == 1
    with pytest.raises(ValueError, match="chat marker"):
        engine.length("<|im_end|>")


@pytest.mark.slow
def test_a_process_can_end_while_it_decodes(tiny: Path) -> None:
    """A program that has heard enough ends as it should, though the model is in the middle of an answer."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LEAVES_EARLY, str(tiny)], cwd=ROOT, timeout=100
    )
    assert done.returncode == 0
