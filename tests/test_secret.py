"""Keys are read only where they can be keys, and no words that are passed on hold one, or half of one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.secret import QUOTED, quoted, read_key

NAME = "HARNESS_TEST_KEY"
SECRET = "sk-0123456789abcdefghij"


@pytest.fixture(autouse=True, scope="module")
def _key() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(NAME, SECRET)
        yield


@given(st.integers(0, 2 * QUOTED), st.text(max_size=20))
def test_no_part_of_the_key_is_quoted(offset: int, more: str) -> None:
    """Wherever it stands, also across the place where long words are cut."""
    said = quoted("." * offset + SECRET + more, NAME)
    assert "sk-" not in said.replace(more, "")
    assert len(said) <= QUOTED
    assert said.isprintable()


@pytest.mark.parametrize("key", ["sk-two\nlines", "sk-ünicode", "two words"])
def test_what_cannot_be_a_key_is_refused(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    """The message names the variable, not what it holds."""
    monkeypatch.setenv(NAME, key)
    with pytest.raises(ValueError, match=NAME) as caught:
        read_key(NAME)
    assert key not in str(caught.value)


def test_a_key_is_read_without_spaces_around_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """And is empty where the variable is not set."""
    monkeypatch.setenv(NAME, f" {SECRET}\n")
    assert read_key(NAME) == SECRET
    monkeypatch.delenv(NAME)
    assert read_key(NAME) == ""
