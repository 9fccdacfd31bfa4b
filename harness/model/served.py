"""A model behind a server that speaks OpenAI's chat protocol: vLLM, SGLang, TGI, Ollama, llama.cpp's, `harness serve`.

Each prompt is one user message of /chat/completions, and the server applies the model's own template. The plain
/completions would need that template here, where the tokenizer of a model that somebody else serves is not; asked in
another format than it was trained in, a model seems worse than it is.

Not covered: the weights cannot be seen. A model is known by its address, its name and what the server tells of it
(`Served`); where the weights change and the server tells nothing of that, the stored answers are used: serve them under
another name. So results of a served model are for looking at, and nothing is deployed on them.

What a server adds of its own is part of what is measured: a system prompt in the template, or top_p and penalties from
the model's generation_config.json (vLLM leaves these out with `--generation-config vllm`). top_p is not set from
here, as TGI refuses the neutral 1. Greedy answers of a server that batches may differ between two runs by rounding.
"""

from __future__ import annotations

import hashlib
import random
import re
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from threading import Event
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from harness.model.base import BaseModelError
from harness.model.transport import KEY, Absent, MayPass, call
from harness.secret import quoted

IN_FLIGHT = 16
"""Prompts asked at a time: enough for a server that batches, and few enough that one which answers them one
by one, in half a minute each, comes to the last within the time-out of a request."""
PATIENCE_S = 180.0
"""How long a request is repeated after its first fault: a server that restarts loads its weights in that time."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 20.0
TICK_S = 1.1
"""After this long a clock of whole seconds shows another time."""
TELLING = ("created", "meta", "parent", "root")
"""What servers tell of a model's weights: when they were made, their size, the base of an adapter, their place."""


@dataclass(frozen=True)
class Served:
    """A model on a server. `tells` is what the server says of its weights."""

    url: str
    model: str
    tells: dict[str, Any]

    @property
    def name(self) -> str:
        """What the model is called in reports: the last part of its name, fit for a file name."""
        last = PurePosixPath(self.model).name
        return re.sub(r"[^\w.-]", "-", last).strip(".-").lower() or "served"

    @property
    def key(self) -> dict[str, Any]:
        """What identifies it in a key, as far as it can be known."""
        return {"server": self.url, "served": self.model, "tells": self.tells}


class _Model(BaseModel):
    model_config = ConfigDict(extra="allow")

    id: str = Field(min_length=1)


class _Models(BaseModel):
    data: list[_Model] | None


class _Part(BaseModel):
    type: str
    text: str | None = None


class _Message(BaseModel):
    """Some servers leave out a content that is null, and some give it in parts, of which a thought may be one."""

    content: str | list[_Part] | None = None

    @property
    def text(self) -> str:
        """What was answered, empty where a model has only thought until its tokens were used up."""
        if isinstance(self.content, list):
            return "".join(part.text or "" for part in self.content if part.type == "text")
        return self.content or ""


class _Choice(BaseModel):
    message: _Message


class _Completion(BaseModel):
    choices: list[_Choice] = Field(min_length=1)


def is_address(said: str) -> bool:
    """Whether a user who names a model means one on a server."""
    return said.startswith(("http://", "https://"))


@cache
def look_up(said: str) -> Served:
    """The model at `said`, URL or URL#NAME; without a name it is the server's only one. Asked once a process.

    Raises BaseModelError for an address that cannot be used, a server that does not answer, and a model that it
    does not have.
    """
    url, name = _parsed(said)
    entry = _entry(url, name)
    tells = {field: entry[field] for field in TELLING if entry.get(field) is not None}
    if "created" in tells:
        # vLLM, SGLang and llama.cpp put the time of the request there, which says nothing of the weights.
        time.sleep(TICK_S)
        if _entry(url, name).get("created") != tells["created"]:
            del tells["created"]
    return Served(url, entry["id"], tells)


def generate(
    served: Served,
    prompts: Sequence[str],
    samples: Sequence[int],
    *,
    max_new_tokens: int = 512,
    temperature: float = 1.0,
    seed: int = 0,
    known: Mapping[int, list[str]] | None = None,
    on_answers: Callable[[int, list[str]], None] | None = None,
) -> list[list[str]]:
    """For each prompt its greedy answer, then `samples` of it (one number a prompt) drawn at `temperature`.

    As `harness.model.generate.generate` does, what is `known` not asked again, with a seed for each (seed, prompt,
    sample), which a server may or may not heed. `on_answers(index, answers)` is called as soon as a prompt is
    finished, in any order, in this thread.
    Raises BaseModelError when the server refuses, gives no completion, or is away for longer than `PATIENCE_S`.
    """
    stop = Event()

    def ask(index: int) -> list[str] | None:
        """One prompt's answers; None if it was stopped."""
        answers = []
        for sample in range(1 + samples[index]):
            if stop.is_set():
                return None
            how = {"temperature": temperature, "seed": _seed(seed, prompts[index], sample)}
            body = {
                "model": served.model,
                "messages": [{"role": "user", "content": prompts[index]}],
                "max_tokens": max_new_tokens,
                **(how if sample else {"temperature": 0}),
            }
            found = _insist(f"{served.url}/chat/completions", body, stop)
            answers.append(found.choices[0].message.text)
        return answers

    known = known or {}
    answers = [known.get(index, []) for index in range(len(prompts))]
    fault: BaseModelError | None = None
    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        try:
            left = [index for index in range(len(prompts)) if index not in known]
            asked = {pool.submit(ask, index): index for index in left}
            for future in as_completed(asked):
                try:
                    found = future.result()
                except BaseModelError as error:
                    stop.set()  # what is under way is waited for and kept
                    fault = fault or error
                    continue
                if found is not None:
                    index = asked[future]
                    answers[index] = found
                    if on_answers is not None:
                        on_answers(index, found)
        finally:
            stop.set()
    if fault is not None:
        raise fault
    return answers


def _seed(seed: int, prompt: str, sample: int) -> int:
    """31 bits, which every server takes."""
    digest = hashlib.sha256(f"{seed}\0{sample}\0{prompt}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1


def _parsed(said: str) -> tuple[str, str]:
    """URL and model's name. What is refused is not quoted, as it may hold a secret."""
    url, _, name = said.partition("#")
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna")
        usable = bool(host) and parts.port != 0 and not parts.query
    except ValueError:
        usable = False
    if "@" in url:
        raise BaseModelError(
            "the model's address holds a user or a password, which would end up in reports and in the cache; leave it"
            f" out, and put the server's key into the environment variable {KEY}"
        )
    if not (usable and url.isascii() and url.isprintable()) or " " in url:
        raise BaseModelError(
            "the model's address cannot be used; write http://HOST:PORT/v1 or http://HOST:PORT/v1#NAME"
        )
    return url.rstrip("/"), name


def _entry(url: str, name: str) -> dict[str, Any]:
    """What the server says of the model `name`, or of its only one. Where it lists none the name alone will do."""
    try:
        found = call(f"{url}/models", None, _Models).data or []
    except Absent as fault:
        if name:
            return {"id": name}
        raise BaseModelError(
            f"{fault}, which a server that lists no models has to be asked by: {url}#NAME"
        ) from None
    except MayPass as fault:
        raise BaseModelError(
            f"no model can be asked at {url} ({fault}); start the server, or check the address"
        ) from None
    chosen = [model for model in found if name in ("", model.id)]
    if len(chosen) != 1:
        names = quoted(", ".join(model.id for model in found), KEY) or "nothing"
        wanted = f"has no model {name!r}" if name else f"has {len(found)} models"
        raise BaseModelError(f"{url} {wanted}; it serves {names}: say which as {url}#NAME")
    return chosen[0].model_dump()


def _insist(url: str, body: dict[str, Any], stop: Event) -> _Completion:
    """A chat completion, asked for again, ever more slowly, while a fault may pass and nobody says `stop`."""
    pause, give_up = FIRST_PAUSE_S, 0.0
    while True:
        try:
            return call(url, body, _Completion)
        except MayPass as met:
            fault = met
        now = time.monotonic()
        give_up = give_up or now + PATIENCE_S
        wait = max(fault.pause, pause * random.uniform(0.5, 1))
        if now + wait > give_up or stop.wait(wait):
            raise BaseModelError(
                f"{url}: {fault}; asked again for up to {PATIENCE_S:g} s. See to the server and give the same"
                " command again: the answers that have come are kept"
            )
        pause = min(2 * pause, LONGEST_PAUSE_S)
