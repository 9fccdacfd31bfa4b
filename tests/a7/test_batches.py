"""The Message Batches API: half the price, nothing lost and nothing sent twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.a7.batches import BatchClient, _Rounds
from harness.a7.conversation import Conversation
from harness.a7.errors import KEY, ApiError, Limited, Unanswered
from harness.a7.faults import Fault
from harness.a7.ledger import Ledger
from harness.a7.prices import worst_case
from harness.a7.settings import ApiSettings
from harness.a7.writer import AnthropicA7
from harness.families.spec import Spec
from harness.store import write_atomic
from harness.testbench.a7 import Attempt, OfflineA7
from tests.a7.server import FakeApi, message
from tests.a7.test_client import PAID, echo, request, talk
from tests.a7.test_writer import BAD, badly_at_first


def held(settings: ApiSettings, folder: Path, count: int) -> list[str | Unanswered]:
    return BatchClient(settings, Ledger(folder)).hold([talk(number) for number in range(count)])


def forget(folder: Path, **noted: None) -> None:
    """Leave of a finished batch only its note, as of one that was not collected; `noted` replaces what stands there."""
    [note] = (folder / "batches").glob("*.json")
    note.write_text(json.dumps({**json.loads(note.read_text()), **noted, "collected": False}))
    for path in folder.glob("*.json"):
        path.unlink()


def test_two_rounds(api: FakeApi, settings: ApiSettings, specs: list[Spec], tmp_path: Path) -> None:
    """All testbenches come in one batch and all repairs in a second one, with the same result as by calls."""
    api.reply = badly_at_first(specs, BAD["no_code"])
    api.polls_needed = 2
    batched = AnthropicA7(settings.model_copy(update={"transport": "batches"}), tmp_path / "batched")
    attempts = batched.write_all(specs)
    assert attempts == [Attempt(OfflineA7()(spec) + "\n", 2) for spec in specs]
    assert [len(requests) for requests in api.batches.values()] == [5, 5]
    assert attempts == AnthropicA7(settings, tmp_path / "called").write_all(specs)


def test_half_the_price(api: FakeApi, settings: ApiSettings, tmp_path: Path) -> None:
    """A batch's replies are booked at half the price, and the booking survives in the ledger."""
    echo(api)
    client = BatchClient(settings, Ledger(tmp_path))
    client.hold([talk(0)])
    assert client.spending.usd == pytest.approx(PAID / 2)
    assert BatchClient(settings, Ledger(tmp_path)).spending == client.spending


@pytest.mark.parametrize("fault", ["expired", "api_error", "overloaded_error"])
def test_half_fails(fault: str, api: FakeApi, settings: ApiSettings, tmp_path: Path) -> None:
    """Entries that expired or failed are sent again in a batch of their own; the others are not."""
    echo(api)
    bad = {request(number).digest for number in (0, 2)}
    api.batch_fault = lambda digest, nth: fault if digest in bad and nth == 1 else ""
    assert held(settings, tmp_path, 4) == [f"to number {number}" for number in range(4)]
    assert [len(requests) for requests in api.batches.values()] == [4, 2]
    assert set(api.answered.values()) == {1}


@pytest.mark.parametrize(
    ("fault", "said"), [("canceled", "was cancelled"), ("billing_error", "billing_error")]
)
def test_a_stopped_batch(fault: str, said: str, api: FakeApi, settings: ApiSettings, tmp_path: Path) -> None:
    """A batch that somebody cancels, or that the account cannot pay, ends the run; the next sends what is missing."""
    echo(api)
    bad = request(0).digest
    api.batch_fault = lambda digest, nth: fault if digest == bad and nth == 1 else ""
    with pytest.raises(ApiError, match=said):
        held(settings, tmp_path, 2)
    assert len(api.batches) == 1
    assert held(settings, tmp_path, 2) == ["to number 0", "to number 1"]
    assert [len(requests) for requests in api.batches.values()] == [2, 1]


def test_a_batch_of_somebody_else(api: FakeApi, settings: ApiSettings, tmp_path: Path) -> None:
    """A newer batch of as many entries in the same account is not taken for one's own."""
    echo(api)
    held(settings, tmp_path, 2)
    forget(tmp_path, id=None)
    strange = [{"custom_id": f"theirs-{n}", "params": dict(request(n).params)} for n in range(2)]
    api.batches = {"msgbatch_theirs": strange, **api.batches}
    api.created_at = datetime.now(UTC).isoformat()
    assert held(settings, tmp_path, 2) == ["to number 0", "to number 1"]
    assert len(api.batches) == 2


def test_a_batch_turned_away_is_not_looked_for(
    api: FakeApi, settings: ApiSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a 429 there can be no batch: none in the account is looked at, and so none is waited for."""
    echo(api)
    looked: list[object] = []
    monkeypatch.setattr(_Rounds, "_lost", lambda self, sent: looked.append(sent))

    def open_again(fault: Fault, tried: int, backoff: float) -> float:
        api.batches_closed = False
        return 0.0

    monkeypatch.setattr(Fault, "wait", open_again)
    api.batches_closed = True
    assert held(settings, tmp_path, 2) == ["to number 0", "to number 1"]
    assert not looked


def test_a_batch_that_always_expires(api: FakeApi, settings: ApiSettings, tmp_path: Path) -> None:
    """After so many tries the entries are given up, with the reason."""
    api.batch_fault = lambda digest, nth: "expired"
    answers = held(settings.model_copy(update={"tries": 2}), tmp_path, 2)
    assert [answer.reason for answer in answers if isinstance(answer, Unanswered)] == ["expired", "expired"]
    assert len(api.batches) == 2


def test_invalid_entries_are_not_repeated(api: FakeApi, settings: ApiSettings, tmp_path: Path) -> None:
    """An entry that the API calls invalid is not sent again."""
    echo(api)
    bad = request(1).digest
    api.batch_fault = lambda digest, nth: "invalid_request_error" if digest == bad else ""
    answers = held(settings, tmp_path, 2)
    assert isinstance(answers[1], Unanswered)
    assert answers[1].detail == "invalid_request_error: the key [key] met it"
    assert (answers[1].reason, answers[0], len(api.batches)) == ("invalid_request", "to number 0", 1)


def test_a_lost_answer_to_the_submission(api: FakeApi, settings: ApiSettings, tmp_path: Path) -> None:
    """When the connection breaks after the batch was accepted, it is found again and not sent twice."""
    echo(api)
    api.created_at = datetime.now(UTC).isoformat()
    api.drop_creation = True
    assert held(settings, tmp_path, 3) == [f"to number {number}" for number in range(3)]
    assert len(api.batches) == 1


def test_killed_before_the_id_was_known(api: FakeApi, settings: ApiSettings, tmp_path: Path) -> None:
    """A batch whose id was never written down is found in the account's list."""
    echo(api)
    held(settings, tmp_path, 2)
    forget(tmp_path, id=None)
    api.created_at = datetime.now(UTC).isoformat()
    assert held(settings, tmp_path, 2) == ["to number 0", "to number 1"]
    assert len(api.batches) == 1


def test_killed_while_polling(api: FakeApi, settings: ApiSettings, tmp_path: Path) -> None:
    """A batch under way is polled by the next run, which sends nothing."""
    echo(api)
    api.fault = lambda digest, nth: "reset"

    def killed(number: int) -> Conversation[None]:
        yield request(number)

    def stop(done: int, total: int, note: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        BatchClient(settings, Ledger(tmp_path), stop).hold([killed(0)])
    assert json.loads(next((tmp_path / "batches").glob("*.json")).read_text())["id"] == "msgbatch_0"
    assert held(settings, tmp_path, 1) == ["to number 0"]  # and its results break off once in the middle
    assert len(api.batches) == 1


def test_turned_away_while_polling(api: FakeApi, settings: ApiSettings, tmp_path: Path) -> None:
    """Where the API lets nobody look at a batch the run ends with an error, and the next takes the batch up."""
    echo(api)
    api.polls_closed = True
    with pytest.raises(ApiError, match="run again to go on from here") as caught:
        held(settings.model_copy(update={"tries": 2}), tmp_path, 1)
    assert not isinstance(caught.value, Limited)
    api.polls_closed = False
    assert held(settings, tmp_path, 1) == ["to number 0"]
    assert len(api.batches) == 1


def test_budget(api: FakeApi, settings: ApiSettings, tmp_path: Path) -> None:
    """As many requests are sent as the budget allows at their worst."""
    echo(api)
    worst = worst_case(request(0).params, batch=True)
    answers = held(settings.model_copy(update={"budget_usd": 2 * worst + 1e-6, "tries": 1}), tmp_path, 4)
    assert [isinstance(answer, Unanswered) for answer in answers] == [False, False, True, True]
    assert [len(requests) for requests in api.batches.values()] == [2]


def test_damaged_note(api: FakeApi, settings: ApiSettings, tmp_path: Path) -> None:
    """A note that cannot be read is named, because a paid batch may be behind it."""
    (tmp_path / "batches").mkdir()
    (tmp_path / "batches" / "0000.json").write_text("{")
    with pytest.raises(ApiError, match="is not a note on a batch"):
        held(settings, tmp_path, 1)


def test_archived_batch(api: FakeApi, settings: ApiSettings, tmp_path: Path) -> None:
    """A batch taken up when its results are no longer kept is asked for again, in a new one."""
    echo(api)
    held(settings, tmp_path, 2)
    forget(tmp_path)
    api.archived.add("msgbatch_0")
    assert held(settings, tmp_path, 2) == ["to number 0", "to number 1"]
    assert len(api.batches) == 2


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_every_write(
    after: bool, api: FakeApi, settings: ApiSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever a run is killed, before or after any of its writes: no request is sent twice, and all are answered."""
    echo(api)
    api.created_at = datetime.now(UTC).isoformat()
    count = 2
    for fatal in range(20):
        api.batches.clear()
        api.calls.clear()
        folder, writes = tmp_path / str(fatal), iter(range(1000))

        def write(path: Path, content: str, fatal: int = fatal, writes: Iterator[int] = writes) -> None:
            deadly = next(writes) == fatal
            if deadly and not after:
                raise Killed
            write_atomic(path, content)
            if deadly:
                raise Killed

        with monkeypatch.context() as patched:
            patched.setattr("harness.a7.batches.write_atomic", write)
            patched.setattr("harness.a7.ledger.write_atomic", write)
            try:
                held(settings, folder, count)
                break
            except Killed:
                pass
        assert held(settings, folder, count) == ["to number 0", "to number 1"]
        assert set(api.calls.values()) == {1}
    assert fatal == 3 + count  # the note, its id, the replies, and that they are collected


@pytest.mark.parametrize("archived", [False, True])
def test_replies_that_cannot_be_had_are_booked(
    archived: bool, api: FakeApi, settings: ApiSettings, tmp_path: Path
) -> None:
    """Replies that are garbled, or no longer kept, were paid: they use up the budget, and asking again ends."""
    api.reply = lambda params: message("\ud800")
    if archived:
        api.archived |= {f"msgbatch_{number}" for number in range(9)}
    worst = worst_case(request(0).params, batch=True)
    client = BatchClient(
        settings.model_copy(update={"budget_usd": 2.5 * worst, "tries": 9}), Ledger(tmp_path)
    )
    [answer] = client.hold([talk(0)])
    assert isinstance(answer, Unanswered)
    assert client.spending.usd == pytest.approx(2 * worst)
    assert len(api.batches) == 2


def test_a_batch_without_a_key_is_not_noted(
    api: FakeApi, settings: ApiSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error says what is missing, and no note claims that something was sent."""
    monkeypatch.delenv(KEY)
    with pytest.raises(ApiError, match=f"{KEY} is not set"):
        held(settings, tmp_path, 1)
    assert not list(tmp_path.rglob("0000.json"))
