"""Screening: only plain RTL of the asked module reaches a simulator.

A judge shares one simulation among candidates and reads samples from it, so a candidate may compute and
nothing else: it may not print, stop, wait, read files, look outside itself or change how later text is read.
The rules are lists of what is allowed, so that a construct nobody thought of is refused.

Not covered: a text that a parser chokes on (see screener.py, which every judge goes through), and a design
that misbehaves only after more cycles than the stimulus has.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.families.spec import Port
from harness.rtl.rename import (
    RESERVED,
    Flat,
    Instead,
    NestingError,
    flatten,
    is_module_name,
    neutral,
    options,
    parse,
    syntax_errors,
    walk,
)

if TYPE_CHECKING:
    from pyslang.parsing import Token
    from pyslang.syntax import SyntaxNode, SyntaxTree

MAX_CHARACTERS = 64 * 1024


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SYSTEM_FUNCTIONS = _words(
    "$signed $unsigned $clog2 $bits $countones $onehot $onehot0 $isunknown $size $high $low $left $right "
    "$increment $dimensions $unpacked_dimensions $rtoi $itor $ceil $floor $ln $log10 $exp $sqrt $pow"
)
DIRECTIVES = _words(
    "TimeScaleDirective DefaultNetTypeDirective ResetAllDirective CellDefineDirective EndCellDefineDirective "
    "DefineDirective UndefDirective IfDefDirective IfNDefDirective ElsIfDirective ElseDirective "
    "EndIfDirective MacroUsage"
)
KEYWORDS = _words(
    "module macromodule endmodule package endpackage import input output inout wire uwire tri wand wor "
    "tri0 tri1 triand trior supply0 supply1 reg logic bit byte shortint int longint integer time real "
    "realtime var signed unsigned parameter localparam defparam genvar generate endgenerate assign "
    "deassign always always_ff always_comb always_latch initial begin end if else case casez casex "
    "endcase default inside for foreach while do repeat forever break continue return disable posedge "
    "negedge edge iff or and nand nor xor xnor not buf bufif0 bufif1 notif0 notif1 function endfunction "
    "task endtask automatic static void typedef enum struct union packed unique unique0 priority const "
    "type string"
)
UNIT_ITEMS = _words(
    "ModuleDeclaration PackageDeclaration TypedefDeclaration ParameterDeclarationStatement "
    "FunctionDeclaration TaskDeclaration PackageImportDeclaration TimeUnitsDeclaration EmptyMember"
)
NAMING_NODES = _words("Declarator InstanceName NamedBlockClause NamedLabel ForVariableDeclaration")
TIMING_NODES = _words("EventControl EventControlWithExpression ImplicitEventControl RepeatedEventControl")

PLAIN_STRING = re.compile(r'"(?:[ !#-\[\]-~]|\\[nt\\"])*"')


@dataclass(frozen=True, slots=True)
class Screened:
    """A candidate that may be simulated. `alone`: it declares things outside modules, which would be seen by
    (and could clash with) other candidates in the same compilation."""

    flat: Flat
    alone: bool


@dataclass(frozen=True, slots=True)
class Rejection:
    """The first rule that a candidate broke. The rule `syntax` means that it is not Verilog at all."""

    rule: str
    detail: str


class _Broken(Exception):
    """Carries a Rejection out of the checks."""

    def __init__(self, rule: str, detail: str) -> None:
        super().__init__(rule, detail)
        self.rejection = Rejection(rule, detail)


def screen(source: str, module: str, ports: Sequence[Port]) -> Screened | Rejection:
    """Check that `source` is plain RTL that defines `module` with exactly `ports`, helper modules allowed.

    Directives (`timescale`, `default_nettype`, `celldefine`, conditions, macros) are resolved here, and prints,
    assertions and delays left out (see rename.neutral), and so are modules that `module` does not use, such as a
    testbench that a model adds: none of them reaches the simulator.
    """
    try:
        _check_text(source)
        tree = parse(source)
        unused = _unused(tree, module)

        def instead(node: Any) -> str | None:
            spare = node.kind.name == "ModuleDeclaration" and node.header.name.valueText in unused
            return "" if spare else neutral(node)

        outside = _check_tokens(tree, instead, directives="`" in source)
        errors = syntax_errors(tree)
        if errors:
            return Rejection("syntax", errors)
        if outside:
            return Rejection("hierarchy", f"{outside} begins with a name that is not declared in this source")
        alone = _check_unit(tree, module)
        _check_ports(tree, module, ports)
        return Screened(flatten(tree, instead), alone)
    except NestingError as error:
        return Rejection("size", str(error))
    except _Broken as broken:
        return broken.rejection


def _unused(tree: SyntaxTree, module: str) -> frozenset[str]:
    """The modules of a source that `module`, which it defines, does not instantiate, directly or not."""
    from pyslang.parsing import Token

    root: Any = tree.root
    members = list(root.members) if root.kind.name == "CompilationUnit" else []
    uses: dict[str, set[str]] = {}
    for member in members if len(members) > 1 else ():
        if member.kind.name == "ModuleDeclaration":
            uses[member.header.name.valueText] = {
                item.valueText
                for item, parent in walk(member)
                if isinstance(item, Token) and is_module_name(item, parent)
            }
    reached = [module]
    for name in reached:
        reached += sorted(uses.get(name, set()) - set(reached))
    return frozenset(uses) - set(reached) if module in uses else frozenset()


def _check_text(source: str) -> None:
    """What must hold before any parser sees the text."""
    if len(source) > MAX_CHARACTERS:
        raise _Broken("size", f"{len(source)} characters, at most {MAX_CHARACTERS} are accepted")
    if "\0" in source:
        raise _Broken("nul", f"NUL character at offset {source.index(chr(0))}")
    if broken := re.search(r"[\ud800-\udfff]", source):
        raise _Broken("encoding", f"half a character at offset {broken.start()}: give UTF-8")


def _check_tokens(tree: SyntaxTree, instead: Instead, directives: bool) -> str:
    """Check every token and node that is kept against the lists above; return a path that leads outside, or nothing.

    `directives` says whether there may be any: without a backtick in the source there is none.
    """
    from pyslang.parsing import Token

    declared: set[str] = set()
    paths: list[SyntaxNode] = []
    for item, _ in walk(tree.root) if directives else ():
        if isinstance(item, Token):
            for trivia in item.trivia:
                if trivia.kind.name == "Directive":
                    _check_directive(trivia.syntax())
    for item, parent in walk(tree.root, instead):
        kind = item.kind.name
        if isinstance(item, Token):
            _check_token(item, parent)
            if kind == "Identifier" and _names_something(parent):
                declared.add(item.valueText)
        elif kind in TIMING_NODES and _inside(item, "InitialBlock"):
            raise _Broken("initial", f"an initial block that waits: {_text(item)}")
        elif kind == "DPIImport" or (kind == "ModuleDeclaration" and _inside(item, "ModuleDeclaration")):
            raise _Broken("construct", f"{kind} is not accepted here: {_text(item)}")
        elif kind == "ScopedName" and any(isinstance(i, Token) and i.kind.name == "Dot" for i in item):
            paths.append(item)
    for path in paths:
        root = path.getFirstToken().valueText
        if root not in declared and not re.fullmatch(r"genblk\d+", root):
            return _text(path)
    return ""


def _inside(node: SyntaxNode, kind: str) -> bool:
    while node.parent is not None:
        node = node.parent
        if node.kind.name == kind:
            return True
    return False


def _text(node: SyntaxNode) -> str:
    """The beginning of a node's source on one line, without comments, for messages."""
    from pyslang.parsing import Token

    return " ".join(item.rawText for item, _ in walk(node) if isinstance(item, Token))[:80].strip()


def _names_something(node: SyntaxNode) -> bool:
    """Whether an identifier right below `node` declares a name."""
    above = node.parent.kind.name if node.parent is not None else ""
    prototype = node.kind.name == "IdentifierName" and above == "FunctionPrototype"
    return prototype or node.kind.name in NAMING_NODES


def _check_token(token: Token, parent: SyntaxNode) -> None:
    kind, raw = token.kind.name, token.rawText
    if kind.endswith("Keyword"):
        if raw and raw not in KEYWORDS:
            raise _Broken("construct", f"`{raw}` is not synthesisable RTL")
    elif raw.startswith("$"):
        if raw not in SYSTEM_FUNCTIONS:
            raise _Broken("system", f"{raw} (allowed: {' '.join(sorted(SYSTEM_FUNCTIONS))})")
    elif kind in ("Hash", "DoubleHash", "HashMinusHash", "HashEqualsHash"):
        if parent.kind.name not in ("ParameterPortList", "ParameterValueAssignment"):
            raise _Broken("delay", f"delay in {_text(parent)}")
    elif kind == "Identifier":
        if RESERVED in token.valueText:
            raise _Broken("reserved", f"{token.valueText}: names with {RESERVED} belong to the testbench")
    elif kind == "StringLiteral" and not PLAIN_STRING.fullmatch(raw):
        raise _Broken(
            "string", f"string with escapes or characters that are not printable ASCII: {raw[:60]!r}"
        )


def _check_directive(directive: SyntaxNode | None) -> None:
    kind = directive.kind.name if directive is not None else "directive"
    text = _text(directive) if directive is not None else ""
    if kind not in DIRECTIVES:
        raise _Broken("directive", text)
    if kind == "DefaultNetTypeDirective" and text.split()[-1] not in ("none", "wire"):
        raise _Broken("directive", f"{text}: only `none` and `wire` are accepted")


def _check_unit(tree: SyntaxTree, module: str) -> bool:
    """Exactly one `module`, and nothing but modules and declarations; returns Screened.alone."""
    root: Any = tree.root
    members = list(root.members) if root.kind.name == "CompilationUnit" else [root]
    names: list[str] = []
    for member in members:
        if member.kind.name not in UNIT_ITEMS:
            raise _Broken("construct", f"{member.kind.name} outside a module")
        if member.kind.name == "ModuleDeclaration":
            names.append(member.header.name.valueText)
    if names.count(module) != 1:
        raise _Broken("module", f"asked for one module {module!r}, found {', '.join(names[:8]) or 'none'}")
    return len(names) < len(members)


def _check_ports(tree: SyntaxTree, module: str, ports: Sequence[Port]) -> None:
    """Direction and width of every port of `module`, with its parameters at their defaults."""
    from pyslang.ast import ArgumentDirection, Compilation, PortSymbol

    compilation = Compilation(options(module))
    compilation.addSyntaxTree(tree)
    tops = [top for top in compilation.getRoot().topInstances if top.name == module]
    if not tops:
        raise _Broken(
            "module", f"{module!r} cannot stand alone: a parameter has no default, or it instantiates itself"
        )
    directions = {ArgumentDirection.In: "input", ArgumentDirection.Out: "output"}
    found: dict[str, str] = {}
    for port in tops[0].body.portList:
        if not isinstance(port, PortSymbol) or not port.name or not port.type.isIntegral:
            raise _Broken("ports", f"port {port.name!r} of {module!r} is not a plain vector")
        found[port.name] = f"{directions.get(port.direction, 'inout')} of {port.type.bitWidth} bits"
    wanted = {port.name: f"{port.direction} of {port.width} bits" for port in ports}
    for name in {**wanted, **found}:
        if wanted.get(name) != found.get(name):
            raise _Broken(
                "ports", f"{name}: asked for {wanted.get(name, 'none')}, found {found.get(name, 'none')}"
            )
