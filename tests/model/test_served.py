"""A model behind a server is asked as one in the house is, and what goes wrong is said in one line."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from harness.model import served, transport
from harness.model.base import BaseModelError
from harness.model.given import given_weights
from harness.model.partial import Keep, answer_all
from harness.model.served import Served, generate, look_up
from harness.store import Store
from tests.model.openai import Server, completed, completion

PROMPTS = [f"prompt {n}" for n in range(40)]
SECRET = "sk-not-to-be-seen"


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No pause worth mentioning, no key, no proxy, and no server remembered from another test."""
    monkeypatch.setattr(served, "FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr(served, "LONGEST_PAUSE_S", 0.01)
    monkeypatch.setattr(served, "TICK_S", 0.0)
    monkeypatch.delenv(transport.KEY, raising=False)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    look_up.cache_clear()
    yield
    look_up.cache_clear()


def echo(body: dict[str, Any]) -> tuple[int, bytes]:
    return 200, completion(f"{body['messages'][0]['content']}, {body.get('seed', 'greedy')}")


def refuses(status: int, said: bytes) -> Callable[[dict[str, Any]], tuple[int, bytes]]:
    return lambda body: (status, said)


def test_greedy_answers_and_samples_in_the_order_of_the_prompts() -> None:
    """Every request has the parameters of its answer, and each answer stands at its place, whichever came first."""
    samples = [n % 3 for n in range(len(PROMPTS))]
    came: dict[int, list[str]] = {}
    with Server(echo) as server:
        model = look_up(server.url)
        found = generate(
            model, PROMPTS, samples, max_new_tokens=77, temperature=0.6, seed=5, on_answers=came.__setitem__
        )
    assert [came[index] for index in range(len(PROMPTS))] == found
    assert [len(answers) - 1 for answers in found] == samples
    assert [answers[0] for answers in found] == [f"{prompt}, greedy" for prompt in PROMPTS]
    drawn = [answer for answers in found for answer in answers[1:]]
    assert len(set(drawn)) == len(drawn) == sum(samples)
    assert {body["model"] for body in server.asked} == {"org/Tiny-Model"}
    assert {body["max_tokens"] for body in server.asked} == {77}
    assert all([message["role"] for message in body["messages"]] == ["user"] for body in server.asked)
    assert {(body["temperature"], "seed" in body) for body in server.asked} == {(0, False), (0.6, True)}
    assert all(0 <= body.get("seed", 0) < 2**31 for body in server.asked)


def test_seeds_do_not_depend_on_what_else_is_asked() -> None:
    """A sample has one seed for its (seed, prompt, sample), and another for every other seed."""
    with Server(echo) as server:
        model = look_up(server.url)
        together = generate(model, PROMPTS[:3], [2, 2, 2], seed=1)
        assert generate(model, PROMPTS[1:2], [2], seed=1) == [together[1]]
        assert generate(model, PROMPTS[1:2], [2], seed=2) != [together[1]]


def test_as_many_requests_at_a_time_as_are_allowed() -> None:
    """All places are taken at once, and never one more."""
    full = threading.Barrier(served.IN_FLIGHT)

    def reply(body: dict[str, Any]) -> tuple[int, bytes]:
        if int(body["messages"][0]["content"]) < served.IN_FLIGHT:
            full.wait(100)
        return echo(body)

    with Server(reply) as server:
        prompts = [str(n) for n in range(2 * served.IN_FLIGHT)]
        assert len(generate(look_up(server.url), prompts, [0] * len(prompts))) == len(prompts)
        assert server.most == served.IN_FLIGHT


@pytest.mark.parametrize("status", [0, 408, 429, 500, 503])
def test_what_may_pass_is_asked_again(status: int) -> None:
    """A hang-up in the middle of a reply, too many requests and a server at fault cost nothing but time."""
    tries = itertools.count()

    def reply(body: dict[str, Any]) -> tuple[int, bytes]:
        return (status, b'{"error": "loading"}') if next(tries) < 3 else echo(body)

    with Server(reply) as server:
        assert generate(look_up(server.url), ["a"], [0]) == [["a, greedy"]]
        assert len(server.asked) == 4


def test_a_pause_that_the_server_asks_for_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that wants to be left alone for longer than we have patience is not asked again at once."""
    monkeypatch.setattr(served, "PATIENCE_S", 5.0)
    with Server(refuses(429, b"slowly")) as server:
        server.headers = {"Retry-After": "6"}
        with pytest.raises(BaseModelError, match="429 slowly"):
            generate(look_up(server.url), ["a"], [0])
        assert len(server.asked) == 1


def test_patience_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that goes on failing ends the run with its words, its address and the way out."""
    monkeypatch.setattr(served, "PATIENCE_S", 0.1)
    with Server(refuses(503, b"out of\n\x1bmemory")) as server:
        with pytest.raises(
            BaseModelError, match=r"503 out of memory; asked again.*answers.*are kept"
        ) as caught:
            generate(look_up(server.url), PROMPTS, [0] * len(PROMPTS))
        assert server.url in str(caught.value)
        assert len(server.asked) > 1


def test_a_server_that_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing listens, before or in the middle of a run, the address is named with what to do."""
    with Server(echo) as server:
        model = look_up(server.url)
        look_up.cache_clear()
    monkeypatch.setattr(served, "PATIENCE_S", 0.1)
    with pytest.raises(BaseModelError, match=r"(?s)127\.0\.0\.1.*refused.*answers that have come are kept"):
        generate(model, ["a"], [0])
    with pytest.raises(BaseModelError, match=r"127\.0\.0\.1.*refused.*start the server"):
        look_up(server.url)


@pytest.mark.parametrize(
    ("status", "said", "way_out"),
    [
        (400, b'{"message": "max_tokens is too large"}', "max_tokens is too large.*in the profile"),
        (401, f'{{"error": "the key {SECRET} is wrong"}}'.encode(), r"401.*\[key\] is wrong.*OPENAI_API_KEY"),
        (404, b"no such model", "ends in /v1"),
        (307, b"", "the address that it leads to"),
        (200, b"<html>hello", "not of OpenAI's protocol.*hello"),
        (200, b'{"choices": []}', "choices"),
        (200, b'{"choices": [{"message": {"content": 1}}]}', "content"),
        (501, b"no chat here", "ends in /v1"),
        (200, b"\xff" * 9999, "not of OpenAI's protocol"),
    ],
)
def test_what_will_not_pass_is_reported_at_once(
    monkeypatch: pytest.MonkeyPatch, status: int, said: bytes, way_out: str
) -> None:
    """A refusal or a garbled reply is asked for once; the server's words are cut and never hold the key."""
    monkeypatch.setenv(transport.KEY, SECRET)
    with Server(refuses(status, said)) as server:
        model = look_up(server.url)
        server.headers = {"Location": f"{server.url}/elsewhere"}
        with pytest.raises(BaseModelError, match=way_out) as caught:
            generate(model, ["a"], [3])
        assert len(server.asked) == 1
        assert server.keys == {f"Bearer {SECRET}"}
    assert SECRET not in str(caught.value)
    assert len(str(caught.value)) < 700
    assert "\n" not in str(caught.value)
    assert caught.value.__context__ is None


def test_the_key_is_sent_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a key nothing is sent; with one it identifies nothing; one that cannot be one is not quoted."""
    with Server(echo) as server:
        without = look_up(server.url)
        assert server.keys == {None}
        monkeypatch.setenv(transport.KEY, f" {SECRET}\n")
        look_up.cache_clear()
        assert look_up(server.url) == without
        assert server.keys == {None, f"Bearer {SECRET}"}
        assert SECRET not in json.dumps(without.key)
        monkeypatch.setenv(transport.KEY, f"{SECRET}\nX-Other: header")
        with pytest.raises(BaseModelError, match="no key has") as caught:
            generate(without, ["a"], [0])
        assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("said", "way_out"),
    [
        (f"http://user:{SECRET}@127.0.0.1:1/v1", "OPENAI_API_KEY"),
        (f"http://user:{SECRET}@127.0.0.1:port/v1", "OPENAI_API_KEY"),
        (f"http://127.0.0.1:1/v1?key={SECRET}", "http://HOST:PORT/v1"),
        ("http://", "http://HOST:PORT/v1"),
        ("http://[::1/v1", "http://HOST:PORT/v1"),
        ("http://127.0.0.1:99999/v1", "http://HOST:PORT/v1"),
        ("http://127.0.0.1..:8000/v1", "http://HOST:PORT/v1"),
        ("http://a..b/v1", "http://HOST:PORT/v1"),
        (f"http://{'x' * 64}.org/v1", "http://HOST:PORT/v1"),
        ("http://127.0.0.1:1/v 1", "http://HOST:PORT/v1"),
        ("http://127.0.0.1:1/v\n1", "http://HOST:PORT/v1"),
        ("http://127.0.0.1:1/ü", "http://HOST:PORT/v1"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(said: str, way_out: str) -> None:
    """A secret in the address, or what is no address, is refused without being quoted."""
    with pytest.raises(BaseModelError, match=way_out) as caught:
        look_up(said)
    assert SECRET not in str(caught.value)


def test_the_model_is_the_only_one_or_the_one_that_is_named() -> None:
    """With several models the name decides; a wrong one, none of several, and an empty server are errors."""
    with Server(echo) as server:
        assert look_up(server.url + "/").model == "org/Tiny-Model"
        server.listed = lambda: {"data": [{"id": "a"}, {"id": "b:7b"}]}
        assert look_up(f"{server.url}#b:7b").model == "b:7b"
        with pytest.raises(
            BaseModelError, match=r"has 2 models; it serves a, b:7b: say which as http.*#NAME"
        ):
            look_up(server.url)
        with pytest.raises(BaseModelError, match="no model 'c'; it serves a, b:7b"):
            look_up(f"{server.url}#c")
        server.listed = lambda: {"data": None}
        with pytest.raises(BaseModelError, match="serves nothing"):
            look_up(f"{server.url}#a")
        server.listed = lambda: ["something else"]
        with pytest.raises(BaseModelError, match="not of OpenAI's protocol"):
            look_up(f"{server.url}#b")
        with pytest.raises(BaseModelError, match="ends in /v1"):
            look_up(server.url.removesuffix("/v1"))


@pytest.mark.parametrize("status", [404, 405, 501])
def test_a_server_that_lists_no_models_is_asked_by_name(status: int) -> None:
    """What is named needs no list; without a name the way out is said."""
    with Server(echo) as server:
        server.listing = status
        assert look_up(f"{server.url}#b:7b") == Served(server.url, "b:7b", {})
        with pytest.raises(BaseModelError, match=f"{status}.*by: {server.url}#NAME"):
            look_up(server.url)
        server.listing = 403
        look_up.cache_clear()
        with pytest.raises(BaseModelError, match=transport.KEY):
            look_up(f"{server.url}#b:7b")


def test_a_proxy_that_has_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Python's library cannot take for a host is a fault of the connection."""
    monkeypatch.setenv("http_proxy", "http://a..b:1")
    with pytest.raises(BaseModelError, match=r"no model can be asked at http://h/v1 .*label"):
        look_up("http://h/v1")


def test_names_are_fit_for_reports() -> None:
    """A model is called by the last part of its name, and a name cannot lead out of the folder of reports."""
    names = {"org/Tiny-Model": "tiny-model", "llama3:8b": "llama3-8b", "/m/x.gguf": "x.gguf", "..": "served"}
    assert {model: Served("http://h/v1", model, {}).name for model in names} == names


def test_a_model_is_known_by_what_the_server_tells_of_its_weights() -> None:
    """The place and the date of the weights count; a date that is the time of the request, as vLLM's, does not."""
    clock = itertools.count(1000)
    with Server(echo) as server:
        server.listed = lambda: {
            "data": [{"id": "m", "created": 5, "root": "/w", "permission": [next(clock)]}]
        }
        key = {"server": server.url, "served": "m", "tells": {"created": 5, "root": "/w"}}
        assert look_up(server.url).key == key
        look_up.cache_clear()
        server.listed = lambda: {"data": [{"id": "m", "created": next(clock), "root": "/w", "parent": None}]}
        assert look_up(server.url).key == {**key, "tells": {"root": "/w"}}


def test_an_answer_that_was_cut_or_is_empty_counts_as_it_is() -> None:
    """As locally: what was written until the tokens were used up, be it nothing."""
    replies = {"a": completion("module", "length"), "b": completion(None, "length"), "c": completion("")}
    with Server(lambda body: (200, replies[body["messages"][0]["content"]])) as server:
        assert generate(look_up(server.url), list(replies), [0, 0, 0]) == [["module"], [""], [""]]


@pytest.mark.parametrize(
    ("message", "answer"),
    [
        ({"reasoning": "hmm"}, ""),
        ({"content": [{"type": "text", "text": "mod"}, {"type": "text", "text": "ule"}]}, "module"),
        ({"content": [{"type": "thinking", "thinking": []}, {"type": "text", "text": "module"}]}, "module"),
        ({"content": []}, ""),
    ],
)
def test_an_answer_is_the_text_of_its_message(message: dict[str, Any], answer: str) -> None:
    """Be it in parts or left out; what a model thought is none of it."""
    with Server(lambda body: (200, completed({"role": "assistant", **message}, "length"))) as server:
        assert generate(look_up(server.url), ["a"], [0]) == [[answer]]


def test_a_killed_run_asks_only_for_the_rest(tmp_path: Path) -> None:
    """Answers are kept as they come: neither an interrupt nor a refusal sends a finished prompt to be asked again."""
    kept, came = tmp_path / "answers.jsonl", itertools.count(1)

    def ask(known: Mapping[int, list[str]], keep: Keep) -> object:
        return generate(look_up(server.url), PROMPTS, [0] * len(PROMPTS), known=known, on_answers=keep)

    def interrupted(known: Mapping[int, list[str]], keep: Keep) -> object:
        def arrived(index: int, answers: list[str]) -> None:
            keep(index, answers)
            if next(came) == 10:
                raise KeyboardInterrupt

        return generate(look_up(server.url), PROMPTS, [0] * len(PROMPTS), known=known, on_answers=arrived)

    def asked() -> int:
        number = len(server.asked)
        server.asked.clear()
        return number

    with Server(echo) as server:
        with pytest.raises(KeyboardInterrupt):
            answer_all(kept, len(PROMPTS), interrupted)
        assert len(kept.read_text().splitlines()) == 10
        assert asked() >= 10
        more = itertools.count()
        server.reply = lambda body: echo(body) if next(more) < 15 else (400, b"down")
        with pytest.raises(BaseModelError, match="down"):
            answer_all(kept, len(PROMPTS), ask)
        assert len(kept.read_text().splitlines()) == 25
        assert 15 < asked() <= 15 + served.IN_FLIGHT
        server.reply = echo
        assert answer_all(kept, len(PROMPTS), ask) == [[f"{prompt}, greedy"] for prompt in PROMPTS]
        assert asked() == len(PROMPTS) - 25


def test_weights_behind_a_server_cannot_be_had(tmp_path: Path) -> None:
    """Where weights are needed, as for `harness serve --model`, an address is refused with the way out."""
    with pytest.raises(BaseModelError, match=r"shows no weights.*give a folder"):
        given_weights("http://127.0.0.1:1/v1", "embedded", Store(tmp_path))
