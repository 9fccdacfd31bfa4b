"""What a training file asks is found in every common layout, and a file without requests is no clean file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harness.dataset.records import DatasetError, write_records
from harness.dataset.requests import Asked, asked, read_requests
from tests.dataset.examples import golden, specs

LAYOUTS: list[tuple[dict[str, Any], str]] = [
    ({"messages": [{"role": "user", "content": "ask"}, {"role": "assistant", "content": "a"}]}, "ask"),
    ({"messages": [{"role": "system", "content": "ask"}, {"role": "user", "content": "go"}]}, "ask\ngo"),
    ({"messages": [{"role": "user", "content": "go"}, {"role": "tool", "content": "ask"}]}, "go\nask"),
    ({"messages": [{"role": "user", "content": "ask"}], "prompt": "more"}, "ask\nmore"),
    ({"messages": [{"role": "user", "content": [{"type": "text", "text": "ask"}]}]}, "ask"),
    ({"conversations": [{"from": "human", "value": "ask"}, {"from": "gpt", "value": "a"}]}, "ask"),
    ({"prompt": "ask", "completion": "a"}, "ask"),
    ({"prompt": [{"role": "user", "content": "ask"}], "completion": []}, "ask"),
    ({"question": "ask", "response": "a"}, "ask"),
    ({"query": "ask", "response": "a"}, "ask"),
    ({"instruction": "ask", "input": "more", "output": "a"}, "ask\nmore"),
    ({"instruction": "ask", "input": "", "output": "a"}, "ask"),
    ({"instruction": "ask", "context": "more", "response": "a"}, "ask\nmore"),
    ({"prompt": "ask", "question": "more", "answer": "a"}, "ask\nmore"),
    ({"system": "ask", "prompt": "more", "completion": "a"}, "more\nask"),
    ({"text": "### Instruction: ask ### Response: a"}, "### Instruction: ask ### Response: a"),
]


def lines(path: Path, examples: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(example) + "\n" for example in examples))
    return path


@pytest.mark.parametrize(("example", "request_"), LAYOUTS)
def test_each_layout_as_lines_and_as_an_array(tmp_path: Path, example: dict[str, Any], request_: str) -> None:
    """The request of each layout is found in JSON lines, also with a mark of order in front, and in an array."""
    found = [Asked((request_,), None, exact=False)] * 2
    assert read_requests(lines(tmp_path / "a.jsonl", [example] * 2)) == found
    marked = tmp_path / "marked.jsonl"
    marked.write_text("\ufeff" + json.dumps(example) + "\r\n\r\n" + json.dumps(example), "utf-8")
    assert read_requests(marked) == found
    array = tmp_path / "array.json"
    array.write_text(json.dumps([example] * 2, indent=1))
    assert read_requests(array) == found


def test_every_turn_of_the_user_counts(tmp_path: Path) -> None:
    """A conversation asks what its user says in all turns together: a text may be spread over them."""
    turns = [
        {"role": role, "content": said} for role, said in zip(["user", "assistant"] * 2, "abcd", strict=True)
    ]
    assert read_requests(lines(tmp_path / "a.jsonl", [{"messages": turns}]))[0].prompts == ("a\nc",)


def test_own_records_keep_their_specs_and_versions(tmp_path: Path) -> None:
    """The harness's own records are compared with all that they say, and by behaviour."""
    record = golden(specs("edge_detector", 1)[0])
    write_records(tmp_path / "own.jsonl", [record])
    assert read_requests(tmp_path / "own.jsonl") == [asked(record)]
    assert asked(record).spec is not None


BAD = {
    '{"prompt": "a"}\n{"prompt": ': r"a\.jsonl, line 2: not JSON .*mend or remove",
    '{"answer": "a", "id": 1}': r"line 1: no request found in the fields answer, id; it is looked for in messages",
    '{"messages": [{"role": "assistant", "content": "a"}]}': r"line 1: no request found .* any role but assistant",
    '{"prompt": " "}': r"line 1: no request found",
    "3": r"line 1: not a JSON object",
    "[{": r"a\.jsonl: not JSON",
    "[" * 100_000: r"a\.jsonl: not JSON",
    '{"prompt": ' + "[" * 800 + "]" * 800 + "}": r"line 1: nests too deeply for a request; mend or remove",
    "[1]": r"a\.jsonl, example 1: not a JSON object",
    "": r"holds no example",
    '{"messages": [3, {"role": "user", "content": 7}]}': r"line 1: no request found",
    '{"instruction": "i", "metadata": {"source": "x"}}': r"line 1: .*[Ff]ield required",
}


@pytest.mark.parametrize("content", BAD)
def test_bad_files_are_errors(tmp_path: Path, content: str) -> None:
    """A fault is named with its line and what to do: a file in which nothing is found must not look clean."""
    (tmp_path / "a.jsonl").write_text(content)
    with pytest.raises(DatasetError, match=BAD[content]):
        read_requests(tmp_path / "a.jsonl")


def test_unreadable_files_are_errors(tmp_path: Path) -> None:
    """A missing file and one in another encoding say so."""
    with pytest.raises(DatasetError, match=r"none\.jsonl: cannot be read"):
        read_requests(tmp_path / "none.jsonl")
    (tmp_path / "latin.jsonl").write_bytes('{"prompt": "größe"}'.encode("latin-1"))
    with pytest.raises(DatasetError, match=r"byte 14 is not UTF-8; unpack the file, or convert it"):
        read_requests(tmp_path / "latin.jsonl")
