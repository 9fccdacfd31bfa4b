"""Component C's candidates through the API: what comes is taken as it is, and what does not come says why."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from harness.a7.candidates import SYSTEM, AnthropicCandidates, NoCandidate
from harness.a7.ledger import Ledger
from harness.a7.prices import worst_case
from harness.a7.prompts import request
from harness.a7.settings import ApiSettings
from harness.a7.spending import Spending
from harness.a7.writer import AnthropicA7, connect
from harness.benchmark.suite import load_suite
from harness.dataset.component_c import CandidateWriter, component_c
from harness.dataset.leakage import Guard
from harness.families.catalogue import load
from harness.families.spec import Spec
from harness.rtl.extract import extract
from harness.simulate.judge import judge
from tests.a7.conftest import fenced, known
from tests.a7.server import FakeApi, Params, message
from tests.a7.test_client import PAID

SUITE = Path(__file__).resolve().parents[2] / "benchmarks" / "suites" / "v5"
FAULTS = [
    "408",
    "409",
    "429",
    "429-after",
    "500",
    "529",
    "reset",
    "garbage",
    "not-utf8",
    "no-message",
    "trickle",
]


def texts(specs: list[Spec]) -> list[str]:
    return [f"Write module {spec.name}, number {number}." for number, spec in enumerate(specs)]


def goldens(specs: list[Spec]) -> Callable[[Params], dict[str, Any]]:
    """Replies with the golden that the text asks for."""
    written = dict(zip(texts(specs), specs, strict=True))
    return lambda params: message(fenced(written[params["messages"][0]["content"]].verilog()))


def asked(settings: ApiSettings, folder: Path, specs: list[Spec]) -> list[str]:
    writer: CandidateWriter = AnthropicCandidates(settings, connect(settings, folder))
    return list(writer(specs, texts(specs)))


@pytest.mark.parametrize("transport", ["messages", "batches"])
def test_candidates_arrive(
    transport: str, api: FakeApi, settings: ApiSettings, specs: list[Spec], tmp_path: Path
) -> None:
    """Every text has its answer, in order, and the module in it is judged right; asked again, nothing is paid."""
    api.reply = goldens(specs)
    chosen = settings.model_copy(update={"transport": transport})
    answers = asked(chosen, tmp_path, specs)
    assert all(judge(spec, [extract(answer)])[0].passed for spec, answer in zip(specs, answers, strict=True))
    assert asked(chosen, tmp_path, specs) == answers
    assert set(api.calls.values()) == {1}


def test_the_text_is_all_that_is_shown(
    api: FakeApi, settings: ApiSettings, specs: list[Spec], tmp_path: Path
) -> None:
    """The request holds the shared rules and the text, and nothing of the golden."""
    api.reply = goldens(specs)
    asked(settings, tmp_path, specs[:1])
    [sent] = api.requests
    assert sent["system"][0]["text"] == SYSTEM
    assert sent["messages"] == [{"role": "user", "content": texts(specs)[0]}]


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_lose_nothing(
    fault: str, api: FakeApi, settings: ApiSettings, specs: list[Spec], tmp_path: Path
) -> None:
    """Every passing fault is tried again, and each reply is sent once."""
    api.reply = goldens(specs)
    api.fault = lambda digest, nth: fault if nth == 1 and int(digest, 16) % 2 else ""
    answers = asked(settings.model_copy(update={"timeout_s": 3.0}), tmp_path, specs)
    assert all(
        extract(answer).strip() == spec.verilog().strip() for spec, answer in zip(specs, answers, strict=True)
    )
    assert set(api.answered.values()) == {1}


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (message("I had rather not.", "refusal"), "refused"),
        (message("```verilog\nmodule a(", "max_tokens"), "cut"),
        (message("  \n"), "no_code"),
    ],
)
def test_failures_are_empty_and_say_why(
    reply: dict[str, Any],
    reason: str,
    api: FakeApi,
    settings: ApiSettings,
    specs: list[Spec],
    tmp_path: Path,
) -> None:
    """A refusal, a cut reply and an empty one are empty candidates; they are stored and not asked for again."""
    api.reply = lambda params: reply
    for _ in range(2):
        [answer] = asked(settings, tmp_path, specs[:1])
        assert isinstance(answer, NoCandidate)
        assert (answer, answer.reason, json.dumps(answer)) == ("", reason, '""')
    assert sum(api.calls.values()) == 1


@pytest.mark.parametrize(
    ("change", "reason"), [({"tries": 2}, "overloaded"), ({"budget_usd": 0.0}, "budget")]
)
def test_no_reply_is_no_crash(
    change: dict[str, Any],
    reason: str,
    api: FakeApi,
    settings: ApiSettings,
    specs: list[Spec],
    tmp_path: Path,
) -> None:
    """Calls that fail for long, and a budget that is used up, leave empty candidates with that reason."""
    api.fault = lambda digest, nth: "529"
    answers = asked(settings.model_copy(update=change), tmp_path, specs)
    assert [answer.reason for answer in answers if isinstance(answer, NoCandidate)] == [reason] * len(specs)


def test_one_budget_for_both_writers(
    api: FakeApi, settings: ApiSettings, specs: list[Spec], tmp_path: Path
) -> None:
    """What candidates have cost, testbenches no longer can: both writers share their client."""
    code, benches = goldens(specs), known(specs)
    api.reply = lambda params: (code if params["system"][0]["text"] == SYSTEM else benches)(params)
    [text, *_] = texts(specs)
    budget = worst_case(request(SYSTEM, text, "", settings).params, batch=False) + 1e-3
    chosen = settings.model_copy(update={"budget_usd": budget, "concurrency": 1})
    client = connect(chosen, tmp_path)
    candidates, a7 = AnthropicCandidates(chosen, client), AnthropicA7(chosen, tmp_path, client=client)
    [answer] = candidates(specs[:1], [text])
    assert answer
    [attempt] = a7.write_all(specs[:1])
    assert attempt.reason == "budget"
    assert sum(api.calls.values()) == 1


def test_key_of_the_artifact(settings: ApiSettings, tmp_path: Path) -> None:
    """Another model makes other candidates; another pace does not."""

    def key(**change: Any) -> object:
        chosen = settings.model_copy(update=change)
        return AnthropicCandidates(chosen, connect(chosen, tmp_path)).key

    assert key() == key(concurrency=3)
    assert key() != key(model="claude-opus-5-5")


def test_component_c_until_the_money_is_gone(
    api: FakeApi, settings: ApiSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both writers over HTTP: what the budget buys is right and kept, the target is lowered, and the run ends."""
    monkeypatch.setattr("harness.dataset.component_c.C_TARGETS", {"fsm_2state": 6})
    drawn: list[Spec] = []

    def reply(params: Params) -> dict[str, Any]:
        if params["system"][0]["text"] != SYSTEM:
            return known(drawn)(params)
        text = params["messages"][0]["content"]
        [spec] = [spec for spec in drawn if re.search(rf"\b{spec.name}\b", text)]
        return message(fenced(spec.verilog()))

    api.reply = reply
    first = request(SYSTEM, "", "", settings)
    chosen = settings.model_copy(
        update={"concurrency": 1, "budget_usd": worst_case(first.params, batch=False) + 9 * PAID}
    )
    client = connect(chosen, tmp_path)
    candidates = AnthropicCandidates(chosen, client)

    def write(specs: Sequence[Spec], prompts: Sequence[str]) -> list[str]:
        drawn.extend(specs)
        return candidates(specs, prompts)

    made = component_c(
        write,
        AnthropicA7(chosen, tmp_path, client=client),
        Guard(load_suite(SUITE)),
        writer_name=candidates.name,
        share=1.0,
        texts=lambda category: 1,
        seed=3,
        progress=lambda done, total: None,
    )
    assert 0 < len(made.records) < 6
    assert all("budget" in sentence for sentence in made.policies)
    assert made.policies[0].startswith("risk 1")
    assert set(api.calls.values()) == {1}
    assert Spending.of(Ledger(tmp_path)).usd <= chosen.budget_usd
    for record in made.records:
        extra = record.metadata.model_extra or {}
        assert extra["a7_model"] == extra["candidate_writer"] == "claude-sonnet-5-5"
        assert judge(load(record.metadata.spec), [record.output])[0].passed
