"""A Verilog source as a syntax tree, with the look-ups that finding faults needs: states, resets, widths.

Every change is an Edit of a source range, so whatever is not changed stays as it was, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from harness.rtl.rename import legible, parse, walk

Edit = tuple[int, int, str]
"""Start, end (UTF-8 byte offsets) and what comes in between."""
Node = Any
"""A pyslang syntax node: the declared types of children are unions too wide to be of use."""

ASSIGNMENTS = {"AssignmentExpression": "<=", "NonblockingAssignmentExpression": "="}
"""Each kind of assignment with the operator of the other."""

WRAPPERS = ("ParenthesizedExpression", "ConcatenationExpression", "MultipleConcatenationExpression")


def kind(node: Node) -> str:
    return str(node.kind).rpartition(".")[2]


def is_node(thing: object) -> bool:
    return hasattr(thing, "sourceRange")


class Design:
    """A parsed source, with the look-ups that the fault searches share. Offsets are in UTF-8 bytes.

    Raises NestingError.
    """

    def __init__(self, source: str) -> None:
        self.data = legible(source).encode()
        self.tree = parse(source)
        root = self.tree.root
        self.buffer = root.getFirstToken().location.buffer
        self.nodes: list[Node] = [item for item, _ in walk(root) if is_node(item)]

    def of(self, *kinds: str) -> Iterator[Node]:
        """Nodes of these kinds that stand in the source itself, not in a macro."""
        return (n for n in self.nodes if kind(n) in kinds and n.sourceRange.start.buffer == self.buffer)

    @staticmethod
    def span(node: Node) -> tuple[int, int]:
        return node.sourceRange.start.offset, node.sourceRange.end.offset

    def text(self, node: Node) -> str:
        start, end = self.span(node)
        return self.data[start:end].decode()

    def replace(self, node: Node, new: str) -> Edit:
        return (*self.span(node), new)

    @staticmethod
    def token(token: Node, new: str) -> Edit:
        start: int = token.location.offset
        return start, start + len(token.rawText.encode()), new

    def swap(self, a: Node, b: Node) -> list[Edit]:
        return [self.replace(a, self.text(b)), self.replace(b, self.text(a))]

    def apply(self, edits: list[Edit]) -> str:
        data = self.data
        for start, end, new in sorted(edits, reverse=True):
            data = data[:start] + new.encode() + data[end:]
        return data.decode()

    def describe(self, edits: list[Edit]) -> str:
        shown = (
            f"{self.data[start:end].decode() or 'nothing'} -> {new or 'nothing'}" for start, end, new in edits
        )
        return re.sub(r"\s+", " ", "; ".join(shown))

    def inside(self, node: Node, part: Node) -> bool:
        (a, b), (c, d) = self.span(node), self.span(part)
        return c <= a and b <= d

    def names(self, node: Node) -> set[str]:
        """Every identifier used in `node`."""
        return {
            n.identifier.rawText
            for n in self.of("IdentifierName", "IdentifierSelectName")
            if self.inside(n, node)
        }

    @cached_property
    def constants(self) -> dict[str, list[str]]:
        """Each localparam or enum name with all names declared with its type and width: states, usually."""
        groups: dict[str, list[str]] = {}
        for declarator in self.of("Declarator"):
            holder = declarator.parent
            if kind(holder) == "ParameterDeclaration" and holder.keyword.rawText == "localparam":
                size = re.match(r"\s*=\s*(\d+)'", self.text(declarator.initializer))
                key = f"{self.text(holder.type).strip()} {size[1] if size else ''}"
            elif kind(holder) == "EnumType":
                key = f"enum {self.span(holder)}"
            else:
                continue
            groups.setdefault(key, []).append(declarator.name.rawText)
        return {name: group for group in groups.values() for name in group}

    @cached_property
    def widths(self) -> dict[str, int]:
        """The width in bits of every signal declared as one bit or with a literal [n:0] range."""
        found: dict[str, int] = {}
        for declarator in self.of("Declarator"):
            holder = declarator.parent
            if kind(holder) in ("ParameterDeclaration", "EnumType") or len(declarator.dimensions):
                continue
            typed = self.data[self.span(holder)[0] : self.span(declarator)[0]].decode()
            ranges = re.findall(r"\[(.*?)\]", typed)
            if not ranges and "integer" not in typed:
                found[declarator.name.rawText] = 1
            elif len(ranges) == 1 and (bounds := re.fullmatch(r"\s*(\d+)\s*:\s*0\s*", ranges[0])):
                found[declarator.name.rawText] = int(bounds[1]) + 1
        return found

    @cached_property
    def inputs(self) -> list[str]:
        """Names of the input ports, in order."""
        ports = [
            n for n in self.of("ImplicitAnsiPort", "PortDeclaration") if self.text(n).startswith("input")
        ]
        return [d.name.rawText for d in self.of("Declarator") if any(self.inside(d, port) for port in ports)]

    @cached_property
    def edges(self) -> list[Node]:
        """Every `posedge x` and `negedge x` of an event list."""
        return [n for n in self.of("SignalEventExpression") if n.edge.rawText in ("posedge", "negedge")]

    @cached_property
    def resets(self) -> list[tuple[Node, str, Node | None]]:
        """For each clocked block with a reset: its `if`, the reset's name, its edge event if asynchronous.

        A synchronous reset is a test of one input, first in the block, that only sets constants.
        """
        found: list[tuple[Node, str, Node | None]] = []
        for control in self.of("TimingControlStatement"):
            events = [e for e in self.edges if self.inside(e, control.timingControl)]
            branch = control.statement
            while kind(branch) == "SequentialBlockStatement" and len(branch.items):
                branch = branch.items[0]
            if not events or kind(branch) != "ConditionalStatement":
                continue
            names = self.names(branch.predicate)
            edge = next((e for e in events if len(events) > 1 and self.text(e.expr) in names), None)
            values = [a.right for a in self.of(*ASSIGNMENTS) if self.inside(a, branch.statement)]
            constant = all(self.names(value) <= set(self.constants) for value in values)
            if len(names) == 1 and names <= set(self.inputs) and (edge is not None or constant):
                found.append((branch, *names, edge))
        return found

    def in_reset(self, node: Node) -> bool:
        return any(self.inside(node, branch.statement) for branch, _, _ in self.resets)

    def is_reset_test(self, node: Node) -> bool:
        return any(self.inside(node, branch.predicate) for branch, _, _ in self.resets)

    @cached_property
    def control(self) -> set[str]:
        """Clock and reset names."""
        return {self.text(e.expr) for e in self.edges} | {name for _, name, _ in self.resets}

    def assigned(self, node: Node) -> bool:
        """Whether `node` is part of a value assigned as it is: no index, operand or condition."""
        parent = node.parent
        while parent is not None and kind(parent) not in ASSIGNMENTS:
            chosen = kind(parent) == "ConditionalExpression" and not self.inside(node, parent.predicate)
            if chosen or kind(parent) in WRAPPERS:
                parent = parent.parent
            elif kind(parent) == "EqualsValueClause":
                return kind(parent.parent.parent) not in ("ParameterDeclaration", "EnumType")
            else:
                return False
        return parent is not None and self.inside(node, parent.right)

    def negated(self, condition: Node) -> Edit:
        """The edit that inverts a condition: `!a` and `a` into each other, anything else into `!(...)`."""
        said = self.text(condition)
        if bare := re.fullmatch(r"[!~]\s*(\w+)", said):
            return self.replace(condition, bare[1])
        return self.replace(condition, f"!{said}" if re.fullmatch(r"\w+", said) else f"!({said})")
