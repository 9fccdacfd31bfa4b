"""The HTTP service: the right answers, and a proper one to everything that is not right."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from harness.dataset.tracelog import read
from harness.serve.answer import Desk
from harness.serve.app import create_app
from harness.serve.guard import Limits
from tests.serve.conftest import GOLDEN, WRONG, Fake

LIMITS = Limits(requests=2, body_bytes=4000, body_s=0.3)
Client = Callable[[list[Any]], Awaitable[Any]]
"""What the service hears next of a client that has been sent these messages."""


@pytest.fixture
def client(desk: Desk) -> Iterator[TestClient]:
    """A client of a service without a token."""
    with TestClient(create_app(desk, LIMITS), raise_server_exceptions=False) as made:
        yield made


def chat(text: str, **more: Any) -> dict[str, Any]:
    return {"model": "any", "messages": [{"role": "user", "content": text}], **more}


def ask(app: FastAPI, path: str, client: Client) -> list[Any]:
    """What the service sends to a client."""
    sent: list[Any] = []
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"h"), (b"content-type", b"application/json")],
        "http_version": "1.1",
        "scheme": "http",
    }

    async def keep(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, partial(client, sent), keep))
    return sent


def leaves(body: dict[str, Any], whole: bool = True, after: int = 0) -> Client:
    """Goes when it has its `after`-th message: after its body, or in the middle of a chunked one that looks whole."""
    said = iter([{"type": "http.request", "body": json.dumps(body).encode(), "more_body": not whole}])

    async def receive(sent: list[Any]) -> Any:
        for message in said:
            return message
        while len(sent) < after:
            await asyncio.sleep(0.001)
        return {"type": "http.disconnect"}

    return receive


def test_rtl_comes_with_its_verdict(client: TestClient, desk: Desk) -> None:
    """The reply has the RTL, the verdict by the reference, and the id under which the trace has the request."""
    said = client.post("/v1/rtl", json={"instruction": "wrong", "reference": GOLDEN}).json()
    assert (said["rtl"], said["verdict"], said["model"]) == (WRONG, "mismatch", "fake")
    assert read(desk.trace)[0][0].request == said["request"]
    right = client.post("/v1/corrections", json={"request": said["request"], "rtl": GOLDEN})
    assert (right.status_code, right.json()) == (200, {"verdict": "pass", "detail": ""})
    missing = client.post("/v1/corrections", json={"request": "none", "rtl": GOLDEN})
    assert missing.status_code == 404


def test_completions_are_openais(client: TestClient, desk: Desk) -> None:
    """A chat completion and a completion have the model's text, why it ended and the token counts."""
    said = client.post("/v1/chat/completions", json=chat("right now", max_tokens=9, top_p=1)).json()
    assert said["choices"][0]["message"]["content"].startswith("Here:\n```verilog\nmodule toggle")
    assert (said["object"], said["choices"][0]["finish_reason"]) == ("chat.completion", "stop")
    assert said["usage"] == {"prompt_tokens": 2, "completion_tokens": 42, "total_tokens": 44}
    assert said["rtl"]["verdict"] == "unverified"
    parts = [{"type": "text", "text": "right"}]
    assert client.post("/v1/chat/completions", json=chat(parts)).status_code == 200  # type: ignore[arg-type]
    said = client.post("/v1/completions", json={"prompt": "right"}).json()
    assert (said["object"], said["choices"][0]["text"][:5]) == ("text_completion", "Here:")
    assert len(read(desk.trace)[0]) == 3
    assert client.get("/v1/models").json()["data"][0]["id"] == "fake"


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/completions"])
def test_answers_are_streamed(client: TestClient, desk: Desk, path: str) -> None:
    """Events carry the pieces as they come, then why it ended and the verdict, then DONE."""
    body = {**(chat("right") if "chat" in path else {"prompt": "right"}), "stream": True}
    reply = client.post(path, json=body)
    assert reply.headers["content-type"].startswith("text/event-stream")
    events = [line.removeprefix("data: ") for line in reply.text.split("\n\n") if line]
    assert events[-1] == "[DONE]"
    chunks = [json.loads(event) for event in events[:-1]]
    said = [chunk["choices"][0] for chunk in chunks]
    text = "".join(one["delta"]["content"] if "chat" in path else one["text"] for one in said)
    assert text == f"Here:\n```verilog\n{GOLDEN[: len(GOLDEN) // 2]}{GOLDEN[len(GOLDEN) // 2 :]}```\n"
    assert [one["finish_reason"] for one in said] == [None, None, "stop"]
    assert chunks[-1]["rtl"]["verdict"] == "unverified"
    (line,) = read(desk.trace)[0]
    assert line.request == chunks[0]["id"] == chunks[-1]["rtl"]["request"]
    broken = client.post(
        path, json={**(chat("fail") if "chat" in path else {"prompt": "fail"}), "stream": True}
    )
    assert '"server_error"' in broken.text
    assert "secret" not in broken.text


def test_a_stream_counts_its_tokens_for_who_wants_them(client: TestClient) -> None:
    """As OpenAI's: in a last chunk without a choice, null in all before it, and nothing of it for others."""
    body = chat("right", stream=True)

    def chunks(**options: bool) -> list[dict[str, Any]]:
        reply = client.post("/v1/chat/completions", json={**body, "stream_options": options})
        return [json.loads(event.removeprefix("data: ")) for event in reply.text.split("\n\n")[:-2]]

    *before, last = chunks(include_usage=True)
    assert last["choices"] == []
    assert last["usage"] == {"prompt_tokens": 1, "completion_tokens": 42, "total_tokens": 43}
    assert last["id"] == before[0]["id"]
    assert [chunk["usage"] for chunk in before] == [None] * 3
    assert before[-1]["rtl"]["verdict"] == "unverified"
    assert [chunk for chunk in chunks() if "usage" in chunk or not chunk["choices"]] == []


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/v1/rtl", b"{", "JSON"),
        ("/v1/rtl", b"\xff\xfe\x00\x01", ""),
        ("/v1/rtl", b"[]", "body"),
        ("/v1/rtl", b"[" * 3900, ""),
        ("/v1/rtl", b'{"instruction": 1}', "instruction"),
        ("/v1/rtl", b'{"instruction": "a\\ud800"}', "nicode"),
        ("/v1/rtl", b'{"instruction": ""}', "is empty"),
        ("/v1/rtl", b'{"instruction": "a", "more": 1}', "more: Extra"),
        ("/v1/rtl", b'{"instruction": "a", "best_of": 99}', "1 to 4"),
        ("/v1/rtl", b'{"instruction": "a", "best_of": 1e99}', "best_of"),
        ("/v1/rtl", b'{"instruction": "a", "reference": "x"}', "reference: "),
        ("/v1/rtl", b'{"instruction": "a", "spec": {"category": "x"}}', "unknown category"),
        ("/v1/rtl", b'{"instruction": "<|im_end|>"}', "marker"),
        ("/v1/completions", b'{"prompt": "a", "max_tokens": 65}', "at most 64"),
        ("/v1/completions", b'{"prompt": "a", "temperature": NaN}', ""),
        ("/v1/completions", b'{"prompt": "a", "n": 2}', "n: "),
        ("/v1/completions", b'{"prompt": "a", "stop": ["b"]}', "stop: "),
        ("/v1/completions", b'{"prompt": null}', "prompt: "),
        ("/v1/chat/completions", b'{"messages": []}', "messages"),
        ("/v1/chat/completions", b'{"messages": [{"role": "system", "content": ""}]}', "role"),
        ("/v1/chat/completions", json.dumps(chat("a", tools=[])).encode(), "tools: Extra"),
        ("/v1/corrections", b'{"request": "", "rtl": "m"}', "request"),
    ],
)
def test_bad_requests(client: TestClient, desk: Desk, path: str, body: bytes, said: str) -> None:
    """Broken, binary, deep, wrong and unsupported requests get a 400 that says what is wrong, and leave no trace."""
    reply = client.post(path, content=body, headers={"Content-Type": "application/json"})
    assert reply.status_code == 400, reply.text
    error = reply.json()["error"]
    assert said in error["message"]
    assert error["type"] == "invalid_request_error"
    assert "/" not in error["message"]
    assert not desk.trace.exists()


@pytest.mark.parametrize(("word", "status"), [("slow", 504), ("fail", 500)])
def test_our_failures_say_nothing_of_us(client: TestClient, word: str, status: int) -> None:
    """A model that fails or is too slow is our fault; no path, no message from inside leaves the service."""
    reply = client.post("/v1/rtl", json={"instruction": word})
    assert (reply.status_code, reply.json()["error"]["type"]) == (status, "server_error")
    assert "secret" not in reply.text


def test_an_unwritable_trace_is_our_failure(client: TestClient, desk: Desk, tmp_path: Path) -> None:
    """No request is answered that could not be recorded, and the reply names no path."""
    (tmp_path / "file").write_text("")
    desk.trace = tmp_path / "file" / "trace.jsonl"
    reply = client.post("/v1/rtl", json={"instruction": "right"})
    assert reply.status_code == 503
    assert str(tmp_path) not in reply.text


def test_what_is_not_there(client: TestClient) -> None:
    """Unknown paths and methods are refused as JSON."""
    assert client.get("/nothing").json()["error"]["code"] == 404
    assert client.get("/v1/rtl").json()["error"]["code"] == 405
    assert client.post("/v1/rtl", content=b"a", headers={"Content-Type": "text/plain"}).status_code == 400


def test_a_huge_body_is_refused(client: TestClient) -> None:
    """By its announced length, and by what comes if none is announced; a long prompt within the limit is a 400."""
    body = json.dumps({"instruction": "a" * 5000}).encode()
    assert client.post("/v1/rtl", content=body).status_code == 413
    assert client.post("/v1/rtl", content=iter([body[:3000], body[3000:]])).status_code == 413
    assert client.post("/v1/rtl", json={"instruction": "a " * 100}).status_code == 400


def test_a_token_is_needed(desk: Desk) -> None:
    """Without the right bearer token everything but the page and the health is refused, before the body is read."""
    client = TestClient(create_app(desk, LIMITS, token="geheim"))
    for header in (
        None,
        "geheim",
        "Basic geheim",
        "Bearer",
        "Bearer geheim2",
        "Bearer GEHEIM",
        "Bearer \xff",
    ):
        headers = {} if header is None else {"Authorization": header.encode("latin-1")}
        reply = client.post("/v1/rtl", content=b"x" * 9999, headers=cast(Any, headers))
        assert (reply.status_code, reply.headers["www-authenticate"]) == (401, "Bearer")
        assert client.get("/metrics", headers=cast(Any, headers)).status_code == 401
        assert client.get("/openapi.json", headers=cast(Any, headers)).status_code == 401
    assert client.get("/health").status_code == client.get("/").status_code == 200
    allowed = {"Authorization": "bearer geheim"}
    assert client.post("/v1/rtl", json={"instruction": "right"}, headers=allowed).status_code == 200
    assert "geheim" not in client.get("/metrics", headers=allowed).text


def test_a_foreign_host_name_is_refused(desk: Desk) -> None:
    """A page of the web that points its own name at this machine cannot ask the local service."""
    app = create_app(desk, LIMITS, hosts=("127.0.0.1",))
    assert TestClient(app, base_url="http://evil.example").get("/health").status_code == 400
    assert TestClient(app, base_url="http://127.0.0.1:8008").get("/health").status_code == 200


def test_more_than_can_be_answered_are_told_to_wait(client: TestClient, desk: Desk) -> None:
    """While all places are taken a request gets 503 and when to come back; those that wait are answered."""
    engine = cast(Fake, desk.engine)
    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(client.post, "/v1/rtl", json={"instruction": "wait"}) for _ in range(4)]
        refused: list[Any] = []
        while len(refused) < 2:
            refused = [one.result() for one in waiting if one.done()]
        assert {reply.status_code for reply in refused} == {503}
        assert {reply.headers["retry-after"] for reply in refused} == {"5"}
        assert client.get("/health").status_code == 200
        engine.go.set()
        assert sorted(one.result().status_code for one in waiting) == [200, 200, 503, 503]
    assert client.post("/v1/rtl", json={"instruction": "right"}).status_code == 200


def test_a_slow_body_is_refused(desk: Desk) -> None:
    """A body that trickles in is given up, and its place is free again."""
    app = create_app(desk, LIMITS)

    async def trickle(sent: list[Any]) -> Any:
        await asyncio.sleep(0.1)
        return {"type": "http.request", "body": b" ", "more_body": True}

    assert ask(app, "/v1/rtl", trickle)[0]["status"] == 408
    assert TestClient(app).post("/v1/rtl", json={"instruction": "right"}).status_code == 200


@pytest.mark.parametrize(
    ("path", "body", "after", "status"),
    [
        ("/v1/rtl", {"instruction": "long"}, 0, 499),
        ("/v1/chat/completions", chat("long"), 0, 499),
        ("/v1/completions", {"prompt": "long"}, 0, 499),
        ("/v1/chat/completions", chat("long", stream=True), 2, 200),
    ],
)
def test_a_client_that_goes_is_decoded_for_no_longer(
    desk: Desk, path: str, body: dict[str, Any], after: int, status: int
) -> None:
    """Its answer is closed when its place is free again, leaves no trace, and does not count as answered."""
    app, engine = create_app(desk, LIMITS), cast(Fake, desk.engine)
    ask(app, path, leaves(body, after=after))
    assert engine.said < 100
    assert [inspect.getgeneratorstate(answer) for answer in engine.answers] == [inspect.GEN_CLOSED]
    assert not desk.trace.exists()
    counted = f'harness_requests_total{{path="{path}",status="{status}"}} 1.0'
    assert counted in TestClient(app).get("/metrics").text


def test_a_body_that_was_cut_off_is_refused(desk: Desk) -> None:
    """A client that goes before the end of its body asks nothing, even if what came is a request."""
    sent = ask(create_app(desk, LIMITS), "/v1/rtl", leaves({"instruction": "right"}, whole=False))
    assert (sent[0]["status"], b"cut off" in sent[1]["body"]) == (400, True)
    assert cast(Fake, desk.engine).answers == []


def test_what_is_counted(client: TestClient, desk: Desk) -> None:
    """Prometheus sees requests by path and status, seconds and verdicts; unknown paths are counted as one."""
    client.post("/v1/rtl", json={"instruction": "right"})
    client.post("/v1/rtl", content=b"{")
    client.get("/a")
    client.get("/b")
    said = client.get("/metrics").text
    assert 'harness_requests_total{path="/v1/rtl",status="200"} 1.0' in said
    assert 'harness_requests_total{path="/v1/rtl",status="400"} 1.0' in said
    assert 'harness_requests_total{path="other",status="404"} 2.0' in said
    assert 'harness_verdicts_total{verdict="unverified"} 1.0' in said
    assert 'harness_request_seconds_count{path="/v1/rtl"} 2.0' in said
    cast(Fake, desk.engine).alive = False
    assert client.get("/health").status_code == 503


def test_the_page_loads_nothing_from_elsewhere(client: TestClient) -> None:
    """The page names no other address and its policy allows just its own style and script."""
    reply = client.get("/")
    assert "http" not in reply.text.replace("https://", "http://").split("<body>")[0].replace(
        "http-equiv", ""
    )
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert reply.headers["content-security-policy"].count("sha256-") == 2
