"""The RTL in a model's answer."""

from __future__ import annotations

import re
from itertools import pairwise

THOUGHT = "</think>"
"""What a reasoning model thought ends here; what it wrote there is not its answer."""
QUOTED = re.compile(r"^> ?", re.M)
INCLUDE = re.compile(r'^[ \t]*`include[ \t]+"[^"\n]*"[ \t]*\r?$', re.M)
"""No file lies beside an answer: a testbench that includes the design has it in another block."""
FENCE = re.compile(r"```[^`\n]*\n(.*?)(```|\Z)", re.DOTALL)
"""A code block and what closed it: nothing, if the text was cut off."""
COMMENT = re.compile(r"//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
# A line that begins code: a module, or a directive that may stand before one (prose has backticks too).
FIRST_LINE = re.compile(
    r"^[ \t]*(?:module|`(?:timescale|default_nettype|resetall|celldefine|define|undef|ifn?def|include))\b",
    re.M,
)
MODULE = re.compile(r"\bmodule\b")
ENDMODULE = re.compile(r"\bendmodule\b")
# A definition begins a line or follows another one.
BOUNDARY = re.compile(
    r"^[ \t]*module\s+(?:(?:automatic|static)\s+)?(\w+)"
    r"|(?<=endmodule)\s+module\s+(?:(?:automatic|static)\s+)?(\w+)|\bendmodule\b",
    re.M,
)
ENDIFS = re.compile(r"(?:\s*`endif\b)*")
CONDITION = re.compile(r"`(ifn?def|elsif|else|endif)\b")
ELLIPSIS = "..."
"""Stands in a header that is only talked about, and in no Verilog."""


def extract(answer: str) -> str:
    """The code to be judged: the fenced blocks that hold a module, or else what stands from the first line
    that begins with `module` or a directive to the end of the last module.

    Thoughts, and a header that is only quoted, are left out; of a module that is defined more than once the last
    definition counts, as what comes before is a draft; one with `...` in it only talks about the module, and the
    variants of one `ifdef` all stay. Left out are also includes and, at the end, a module that is cut off: a testbench
    for which the tokens did not last. Comments may say `module` as often as they like. An answer without a module
    comes back as it is, and the compiler says what is wrong with it. Linear in the length of the answer.
    """
    said = answer[answer.rfind(THOUGHT) + len(THOUGHT) :] if THOUGHT in answer else answer
    if re.search(r"^>\s*```", said, re.M):
        said = QUOTED.sub("", said)
    said = INCLUDE.sub("", said)
    fenced = [
        block
        for block, closed in FENCE.findall(said)
        if MODULE.search(block) and (not closed or ENDMODULE.search(block))
    ]
    if defining := [block for block in fenced if _definitions(_without_comments(block))]:
        fenced = defining
    if fenced:
        return _last_definitions("\n".join(fenced))
    code = _without_comments(said)
    first = FIRST_LINE.search(code) or MODULE.search(code)
    ends = [end for _, end, _ in _definitions(code) if end] or [
        found.end() for found in ENDMODULE.finditer(code)
    ]
    if first is None or not ends or ends[-1] < first.start():
        return answer
    tail = ENDIFS.match(code, ends[-1])
    assert tail is not None  # at worst it matches nothing
    return _last_definitions(said[first.start() : tail.end()] + "\n")


def _without_comments(code: str) -> str:
    """The code with blanks in the place of comments."""
    return COMMENT.sub(lambda comment: " " * len(comment[0]), code)


def _definitions(code: str) -> list[tuple[int, int, str]]:
    """Begin, end and name of each module that a line begins to define; the end is 0 where there is none before the
    next begins. `code` has no comments."""
    found: list[tuple[int, int, str]] = []
    for one in BOUNDARY.finditer(code):
        if name := one[1] or one[2]:
            found.append((one.end() - len(one[0].lstrip()), 0, name))
        elif found and not found[-1][1]:
            found[-1] = (found[-1][0], one.end(), found[-1][2])
    return found


def _last_definitions(code: str) -> str:
    """The code without definitions of modules that it defines again later, and what follows them up to the next, and
    without a last one of another name that has no end."""
    plain = _without_comments(code)
    definitions = _definitions(plain)
    if len(definitions) > 1:
        *before, (begin, end, name) = definitions
        if not end and name not in {other for _, _, other in before}:
            code, plain, definitions = code[:begin], plain[:begin], before
    meant = [(begin, name) for begin, end, name in definitions if ELLIPSIS not in plain[begin:end]]
    last = {name: begin for begin, _, name in definitions} | {name: begin for begin, name in meant}
    kept, at = "", 0
    for (begin, _, name), (following, _, _) in pairwise([*definitions, (len(code), 0, "")]):
        if last[name] != begin and _balanced(plain[begin:following]):
            kept, at = kept + code[at:begin], following
    return kept + code[at:]


def _balanced(code: str) -> bool:
    """Whether each `ifdef` in a part of the code ends there, and no other one does or goes on."""
    depth = 0
    for found in CONDITION.finditer(code):
        if found[1].startswith("if"):
            depth += 1
        elif depth == 0:
            return False
        elif found[1] == "endif":
            depth -= 1
    return depth == 0
