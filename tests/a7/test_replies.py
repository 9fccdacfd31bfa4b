"""Replies told apart."""

from __future__ import annotations

import json

import pytest

from harness.a7.replies import Kind, message_of, read
from tests.a7.server import message

GOOD = 'module tb;\n  dut_x u(.a(a));\n  initial $display("TEST PASSED");\nendmodule'

PASTED = "`define CALL(a, b) a``b\n"


def kind(code: str, prose: str = "", stop: str = "end_turn") -> Kind:
    return read(message(f"{prose}```verilog\n{code}\n```\n", stop), "dut_x").kind


def test_kinds() -> None:
    """A testbench, a cut reply, a refusal, no code and several blocks are different things."""
    assert kind(GOOD) is Kind.TESTBENCH
    assert kind(GOOD, stop="max_tokens") is Kind.CUT
    assert kind(GOOD, stop="model_context_window_exceeded") is Kind.CUT
    assert kind(GOOD, stop="refusal") is Kind.REFUSED
    assert kind(GOOD, prose=f"```\n{GOOD}\n```\n") is Kind.SEVERAL
    assert read(message(GOOD), "dut_x").kind is Kind.NO_CODE
    assert read(message(""), "dut_x").kind is Kind.NO_CODE


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (GOOD + "\nmodule dut_x(input a); endmodule", "defines dut_x itself"),
        (GOOD.replace("dut_x", "other"), "does not instantiate dut_x"),
        (GOOD.replace("dut_x u", "// dut_x\n u"), "does not instantiate"),
        (GOOD.replace("endmodule", ""), "no complete module"),
        ("initial begin end", "no complete module"),
        (GOOD.replace("initial", 'integer f = $fopen("x"); initial'), "$fopen"),
        (GOOD.replace("initial", '/* " */ initial $system("x"); initial'), "$system"),
        (GOOD.replace("initial", '`include "x"\ninitial'), "include"),
        (GOOD.replace("$display", "$`F"), "may not use"),
        (PASTED + GOOD.replace("$display", "`CALL($,fopen)"), "may not use $fopen"),
    ],
)
def test_broken_contract(code: str, said: str) -> None:
    """What breaks the contract is not a testbench, and the detail says which rule."""
    reading = read(message(f"```verilog\n{code}\n```"), "dut_x")
    assert reading.kind is Kind.OTHER
    assert said in reading.detail


def test_words_in_comments_and_strings_do_no_harm() -> None:
    """Comments and strings may say anything."""
    talk = GOOD.replace(
        "initial", '// module dut_x opens with $fopen\n initial if (0) $display("$system"); initial'
    )
    assert kind(talk) is Kind.TESTBENCH


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b'{"type": "error"}',
        json.dumps(message("x")).encode().replace(b'"x"', b'"\xff"'),
        json.dumps(message("\ud800")).encode(),
        json.dumps({**message("x"), "content": "x"}).encode(),
        json.dumps({**message("x"), "content": [{"type": "text"}]}).encode(),
        json.dumps({**message("x"), "usage": None}).encode(),
    ],
)
def test_garbled(body: bytes) -> None:
    """A body that is no message is refused before anything is stored."""
    with pytest.raises(ValueError, match=r".*"):
        message_of(body)
