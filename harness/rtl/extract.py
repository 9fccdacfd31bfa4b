"""The RTL in a model's answer."""

from __future__ import annotations

import re

FENCE = re.compile(r"```[^`\n]*\n(.*?)(?:```|\Z)", re.DOTALL)
COMMENT = re.compile(r"//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
# A line that begins code: a module, or a directive that may stand before one (prose has backticks too).
FIRST_LINE = re.compile(
    r"^[ \t]*(?:module|`(?:timescale|default_nettype|resetall|celldefine|define|undef|ifn?def|include))\b",
    re.M,
)
MODULE = re.compile(r"\bmodule\b")
ENDMODULE = re.compile(r"\bendmodule\b")


def extract(answer: str) -> str:
    """The code to be judged: the fenced blocks that hold a module, or else what stands from the first line
    that begins with `module` or a directive to the last `endmodule`.

    Comments may say `module` as often as they like. An answer without a module comes back as it is, and the
    compiler says what is wrong with it. Linear in the length of the answer.
    """
    blocks = [block for block in FENCE.findall(answer) if MODULE.search(block)]
    if blocks:
        return "\n".join(blocks)
    code = COMMENT.sub(lambda comment: " " * len(comment[0]), answer)
    first = FIRST_LINE.search(code) or MODULE.search(code)
    ends = [found.end() for found in ENDMODULE.finditer(code)]
    if first is None or not ends or ends[-1] < first.start():
        return answer
    return answer[first.start() : ends[-1]] + "\n"
