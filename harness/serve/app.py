"""The HTTP service: RTL with a verdict, and OpenAI-compatible completions, from one desk.

Needs the extra `serve`. Errors are JSON as OpenAI's clients read it; what went wrong inside is logged, never sent.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from functools import partial
from typing import Any

from anyio import from_thread
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import Receive, Scope, Send

from harness.dataset.tracelog import TraceError
from harness.serve.answer import Answer, Desk, Question, QuestionError, Unknown
from harness.serve.engine import Ask, EngineError, Gone, Piece, TooSlow, heard
from harness.serve.guard import Guard, Limits, error_body
from harness.serve.metrics import Metrics
from harness.serve.openai import ChatRequest, CompletionRequest, Reply, verdict
from harness.serve.page import PAGE, POLICY
from harness.simulate.check import Busy, Fault
from harness.simulate.icarus import MissingTool

LOG = logging.getLogger("harness.serve")
OURS: dict[type[Exception], tuple[int, str]] = {
    TooSlow: (504, "no answer within the time that a request may take; ask for less"),
    EngineError: (500, "the model failed to answer; the log of the service says why"),
    Busy: (503, "too many answers are being verified; try again later"),
    MissingTool: (503, "answers cannot be verified now; the log of the service says why"),
    TraceError: (
        503,
        "requests cannot be recorded now, so none is answered; the log of the service says why",
    ),
}
"""Failures that are not the sender's fault, and what the sender is told."""
MESSAGE = 400
"""Characters of an error's message."""
GONE = 499
"""The status that a request is counted with whose client did not wait for its answer, as nginx has it."""


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RtlRequest(_Body):
    """A request for a module, with what it can be verified with: a structured spec or a golden module."""

    instruction: str
    spec: dict[str, Any] | None = Field(None, description="a spec as a dataset's metadata has it")
    reference: str | None = Field(None, description="a golden module that behaves as the answer should")
    best_of: int = Field(1, ge=1, description="answers that are tried; the first that is verified is given")
    private: bool = Field(False, description="keep nothing of the content in the trace")


class Correction(_Body):
    """The RTL that a user put right, and the id of the request that it should have been the answer to."""

    request: str = Field(min_length=1, max_length=200)
    rtl: str = Field(min_length=1)
    private: bool = False


def create_app(
    desk: Desk, limits: Limits, token: str | None = None, hosts: Sequence[str] = ("*",)
) -> FastAPI:
    """The service as an ASGI application. It answers requests that name one of `hosts` and, if there is a `token`,
    carry it."""
    app = FastAPI(title="RTL from a verified model", docs_url=None, redoc_url=None)
    metrics = Metrics()
    app.add_middleware(Guard, limits=limits, token=token, tell=metrics.request)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))
    _handle_errors(app)

    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    def page() -> HTMLResponse:
        return HTMLResponse(PAGE, headers={"Content-Security-Policy": POLICY})

    @app.get("/health")
    def health() -> JSONResponse:
        """Whether requests can be answered."""
        ready = desk.engine.ready()
        return JSONResponse({"status": "ok" if ready else "down"}, 200 if ready else 503)

    @app.get("/metrics")
    def measured() -> Response:
        """For Prometheus."""
        return Response(metrics.text(), media_type=metrics.content_type)

    @app.get("/v1/models")
    def models() -> dict[str, Any]:
        """The one model that answers here."""
        return {
            "object": "list",
            "data": [{"id": desk.engine.name, "object": "model", "owned_by": "harness"}],
        }

    @app.post("/v1/rtl")
    def rtl(body: RtlRequest, request: Request) -> dict[str, Any]:
        """RTL for an instruction, and whether it was verified."""
        answer = desk.answer(Question(**body.model_dump()), _gone(request))
        metrics.verdict(answer.checked.verdict)
        return {
            **verdict(answer)["rtl"],
            "rtl": answer.rtl,
            "model": desk.engine.name,
            "weights": desk.engine.weights,
            "latency_s": round(answer.latency_s, 3),
        }

    @app.post("/v1/corrections")
    def corrections(body: Correction) -> dict[str, str]:
        """Put an answer right, for the next model to learn from; says whether the correction is verified."""
        checked = desk.correct(body.request, body.rtl, body.private)
        return {"verdict": checked.verdict, "detail": checked.detail}

    @app.post("/v1/chat/completions", response_model=None)
    def chat(body: ChatRequest, request: Request) -> Response:
        """OpenAI's chat completion for one user message."""
        return complete(body, request, chat=True)

    @app.post("/v1/completions", response_model=None)
    def completion(body: CompletionRequest, request: Request) -> Response:
        """OpenAI's completion of a prompt, which is asked as one user message."""
        return complete(body, request, chat=False)

    def complete(body: ChatRequest | CompletionRequest, request: Request, chat: bool) -> Response:
        question, began = Question(instruction=body.text, private=body.private), time.monotonic()
        most = body.most or desk.settings.max_new_tokens
        pieces = desk.listen(question, Ask(body.text, (body.temperature,), most, body.seed))
        length, counted = desk.engine.length(body.text), body.stream_options.include_usage
        reply = Reply(chat, desk.engine.name, question.request, length, counted)

        def conclude(text: str) -> Answer:
            answer = desk.conclude(question, [text], began)
            metrics.verdict(answer.checked.verdict)
            return answer

        if body.stream:
            return _Stream(_events(pieces, reply, conclude))
        said = list(heard(pieces, _gone(request)))
        text, last = "".join(piece.text for piece in said), said[-1]
        whole = reply.whole(text, last.end or "stop", last.tokens)
        return JSONResponse({**whole, **verdict(conclude(text))})

    return app


def _gone(request: Request) -> Callable[[], bool]:
    """Whether the sender of the request has gone, for the thread that answers it."""
    return partial(from_thread.run, request.is_disconnected)


class _Stream(StreamingResponse):
    """Server-sent events that end with their client: Starlette leaves their generator to the garbage collection."""

    def __init__(self, events: Generator[str]) -> None:
        super().__init__(events, media_type="text/event-stream")
        self.events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send them."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.events.close()


def _events(pieces: Generator[Piece], reply: Reply, conclude: Callable[[str], Answer]) -> Generator[str]:
    """Server-sent events: the pieces, then why it ended and the verdict and what it took, or an error."""
    text, end, tokens = "", "stop", 0
    try:
        with closing(pieces):
            for piece in pieces:
                text, end, tokens = text + piece.text, piece.end or end, piece.tokens
                if piece.text:
                    yield _event(reply.chunk(piece.text, None))
        yield _event({**reply.chunk("", end), **verdict(conclude(text))})
        if reply.counted:
            yield _event(reply.count(tokens))
    except tuple(OURS) as error:
        LOG.error("a streamed request failed", exc_info=error)
        yield _event(error_body(*_told(error)))
    yield "data: [DONE]\n\n"


def _event(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data)}\n\n"


def _told(error: Exception) -> tuple[int, str]:
    """What the sender hears of a failure of ours."""
    return next(said for kind, said in OURS.items() if isinstance(error, kind))


def _handle_errors(app: FastAPI) -> None:
    async def theirs(request: Request, error: Exception) -> JSONResponse:
        return _error(404 if isinstance(error, Unknown) else 400, str(error))

    async def ours(request: Request, error: Exception) -> JSONResponse:
        LOG.error("a request failed", exc_info=error)
        return _error(*_told(error))

    async def gone(request: Request, error: Exception) -> JSONResponse:
        return _error(GONE, str(error))

    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        found = (f"{'.'.join(map(str, one['loc'][1:])) or 'body'}: {one['msg']}" for one in error.errors())
        return _error(400, "; ".join(found))

    async def http(request: Request, error: HTTPException) -> JSONResponse:
        return _error(error.status_code, str(error.detail))

    async def unknown(request: Request, error: Exception) -> JSONResponse:
        return _error(500, "something failed that should not; the log of the service says what")

    handlers: list[tuple[type[Exception], Any]] = [
        (QuestionError, theirs),
        (Fault, theirs),
        *((kind, ours) for kind in OURS),
        (Gone, gone),
        (RequestValidationError, invalid),
        (HTTPException, http),
        (Exception, unknown),
    ]
    for kind, handler in handlers:
        app.add_exception_handler(kind, handler)


def _error(status: int, message: str) -> JSONResponse:
    return JSONResponse(error_body(status, message[:MESSAGE]), status)
