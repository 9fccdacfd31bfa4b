"""Which package imports from which."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_a_package_imports_only_from_those_before_it() -> None:
    """In the order that CONTRIBUTING.md states, which names every package; types alone may come from later ones."""
    stated = re.search(r"from those before it: ([^.]+)\.", (ROOT / "CONTRIBUTING.md").read_text("utf-8"))
    assert stated is not None
    order = stated[1].replace(",", " ").split()
    packages = {path.parent.name for path in (ROOT / "harness").glob("*/*.py")}
    assert packages == set(order)
    backwards = [
        f"{path.relative_to(ROOT)} imports {module}"
        for package in sorted(packages)
        for path in sorted((ROOT / "harness" / package).rglob("*.py"))
        for module in _imported(ast.parse(path.read_text("utf-8")))
        if (of := module.split(".")[1]) in packages and order.index(of) > order.index(package)
    ]
    assert not backwards


def _imported(node: ast.AST) -> Iterator[str]:
    """The modules of the harness that are imported anywhere below `node` when it runs."""
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("harness."):
        yield str(node.module)
    elif isinstance(node, ast.ImportFrom) and node.module == "harness":
        yield from (f"harness.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name.startswith("harness."))
    for child in ast.iter_child_nodes(node):
        yield from _imported(child)
