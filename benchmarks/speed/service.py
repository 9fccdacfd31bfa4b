"""How fast the HTTP service answers, as ratios to one request at a time by `transformers`, and how it takes bad ones.

    .tox/harness/bin/python benchmarks/speed/service.py [--requests 48] [--model FOLDER]

The model in production, or the merged model in FOLDER, first writes the baseline's answers: `generate` of
transformers, greedily, one prompt a call, in this process. Then `harness serve` is started on a free port of this
machine and answers the same prompts, texts of the benchmark, at several levels of concurrency. Its figures include
that every answer is screened and compiled. Then come requests that are huge, binary, slow, unauthorised and too
many at once: each must get the status that stands for its fault, and a good request after it must be answered.
Exit status 1 if any request was answered otherwise.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import quantiles
from typing import Any

from harness.benchmark.suite import load_suite
from harness.model.prompt import end_of_turn, prompt_ids
from harness.model.workers import quiet
from harness.pipeline.stages import ROOT
from harness.profile import Benchmark
from harness.release.production import production
from harness.report.table import table
from harness.serve.guard import Limits
from harness.serve.server import HEADERS_S

CONCURRENCY = (1, 4, 16)
PATH = "/v1/completions"
LIMITS = Limits()
PATIENCE_S = 600.0
READY_S = 300.0
CLOSED, OPEN = 0, -1
"""Stand for the status of a connection that is closed without an answer, and of one that is left open."""


@dataclass(frozen=True)
class Reply:
    """What came back: the status, how long it took, and the tokens of the answer, if it is one."""

    status: int
    seconds: float
    tokens: int = 0


@dataclass(frozen=True)
class Service:
    """Where the service listens, and its token."""

    port: int
    token: str

    def ask(self, prompt: str, **headers: str) -> Reply:
        """One good request, but for `headers` that replace its own."""
        return self.send(json.dumps({"prompt": prompt}).encode(), **headers)

    def send(self, body: bytes, **headers: str) -> Reply:
        """Post `body` and wait for the answer."""
        start = time.perf_counter()
        usual = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            with suppress(ConnectionError):  # an answer may come before the body has gone
                connection.request(
                    "POST", PATH, body, usual | headers, encode_chunked="Transfer-Encoding" in headers
                )
            response = connection.getresponse()
            said = json.loads(response.read() or b"{}")
        except (HTTPException, ConnectionError):
            return Reply(CLOSED, time.perf_counter() - start)
        finally:
            connection.close()
        tokens = said.get("usage", {}).get("completion_tokens", 0)
        return Reply(response.status, time.perf_counter() - start, tokens)

    def trickle(self, pieces: Sequence[bytes], pause_s: float) -> Reply:
        """Send raw bytes with pauses until the service answers or closes."""
        start = time.perf_counter()
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE_S) as line:
            line.settimeout(pause_s)
            status = OPEN
            for piece in pieces:
                try:
                    line.sendall(piece)
                    heard = line.recv(1 << 16)
                except TimeoutError:
                    continue
                except ConnectionError:
                    heard = b""
                status = int(heard.split()[1]) if heard else CLOSED
                break
        return Reply(status, time.perf_counter() - start)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--requests", type=int, default=48, help="at each level of concurrency")
    arguments.add_argument("--model", type=Path, help="a merged model's folder; default: production's")
    chosen = arguments.parse_args()
    if chosen.model:
        folder, most = chosen.model.resolve(), Benchmark().max_new_tokens
    else:
        found = production(ROOT)
        folder, most = ROOT / found.behavioral_model, found.facts.max_new_tokens
    tasks = load_suite(ROOT / "benchmarks/suites/v5").tasks
    prompts = [tasks[n * len(tasks) // chosen.requests].texts["normal"] for n in range(chosen.requests)]
    rows = [figures("transformers", 1, *one_by_one(folder, prompts, most))]
    with tempfile.TemporaryDirectory() as scratch, serving(chosen.model, Path(scratch)) as service:
        service.ask(prompts[0])
        for concurrency in CONCURRENCY:
            rows.append(figures("service", concurrency, *loaded(service, prompts, concurrency)))
        columns = ["", "at once", "answered", "requests/s", "tokens/s", "p50 s", "p95 s", "tokens", "ratio"]
        shown = [
            [*r[:3], *(f"{value:.2f}" for value in r[3:7]), r[7], f"{r[4] / rows[0][4]:.2f}"] for r in rows
        ]
        print(table(f"{chosen.requests} requests; ratio of tokens/s", columns, shown), flush=True)
        wrong = bad_requests(service, prompts)
    if any(row[2] != chosen.requests for row in rows):
        wrong.append("a request under load")
    if wrong:
        raise SystemExit(f"answered wrongly: {', '.join(wrong)}")


def one_by_one(folder: Path, prompts: Sequence[str], most: int) -> tuple[list[Reply], float]:
    """The baseline: each prompt by a `generate` of its own, of `most` tokens at most, and the seconds of all."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # as in the service; read when torch is loaded
    import torch
    import transformers

    quiet()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    tokenizer: Any = transformers.AutoTokenizer.from_pretrained(folder)
    model: Any = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype="auto")
    model = model.to(device).eval()
    end, replies = end_of_turn(tokenizer), []

    def answer(prompt: str, most: int) -> int:
        ids = torch.tensor([prompt_ids(tokenizer, prompt)], device=device)
        asked = {"attention_mask": torch.ones_like(ids), "eos_token_id": end, "pad_token_id": end}
        with torch.inference_mode():
            found = model.generate(ids, do_sample=False, max_new_tokens=most, **asked)
        answered: list[int] = found[0, ids.shape[1] :].tolist()
        return len(answered) - (answered[-1] == end)

    answer(prompts[0], 8)
    start = time.perf_counter()
    for prompt in prompts:
        began = time.perf_counter()
        tokens = answer(prompt, most)
        replies.append(Reply(200, time.perf_counter() - began, tokens))
    return replies, time.perf_counter() - start


@contextmanager
def serving(model: Path | None, scratch: Path) -> Iterator[Service]:
    """`harness serve` in a process of its own, until the block ends. Ends the program if it does not come up."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        service = Service(free.getsockname()[1], secrets.token_hex())
    command = [
        sys.executable,
        "-m",
        "harness",
        "serve",
        "--port",
        str(service.port),
        "--token-env",
        "TOKEN",
    ]
    command += [
        "--trace",
        str(scratch / "trace.jsonl"),
        *(("--model", str(model.resolve())) if model else ()),
    ]
    environment = {**os.environ, "TOKEN": service.token, "PYTHONPATH": str(ROOT)}
    with (scratch / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + READY_S
        while not healthy(service.port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"the service does not come up: {(scratch / 'log').read_text()}")
            time.sleep(0.2)
        yield service
    finally:
        process.terminate()
        process.wait()


def healthy(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def loaded(service: Service, prompts: Sequence[str], concurrency: int) -> tuple[list[Reply], float]:
    """All prompts, so many at a time, and the seconds of all."""
    start = time.perf_counter()
    with ThreadPoolExecutor(concurrency) as senders:
        replies = list(senders.map(service.ask, prompts))
    return replies, time.perf_counter() - start


def figures(who: str, concurrency: int, replies: Sequence[Reply], seconds: float) -> list[Any]:
    """A row of the table: of those that were answered, rates, and the median and 95 % latency."""
    good = [reply for reply in replies if reply.status == 200]
    waits = (
        quantiles([reply.seconds for reply in good], n=20, method="inclusive")
        if len(good) > 1
        else [0.0] * 19
    )
    tokens = sum(reply.tokens for reply in good)
    return [who, concurrency, len(good), len(good) / seconds, tokens / seconds, waits[9], waits[18], tokens]


def bad_requests(service: Service, prompts: Sequence[str]) -> list[str]:
    """Send each kind of bad request and a good one after it; prints how they were answered, returns the wrong ones."""
    huge = json.dumps({"prompt": "x" * 4 * LIMITS.body_bytes}).encode()
    head = f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {service.token}\r\n"
    slow_body = [f"{head}Content-Length: 1000\r\n\r\n".encode(), *[b" "] * 60]
    slow_head = [head.encode(), *[b"X-Slow: 1\r\n"] * 60]
    kinds: Mapping[str, tuple[int, Callable[[], Reply]]] = {
        "huge body": (413, lambda: service.send(huge)),
        "huge body in chunks": (413, lambda: service.send(huge, **{"Transfer-Encoding": "chunked"})),
        "binary body": (400, lambda: service.send(secrets.token_bytes(10_000))),
        "no token": (401, lambda: service.ask(prompts[0], Authorization="")),
        "another token": (401, lambda: service.ask(prompts[0], Authorization="Bearer wrong")),
        f"slow body (limit {LIMITS.body_s:.0f} s)": (408, lambda: service.trickle(slow_body, 0.5)),
        f"slow head (limit {HEADERS_S:.0f} s)": (CLOSED, lambda: service.trickle(slow_head, 0.5)),
    }
    rows, wrong = [], []
    for kind, (expected, send) in kinds.items():
        reply, after = send(), service.ask(prompts[0])
        if reply.status != expected or after.status != 200:
            wrong.append(kind)
        rows.append([kind, told(expected), told(reply.status), f"{reply.seconds:.2f}", told(after.status)])
    crowd = 3 * LIMITS.requests
    replies, _ = loaded(service, [prompts[n % len(prompts)] for n in range(crowd)], crowd)
    counts, after = Counter(reply.status for reply in replies), service.ask(prompts[0])
    if counts.keys() != {200, 503} or counts[200] < LIMITS.requests or after.status != 200:
        wrong.append("too many at once")
    got = ", ".join(f"{count} {told(status)}" for status, count in sorted(counts.items()))
    refused = max((reply.seconds for reply in replies if reply.status == 503), default=0.0)
    many = f"{crowd} at once (limit {LIMITS.requests})"
    rows.append([many, "200 and 503", got, f"{refused:.2f}", told(after.status)])
    print(table("bad requests", ["", "due", "got", "s", "a good one after it"], rows), flush=True)
    return wrong


def told(status: int) -> str:
    return {CLOSED: "closed", OPEN: "left open"}.get(status, str(status))


if __name__ == "__main__":
    main()
