"""A stand-in for the API over real HTTP: Messages, Models and Message Batches, with faults on request."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from harness.store import canonical, digest

Params = Mapping[str, Any]
FAULTS = {
    "408": 408,
    "409": 409,
    "429": 429,
    "429-after": 429,
    "429-long": 429,
    "500": 500,
    "529": 529,
    "400": 400,
    "401": 401,
    "429-spent": 429,
    "400-spent": 400,
}
SPENT: dict[str, dict[str, Any]] = {
    "429-spent": {"message": "wait for it", "details": {"error_code": "enforced_spend_limit_reached"}},
    "400-spent": {
        "message": "You have reached your specified API usage limits. You will regain access soon."
    },
}
RETRY_AFTER = {"429-after": "0.05", "429-long": "3600"}
CREATED = "2026-01-01T00:00:00Z"


def message(text: str, stop: str = "end_turn") -> dict[str, Any]:
    """A reply as the API words it; it always costs 20 tokens in and 1000 out."""
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-5-5",
        "content": [{"type": "thinking", "thinking": "", "signature": "s"}, {"type": "text", "text": text}],
        "stop_reason": stop,
        "stop_sequence": None,
        "usage": {"input_tokens": 20, "output_tokens": 1000, "cache_read_input_tokens": 0},
    }


class FakeApi:
    """Answers with `reply(params)`; `fault(digest, nth)` may name a fault for the nth call of a request.

    `calls` counts calls by request digest, `answered` those whose reply was sent whole, `most` how many were
    under way at a time.
    """

    def __init__(self, reply: Callable[[Params], dict[str, Any]]) -> None:
        self.reply, self.latency = reply, 0.02
        self.fault: Callable[[str, int], str] = lambda digest, nth: ""
        self.batch_fault: Callable[[str, int], str] = lambda digest, nth: ""
        self.calls: Counter[str] = Counter()
        self.answered: Counter[str] = Counter()
        self.requests: list[Params] = []
        self.keys: set[str] = set()
        self.times: list[float] = []
        self.under_way = self.most = 0
        self.batches: dict[str, list[dict[str, Any]]] = {}
        self.polls = self.polls_needed = 0
        self.created_at = CREATED
        self.drop_creation = self.batches_closed = self.polls_closed = False
        self.archived: set[str] = set()
        self.takes_effort = True
        self.lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))

    def __enter__(self) -> FakeApi:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                api.get(self)

            def do_POST(self) -> None:
                api.post(self)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler

    def post(self, http: BaseHTTPRequestHandler) -> None:
        body = json.loads(http.rfile.read(int(http.headers["content-length"])))
        self.keys.add(_key(http))
        if http.path.split("?")[0] == "/v1/messages/batches":
            self._create(http, body["requests"])
            return
        with self.lock:
            self.under_way += 1
            self.most = max(self.most, self.under_way)
            self.times.append(time.monotonic())
            self.requests.append(body)
            asked = digest(canonical(body))
            self.calls[asked] += 1
            fault = self.fault(asked, self.calls[asked])
        time.sleep(self.latency)
        with self.lock:
            self.under_way -= 1
        self._answer(http, body, asked, fault)

    def _answer(self, http: BaseHTTPRequestHandler, body: Params, asked: str, fault: str) -> None:
        whole = json.dumps(self.reply(body)).encode()
        if fault in FAULTS:
            headers = {"retry-after": RETRY_AFTER[fault]} if fault in RETRY_AFTER else {}
            _error(http, FAULTS[fault], f"the key {_key(http)} met a {fault}", headers, SPENT.get(fault))
        elif fault == "reset":
            _send(http, 200, whole[: len(whole) // 2], {"content-length": str(len(whole))})
            _reset(http)
        elif fault == "trickle":
            _send(http, 200, b"", {"content-length": str(len(whole))})
            for at in range(0, len(whole), 1):
                time.sleep(0.02)
                try:
                    http.wfile.write(whole[at : at + 1])
                except OSError:
                    break
        elif fault == "not-utf8":
            _send(http, 200, whole.replace(b"```", b"\xff```"))
        elif fault == "garbage":
            _send(http, 200, b"<html>Bad gateway</html>")
        elif fault == "no-message":
            _send(http, 200, b'{"type": "ping"}')
        else:
            with self.lock:
                self.answered[asked] += 1
            _send(http, 200, whole)

    def get(self, http: BaseHTTPRequestHandler) -> None:
        self.keys.add(_key(http))
        path = http.path.split("?")[0].removeprefix("/v1/")
        parts = path.split("/")
        if path.startswith("models"):
            self._models(http, parts[1:])
        elif parts == ["messages", "batches"]:
            found = [self._batch(name) for name in self.batches]
            _json(http, 200, {"data": found, "has_more": False, "first_id": None, "last_id": None})
        elif parts[-1] == "results":
            self._results(http, parts[-2])
        elif self.polls_closed:
            _error(http, 429, "too many looks", {"retry-after": "0"})
        else:
            self.polls += 1
            _json(http, 200, self._batch(parts[-1]))

    def _models(self, http: BaseHTTPRequestHandler, rest: list[str]) -> None:
        info = {
            "type": "model",
            "id": "claude-sonnet-5-5",
            "display_name": "Claude Sonnet 5.5",
            "created_at": CREATED,
            "lifecycle": "active",
            "max_tokens": 128_000,
            "capabilities": {"effort": {"supported": self.takes_effort}},
        }
        if _key(http) == "wrong":
            _error(http, 401, f"invalid key {_key(http)}")
        elif not rest:
            _json(http, 200, {"data": [info], "has_more": False, "first_id": None, "last_id": None})
        elif rest == [info["id"]]:
            _json(http, 200, info)
        else:
            _error(http, 404, "model not found")

    def _create(self, http: BaseHTTPRequestHandler, requests: list[dict[str, Any]]) -> None:
        if self.batches_closed:
            _error(http, 429, "too many batches", {"retry-after": "0"})
            return
        name = f"msgbatch_{len(self.batches)}"
        self.batches[name] = requests
        self.polls = 0
        for request in requests:
            self.calls[digest(canonical(request["params"]))] += 1
        if self.drop_creation:
            self.drop_creation = False
            _reset(http)
        else:
            _json(http, 200, self._batch(name))

    def _batch(self, name: str) -> dict[str, Any]:
        ended = self.polls > self.polls_needed
        size = len(self.batches[name])
        counts = dict.fromkeys(("processing", "succeeded", "errored", "canceled", "expired"), 0)
        counts["succeeded" if ended else "processing"] = size
        return {
            "id": name,
            "type": "message_batch",
            "processing_status": "ended" if ended else "in_progress",
            "request_counts": counts,
            "created_at": self.created_at,
            "expires_at": self.created_at,
            "results_url": f"{self.url}/v1/messages/batches/{name}/results"
            if ended and name not in self.archived
            else None,
        }

    def _results(self, http: BaseHTTPRequestHandler, name: str) -> None:
        lines = []
        for request in reversed(self.batches[name]):
            asked = request["custom_id"]
            fault = self.batch_fault(asked, self.calls[asked])
            error = {"type": fault, "message": f"the key {_key(http)} met it"}
            results: dict[str, dict[str, Any]] = {
                "": {"type": "succeeded", "message": self.reply(request["params"])},
                "expired": {"type": "expired"},
                "canceled": {"type": "canceled"},
            }
            errored = {"type": "errored", "error": {"type": "error", "error": error}}
            lines.append(json.dumps({"custom_id": asked, "result": results.get(fault, errored)}) + "\n")
            self.answered[asked] += fault == ""
        whole = "".join(lines).encode()
        if self.fault(name, 0) == "reset":
            self.fault = lambda digest, nth: ""
            _send(http, 200, whole[: len(whole) // 2], {"content-length": str(len(whole))})
            _reset(http)
        else:
            _send(http, 200, whole)


def _key(http: BaseHTTPRequestHandler) -> str:
    return http.headers.get("x-api-key") or http.headers.get("authorization", "").removeprefix("Bearer ")


def _json(http: BaseHTTPRequestHandler, status: int, data: Any) -> None:
    _send(http, status, json.dumps(data).encode())


def _error(
    http: BaseHTTPRequestHandler,
    status: int,
    said: str,
    headers: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> None:
    error = {"type": "api_error", "message": said, **(more or {})}
    body = json.dumps({"type": "error", "error": error}).encode()
    _send(http, status, body, headers)


def _send(
    http: BaseHTTPRequestHandler, status: int, body: bytes, headers: Mapping[str, str] | None = None
) -> None:
    try:
        http.send_response(status)
        chosen = {"content-type": "application/json", "content-length": str(len(body)), **(headers or {})}
        for name, value in chosen.items():
            http.send_header(name, value)
        http.end_headers()
        http.wfile.write(body)
    except OSError:  # the client has gone
        http.close_connection = True


def _reset(http: BaseHTTPRequestHandler) -> None:
    """Cut the connection off, as a failing router does."""
    http.wfile.flush()
    time.sleep(0.01)
    http.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    http.connection.close()
    http.close_connection = True
