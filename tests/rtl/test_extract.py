"""The code in an answer is found whatever surrounds it, and nothing an answer holds makes extraction fail."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.families.catalogue import CATEGORIES, draw
from harness.rtl.extract import extract

ONE = "module one(input a, output y);\n  assign y = a;\nendmodule\n"
TWO = ONE.replace("one", "two")
DRAFT = ONE.replace("= a", "= ~a")
VARIANTS = f"`ifdef FAST\n{ONE}`else // plain\n{DRAFT}`endif\n"
HEADER = "module one(input a, output y);\n"
COMMENTED = (
    f"// This module does the work.\n/* module one:\n   endmodule follows */\n{ONE}// end of module one\n"
)
parts = st.sampled_from(
    [
        "```",
        "```verilog\n",
        "\n",
        " ",
        "module",
        "endmodule",
        "//",
        "/*",
        "*/",
        "`timescale 1ns/1ps",
        "`a`",
        "x(",
        "é",
    ]
)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (ONE, ONE),
        (ONE.rstrip(), ONE),
        (f"```verilog\n{ONE}```", ONE),
        (f"Sure!\n\n```systemverilog\r\n{ONE}```\nThis module passes a on.", ONE),
        (f"```v title=one.v\n{ONE}```", ONE),
        (f"```verilog\n{ONE}", ONE),
        (f"Run:\n```sh\nmake\n```\nwith\n```verilog\n{ONE}```\nand\n```\n{TWO}```", f"{ONE}\n{TWO}"),
        (f"```verilog\n{COMMENTED}```", COMMENTED),
        (f"```\ntypedef logic bit_t;\n{ONE}```", f"typedef logic bit_t;\n{ONE}"),
        (f"Here is the module you asked for:\n{ONE}It is a simple module.", ONE),
        (f"`clk` is the clock.\n{ONE}", ONE),
        (f"Here is the module: {ONE}", f"module: {ONE}"),
        (f"The answer: {ONE}", ONE),
        (COMMENTED, ONE),
        (f"{ONE}\n{TWO}\nBoth done.", f"{ONE}\n{TWO}"),
        (
            f"Here:\n`timescale 1ns/1ps\n`default_nettype none\n{ONE}",
            f"`timescale 1ns/1ps\n`default_nettype none\n{ONE}",
        ),
        (f"  {ONE}", f"  {ONE}"),
        ("", ""),
        ("I cannot do that.", "I cannot do that."),
        ("```\nno code\n```", "```\nno code\n```"),
        ("endmodule module", "endmodule module"),
        (ONE[:40], ONE[:40]),
        (f"First try:\n```verilog\n{DRAFT}```\nNo, inverted. So:\n```verilog\n{ONE}```\n", ONE),
        (f"{DRAFT}\nNo, inverted. So:\n{ONE}", ONE),
        (f"```\n{DRAFT}{TWO}{ONE}```", f"{TWO}{ONE}"),
        (f"Asked:\n```verilog\n{HEADER}```\nMine:\n```verilog\n{ONE}```", ONE),
        (f"{HEADER}\nis asked for, so:\n\n{ONE}", ONE),
        (f"{ONE}All before endmodule is the module.", ONE),
        (f"<think>\n```verilog\n{DRAFT}```\nHm.\n</think>\n```verilog\n{ONE}```", ONE),
        (f"Hm, {DRAFT}</think>{ONE}", ONE),
        (f"> ```verilog\n> {ONE.strip().replace(chr(10), chr(10) + '> ')}\n> ```", ONE),
        (f"```verilog\n{ONE}```\nlonger:\n```verilog\n{DRAFT[:30]}", DRAFT[:30]),
        (f"```verilog\n{ONE}```\nTested by:\n```verilog\n{TWO[:20]}", ONE + "\n"),
        (f"```verilog\n{ONE}{TWO[:20]}", ONE),
        (f'```verilog\n{ONE}```\nand\n```verilog\n`include "one.v"\n{TWO}```', f"{ONE}\n\n{TWO}"),
        (f"Plan:\n```\n1. name the module\n2. endmodule\n```\n```verilog\n{ONE}```", ONE),
        (f"```verilog\n(* keep *) {ONE}```", f"(* keep *) {ONE}"),
        (VARIANTS, VARIANTS),
        (f"So:\n{VARIANTS}Define FAST.", VARIANTS),
        (f"```\n{VARIANTS}```", VARIANTS),
        (ONE.strip() + " " + TWO, ONE.strip() + " " + TWO),
        (f"```verilog\n{ONE}```\nThe header again:\n```\nmodule one(...); ... endmodule\n```", ONE + "\n"),
        (
            f"{ONE}{TWO}".replace("module ", "module automatic "),
            f"{ONE}{TWO}".replace("module ", "module automatic "),
        ),
    ],
)
def test_what_is_taken(answer: str, code: str) -> None:
    """Fences, prose before and after, comments that say `module`, several modules, drafts, thoughts, a quoted header,
    a last definition or a testbench cut off, includes, a plan in a fence, and no module at all."""
    assert extract(answer) == code


@pytest.mark.parametrize("category", CATEGORIES)
def test_goldens_are_taken_as_they_are(category: str) -> None:
    """Plain code comes back to the byte, in every style of every family."""
    spec = next(draw(category, "extract"))
    for style in range(spec.styles):
        source = spec.verilog(style)
        assert extract(source) == source
        assert extract(f"Certainly.\n```verilog\n{source}```\nDone.") == source


@settings(deadline=None)
@given(answer=st.lists(parts | st.text(max_size=5), max_size=30).map("".join))
def test_extraction_never_fails(answer: str) -> None:
    """Any text has a result; a result without a fence is its own."""
    code = extract(answer)
    assert "```" in code or extract(code) == code


@pytest.mark.parametrize(
    "piece", ["module ", "endmodule ", "```\n", "```module\n", "/*", "//", "`", "\n", "module\n```"]
)
def test_time_is_linear(piece: str) -> None:
    """An answer of half a megabyte that means no good takes less than a second."""
    began = time.process_time()
    extract(piece * (500_000 // len(piece)))
    assert time.process_time() - began < 1
