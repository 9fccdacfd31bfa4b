"""A fake engine that answers what the prompt says, and everything around it for real."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from harness.serve.answer import Desk, Settings
from harness.serve.engine import Ask, EngineError, Piece, TooSlow
from harness.simulate.check import Checker
from tests.model.conftest import tiny

__all__ = ["tiny"]

GOLDEN = """module toggle(input clk, input rst, input en, output reg q);
  always @(posedge clk) if (rst) q <= 0; else if (en) q <= ~q;
endmodule
"""
WRONG = GOLDEN.replace("if (en) ", "")


class Fake:
    """Answers `right`, `wrong` or `broken` RTL as the prompt's first word says; of several answers only the last is
    right if it says `last`. `wait` waits for `go`, `fail` and `slow` raise, `long` has a thousand pieces.

    `said` counts the pieces of long answers. All `answers` are held on to, so that none is closed by being forgotten.
    """

    name, weights = "fake", "f" * 64

    def __init__(self) -> None:
        self.go = threading.Event()
        self.alive = True
        self.said = 0
        self.answers: list[Generator[Piece]] = []

    def length(self, prompt: str) -> int:
        if "<|im_end|>" in prompt:
            raise ValueError("a secret path")
        return len(prompt.split())

    def ready(self) -> bool:
        return self.alive

    def answer(self, ask: Ask, timeout_s: float) -> Generator[Piece]:
        self.answers.append(self._pieces(ask, timeout_s))
        return self.answers[-1]

    def _pieces(self, ask: Ask, timeout_s: float) -> Generator[Piece]:
        word, count = ask.prompt.split()[0], len(ask.temperatures)
        if word == "wait" and not self.go.wait(timeout_s):
            raise TooSlow("slow")
        if word == "slow":
            time.sleep(0.01)
            raise TooSlow("slow")
        if word == "fail":
            raise EngineError("/a/secret/path")
        for _ in range(1000 if word == "long" else 0):
            self.said += 1
            yield Piece(0, "x")
        texts = {"right": GOLDEN, "wrong": WRONG, "broken": "module toggle(; endmodule"}
        for index in range(count):
            text = texts.get(word, WRONG if word == "last" and index + 1 < count else GOLDEN)
            middle = len(text) // 2
            yield Piece(index, f"Here:\n```verilog\n{text[:middle]}")
            yield Piece(index, f"{text[middle:]}```\n", "stop", 42)


@pytest.fixture(scope="session")
def checker() -> Iterator[Checker]:
    """One child for all tests."""
    made = Checker(1)
    yield made
    made.close()


@pytest.fixture
def desk(tmp_path: Path, checker: Checker) -> Desk:
    """A desk with the fake and a trace of its own."""
    settings = Settings(prompt_tokens=50, best_of=4, answer_s=20, max_new_tokens=64)
    return Desk(Fake(), checker, tmp_path / "trace.jsonl", settings)
