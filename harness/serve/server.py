"""Run the service: on which address, for whom, and with how much patience."""

from __future__ import annotations

import asyncio
import ipaddress

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from harness.serve.answer import Desk, QuestionError
from harness.serve.app import create_app
from harness.serve.guard import Limits

HEADERS_S = 10.0
"""How long a connection may take to send the head of its first request, and of each that follows an answer."""
LOOPBACK_NAMES = ("localhost", "127.0.0.1")


class Impatient(H11Protocol):
    """HTTP/1.1, but a connection on which no request begins in time is closed; uvicorn would wait for ever."""

    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()

    def on_response_complete(self) -> None:
        # First, as uvicorn begins with a request that is here already.
        self._await_head()
        super().on_response_complete()

    def _await_head(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
        self._patience = self.loop.call_later(HEADERS_S, self._close_if_silent, self.cycle)

    def _close_if_silent(self, last: RequestResponseCycle | None) -> None:
        """Close a connection whose last request is still `last`."""
        if self.cycle is last and not self.transport.is_closing():
            self.transport.close()


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a service on `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def admitted(host: str, token: str | None) -> tuple[str, ...]:
    """The host names that requests may be for, on a service at `host`.

    Raises QuestionError for a host that others can reach without a token.
    """
    if token is not None:
        return ("*",)
    if not is_loopback(host):
        raise QuestionError(
            f"others can reach {host}: name a variable that holds a token (--token-env), or stay local"
        )
    # A page of the web can send a browser's requests to this machine, under a name of the page's own.
    return (*LOOPBACK_NAMES, f"[{host}]" if ":" in host else host)


def run(desk: Desk, host: str, port: int, token: str | None, hosts: tuple[str, ...], limits: Limits) -> None:
    """Answer requests until interrupted."""
    uvicorn.run(
        create_app(desk, limits, token, hosts),
        host=host,
        port=port,
        http=Impatient,
        ws="none",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )
