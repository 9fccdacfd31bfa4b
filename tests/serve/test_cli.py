"""`harness generate`, `rollback` and `serve` from the command line."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harness import cli_release
from harness.dataset.tracelog import read
from harness.release.production import install
from harness.serve import server
from harness.serve.answer import Settings
from tests.release.test_production import model
from tests.serve.conftest import GOLDEN, WRONG, Fake


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of its own, with the fake engine."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli_release, "engine", lambda model: (Fake(), Settings()))
    (tmp_path / "golden.v").write_text(GOLDEN)
    return tmp_path


def run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(cli_release.app, list(arguments))
    return done.exit_code, done.stdout, done.stderr


def test_a_request_gives_rtl_and_a_verdict(here: Path) -> None:
    """RTL goes to standard output, the verdict to standard error, the status is the verdict, the trace has a line."""
    code, rtl, said = run("generate", "right", "--golden", "golden.v")
    assert (code, rtl, said.split("\n")[0]) == (0, GOLDEN, "pass")
    (here / "request.txt").write_text("wrong")
    code, rtl, said = run("generate", "-f", "request.txt", "--golden", "golden.v")
    assert (code, rtl, said.split(":")[0]) == (1, WRONG, "mismatch")
    assert run("generate", "right")[0] == 0
    assert run("generate", "broken")[0] == 1
    assert [line.verdict for line in read(here / "data/trace/trace.jsonl")[0]][:3] == [
        "pass",
        "mismatch",
        "unverified",
    ]


def test_a_batch_gives_a_line_for_each_request(here: Path) -> None:
    """In the order of the requests, each verified by its own reference; one that is wrong makes the status 1."""
    lines = [
        {"instruction": "right", "reference": GOLDEN},
        {"instruction": "wrong"},
        {"instruction": "broken"},
    ]
    (here / "batch.jsonl").write_text("\n".join(map(json.dumps, lines)))
    code, out, _ = run("generate", "--batch", "batch.jsonl", "--private")
    assert code == 1
    found = [json.loads(line)["verdict"] for line in out.splitlines()]
    assert found == ["pass", "unverified", "compile_error"]
    assert {line.instruction for line in read(here / "data/trace/trace.jsonl")[0]} == {""}


def test_the_lines_of_a_batch_end_where_its_file_ends_them(here: Path) -> None:
    """U+2028 ends no line, a byte order mark begins none, and a bad line is named with its file and number."""
    good = json.dumps({"instruction": "right\u2028right"}, ensure_ascii=False)
    (here / "batch.jsonl").write_bytes(f"\ufeff{good}\r\n\n".encode())
    code, out, said = run("generate", "--batch", "batch.jsonl")
    assert (code, out.count('"verdict": "unverified"')) == (0, 1), said
    for bad, fault in (
        ("{", "the line: Invalid JSON"),
        ('{"instuction": "right"}', "instruction: Field req"),
    ):
        (here / "batch.jsonl").write_text(f"{good}\n\n{bad}\n", "utf-8")
        code, out, said = run("generate", "--batch", "batch.jsonl")
        assert (code, out) == (2, "")
        assert f"batch.jsonl, line 3 ({fault}" in said


def test_a_spec_that_is_nested_too_deep(here: Path) -> None:
    """It is refused by its file's name."""
    (here / "deep.json").write_text(100_000 * "[")
    code, _, said = run("generate", "right", "--spec-json", "deep.json")
    assert (code, "deep.json: is no JSON" in said) == (2, True)


def test_a_request_that_fails_does_not_end_its_batch(here: Path) -> None:
    """Where there is no answer the line says why, the others are answered and traced, and the status is 2."""
    lines = [
        {"instruction": "fail"},
        {"instruction": "right", "reference": "no module"},
        {"instruction": ""},
        {"instruction": "right", "reference": GOLDEN},
    ]
    (here / "batch.jsonl").write_text("\n".join(map(json.dumps, lines)))
    code, out, _ = run("generate", "--batch", "batch.jsonl")
    found = [json.loads(line) for line in out.splitlines()]
    assert code == 2
    assert [set(one) - {"request"} for one in found] == [{"error"}] * 3 + [{"rtl", "verdict", "detail"}]
    assert found[-1]["verdict"] == "pass"
    ((traced,), _) = read(here / "data/trace/trace.jsonl")
    assert traced.request == found[-1]["request"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "give one request"),
        (["a", "-f", "golden.v"], "give one request"),
        (["-f", "none"], "none: cannot be read"),
        (["--batch", "golden.v"], "golden.v, line 1 (the line: Invalid JSON"),
        (["--batch", "golden.v", "--golden", "golden.v"], "a batch names"),
        (["right", "--spec-json", "golden.v"], "golden.v: is no JSON"),
        (["right", "--best-of", "99"], "1 to 16"),
        (["fail"], "/a/secret/path"),
    ],
)
def test_a_question_at_fault_exits_2(arguments: list[str], said: str) -> None:
    """What is wrong with the call, or with this machine, is told from a wrong answer."""
    code, _, error = run("generate", *arguments)
    assert code == 2
    assert said in error


def test_rollback_says_what_is_in_production(here: Path) -> None:
    """It goes back one deployment, and exits with 2 where there is nothing to go back to."""
    assert "nothing is in production" in run("rollback")[2]
    for name in ("a", "b"):
        install(here, model(name))
    assert run("rollback") == (0, "in production: a, models/production/0001/merged\n", "")
    assert run("rollback")[0] == 2


def test_a_service_for_others_needs_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not started on an address that others reach without one, nor with a variable that is empty."""
    code, _, said = run("serve", "--host", "0.0.0.0")
    assert (code, "--token-env" in said) == (2, True)
    monkeypatch.setenv("EMPTY", " ")
    code, _, said = run("serve", "--token-env", "EMPTY")
    assert (code, "EMPTY is empty" in said) == (2, True)


def test_a_token_without_the_line_break_of_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that was read from a file ends in a line break, which no header can hold: it is left out."""
    served: list[str | None] = []
    monkeypatch.setenv("TOKEN", "geheim\r\n")
    monkeypatch.setattr(cli_release, "_desk", lambda *_: nullcontext())
    monkeypatch.setattr(server, "run", lambda desk, host, port, token, *_: served.append(token))
    assert run("serve", "--token-env", "TOKEN")[0] == 0
    assert served == ["geheim"]
