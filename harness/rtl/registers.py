"""What an elaborated module remembers from one clock edge to the next."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

PLAIN_PATH = re.compile(r"[\w$.\[\]]+")
STEPS = ("Preincrement", "Predecrement", "Postincrement", "Postdecrement")


@dataclass(frozen=True, slots=True)
class Register:
    """State inside a module: its path from the module downwards, and its width in bits."""

    path: str
    width: int


def registers(bodies: Sequence[Any]) -> tuple[tuple[Register, ...], bool]:
    """The integral variables that edge-triggered blocks assign, loop counters and blocks' own variables left out;
    and whether these are all that the blocks assign: memories, reals and blocks' own variables cannot be watched.

    What a called task or function assigns counts as the block's.
    """
    found: dict[str, Register] = {}
    hidden = False
    for body in bodies:
        counters = loop_counters(body)
        for symbol in _assigned(body):
            path = str(symbol.hierarchicalPath).partition(".")[2]
            if symbol in counters:
                continue
            if symbol.type.isIntegral and PLAIN_PATH.fullmatch(path) and not _own(symbol):
                found[path] = Register(path, symbol.type.bitWidth)
            else:
                hidden = True
    return tuple(found.values()), not hidden


def loop_counters(statement: Any) -> Sequence[Any]:
    """The variables that count the loops of a statement."""
    from pyslang.ast import ForLoopStatement

    found: list[Any] = []

    def visit(node: Any) -> None:
        if isinstance(node, ForLoopStatement):
            found.extend(node.loopVars)
            for part in (*node.initializers, *node.steps):
                found.extend(_targets(part))

    _visit_with_calls(statement, visit)
    return found


def _assigned(statement: Any) -> Sequence[Any]:
    found: list[Any] = []
    _visit_with_calls(statement, lambda node: found.extend(_targets(node)))
    return found


def _targets(node: Any) -> Sequence[Any]:
    """The variables that an expression assigns by itself, its parts left out."""
    from pyslang.ast import AssignmentExpression, NamedValueExpression, UnaryExpression

    if isinstance(node, AssignmentExpression):
        target = node.left
    elif isinstance(node, UnaryExpression) and node.op.name in STEPS:
        target = node.operand
    else:
        return []
    while not isinstance(target, NamedValueExpression) and hasattr(target, "value"):
        target = target.value
    found: list[Any] = []

    def visit(part: Any) -> None:
        if isinstance(part, NamedValueExpression):
            found.append(part.symbol)

    target.visit(visit)
    return found


def _visit_with_calls(statement: Any, visit: Callable[[Any], None]) -> None:
    """Visit a statement, and once the body of each task and function that it calls."""
    from pyslang.ast import CallExpression, SubroutineSymbol

    called: list[Any] = []

    def each(node: Any) -> None:
        visit(node)
        routine = node.subroutine if isinstance(node, CallExpression) else None
        if isinstance(routine, SubroutineSymbol) and routine not in called:
            called.append(routine)
            routine.body.visit(each)

    statement.visit(each)


def _own(symbol: Any) -> bool:
    """Whether a variable belongs to a block, a task or a function rather than to a module."""
    return bool(symbol.parentScope.isProceduralContext)
