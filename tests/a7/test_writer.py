"""The whole path: asked over HTTP, compiled, run against the golden, repaired once, taken or given up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.a7.prompts import first_request, shared
from harness.a7.settings import ApiSettings
from harness.a7.writer import AnthropicA7, NoTestbench, summary
from harness.families.spec import Spec
from harness.testbench.a7 import Attempt, OfflineA7, Writer
from harness.testbench.run import LIMITS, passes
from harness.testbench.template import template_testbench
from tests.a7.conftest import fenced, known
from tests.a7.server import FakeApi, Params, message

GOOD_FROM = 3
"""Turns in a conversation from which on the stand-in answers well."""
BAD: dict[str, Callable[[str], dict[str, Any]]] = {
    "cut": lambda good: message(good[: len(good) // 2], "max_tokens"),
    "no_code": lambda good: message("I would rather talk about it."),
    "several_code_blocks": lambda good: message(good + good),
    "not_a_testbench": lambda good: message(fenced("module helper;\nendmodule")),
    "broken": lambda good: message(good.replace("module", "modul", 1)),
    "does_not_end": lambda good: message(good.replace("$finish", "forever #1; //")),
    "rejects_golden": lambda good: message(good.replace("TEST PASSED", "TEST FAILED")),
    "accepts_stub": lambda good: message(good.replace("TEST FAILED", "TEST PASSED")),
}


def badly_at_first(
    specs: list[Spec], bad: Callable[[str], dict[str, Any]]
) -> Callable[[Params], dict[str, Any]]:
    """Replies that are bad until a complaint has come."""
    good = known(specs)

    def reply(params: Params) -> dict[str, Any]:
        said = good(params)
        return said if len(params["messages"]) >= GOOD_FROM else bad(said["content"][1]["text"])

    return reply


def test_testbenches_arrive(api: FakeApi, settings: ApiSettings, specs: list[Spec], tmp_path: Path) -> None:
    """What the model writes comes back for every spec, in order, whatever order the replies arrive in."""
    writer = AnthropicA7(settings, tmp_path)
    a7: Writer = writer
    assert (a7.name, a7.testbench_type) == ("claude-sonnet-5-5", "a7_anthropic")
    attempts = writer.write_all(specs)
    offline = OfflineA7()
    assert attempts == [Attempt(offline(spec) + "\n", 1) for spec in specs]
    assert writer(specs[0]) == attempts[0].testbench
    assert sum(api.calls.values()) == len(specs)
    assert summary(attempts) == "5 of 5 testbenches (0 after a repair)"


def test_sample_fsm(api: FakeApi, settings: ApiSettings, specs: list[Spec], tmp_path: Path) -> None:
    """The plan's task 2.3: the testbench of a sample state machine compiles, says its verdict and is admitted."""
    strict = settings.model_copy(update={"admission": True})
    spec = specs[0]
    testbench = AnthropicA7(strict, tmp_path).generate_fsm_testbench(spec, "", spec.category)
    assert passes([(spec, spec.verilog(), testbench)]) == [True]


@pytest.mark.parametrize("reason", BAD)
def test_one_repair(
    reason: str,
    api: FakeApi,
    settings: ApiSettings,
    specs: list[Spec],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A bad testbench is put right after one complaint, which says what was wrong."""
    monkeypatch.setattr("harness.testbench.run.LIMITS", replace(LIMITS, cpu_s=1))
    api.reply = badly_at_first(specs, BAD[reason])
    [attempt] = AnthropicA7(settings, tmp_path).write_all(specs[:1])
    assert attempt == Attempt(OfflineA7()(specs[0]) + "\n", 2)
    assert len(api.requests[1]["messages"]) == 3


@pytest.mark.parametrize("reason", ["cut", "no_code", "rejects_golden"])
def test_only_one_repair(
    reason: str, api: FakeApi, settings: ApiSettings, specs: list[Spec], tmp_path: Path
) -> None:
    """What is bad twice is recorded as failed with its reason, and nothing weaker is taken instead."""
    good = known(specs)
    api.reply = lambda params: BAD[reason](good(params)["content"][1]["text"])
    writer = AnthropicA7(settings, tmp_path)
    [attempt] = writer.write_all(specs[:1])
    assert (attempt.testbench, attempt.turns, attempt.reason) == (None, 2, reason)
    assert summary([attempt]) == f"0 of 1 testbenches (0 after a repair), 1 {reason}"
    with pytest.raises(NoTestbench, match=reason):
        writer(specs[0])
    assert sum(api.calls.values()) == 2


def test_refusals_are_final(api: FakeApi, settings: ApiSettings, specs: list[Spec], tmp_path: Path) -> None:
    """A refusal is not argued with."""
    api.reply = lambda params: message("I cannot help with that.", "refusal")
    [attempt] = AnthropicA7(settings, tmp_path).write_all(specs[:1])
    assert (attempt.reason, attempt.turns, sum(api.calls.values())) == ("refused", 1, 1)


def test_admission_finds_weak_testbenches(
    api: FakeApi, settings: ApiSettings, specs: list[Spec], tmp_path: Path
) -> None:
    """Where admission is asked for, a template's weak testbench is sent back with faults that it misses."""
    api.reply = badly_at_first(specs, lambda good: message(fenced(template_testbench(specs[0]))))
    strict = settings.model_copy(update={"admission": True})
    [attempt] = AnthropicA7(strict, tmp_path).write_all(specs[:1])
    assert (attempt.turns, attempt.testbench is None) == (2, False)
    assert "TEST PASSED for" in api.requests[1]["messages"][2]["content"]


def test_rtl_is_shown_only_if_asked(
    api: FakeApi, settings: ApiSettings, specs: list[Spec], tmp_path: Path
) -> None:
    """By default the RTL leaves no trace in the request; with `with_rtl` it is there, and has to be given."""
    spec = specs[0]
    AnthropicA7(settings, tmp_path).generate_fsm_testbench(spec, "// secret", spec.category)
    assert "// secret" not in str(api.requests[-1])
    shown = AnthropicA7(settings.model_copy(update={"with_rtl": True}), tmp_path)
    shown.generate_fsm_testbench(spec, "// secret", spec.category)
    assert "// secret" in str(api.requests[-1])
    with pytest.raises(ValueError, match="with_rtl"):
        shown(spec)


def test_fault_matrix(api: FakeApi, settings: ApiSettings, specs: list[Spec], tmp_path: Path) -> None:
    """Each spec meets another fault of the line, some a bad testbench too: all testbenches are there in the end."""
    faults = ["429", "reset", "529", "500", "garbage"]
    order = {
        digest: number for number, digest in enumerate(first_request(s, "", settings).digest for s in specs)
    }
    api.fault = lambda digest, nth: faults[order.get(digest, 0)] if nth <= 2 else ""
    api.reply = badly_at_first(specs, BAD["several_code_blocks"])
    attempts = AnthropicA7(settings, tmp_path).write_all(specs)
    assert attempts == [Attempt(OfflineA7()(spec) + "\n", 2) for spec in specs]
    assert set(api.answered.values()) == {1}


def test_budget_is_a_recorded_failure(
    api: FakeApi, settings: ApiSettings, specs: list[Spec], tmp_path: Path
) -> None:
    """Without money there are no testbenches, no calls, and the reason is told."""
    attempts = AnthropicA7(settings.model_copy(update={"budget_usd": 0.0}), tmp_path).write_all(specs)
    assert {attempt.reason for attempt in attempts} == {"budget"}
    assert not api.calls


def test_relaxed_writer(api: FakeApi, settings: ApiSettings, specs: list[Spec], tmp_path: Path) -> None:
    """It asks for less through the same client, says so in its testbenches' type, and leaves the strict one alone."""
    strict = AnthropicA7(settings, tmp_path)
    relaxed = strict.relaxed()
    assert (relaxed.testbench_type, relaxed.client) == ("a7_anthropic_relaxed", strict.client)
    relaxed.write_all(specs[:1])
    strict.write_all(specs[:1])
    assert [sent["system"][0]["text"] for sent in api.requests] == [shared(True), shared(False)]
    assert (strict.testbench_type, strict.key) == ("a7_anthropic", relaxed.key)
