"""Calls: as many at a time as allowed, retried, within budget, stored; over real HTTP with the real SDK."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from traceback import TracebackException

import pytest

from harness.a7.batches import BatchClient
from harness.a7.candidates import AnthropicCandidates
from harness.a7.client import Client
from harness.a7.conversation import Conversation
from harness.a7.errors import KEY, ApiError, Unanswered
from harness.a7.faults import UNSENT, fault_of
from harness.a7.ledger import Ledger, Request
from harness.a7.pace import BURST_S
from harness.a7.prices import worst_case
from harness.a7.prompts import first_request
from harness.a7.replies import text_of
from harness.a7.settings import ApiSettings
from harness.a7.writer import AnthropicA7
from harness.families.spec import Spec
from harness.store import StoreError
from tests.a7.conftest import known
from tests.a7.server import FakeApi, message

PAID = (20 * 2.0 + 1000 * 10.0) / 1e6
"""What every reply of the stand-in costs."""


def request(number: int, max_tokens: int = 2000) -> Request:
    params = {
        "model": "claude-sonnet-5-5",
        "max_tokens": max_tokens,
        "messages": [{"role": "user", "content": f"number {number}"}],
    }
    return Request(params, "even" if number % 2 == 0 else "odd")


def talk(number: int) -> Conversation[str | Unanswered]:
    """One question; the answer's text, or why there is none."""
    answer = yield request(number)
    return answer if isinstance(answer, Unanswered) else text_of(answer)


def echo(api: FakeApi) -> None:
    api.reply = lambda params: message("to " + params["messages"][0]["content"])


def held(settings: ApiSettings, folder: Path, count: int) -> list[str | Unanswered]:
    return Client(settings, Ledger(folder)).hold([talk(number) for number in range(count)])


def test_wall_time(api: FakeApi, settings: ApiSettings, tmp_path: Path) -> None:
    """Concurrency is used and kept, and saves most of the time that calls one after the other would take."""
    echo(api)
    api.latency = 0.5
    began = time.monotonic()
    answers = held(settings.model_copy(update={"concurrency": 8}), tmp_path, 24)
    elapsed = time.monotonic() - began
    assert answers == [f"to number {number}" for number in range(24)]
    assert api.most == 8
    assert elapsed < 24 * 0.5 / 2  # at rest it is about an eighth; a busy machine must not fail the test


@pytest.mark.parametrize(
    "fault",
    ["408", "409", "429", "429-after", "500", "529", "reset", "garbage", "not-utf8", "no-message", "trickle"],
)
def test_faults_lose_nothing(fault: str, api: FakeApi, settings: ApiSettings, tmp_path: Path) -> None:
    """Every passing fault is tried again, and all answers are there in the end, each stored once."""
    echo(api)
    api.fault = lambda digest, nth: fault if nth == 1 and int(digest, 16) % 2 else ""
    answers = held(settings.model_copy(update={"timeout_s": 3.0}), tmp_path, 6)
    assert answers == [f"to number {number}" for number in range(6)]
    assert set(api.answered.values()) == {1}
    assert len(list(tmp_path.glob("*.json"))) == 6


def test_all_faults_at_once(api: FakeApi, settings: ApiSettings, tmp_path: Path) -> None:
    """Several faults one after another on the same request are survived as well."""
    echo(api)
    row = ["500", "429-after", "reset", "529", "garbage"]
    api.fault = lambda digest, nth: row[nth - 1] if nth <= len(row) else ""
    assert held(settings, tmp_path, 4) == [f"to number {number}" for number in range(4)]
    assert set(api.calls.values()) == {6}


def test_tries_are_limited(api: FakeApi, settings: ApiSettings, tmp_path: Path) -> None:
    """A request that keeps failing is given up with its reason; the others are not harmed."""
    echo(api)
    bad = request(1).digest
    api.fault = lambda digest, nth: "529" if digest == bad else ""
    answers = held(settings.model_copy(update={"tries": 3}), tmp_path, 3)
    assert isinstance(answers[1], Unanswered)
    assert answers[1].reason == "overloaded"
    assert api.calls[bad] == 3
    assert answers[::2] == ["to number 0", "to number 2"]


def test_retry_after_is_honoured_by_all(api: FakeApi, settings: ApiSettings, tmp_path: Path) -> None:
    """After a 429 that asks for a pause no call is made before it is over."""
    echo(api)
    first = request(0).digest
    api.fault = lambda digest, nth: "429-after" if digest == first and nth == 1 else ""
    held(settings.model_copy(update={"concurrency": 1}), tmp_path, 3)
    assert api.times[1] - api.times[0] >= 0.05


def test_a_bad_request_is_not_repeated(api: FakeApi, settings: ApiSettings, tmp_path: Path) -> None:
    """400 concerns one request: it is not tried again, and the rest go on."""
    echo(api)
    bad = request(0).digest
    api.fault = lambda digest, nth: "400" if digest == bad else ""
    answers = held(settings, tmp_path, 2)
    assert isinstance(answers[0], Unanswered)
    assert answers[0].reason == "invalid_request"
    assert "the key [key] met a 400" in answers[0].detail
    assert (api.calls[bad], answers[1]) == (1, "to number 1")


def test_a_refused_key_stops_everything(api: FakeApi, settings: ApiSettings, tmp_path: Path) -> None:
    """401 stops the run with one error that does not quote the key, nor carry the SDK's along."""
    api.fault = lambda digest, nth: "401"
    with pytest.raises(ApiError, match="the key is not accepted") as caught:
        held(settings.model_copy(update={"concurrency": 1}), tmp_path, 5)
    assert sum(api.calls.values()) == 1
    assert os.environ[KEY] in api.keys
    shown = TracebackException.from_exception(caught.value, capture_locals=True)
    assert os.environ[KEY] not in "".join(shown.format()).replace(repr(os.environ), "")
    assert caught.value.__context__ is None


@pytest.mark.parametrize("fault", ["429-spent", "400-spent"])
def test_spent_money_stops_everything(
    fault: str, api: FakeApi, settings: ApiSettings, tmp_path: Path
) -> None:
    """An account that may spend no more is no rate limit: nothing is tried again, and the run ends with an error."""
    api.fault = lambda digest, nth: fault
    with pytest.raises(ApiError, match="may spend no more"):
        held(settings.model_copy(update={"concurrency": 1}), tmp_path, 5)
    assert sum(api.calls.values()) == 1


def test_an_outage_is_no_result(
    api: FakeApi, settings: ApiSettings, specs: list[Spec], tmp_path: Path
) -> None:
    """Where the API has an outage, both writers end with an error, and a second run asks only what is missing."""
    answers = known(specs)
    api.reply = answers
    lost = first_request(specs[0], "", settings, relaxed=False).digest
    api.fault = lambda digest, nth: "500" if digest == lost else ""
    a7 = AnthropicA7(settings.model_copy(update={"tries": 2}), tmp_path)
    with pytest.raises(ApiError, match=r"1 server_error.*run again"):
        a7.write_all(specs)
    nowhere = ApiSettings(base_url="http://127.0.0.1:9", tries=1)
    candidates = AnthropicCandidates(nowhere, Client(nowhere, Ledger(tmp_path / "b")))
    with pytest.raises(ApiError, match="unreachable"):
        candidates(specs[:1], ["a counter"])
    before = sum(api.calls.values())
    api.fault = lambda digest, nth: ""
    assert all(attempt.testbench for attempt in a7.write_all(specs))
    assert sum(api.calls.values()) == before + 1


def test_a_batch_under_way_is_collected_first(api: FakeApi, settings: ApiSettings, tmp_path: Path) -> None:
    """What a killed run had sent as a batch is not asked for, and paid, once more by single calls."""
    echo(api)

    def stop(done: int, total: int, note: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        BatchClient(settings, Ledger(tmp_path), stop).hold([talk(0), talk(1)])
    client = Client(settings, Ledger(tmp_path))
    assert client.hold([talk(n) for n in range(3)]) == [f"to number {n}" for n in range(3)]
    assert set(api.calls.values()) == {1}
    assert client.spending.usd == pytest.approx(2 * PAID / 2 + PAID)


def test_two_runs_on_one_ledger(api: FakeApi, settings: ApiSettings, tmp_path: Path) -> None:
    """Two runs at once on the same replies keep to one budget, and pay once for what both ask."""
    echo(api)
    worst = worst_case(request(0).params, batch=False)
    tight = settings.model_copy(update={"budget_usd": PAID + 1.5 * worst})
    clients = [Client(tight, Ledger(tmp_path)) for _ in range(2)]
    talks = [[talk(0), talk(1)], [talk(0), talk(2)]]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda client, said: client.hold(said), clients, talks))
    assert set(api.answered.values()) == {1}
    assert sum(api.answered.values()) * PAID <= tight.budget_usd


@pytest.mark.parametrize("cause", UNSENT)
def test_what_was_never_sent_costs_nothing(cause: str) -> None:
    """A call that a proxy or the own connection pool refused is not booked as a lost reply."""
    import anthropic
    import httpx2

    error = anthropic.APIConnectionError(request=httpx2.Request("POST", "http://127.0.0.1"))
    error.__cause__ = getattr(httpx2, cause)("no")
    fault = fault_of(error, ApiSettings())
    assert (fault.reason, fault.charged) == ("unreachable", False)


@pytest.mark.parametrize("key", ["", "  ", "sk-two\nlines", "sk-ünicode"])
def test_no_key(
    key: str, api: FakeApi, settings: ApiSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a usable key nothing is sent, and the message does not show what there is."""
    monkeypatch.setenv(KEY, key)
    with pytest.raises(ApiError, match=KEY) as caught:
        held(settings, tmp_path, 2)
    assert not key.strip() or key not in str(caught.value)
    assert not api.calls


def test_replay_needs_neither_key_nor_network(
    api: FakeApi, settings: ApiSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of stored replies answers offline, with the same results and the same accounts."""
    echo(api)
    before = Client(settings, Ledger(tmp_path))
    answers = before.hold([talk(number) for number in range(3)])
    monkeypatch.delenv(KEY)
    after = Client(settings.model_copy(update={"base_url": "http://127.0.0.1:9"}), Ledger(tmp_path))
    assert after.hold([talk(number) for number in range(3)]) == answers
    assert after.spending == before.spending
    assert sum(api.calls.values()) == 3


def test_equal_requests_are_paid_once(api: FakeApi, settings: ApiSettings, tmp_path: Path) -> None:
    """Two conversations that ask the same at the same time share one call."""
    echo(api)
    answers = Client(settings, Ledger(tmp_path)).hold([talk(7), talk(7), talk(7)])
    assert answers == ["to number 7"] * 3
    assert sum(api.calls.values()) == 1


def test_accounts(api: FakeApi, settings: ApiSettings, tmp_path: Path) -> None:
    """Tokens and dollars are kept by category, and progress is told with them."""
    echo(api)
    told: list[tuple[int, int, str]] = []
    client = Client(settings, Ledger(tmp_path), lambda *args: told.append(args))
    client.hold([talk(number) for number in range(3)])
    even, odd = client.spending.accounts["even"], client.spending.accounts["odd"]
    assert (even.replies, even.input_tokens, even.output_tokens) == (2, 40, 2000)
    assert odd.usd == pytest.approx(PAID)
    assert [line[:2] for line in told] == [(1, 3), (2, 3), (3, 3)]
    assert told[-1][2] == "3 replies, about $0.03"


def test_one_country_costs_more(api: FakeApi, settings: ApiSettings, tmp_path: Path) -> None:
    """Replies of a workspace that is served in the United States alone are booked a tenth higher."""
    echo(api)
    plain = api.reply
    api.reply = lambda params: (said := plain(params)) | {"usage": said["usage"] | {"inference_geo": "us"}}
    client = Client(settings, Ledger(tmp_path))
    client.hold([talk(0)])
    assert client.spending.usd == pytest.approx(1.1 * PAID)


@pytest.mark.parametrize("concurrency", [1, 4])
def test_budget(concurrency: int, api: FakeApi, settings: ApiSettings, tmp_path: Path) -> None:
    """The run stops before the call that could exceed the budget, and not earlier; resuming gives no new one."""
    echo(api)
    worst = worst_case(request(0).params, batch=False)
    assert worst > PAID
    budget = 3 * PAID + worst + 1e-6
    limited = settings.model_copy(update={"budget_usd": budget, "concurrency": concurrency})
    answers = held(limited, tmp_path, 8)
    refused = [answer for answer in answers if isinstance(answer, Unanswered)]
    assert len(refused) == 4
    assert {answer.reason for answer in refused} == {"budget"}
    assert sum(api.calls.values()) == 4
    assert held(limited, tmp_path, 8) == answers
    assert sum(api.calls.values()) == 4


def test_lost_replies_count_against_the_budget(api: FakeApi, settings: ApiSettings, tmp_path: Path) -> None:
    """A connection that is lost after the request was sent may have cost the whole reply."""
    echo(api)
    api.fault = lambda digest, nth: "reset" if nth == 1 else ""
    client = Client(settings, Ledger(tmp_path))
    client.hold([talk(0)])
    worst = worst_case(request(0).params, batch=False)
    assert client.spending.unsettled == pytest.approx(worst)
    assert "lost" in str(client.spending)


def test_pace(api: FakeApi, settings: ApiSettings, tmp_path: Path) -> None:
    """Requests beyond a second's worth wait their turn: so many a minute take so long, however fast the server."""
    echo(api)
    slow = settings.model_copy(update={"requests_per_minute": 240})
    began = time.monotonic()
    held(slow, tmp_path, 12)
    at_once = int(240 / 60 * BURST_S) + 1
    assert time.monotonic() - began >= (12 - at_once) / (240 / 60)


def test_a_full_disk_stops_the_calls(
    api: FakeApi, settings: ApiSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When a reply cannot be stored, no other is paid for."""
    echo(api)

    def full(path: Path, content: str) -> None:
        raise StoreError("no space")

    monkeypatch.setattr("harness.a7.ledger.write_atomic", full)
    with pytest.raises(StoreError, match="no space"):
        held(settings.model_copy(update={"concurrency": 1}), tmp_path, 5)
    assert sum(api.calls.values()) == 1


def test_damaged_reply(api: FakeApi, settings: ApiSettings, tmp_path: Path) -> None:
    """A stored reply that cannot be read is named."""
    (tmp_path / f"{request(0).digest}.json").write_text("{")
    with pytest.raises(ApiError, match="is not a stored reply"):
        held(settings, tmp_path, 1)
