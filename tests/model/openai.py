"""A stand-in for a server of OpenAI's chat protocol, over real HTTP on the loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


def completion(text: str | None, finish: str = "stop") -> bytes:
    """A reply as such servers word it, with one answer."""
    return completed({"role": "assistant", "content": text}, finish)


def completed(message: dict[str, Any], finish: str = "stop") -> bytes:
    """A reply with one message."""
    choice = {"index": 0, "message": message, "finish_reason": finish}
    return json.dumps({"object": "chat.completion", "choices": [choice]}).encode()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    """More connections at once than the library's 5, which would let the others wait for a second."""


class Server:
    """Serves what `listed` says for GET /models, with the status `listing`, and `reply(body)`: status and bytes.

    `asked` has the bodies of all requests in order, `keys` what was sent as authorisation, `most` how many requests
    were under way at a time.
    """

    def __init__(self, reply: Callable[[dict[str, Any]], tuple[int, bytes]]) -> None:
        self.reply = reply
        self.listed: Callable[[], Any] = lambda: {"data": [{"id": "org/Tiny-Model"}]}
        self.listing = 200
        self.asked: list[dict[str, Any]] = []
        self.keys: set[str | None] = set()
        self.headers: dict[str, str] = {}
        self.under_way = self.most = 0
        self.lock = threading.Lock()
        self.http = _Http(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.http.server_port}/v1"
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.01,))

    def __enter__(self) -> Server:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.http.shutdown()
        self.thread.join()
        self.http.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.keys.add(self.headers["authorization"])
                known = self.path == "/v1/models"
                if known:
                    self.send(server.listing, json.dumps(server.listed()).encode())
                else:
                    self.send(404, b"no page")

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                with server.lock:
                    server.keys.add(self.headers["authorization"])
                    server.asked.append(body)
                    server.under_way += 1
                    server.most = max(server.most, server.under_way)
                try:
                    status, reply = server.reply(body)
                finally:
                    with server.lock:
                        server.under_way -= 1
                if self.path == "/v1/chat/completions":
                    self.send(status, reply)

            def send(self, status: int, content: bytes) -> None:
                """A status of 0 hangs up in the middle."""
                self.send_response(status or 200)
                for name, value in {"content-length": str(len(content)), **server.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content if status else content[: len(content) // 2])

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler
