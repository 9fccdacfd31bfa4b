"""Who is measured on what, from the options of the gate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.benchmark.suite import SuiteError
from harness.model.base import BaseModelError
from harness.profile import Benchmark
from harness.release.contest import ContestError, enter
from tests.model.openai import Server

ROOT = Path(__file__).resolve().parents[2]
BENCHMARK = Benchmark()


def test_default() -> None:
    """Without options V5 is measured against V3 and V4 on the profile's suite."""
    contest = enter(ROOT, BENCHMARK)
    assert contest.models == ("v3", "v4", "v5")
    assert contest.baselines == {"v3": "v3", "v4": "v4"}
    assert contest.given == {}
    few = enter(ROOT, Benchmark(per_family=1)).suite
    assert len(few.ids) == 19 < len(contest.suite.ids)
    assert contest.criteria == ROOT / BENCHMARK.criteria


def test_given_candidate_and_baseline() -> None:
    """The baseline stands in V3's place; both go by the names of their files."""
    contest = enter(ROOT, BENCHMARK, completions="runs/New.jsonl", baseline="models/old")
    assert contest.models == ("old", "v4", "new")
    assert contest.baselines["v3"] == "old"
    assert contest.given == {"new": "runs/New.jsonl", "old": "models/old"}


def test_names_do_not_clash() -> None:
    """Files of the same name, or of a name that is taken, are told apart."""
    contest = enter(ROOT, BENCHMARK, model="b/x", baseline="a/x")
    assert contest.models == ("x", "v4", "x-given")
    assert enter(ROOT, BENCHMARK, model="mine/v4").candidate == "v4-given"
    assert enter(ROOT, BENCHMARK, model="mine/v5").candidate == "v5-given"


def test_the_given_baseline_has_a_name_of_its_own_in_criteria() -> None:
    """`baseline` is whom --baseline names, and nobody without it."""
    assert enter(ROOT, BENCHMARK, completions="new.jsonl", baseline="old.jsonl").by_name["baseline"] == "old"
    assert "baseline" not in enter(ROOT, BENCHMARK, completions="new.jsonl").by_name


def test_a_served_model_goes_by_the_name_its_server_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not by its address, which says nothing; a server that is not there is an error before anything is run."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Server(lambda body: (500, b"")) as server:
        contest = enter(ROOT, BENCHMARK, model=server.url, baseline=f"{server.url}#org/Tiny-Model")
    assert contest.models == ("tiny-model", "v4", "tiny-model-given")
    with pytest.raises(BaseModelError, match="start the server"):
        enter(ROOT, BENCHMARK, model=f"{server.url}#other")


def test_outside_suite() -> None:
    """An outside suite has its own categories and criteria, and no baseline but a given one."""
    said = f"rtllm:{ROOT / 'tests/suites/fixtures/rtllm'}"
    own = Path("/c.toml")
    contest = enter(ROOT, BENCHMARK, completions="x.jsonl", outside=said, own_criteria=own)
    assert contest.models == ("x",)
    assert contest.suite.rows == ("Logic", "Memory")
    assert contest.criteria == own
    assert enter(ROOT, BENCHMARK, outside=said, baseline="y").criteria.name == "outside.toml"
    assert enter(ROOT, BENCHMARK, outside=said, baseline="y").models == ("y", "v5")


def test_refused() -> None:
    """Two candidates and a suite that is none are errors."""
    with pytest.raises(ContestError, match="give one of them"):
        enter(ROOT, BENCHMARK, model="a", completions="b.jsonl")
    with pytest.raises(SuiteError, match="LAYOUT:PATH"):
        enter(ROOT, BENCHMARK, outside="somewhere", baseline="y")


@pytest.mark.parametrize("name", ["good.json", "GOOD.JSONL", "good.txt"])
def test_a_file_is_not_taken_for_a_model(tmp_path: Path, name: str) -> None:
    """Completions under another name than NAME.jsonl, and completions given as a model, are refused at once."""
    path = tmp_path / name
    path.write_text('{"spec": "a", "text": "x"}\n')
    with pytest.raises(ContestError, match=rf"--completions=.*{name} .*called NAME\.jsonl"):
        enter(ROOT, BENCHMARK, completions=str(path))
    with pytest.raises(ContestError, match=rf"--model=.*{name} is a file.*NAME\.jsonl"):
        enter(ROOT, BENCHMARK, model=str(path))
    with pytest.raises(ContestError, match=rf"--baseline=.*{name} is a file.*NAME\.jsonl"):
        enter(ROOT, BENCHMARK, baseline=str(path))


def test_completions_are_not_given_as_the_model() -> None:
    """What is called .jsonl is the answers of the candidate and not the candidate."""
    with pytest.raises(ContestError, match=r"--model=runs/new\.jsonl .*--completions=runs/new\.jsonl"):
        enter(ROOT, BENCHMARK, model="runs/new.jsonl")


@pytest.mark.parametrize("option", ["model", "completions", "baseline"])
def test_an_address_where_a_file_is_meant_is_not_repeated(option: str) -> None:
    """It may hold a password."""
    said: Any = {option: "https://me:hunter2@host/answers.jsonl"}
    with pytest.raises(ContestError, match=f"--{option} is an address") as caught:
        enter(ROOT, BENCHMARK, **said)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("option", ["completions", "baseline"])
@pytest.mark.parametrize("name", [".jsonl", "..jsonl", "runs/ .jsonl"])
def test_who_has_no_name_is_refused(option: str, name: str) -> None:
    """It would be taken for the baseline that nobody gave, and its reports for the folder of all."""
    said: Any = {option: name}
    with pytest.raises(ContestError, match=f"{name}: has no name to go by"):
        enter(ROOT, BENCHMARK, **said)


def test_a_model_is_not_its_own_baseline() -> None:
    """Compared with itself nothing is below, however good it is."""
    with pytest.raises(ContestError, match="--baseline names the candidate itself"):
        enter(ROOT, BENCHMARK, completions="runs/new.jsonl", baseline="runs/../runs/new.jsonl")
