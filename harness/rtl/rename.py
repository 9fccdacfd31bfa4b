"""Verilog as tokens: parsed by slang, written out again without directives, module names marked.

What goes on to the simulator is written from slang's own tokens. So the simulator reads what was screened,
and no difference in how two lexers see a comment, a macro or an attribute can smuggle anything past it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyslang import Bag
    from pyslang.parsing import Token
    from pyslang.syntax import SyntaxNode, SyntaxTree

MAX_DEPTH = 500
"""Deepest nesting of syntax: both parsers recurse on it. RTL stays far below (an `else if` costs two)."""

DROPPED = frozenset({"AttributeInstance", "TimeUnitsDeclaration"})
"""Syntax that says nothing about behaviour and is not written out."""


class NestingError(ValueError):
    """The source nests deeper than MAX_DEPTH."""


@dataclass(frozen=True, slots=True)
class Flat:
    """Source text without comments, attributes or directives; a module's name begins at each of `sites`."""

    text: str
    sites: tuple[int, ...]

    def renamed(self, prefix: str) -> str:
        """The text with `prefix` put before the name of every module that the text defines."""
        cuts = (0, *self.sites, len(self.text))
        return prefix.join(self.text[a:b] for a, b in pairwise(cuts))


def rename(source: str, prefix: str) -> str:
    """`source` with `prefix` before every module it defines: definitions, instances and end labels.

    Signals, strings and comments that happen to have a module's name are left alone. Raises ValueError if the
    source does not parse or nests too deeply.
    """
    tree = parse(source)
    errors = syntax_errors(tree)
    if errors:
        raise ValueError(f"cannot rename the modules of a source with syntax errors: {errors}")
    return flatten(tree).renamed(prefix)


def options(top: str = "") -> Bag:
    """Options for text that nobody vouches for: no file is ever included, and recursion is bounded.

    `top` is the module to elaborate, for a Compilation."""
    from pyslang import Bag
    from pyslang.ast import CompilationFlags, CompilationOptions
    from pyslang.parsing import ParserOptions, PreprocessorOptions

    preprocessor, parser, compilation = PreprocessorOptions(), ParserOptions(), CompilationOptions()
    preprocessor.maxIncludeDepth = 0
    parser.maxRecursionDepth = MAX_DEPTH
    compilation.topModules = {top} if top else set()
    compilation.flags = CompilationFlags.AllowUseBeforeDeclare
    compilation.maxConstexprSteps = 20_000
    compilation.maxConstexprDepth = 64
    compilation.maxInstanceDepth = 16
    compilation.maxGenerateSteps = 4096
    return Bag([preprocessor, parser, compilation])


def parse(source: str) -> SyntaxTree:
    """The syntax tree of `source`; raises NestingError. Syntax errors are reported by `syntax_errors`."""
    from pyslang import SourceManager
    from pyslang.syntax import SyntaxTree

    try:
        return SyntaxTree.fromText(source, SourceManager(), "source", "", options())
    except RuntimeError:
        raise NestingError(f"syntax nests deeper than {MAX_DEPTH} levels") from None


def syntax_errors(tree: SyntaxTree) -> str:
    """The first few syntax errors as `line 3: expected ';'`, one a line; empty if there are none."""
    from pyslang import DiagnosticEngine

    errors = [d for d in tree.diagnostics if d.isError()][:3]
    engine = DiagnosticEngine(tree.sourceManager)
    return "\n".join(
        f"line {tree.sourceManager.getLineNumber(d.location)}: {engine.formatMessage(d)}" for d in errors
    )


def walk(root: SyntaxNode) -> Iterator[tuple[Token | SyntaxNode, SyntaxNode]]:
    """Every node and token with its parent, in source order, without what is in DROPPED; raises NestingError.

    Iterative, because slang's own visitors overflow the stack on a long chain of operators.
    """
    from pyslang.parsing import Token

    stack: list[tuple[Token | SyntaxNode, SyntaxNode, int]] = [(root, root, 0)]
    while stack:
        item, parent, depth = stack.pop()
        yield item, parent
        if isinstance(item, Token):
            continue
        if depth > MAX_DEPTH:
            raise NestingError(f"syntax nests deeper than {MAX_DEPTH} levels")
        if item.kind.name in DROPPED:
            continue
        children: list[Any] = [item[i] for i in range(len(item))]
        stack.extend((child, item, depth + 1) for child in reversed(children) if child is not None)


def flatten(tree: SyntaxTree) -> Flat:
    """Write the tokens of a tree out again, each on its line, without directives, attributes and comments."""
    from pyslang.parsing import Token

    tokens: list[tuple[Token, bool]] = []
    modules: set[str] = set()
    for item, parent in walk(tree.root):
        if isinstance(item, Token) and item.rawText:
            names_module = is_module_name(item, parent)
            tokens.append((item, names_module))
            if names_module and parent.kind.name == "ModuleHeader":
                modules.add(item.valueText)

    parts: list[str] = []
    sites: list[int] = []
    line, length, previous = 1, 0, ""
    for token, names_module in tokens:
        wanted = tree.sourceManager.getLineNumber(token.location)
        glue = "" if previous == "IntegerBase" else "\n" * (wanted - line) or " "
        line = max(line, wanted) if glue else line
        raw = token.rawText
        if names_module and token.valueText in modules:
            sites.append(length + len(glue) + raw.startswith("\\"))
        parts += (glue, raw)
        length += len(glue) + len(raw)
        previous = token.kind.name
    return Flat("".join(parts) + "\n", tuple(sites))


def is_module_name(token: Token, parent: SyntaxNode) -> bool:
    """Whether this token stands where a module's name stands: header, instantiation or end label."""
    if token.kind.name != "Identifier":
        return False
    kind = parent.kind.name
    if kind in ("ModuleHeader", "HierarchyInstantiation"):
        return True
    return (
        kind == "NamedBlockClause"
        and parent.parent is not None
        and parent.parent.kind.name == "ModuleDeclaration"
    )
