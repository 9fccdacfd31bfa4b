"""The RTL in a model's answer."""

from __future__ import annotations

import re

FENCE = re.compile(r"```[a-zA-Z]*[ \t]*\n(.*?)(?:```|\Z)", re.DOTALL)
MODULE = re.compile(r"\bmodule\b.*\bendmodule\b", re.DOTALL)


def extract(answer: str) -> str:
    """The code to be judged: the fenced blocks that hold a module, or else the text itself; of that, what
    stands from the first line with `module` or a directive to the last `endmodule`.

    An answer without a module comes back as it is, and the compiler says what is wrong with it.
    """
    blocks = [block for block in FENCE.findall(answer) if "module" in block]
    text = "\n".join(blocks) if blocks else answer
    found = MODULE.search(text)
    if not found:
        return text
    directives = re.search(r"^[ \t]*`", text[: found.start()], re.MULTILINE)
    return text[directives.start() if directives else found.start() : found.end()] + "\n"
