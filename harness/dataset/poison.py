"""What a mined answer would teach besides its behaviour: text that no simulation looks at.

A judge compares outputs, so whatever does not reach them can say anything. Comments are taken out, as nearly all of
them are harmless and a record is too good to lose for one; only the comment that the harness itself would write for
the spec stays. What cannot be taken out without changing the code (a string, a macro, an attribute, a name) is
allowed where it is plain, and otherwise a reason to refuse the answer. So is text that tries to instruct whoever
reads it, even in a comment: who planted it once may have planted more.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST_REQUEST = 4000
LONGEST_NAME = 40
# Would be taken for the end of a turn, or another special token, when the record is tokenised.
SPECIAL_TOKEN = re.compile(r"<\|\w+\|>|\[/?INST\]|<</?SYS>>|</s>|<(?:start|end)_of_turn>")
INSTRUCTS = re.compile(
    r"\b(?:ignore|disregard|forget)\s+(?:\w+\s+){0,3}(?:previous|prior|above|earlier|instructions?|rules?)\b"
    r"|\bsystem\s+prompt\b|\bjailbreak|\bas\s+an\s+ai\b|\blanguage\s+model\b"
    r"|^\W*(?:assistant|human)\s*:|\btest\s+(?:passed|failed)\b|https?://",
    re.IGNORECASE | re.MULTILINE,
)
# An escaped name or a string may contain what looks like a comment: whichever begins first is what it is.
LEXEME = re.compile(
    r'(?P<text>"(?:\\.|[^"\\\n])*"|\\\S+)|(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))', re.DOTALL | re.ASCII
)
PLAIN_STRING = re.compile(r'"\w{0,16}"', re.ASCII)
UNSEEN = re.compile(
    r"`(?!(?:timescale|default_nettype|resetall)\b)\w*|\(\*\s*(?=\w)"
    r"|\b(?:assert|assume|cover)\b|\$(?:display|write|strobe|monitor|info|warning|error|fatal)\w*"
)
NAME = re.compile(r"\w+", re.ASCII)


def instructs(text: str) -> bool:
    """Whether a request or an answer carries chat markers, orders to its reader, or characters nobody sees."""
    words = text.replace("_", " ")
    hidden = (
        unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cs") and sign not in "\t\n\r" for sign in text
    )
    return bool(SPECIAL_TOKEN.search(text) or INSTRUCTS.search(words)) or any(hidden)


def bare(code: str, kept: str = "") -> str:
    """`code` without its comments, except one that reads exactly `kept`; lines that they leave empty go too."""

    def instead(found: re.Match[str]) -> str:
        comment = found["comment"]
        if comment is None or (kept and comment.strip() == kept):
            return found[0]
        return "\0" if comment.startswith("//") else "\0 "

    lines = LEXEME.sub(instead, code).split("\n")
    cleaned = (line if "\0" not in line else line.replace("\0", "").rstrip() for line in lines)
    kept_lines = (new for new, old in zip(cleaned, lines, strict=True) if new or "\0" not in old)
    return "\n".join(kept_lines).lstrip()


def unteachable(code: str) -> str:
    """Why `code`, which `bare` has been through, must not be learnt; empty if it may be.

    What the judge leaves out or never sees is refused: strings of more than a word, escaped or very long names,
    macros and conditions, attributes, prints and assertions, and anything but ASCII.
    """
    if not code.isascii():
        return "characters that are not ASCII"
    for found in LEXEME.finditer(code):
        if found["text"] and not PLAIN_STRING.fullmatch(found[0]):
            return f"text in a string or an escaped name: {found[0][:40]}"
    if unseen := UNSEEN.search(code):
        return f"what is left out before the code is judged: {unseen[0][:40]}"
    longest = max(NAME.findall(code), key=len, default="")
    return f"a name of {len(longest)} characters" if len(longest) > LONGEST_NAME else ""
