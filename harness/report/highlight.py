"""Which lines of a candidate to look at first: those that drive an output that is wrong.

A heuristic on the text, not an analysis: it reads assignments (no instances, no tasks), and looks one step back,
from an output to what the right-hand sides that drive it name. A parser is no choice here: the text is
untrusted, and judges give it to a parser only in a process with limits.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

Mark = Literal["drives", "feeds", "error"]
IGNORED = re.compile(r'//[^\n]*|/\*.*?(?:\*/|\Z)|"(?:[^"\\\n]|\\.)*"', re.DOTALL)
NAME = re.compile(r"(?<![\w$'])[A-Za-z_][\w$]*")
TOKEN = re.compile(r"[();]|<=|[=!]==?|>=|=")
FIXED = re.compile(r"\b(?:parameter|localparam)\b")
LAST_WORD = re.compile(r"[\w$]*\Z")
NAMED_LINE = re.compile(r"\bline (\d+):")
TARGET = 200
"""Characters before an assignment operator in which its target is looked for."""


@dataclass(frozen=True)
class _Assignment:
    targets: frozenset[str]
    reads: frozenset[str]
    first: int
    last: int


def suspicious(rtl: str, wrong: Collection[str], detail: str = "") -> dict[int, Mark]:
    """Line numbers (from 1) with why: the line assigns a wrong output, feeds such a line, or is named by `detail`.

    `detail` is what a compiler said, with `line N:` for what it complains of.
    """
    marks: dict[int, Mark] = {}
    assignments = _assignments(rtl)
    drivers = [a for a in assignments if a.targets & set(wrong)]
    read = frozenset[str]().union(*(a.reads for a in drivers)) - set(wrong)
    for found, why in ((assignments, "feeds"), (drivers, "drives")):
        for assignment in found:
            if why == "drives" or assignment.targets & read:
                marks |= dict.fromkeys(range(assignment.first, assignment.last + 1), why)  # type: ignore[arg-type]
    named = {int(number) for number in NAMED_LINE.findall(detail[:4000]) if len(number) < 7}
    return marks | dict.fromkeys(named, "error")


def _assignments(rtl: str) -> list[_Assignment]:
    text = IGNORED.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), rtl)
    found: list[_Assignment] = []
    depth = start = skip = 0
    for token in TOKEN.finditer(text):
        sign, at = token[0], token.start()
        if sign in "()":
            depth = max(0, depth + (1 if sign == "(" else -1))
        elif sign == ";":
            start = at + 1
        elif sign in ("=", "<=") and depth == 0 and at >= skip and not FIXED.search(text, start, at):
            end = text.find(";", at)
            skip = len(text) if end < 0 else end
            targets, began = _target(text, max(start, at - TARGET), at)
            reads = frozenset(NAME.findall(text, token.end(), skip))
            first = text.count("\n", 0, began) + 1
            found.append(_Assignment(targets, reads, first, first + text.count("\n", began, skip)))
    return found


def _target(text: str, floor: int, end: int) -> tuple[frozenset[str], int]:
    """The names before an assignment operator, without their indices, and where the first begins."""
    left = text[floor:end].rstrip()
    while left.endswith("]") and "[" in left:
        left = left[: left.rindex("[")].rstrip()
    braced = left.rfind("{") if left.endswith("}") else -1
    began = braced if braced >= 0 else len(left) - len(LAST_WORD.findall(left)[0])
    return frozenset(NAME.findall(left[began:])), floor + began
