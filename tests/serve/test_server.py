"""Where the service listens, and connections that never ask anything."""

from __future__ import annotations

import asyncio
import socket
import threading
import time

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from harness.serve import server
from harness.serve.answer import Desk, QuestionError
from harness.serve.app import create_app
from harness.serve.guard import Limits
from harness.serve.server import Impatient, admitted


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::", "example.org", ""])
def test_others_need_a_token(host: str) -> None:
    """An address that other machines can reach is refused without a token, and any is fine with one."""
    with pytest.raises(QuestionError, match="--token-env"):
        admitted(host, None)
    assert admitted(host, "token") == ("*",)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.3.2.1", "::1", "localhost"])
def test_this_machine_needs_none(host: str) -> None:
    """On loopback only requests that name this machine are looked at."""
    app = Starlette(routes=[Route("/", lambda request: PlainTextResponse("here"))])
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(admitted(host, None)))
    own = f"[{host}]" if ":" in host else host
    for name, status in ((own, 200), ("localhost", 200), ("example.org", 400)):
        assert TestClient(app).get("/", headers={"host": f"{name}:8008"}).status_code == status


def test_a_silent_connection_is_closed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that sends no whole head in time is closed; one with a request is answered and kept."""
    monkeypatch.setattr(server, "HEADERS_S", 0.5)
    app = create_app(desk, Limits(), hosts=("127.0.0.1",))
    config = uvicorn.Config(app, host="127.0.0.1", port=0, http=Impatient, ws="none", log_level="error")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        running = uvicorn.Server(config)
        thread = threading.Thread(target=running.run, args=([listening],))
        thread.start()
        try:
            with httpx2.Client(base_url=f"http://127.0.0.1:{port}") as client:
                assert client.get("/health").json() == {"status": "ok"}
                with socket.create_connection(("127.0.0.1", port), timeout=10) as silent:
                    silent.sendall(b"POST /v1/rtl HTTP/1.1\r\nHost: 127.0.0.1\r\n")
                    began = time.monotonic()
                    assert silent.recv(100) == b""
                    assert 0.3 < time.monotonic() - began < 5
                assert client.get("/health").status_code == 200
        finally:
            running.should_exit = True
            thread.join()


class Line(asyncio.Transport):
    """The service's end of a connection: what it has sent, and whether it has hung up."""

    def __init__(self) -> None:
        super().__init__()
        self.sent, self.closed = b"", False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.sent += data

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


@pytest.mark.parametrize("whole", [False, True])
def test_later_requests_have_as_long_for_their_heads(monkeypatch: pytest.MonkeyPatch, whole: bool) -> None:
    """A second head that stays half is not waited for; a whole one is answered, however long that takes."""
    monkeypatch.setattr(server, "HEADERS_S", 0.0)

    async def talk() -> None:
        go, line = asyncio.Event(), Line()

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["path"] == "/slow":
                await go.wait()
            await PlainTextResponse("here")(scope, receive, send)

        service = Impatient(uvicorn.Config(app, ws="none", log_level="error"), ServerState(), {})
        service.connection_made(line)
        half = b"GET / HTTP/1.1\r\nHost: h\r\n\r\nGET /slow HTTP/1.1\r\nHost: h\r\n"
        service.data_received(half + b"\r\n" * whole)
        for _ in range(100):
            await asyncio.sleep(0)
        assert (line.sent.count(b"HTTP/1.1 200"), line.closed) == (1, not whole)
        go.set()
        await asyncio.gather(*service.tasks)
        assert line.sent.count(b"HTTP/1.1 200") == 1 + whole

    asyncio.run(talk())
