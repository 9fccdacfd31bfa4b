"""The service's page: ask for a module in a browser. One file, nothing from elsewhere, answers are never markup."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

PAGE = (Path(__file__).parent / "page.html").read_text("utf-8")


def _hash(tag: str) -> str:
    """What a content security policy calls the text of the page's only <style> or <script>."""
    found = re.search(f"<{tag}>(.*?)</{tag}>", PAGE, re.DOTALL)
    assert found is not None
    return f"'sha256-{b64encode(sha256(found[1].encode()).digest()).decode()}'"


POLICY = (
    f"default-src 'none'; style-src {_hash('style')}; script-src {_hash('script')}; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
