"""The stand-in API, answering with the offline writer's testbenches for a few known specs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from harness.a7.errors import KEY
from harness.a7.settings import ApiSettings
from harness.families.catalogue import family
from harness.families.naming import header
from harness.families.spec import Spec
from harness.testbench.a7 import OfflineA7
from tests.a7.server import FakeApi, Params, message

SENTINEL = "sk-ant-sentinel-0123456789"


def some_specs(count: int) -> list[Spec]:
    """Small state machines, all different."""
    found: dict[str, Spec] = {}
    for seed in range(100):
        spec = family("fsm_2state").sample("fsm_2state", Random(seed))
        found.setdefault(spec.name, spec)
    return list(found.values())[:count]


def fenced(code: str) -> str:
    return f"Here it is.\n\n```verilog\n{code}\n```\n"


def known(specs: list[Spec]) -> Callable[[Params], dict[str, Any]]:
    """Replies with the offline testbench of the spec whose header stands in the request."""
    written = {header(spec.name, spec.ports): message(fenced(OfflineA7()(spec))) for spec in specs}

    def reply(params: Params) -> dict[str, Any]:
        asked = params["messages"][0]["content"]
        return next((said for top, said in written.items() if top in asked), message("What?"))

    return reply


@pytest.fixture(scope="session")
def specs() -> list[Spec]:
    return some_specs(5)


@pytest.fixture
def api(specs: list[Spec], monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeApi]:
    import anthropic  # noqa: F401  (so that no test measures the import)

    monkeypatch.setenv(KEY, SENTINEL)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with FakeApi(known(specs)) as server:
        yield server


@pytest.fixture
def settings(api: FakeApi) -> ApiSettings:
    return ApiSettings(
        base_url=api.url,
        backoff_s=0.01,
        poll_s=0.01,
        timeout_s=2.0,
        requests_per_minute=60_000,
        tokens_per_minute=10**9,
    )


@pytest.fixture(autouse=True)
def _key_stays_secret(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> Iterator[None]:
    """In every test here: the key is in no log, at any level, in no output and in no file."""
    caplog.set_level("DEBUG")
    yield
    assert SENTINEL not in caplog.text
    assert SENTINEL not in "".join(capsys.readouterr())
    leaks = [path for path in tmp_path.rglob("*") if path.is_file() and SENTINEL in path.read_text("utf-8")]
    assert leaks == []
