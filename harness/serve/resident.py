"""A model that stays in memory: requests that arrive together are decoded together, and can be heard token by token."""

from __future__ import annotations

import atexit
import math
import os
import queue
import threading
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from harness.model.prompt import prompt_ids
from harness.release.production import weights_digest
from harness.serve.engine import Ask, EngineError, Piece, TooSlow

if TYPE_CHECKING:
    import torch

ROWS = 32
"""Answers that are decoded together at most."""
WINDOW_S = 0.02
"""How long the first request of a batch waits for others."""


@dataclass(eq=False)
class _Call:
    """A request on its way; `heard` is cleared when nobody waits for it any more."""

    ask: Ask
    ids: list[int]
    said: queue.SimpleQueue[Piece | Exception] = field(default_factory=queue.SimpleQueue)
    heard: bool = True


@dataclass(eq=False)
class _Row:
    """One answer of a call as it grows. `shown` is how many of its tokens have become text."""

    call: _Call
    index: int
    randoms: torch.Tensor
    ids: list[int] = field(default_factory=list)
    context: int = 0
    shown: int = 0
    ended: bool = False


class Resident:
    """An Engine on the model in `folder`, on the GPU if there is one. One thread decodes."""

    def __init__(self, folder: Path, name: str) -> None:
        # Threads that wait for each other by spinning lose their turn to whatever else runs, such as simulations:
        # beside two busy processes on two cores that made an answer six times slower. Read when torch is loaded.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        from harness.model.decode import Model

        self.name, self.weights = name, weights_digest(folder)
        self.model = Model(folder)
        self._lock = threading.Lock()
        self._calls: queue.Queue[_Call | None] = queue.Queue()
        self._closed = False
        self._thread = threading.Thread(target=self._serve, daemon=True, name="decode")
        self._thread.start()
        # Python would end a daemon thread in the middle of torch's C++, and that ends the process by abort().
        atexit.register(self.close)

    def length(self, prompt: str) -> int:
        """See Engine."""
        return len(self._encoded(prompt))

    def ready(self) -> bool:
        """See Engine."""
        return self._thread.is_alive()

    def close(self) -> None:
        """Stop decoding. Answers that are on their way are given up."""
        self._closed = True
        self._calls.put(None)
        self._thread.join()

    def answer(self, ask: Ask, timeout_s: float) -> Generator[Piece]:
        """See Engine."""
        call, left, deadline = _Call(ask, self._encoded(ask.prompt)), len(ask.temperatures), time.monotonic()
        deadline += timeout_s
        self._calls.put(call)
        try:
            while left:
                try:
                    said = call.said.get(timeout=max(0.0, deadline - time.monotonic()))
                except queue.Empty:
                    raise TooSlow(f"no answer within {timeout_s:g} s") from None
                if isinstance(said, Exception):
                    raise EngineError("decoding failed") from said
                left -= said.end is not None
                yield said
        finally:
            call.heard = False

    def _encoded(self, prompt: str) -> list[int]:
        with self._lock:  # a tokenizer must not be used by two threads at once
            return prompt_ids(self.model.tokenizer, prompt)

    def _serve(self) -> None:
        import torch

        torch.set_flush_denormal(True)
        waiting: list[_Call] = []
        while not self._closed:
            batch = self._batch(waiting)
            try:
                with torch.inference_mode():
                    self._decode(batch)
            except Exception as error:  # whatever it was, these requests have failed and the next may not
                for call in batch:
                    call.said.put(error)

    def _batch(self, waiting: list[_Call]) -> list[_Call]:
        """The calls to decode next, in the order they came; what does not fit stays in `waiting`."""
        until = time.monotonic() + WINDOW_S if waiting else math.inf
        while True:
            left = until - time.monotonic()
            try:
                call = self._calls.get(timeout=None if left == math.inf else max(0.0, left))
            except queue.Empty:
                break
            if call is None:
                return []
            waiting.append(call)
            until = min(until, time.monotonic() + WINDOW_S)
        batch = [waiting.pop(0)]
        rows = len(batch[0].ask.temperatures)
        while waiting and rows + len(waiting[0].ask.temperatures) <= ROWS:
            rows += len(waiting[0].ask.temperatures)
            batch.append(waiting.pop(0))
        return [call for call in batch if call.heard]

    def _decode(self, calls: Sequence[_Call]) -> None:
        """Decode one batch to its end. As harness.model.decode.decode, but heard as it goes, and given up with it."""
        from harness.model.decode import Batch, uniforms

        if not calls:
            return
        rows = [
            _Row(call, index, uniforms(call.ask.seed, call.ask.prompt, index, call.ask.max_tokens))
            for call in calls
            for index in range(len(call.ask.temperatures))
        ]
        spread = [place for place, call in enumerate(calls) for _ in call.ask.temperatures]
        batch = Batch(self.model.weights, [call.ids for call in calls], spread, self.model.end)
        while True:
            tokens = self._chosen(batch.logits(), rows)
            for row, token in zip(rows, tokens.tolist(), strict=True):
                self._grow(row, token)
            live = [place for place, row in enumerate(rows) if not row.ended]
            if not live:
                return
            rows = [rows[place] for place in batch.take(tokens, live)]

    def _chosen(self, logits: torch.Tensor, rows: Sequence[_Row]) -> torch.Tensor:
        """The next token of each row: the likeliest, or one drawn at the row's temperature."""
        import torch

        from harness.model.decode import draw, highest

        tokens = highest(logits)
        heats = [row.call.ask.temperatures[row.index] for row in rows]
        drawn = [place for place, row in enumerate(rows) if heats[place] > 0 and not row.ended]
        if drawn:
            heat = torch.tensor([heats[place] for place in drawn], device=logits.device)[:, None]
            numbers = torch.stack([rows[place].randoms[len(rows[place].ids)] for place in drawn])
            tokens[drawn] = draw(logits[drawn].double() / heat, 1.0, numbers)
        return tokens

    def _grow(self, row: _Row, token: int) -> None:
        """Add a token to an answer and say what text it makes; a row that is over goes on unheard."""
        if row.ended:
            return
        if token != self.model.end:
            row.ids.append(token)
        over = (
            "stop"
            if token == self.model.end
            else "length"
            if len(row.ids) == row.call.ask.max_tokens
            else None
        )
        row.ended = over is not None or not row.call.heard or self._closed
        with self._lock:
            before = self.model.tokenizer.decode(row.ids[row.context : row.shown])
            text = self.model.tokenizer.decode(row.ids[row.context :])
        # A character may need several tokens: until it is whole it decodes to this one.
        if not over and text.endswith("\ufffd"):
            return
        row.context, row.shown = row.shown, len(row.ids)
        if over or text != before:
            row.call.said.put(Piece(row.index, text[len(before) :], over, len(row.ids)))
