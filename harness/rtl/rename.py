"""Verilog as tokens: parsed by slang, written out again without directives, module names marked.

What goes on to the simulator is written from slang's own tokens. So the simulator reads what was screened,
and no difference in how two lexers see a comment, a macro or an attribute can smuggle anything past it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyslang import Bag
    from pyslang.parsing import Token
    from pyslang.syntax import SyntaxNode, SyntaxTree

RESERVED = "__judge"
"""Every name that a testbench of ours makes contains this, and none of a candidate's own names does."""
MAX_DEPTH = 1000
DECIMAL = re.compile(r"('[sS]?[dD][ \t]*\d[\d_]*)\?")
"""Deepest nesting of syntax: both parsers recurse on it. RTL stays far below (an `else if` costs two)."""

HINTS = frozenset({"AttributeInstance", "TimeUnitsDeclaration"})
CHECKS = frozenset({"ImmediateAssertStatement", "ImmediateAssumeStatement", "ImmediateCoverStatement"})
PRINTS = frozenset(
    f"${name}{base}" for name in ("display", "write", "strobe", "monitor") for base in ("", "b", "o", "h")
) | {"$info", "$warning", "$error", "$fatal"}
CONCURRENT = frozenset(
    {
        "ConcurrentAssertionMember",
        "PropertyDeclaration",
        "SequenceDeclaration",
        "ClockingDeclaration",
        "DefaultDisableDeclaration",
    }
)
"""Members of a module that assertions consist of."""
DELAYED = frozenset(
    {"ContinuousAssign", "NetDeclaration", "PrimitiveInstantiation", "TimingControlExpression"}
)
"""Where a `#` delay only says when a value arrives, which is not compared."""


Instead = Callable[["SyntaxNode"], str | None]
"""What is written in the place of a node; None where it is written as it is."""


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


def rename(source: str, prefix: str, instead: Instead | None = None) -> str:
    """`source` with `prefix` before every module it defines: definitions, instances and end labels.

    Signals, strings and comments that happen to have a module's name are left alone; `instead` may replace nodes.
    Raises ValueError if the
    source does not parse or nests too deeply.
    """
    tree = parse(source)
    errors = syntax_errors(tree)
    if errors:
        raise ValueError(f"cannot rename the modules of a source with syntax errors: {errors}")
    return flatten(tree, instead or hints).renamed(prefix)


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


def legible(source: str) -> str:
    """The source with a blank between a decimal number and a `?`, which pyslang would take for one of its digits.

    By IEEE 1800-2017 5.7.1 it may be the only digit or none, so in `4'd9?a:b` it is an operator.
    """
    return DECIMAL.sub(r"\1 ?", source)


def parse(source: str) -> SyntaxTree:
    """The syntax tree of a source made `legible`; raises NestingError. `syntax_errors` says what is wrong."""
    from pyslang import SourceManager
    from pyslang.syntax import SyntaxTree

    try:
        return SyntaxTree.fromText(legible(source), SourceManager(), "source", "", options())
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


def hints(node: SyntaxNode) -> str | None:
    """Leaves out attributes and time units."""
    return "" if node.kind.name in HINTS else None


def neutral(node: SyntaxNode) -> str | None:
    """Leaves out what says nothing about behaviour: hints, assertions, prints and the delays of assignments.

    People's RTL has them, and without them it answers the same.
    """
    kind = node.kind.name
    if kind in HINTS or kind in CONCURRENT:
        return ""
    if kind == "DelayControl" and node.parent is not None and node.parent.kind.name in DELAYED:
        return ""
    if kind in CHECKS or (kind == "ExpressionStatement" and node.getFirstToken().rawText in PRINTS):
        return "begin end"
    return None


def walk(root: SyntaxNode, instead: Instead | None = None) -> Iterator[tuple[Token | SyntaxNode, SyntaxNode]]:
    """Every node and token with its parent, in source order, but not what is inside nodes that `instead` replaces.

    Raises NestingError. Iterative, because slang's own visitors overflow the stack on a long chain of operators.
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
        if instead is not None and instead(item) is not None:
            continue
        children: list[Any] = [item[i] for i in range(len(item))]
        stack.extend((child, item, depth + 1) for child in reversed(children) if child is not None)


def flatten(tree: SyntaxTree, instead: Instead = hints) -> Flat:
    """Write the tokens of a tree out again, each on its line, without comments and directives.

    No escaped name is left: Icarus takes some (those that begin with `$`) for something else than a name.
    """
    from pyslang.parsing import Token

    tokens: list[tuple[str, str, int, bool]] = []
    modules: set[str] = set()
    plain = _PlainNames()
    at = tree.sourceManager.getLineNumber
    for item, parent in walk(tree.root, instead):
        if isinstance(item, Token):
            if item.rawText:
                names_module = is_module_name(item, parent)
                name = plain(item) if item.rawText.startswith("\\") else item.rawText
                tokens.append((name, item.kind.name, at(item.location), names_module))
                if names_module and parent.kind.name == "ModuleHeader":
                    modules.add(name)
        elif said := instead(item):
            tokens.append((said, "", 0, False))

    parts: list[str] = []
    sites: list[int] = []
    line, length, previous = 1, 0, ""
    last = tree.root.sourceRange.end
    lines = at(last)
    for name, kind, wanted, names_module in tokens:
        glue = "" if previous in ("IntegerBase", "Dot") else "\n" * (min(wanted, lines) - line) or " "
        line += glue.count("\n")
        if names_module and name in modules:
            sites.append(length + len(glue))
        parts += (glue, name)
        length += len(glue) + len(name)
        previous = kind
    return Flat("".join(parts) + "\n", tuple(sites))


class _PlainNames:
    """Plain names for escaped ones: the same name where it is one, else one that no source can have."""

    def __init__(self) -> None:
        self.made: dict[str, str] = {}

    def __call__(self, token: Token) -> str:
        name = token.valueText
        if name not in self.made:
            simple = re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII) and _is_identifier(name)
            self.made[name] = name if simple else f"e{len(self.made)}{RESERVED}"
        return self.made[name]


def _is_identifier(name: str) -> bool:
    """Whether a word is no keyword."""
    return parse(name).root.getFirstToken().kind.name == "Identifier"


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
