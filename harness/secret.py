"""Keys that lie in the environment: none of them may get into a message, a log or an artifact."""

from __future__ import annotations

import os

QUOTED = 300
"""Characters of a server's words that a message repeats."""


def read_key(name: str) -> str:
    """The key in the environment variable `name`, empty if there is none.

    Raises ValueError for what cannot be a key: HTTP libraries quote a header that they cannot send.
    """
    key = os.environ.get(name, "").strip()
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ValueError(f"{name} holds characters that no key has; copy it again")
    return key


def quoted(text: str, name: str) -> str:
    """Another's words in one line and cut, with the key in `name` blotted out before that: half a key is one too."""
    key = os.environ.get(name, "").strip()
    words = text.replace(key, "[key]") if key else text
    shown = "".join(letter if letter.isprintable() else " " for letter in words)
    return " ".join(shown.split())[:QUOTED]
