"""Faults of data paths, for goldens of any kind: arithmetic, indices, signs, another signal of the same width.

They stand apart from those of harness.rtl.mutate, which the flaws of V3's and V4's training data are drawn from: one
more there would make other data.
"""

from __future__ import annotations

from collections.abc import Iterator

from harness.rtl.mutate import FAULTS, Fault, Mutant, mutants
from harness.rtl.syntax import Design, Node, kind

ARITHMETIC = {
    "MultiplyExpression": "+",
    "DivideExpression": "*",
    "ModExpression": "/",
    "ArithmeticShiftRightExpression": ">>",
    "ArithmeticShiftLeftExpression": ">>",
}


def all_mutants(source: str) -> list[Mutant]:
    """All single-fault mutants of any Verilog, in source order. Raises ValueError as `mutants` does."""
    return mutants(source, (*FAULTS, _arithmetic, _indices, _signs, _signals))


def _arithmetic(design: Design) -> Iterator[Fault]:
    for node in design.of(*ARITHMETIC):
        yield "wrong_operator", [design.token(node.operatorToken, ARITHMETIC[kind(node)])]


def _indices(design: Design) -> Iterator[Fault]:
    """An index that does not count: always 0, or without its lowest bit."""
    for node in design.of("BitSelect"):
        said = design.text(node)
        if not design.names(node) & design.widths.keys():
            continue  # a constant: harness.rtl.mutate moves it by one
        yield "wrong_index", [design.replace(node, "0")]
        yield "wrong_index", [design.replace(node, f"({said}) & ~1")]


def _signs(design: Design) -> Iterator[Fault]:
    """A `signed` that is forgotten."""
    for node in design.of("ImplicitType", "LogicType", "RegType", "BitType", "IntType", "IntegerType"):
        if design.text(node) and node.signing.rawText == "signed":
            yield "dropped_sign", [design.token(node.signing, "")]
    for node in design.of("InvocationExpression"):
        if design.text(node).startswith("$signed"):
            yield "dropped_sign", [design.replace(node, design.text(node).removeprefix("$signed"))]


def _signals(design: Design) -> Iterator[Fault]:
    """Another signal of the same width, above one bit, where one is read."""
    wide = [name for name, width in design.widths.items() if width > 1]
    for node in design.of("IdentifierName"):
        name = node.identifier.rawText
        if name not in wide or not _is_read(design, node):
            continue
        alike = [other for other in wide if design.widths[other] == design.widths[name]]
        if len(alike) > 1:
            yield "wrong_signal", [design.replace(node, alike[(alike.index(name) + 1) % len(alike)])]


def _is_read(design: Design, node: Node) -> bool:
    """Whether a name is neither the target of an assignment nor connected to a port."""
    holder = node.parent
    while holder is not None:
        if kind(holder).endswith("AssignmentExpression"):
            return not design.inside(node, holder.left)
        if kind(holder).endswith("PortConnection"):
            return False
        holder = holder.parent
    return True
