"""The cache: a verdict is found again for the same question only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from harness.simulate import judge as judge_module
from harness.simulate.cache import VerdictCache, problem_key, verdict_key
from harness.simulate.judge import judge_many
from harness.simulate.problem import Problem
from harness.simulate.verdict import Outcome, Verdict
from tests.simulate.tiny import TinyAdder, TinyCounter

SPEC = TinyCounter.make()
GOLDEN = SPEC.verilog()
WRONG = GOLDEN.replace("&q", "|q")


def test_what_was_judged_is_not_simulated_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second run reads equal verdicts, mismatch and window included, without a simulator."""
    pairs = [(SPEC, GOLDEN), (SPEC, WRONG), (SPEC, GOLDEN)]
    first = judge_many(pairs, cache=VerdictCache(tmp_path / "verdicts.sqlite"))
    monkeypatch.setattr(judge_module, "simulate", lambda *_: pytest.fail("simulated"))
    assert judge_many(pairs, cache=VerdictCache(tmp_path / "verdicts.sqlite")) == first
    assert [v.outcome for v in first] == [Outcome.PASS, Outcome.MISMATCH, Outcome.PASS]


def test_every_part_of_the_question_is_in_the_key() -> None:
    """Another spec, seed, candidate, answer or stimulus is another key."""
    problem = Problem.of_spec(SPEC, 0)
    keys = {
        problem_key(SPEC, 0),
        problem_key(SPEC, 1),
        problem_key(TinyCounter.make(width=5), 0),
        problem_key(problem, 0),
        problem_key(Problem.of_spec(SPEC, 1), 0),
        problem_key(Problem(SPEC.name, SPEC.ports, problem.vectors, problem.answers, 0), 0),
    }
    assert len(keys) == 6
    assert verdict_key(problem_key(SPEC, 0), GOLDEN) != verdict_key(problem_key(SPEC, 0), GOLDEN + " ")
    assert problem_key(problem, 0) == problem_key(Problem.of_spec(SPEC, 0), 0)


def test_tool_errors_are_not_kept(tmp_path: Path) -> None:
    """A failure on our side is tried again; anything else is kept."""
    cache = VerdictCache(tmp_path / "deep" / "verdicts.sqlite")
    cache.keep({"a": Verdict(Outcome.TOOL_ERROR, "busy"), "b": Verdict(Outcome.PASS)})
    assert cache.find(["a", "b"]) == {"b": Verdict(Outcome.PASS)}


def test_several_may_write_at_once(tmp_path: Path) -> None:
    """Eight writers of one file lose nothing."""

    def write(number: int) -> None:
        cache = VerdictCache(tmp_path / "verdicts.sqlite")
        for n in range(20):
            cache.keep({f"{number}-{n}": Verdict(Outcome.PASS)})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    keys = [f"{number}-{n}" for number in range(8) for n in range(20)]
    assert len(VerdictCache(tmp_path / "verdicts.sqlite").find(keys)) == 160


def test_chunks_change_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking at two pairs at a time gives the verdicts of looking at all at once."""
    adder = TinyAdder.make()
    pairs = [(SPEC, GOLDEN), (adder, adder.verilog()), (SPEC, WRONG), (SPEC, GOLDEN), (SPEC, "module")]
    at_once = judge_many(pairs)
    monkeypatch.setattr(judge_module, "CHUNK", 2)
    told: list[tuple[int, int]] = []
    assert judge_many(pairs, progress=lambda done, total: told.append((done, total))) == at_once
    assert told[-1] == (5, 5)
