"""What came back: a testbench, or one of the things that are not one, told apart."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from harness.a7.ledger import Message
from harness.rtl.extract import ENDMODULE, FENCE
from harness.rtl.rename import NestingError, flatten, parse
from harness.store import canonical

# Read from left to right as a lexer does, so that neither can hide in the other.
STRING_OR_COMMENT = re.compile(r'"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
DEFINED = re.compile(r"\b(?:module|macromodule)\s+(?:automatic\s+|static\s+)?(\w+)")
CALLED = re.compile(r"(?<![\w$])\$(?![\s\]:),])(\w*)")
INCLUDE = re.compile(r"`\s*include\b")
ALLOWED = frozenset(
    {
        *("display", "write", "finish", "time", "stime", "realtime", "random", "urandom", "urandom_range"),
        *("signed", "unsigned", "clog2", "bits", "countones", "onehot", "onehot0", "isunknown"),
    }
)
"""The system tasks that a testbench needs; none of them touches a file or starts a program."""
CUT_SHORT = ("max_tokens", "model_context_window_exceeded")


class Kind(StrEnum):
    TESTBENCH = "testbench"
    CUT = "cut"
    NO_CODE = "no_code"
    SEVERAL = "several_code_blocks"
    REFUSED = "refused"
    OTHER = "not_a_testbench"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reply is; `code` is the testbench if it is one, `detail` what to tell the writer if not."""

    kind: Kind
    code: str = ""
    detail: str = ""


def message_of(body: bytes) -> Message:
    """The message in an HTTP body. Raises ValueError for anything else: not UTF-8, not JSON, no message."""
    message = json.loads(body.decode("utf-8"))
    if not isinstance(message, dict) or message.get("type") != "message" or "stop_reason" not in message:
        raise ValueError("the body is JSON, but not a message")
    blocks = message.get("content")
    if not isinstance(blocks, list) or not all(isinstance(b, dict) and _sound(b) for b in blocks):
        raise ValueError("the message's content is not a list of blocks")
    if not isinstance(message.get("usage"), dict):
        raise ValueError("the message does not say what it used")
    canonical(message).encode("utf-8")  # half a surrogate pair is JSON, but can be stored nowhere
    return message


def _sound(block: dict[str, Any]) -> bool:
    return block.get("type") != "text" or isinstance(block.get("text"), str)


def text_of(message: Message) -> str:
    """All that was said, thinking left out."""
    return "".join(block["text"] for block in message["content"] if block["type"] == "text")


def read(message: Message, module: str) -> Reading:
    """What the reply is, as a testbench for `module`. Only Kind.TESTBENCH is worth compiling."""
    text, stop = text_of(message), message["stop_reason"]
    if stop == "refusal":
        said = (message.get("stop_details") or {}).get("explanation") or text[:200]
        return Reading(Kind.REFUSED, detail=said or "no reason was given")
    if stop in CUT_SHORT:
        return Reading(Kind.CUT, detail="Your reply was cut off at its length limit. Write a shorter one.")
    blocks = [block for block, _ in FENCE.findall(text)]
    if not blocks:
        return Reading(Kind.NO_CODE, detail="Your reply holds no fenced code block.")
    if len(blocks) > 1:
        said = (
            f"Your reply holds {len(blocks)} code blocks; put the whole testbench into one and send no other."
        )
        return Reading(Kind.SEVERAL, detail=said)
    faults = list(_faults(blocks[0], module))
    return Reading(Kind.OTHER, detail=" ".join(faults)) if faults else Reading(Kind.TESTBENCH, code=blocks[0])


def _faults(code: str, module: str) -> Iterator[str]:
    """The rules of the contract that can be seen without running anything."""
    bare = STRING_OR_COMMENT.sub(" ", code)
    defined = DEFINED.findall(bare)
    if not defined or not ENDMODULE.search(bare):
        yield "The code block holds no complete module."
    if module in defined:
        yield f"The testbench defines {module} itself; the design under test is supplied from outside."
    if not re.search(rf"(?<![\w$]){re.escape(module)}(?![\w$])", bare):
        yield f"The testbench does not instantiate {module}."
    called = CALLED.findall(bare + STRING_OR_COMMENT.sub(" ", _expanded(code)))
    if strange := sorted({name for name in called if name not in ALLOWED}):
        yield f"The testbench may not use {', '.join(f'${name}' for name in strange)}."
    if INCLUDE.search(bare):
        yield "The testbench may not include other files."


def _expanded(code: str) -> str:
    """The code with its macros expanded, as it is run: a name can be pasted together there."""
    try:
        return flatten(parse(code)).text
    except NestingError:  # nor can it be run
        return ""
