"""The plan's risk 1: where calls are turned away for long, batches take over, and nothing is paid or asked twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.a7.batches import BatchClient
from harness.a7.client import TO_BATCHES, Client
from harness.a7.conversation import Conversation
from harness.a7.errors import ApiError, Unanswered
from harness.a7.faults import Fault
from harness.a7.ledger import Ledger
from harness.a7.settings import ApiSettings
from harness.a7.writer import AnthropicA7, connect
from harness.families.spec import Spec
from harness.store import StoreError
from harness.testbench.a7 import Attempt, OfflineA7
from tests.a7.server import FakeApi
from tests.a7.test_client import PAID, echo, held, request, talk
from tests.a7.test_writer import BAD, badly_at_first


@pytest.mark.parametrize("fault", ["429", "429-after", "529"])
def test_lasting_limits_lead_to_batches(
    fault: str, api: FakeApi, settings: ApiSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What calls cannot get comes as one batch at half the price; it is said once, and calls are not tried again."""
    monkeypatch.setattr("harness.a7.pace.PATIENCE", 0.1)
    echo(api)
    served = request(0).digest
    api.fault = lambda digest, nth: "" if digest == served else fault
    said: list[str] = []
    client = Client(settings, Ledger(tmp_path), say=said.append)
    assert client.hold([talk(number) for number in range(4)]) == [f"to number {n}" for n in range(4)]
    assert [len(requests) for requests in api.batches.values()] == [3]
    assert client.spending.usd == pytest.approx(PAID + 3 * PAID / 2)
    calls = len(api.requests)
    assert client.hold([talk(7)]) == ["to number 7"]
    assert (len(api.requests), len(api.batches), said) == (calls, 2, [TO_BATCHES])


def test_a_pause_too_long_to_wait_for(api: FakeApi, settings: ApiSettings, tmp_path: Path) -> None:
    """A server that asks for an hour is not asked again: the rest goes as a batch at once."""
    echo(api)
    api.fault = lambda digest, nth: "429-long"
    one_by_one = settings.model_copy(update={"concurrency": 1})
    assert held(one_by_one, tmp_path, 3) == [f"to number {number}" for number in range(3)]
    assert (len(api.requests), len(api.batches)) == (1, 1)


def test_a_moment_of_overload_passes(api: FakeApi, settings: ApiSettings, tmp_path: Path) -> None:
    """However many calls are turned away for a moment, they are waited for and no batch is sent."""
    echo(api)
    api.fault = lambda digest, nth: "529" if nth <= 4 else ""
    assert held(settings, tmp_path, 8) == [f"to number {number}" for number in range(8)]
    assert not api.batches


def test_a_conversation_goes_on_where_it_was(
    api: FakeApi, settings: ApiSettings, specs: list[Spec], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Limits that begin after the first replies: only the repairs are sent as a batch."""
    monkeypatch.setattr("harness.a7.pace.PATIENCE", 0.1)
    api.reply = badly_at_first(specs, BAD["no_code"])
    api.fault = lambda digest, nth: "429" if len(api.requests) > len(specs) else ""
    attempts = AnthropicA7(settings, tmp_path).write_all(specs)
    assert attempts == [Attempt(OfflineA7()(spec) + "\n", 2) for spec in specs]
    assert [len(requests) for requests in api.batches.values()] == [len(specs)]
    assert set(api.answered.values()) == {1}


@pytest.mark.parametrize("transport", ["messages", "batches"])
def test_no_room_for_batches_either(
    transport: str,
    api: FakeApi,
    settings: ApiSettings,
    specs: list[Spec],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Then the attempts fail with that reason, the run does not, and a later one gets what was missing."""
    monkeypatch.setattr("harness.a7.pace.PATIENCE", 0.1)
    api.fault = lambda digest, nth: "529"
    api.batches_closed = True
    chosen = settings.model_copy(update={"transport": transport, "tries": 4, "backoff_s": 0.03})
    attempts = AnthropicA7(chosen, tmp_path).write_all(specs)
    assert {attempt.reason for attempt in attempts} == {"rate_limited"}
    api.batches_closed, api.fault = False, lambda digest, nth: ""
    assert all(attempt.testbench for attempt in AnthropicA7(chosen, tmp_path).write_all(specs))
    assert set(api.answered.values()) == {1}


def test_the_transport_is_chosen_by_the_settings(settings: ApiSettings, tmp_path: Path) -> None:
    """`batches` sends batches from the start."""
    assert isinstance(connect(settings, tmp_path), Client)
    batches = settings.model_copy(update={"transport": "batches"})
    assert isinstance(connect(batches, tmp_path), BatchClient)


def test_waits() -> None:
    """A wait is never shorter than the server asks, nor than our own backoff, even if the server asks for none."""
    asked = Fault("rate_limited", "", retry_after=20.0)
    assert 20.0 <= asked.wait(1, 1.0) <= 20.5
    eager = Fault("rate_limited", "", retry_after=0.0)
    assert eager.wait(6, 1.0) >= 16.0
    assert 0.5 <= Fault("server_error", "").wait(1, 1.0) <= 1.0


def test_nothing_is_sent_after_the_end(
    api: FakeApi, settings: ApiSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Calls that wait for their turn when a reply cannot be stored are not made."""
    echo(api)

    def full(path: Path, content: str) -> None:
        raise StoreError("no space")

    monkeypatch.setattr("harness.a7.ledger.write_atomic", full)
    with pytest.raises(StoreError, match="no space"):
        held(settings.model_copy(update={"requests_per_minute": 120}), tmp_path, 8)
    at_once = 3  # a second's worth, and the one that has just become due
    assert sum(api.calls.values()) <= at_once


def test_stops_without_waiting(
    api: FakeApi, settings: ApiSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call in its backoff does not hold up the end of a run that has failed for good."""
    slow, bad = request(0).digest, request(1).digest
    api.fault = lambda digest, nth: {slow: "500", bad: "401"}.get(digest, "")
    ended: list[Unanswered] = []

    def patient() -> Conversation[str | Unanswered]:
        answer = yield request(0)
        assert isinstance(answer, Unanswered)
        ended.append(answer)
        return answer

    client = Client(settings.model_copy(update={"backoff_s": 300.0}), Ledger(tmp_path))
    with pytest.raises(ApiError, match="the key is not accepted"):
        client.hold([patient(), talk(1)])
    assert [answer.reason for answer in ended] == ["stopped"]
