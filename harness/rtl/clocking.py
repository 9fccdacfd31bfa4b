"""Clock and resets of an elaborated module, recognised by their use.

An edge that a block waits for is a clock or a reset; a first branch that only sets constants is a reset too if
the other branch does more, and so is the net of an event list that the first branch tests (at the level of its
edge where the reset stands in the other branch: `if (rst_n) n <= n + 1; else n <= 0;`). What blocks test so at
opposite levels is data, as no level of it lets them all go on. Nets are followed to the module's own ports.
Where nothing shows itself so (a latch's clock, a reset that is used further down), the name decides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.rtl.registers import loop_counters

RESET_NAME = re.compile(
    r"(?:^|_)(?:[ai]|sys|sync|async|areg|s)?_?(?:re?se?t|rst|clr|clear)_?(?P<low>n|b|ni|l)?(?:_i|_in)?$"
    r"|^n_?(?P<low2>re?se?t|rst|clr)$",
    re.IGNORECASE,
)
CLOCK_NAME = re.compile(r"^(?!.*_en).*?(?:cl(?:oc)?k|(?:^|_)c[kp](?:_|\d|$))", re.IGNORECASE)


class InterfaceError(ValueError):
    """A module that the judge cannot drive; the message says what is in the way and what to give instead."""


@dataclass(frozen=True, slots=True)
class Control:
    """A reset input. `found` says how it was recognised: `use`, `name`, or `given` by the caller.

    Only its use or only its name speaks for one that is not `sure`: `if (stop) n <= 0; else n <= n + 1;` may be a reset
    or data, and in `if (!reset || done)` the name says nothing of the level.
    """

    name: str
    active_low: bool
    found: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Block:
    """A procedural block that waits for edges: of which ports (empty for a net made inside), and its body.

    `falling` are those of them whose falling edge it waits for.
    """

    edges: tuple[str, ...]
    falling: frozenset[str]
    body: Any
    aliases: dict[str, str]


def clocked_blocks(top: Any) -> Sequence[Block]:
    """Every edge-triggered block of an elaborated module and of what it instantiates."""
    from pyslang.ast import (
        EdgeKind,
        EventListControl,
        ProceduralBlockSymbol,
        SignalEventControl,
        TimedStatement,
    )

    aliases = _aliases(top)
    found: list[Block] = []

    def visit(symbol: Any) -> None:
        if not isinstance(symbol, ProceduralBlockSymbol) or not isinstance(symbol.body, TimedStatement):
            return
        timing = symbol.body.timing
        events = list(timing.events) if isinstance(timing, EventListControl) else [timing]
        edges = [
            (_port_name(event.expr, aliases), event.edge)
            for event in events
            if isinstance(event, SignalEventControl) and event.edge in (EdgeKind.PosEdge, EdgeKind.NegEdge)
        ]
        if edges:
            falling = frozenset(name for name, edge in edges if edge == EdgeKind.NegEdge)
            found.append(Block(tuple(name for name, _ in edges), falling, symbol.body.stmt, aliases))

    top.visit(visit)
    return found


def _aliases(top: Any) -> dict[str, str]:
    """The path of each net that is just another net by another name, with the path of that other one."""
    from pyslang.ast import AssignmentExpression, ContinuousAssignSymbol, InstanceSymbol

    aliases: dict[str, str] = {}

    def visit(symbol: Any) -> None:
        if isinstance(symbol, InstanceSymbol):
            for connection in symbol.portConnections:
                inner = getattr(connection.port, "internalSymbol", None)
                outer = _path(connection.expression)
                if inner is not None and outer:
                    aliases[inner.hierarchicalPath] = outer
        elif isinstance(symbol, ContinuousAssignSymbol) and isinstance(
            symbol.assignment, AssignmentExpression
        ):
            left, right = _path(symbol.assignment.left), _path(symbol.assignment.right)
            if left and right:
                aliases[left] = right

    top.visit(visit)
    return aliases


def _path(expression: Any) -> str:
    """The full path of a plain name, conversions looked through; empty for any other expression."""
    while expression is not None and hasattr(expression, "operand") and not hasattr(expression, "op"):
        expression = expression.operand
    symbol = getattr(expression, "symbol", None)
    return str(symbol.hierarchicalPath) if symbol is not None else ""


def _port_name(expression: Any, aliases: dict[str, str]) -> str:
    """The top-level port that a name stands for; empty if it is made inside the design."""
    path, seen = _path(expression), set[str]()
    while path in aliases and path not in seen:
        seen.add(path)
        path = aliases[path]
    parts = path.split(".")
    return parts[1] if len(parts) == 2 else ""


def resets(blocks: Sequence[Block], inputs: Mapping[str, int]) -> list[Control]:
    """Resets by use; where none of them is sure, by name as well. The sure ones come first, then those."""
    found: dict[str, Control] = {}
    levels: dict[str, set[bool]] = {}
    for block, (name, low, constant, forgets) in ((b, test) for b in blocks for test in _tests(b)):
        edge = _waits_for(block, name)
        named = bool(RESET_NAME.search(name))
        if edge and not (constant and forgets):
            low = name in block.falling
        if inputs.get(name) == 1 and (edge or (constant and (forgets or named))):
            levels.setdefault(name, set()).add(low)
            if name not in found or (edge and not found[name].sure):
                found[name] = Control(name, low, "use", edge or named)
    waited = {name for block in blocks if len(block.edges) > 1 for name in block.edges}
    data = {name for name, tested_at in levels.items() if len(tested_at) == 2} - waited
    if not any(control.sure for control in found.values()) and blocks:
        for name, width in inputs.items():
            match = RESET_NAME.search(name)
            if width == 1 and match:
                found[name] = Control(name, bool(match["low"] or match["low2"]), "name", sure=False)
    return sorted(
        (c for c in found.values() if c.name not in data),
        key=lambda control: (not control.sure, control.found == "use"),
    )


def refuted(control: Control, blocks: Sequence[Block]) -> bool:
    """Whether some block resets itself, by a first branch of constants, at the other level of that input."""
    return any(
        name == control.name and constant and forgets and low != control.active_low
        for block in blocks
        for name, low, constant, forgets in _tests(block)
    )


Test = tuple[str, bool, bool, bool]
"""The input that an `if` tests, whether for 0, whether its branch only sets constants, and whether it forgets by that:
whether the other branch sets more than constants, or goes by what the first sets.

`if (d) q <= 1; else q <= 0;` forgets nothing: it is a register of d.
"""


def _tests(block: Block) -> Iterator[Test]:
    """The test of a block's first `if`; where that is of an edge that the block waits for, those of its `else if` as
    long as they are too: an asynchronous set beside the reset.
    """
    statement: Any = next(_leaves(block.body), None)
    first = True
    while (test := _test(statement, block)) is not None and (first or _waits_for(block, test[0])):
        yield test
        if not _waits_for(block, test[0]):
            return
        first, statement = False, next(_leaves(statement.ifFalse), None)


def _waits_for(block: Block, name: str) -> bool:
    """Whether an input is one of several edges that a block waits for."""
    return name in block.edges and len(block.edges) > 1


def _test(statement: Any, block: Block) -> Test | None:
    """What a statement tests, if it is an `if` of one input."""
    from pyslang.ast import ConditionalStatement

    if not isinstance(statement, ConditionalStatement) or len(statement.conditions) != 1:
        return None
    condition = statement.conditions[0].expr
    names = _names(condition)
    if len(names) != 1:
        return None
    then, other = _assignments(statement.ifTrue), _assignments(statement.ifFalse)
    constant = bool(then) and not any(_names(node.right) for node in then)
    forgets = any(_names(node.right) for node in other) or bool(
        _read(statement.ifFalse) & {_path(name) for node in then for name in _names(node.left)}
    )
    text = re.sub(r"\s", "", str(condition.syntax))
    low = bool(re.match(r"\(*[!~]", text) or re.search(r"(===?(1?'[bdh])?0|!==?(1?'[bdh])?1)\)*$", text))
    return _port_name(names[0], block.aliases), low, constant, forgets


def _leaves(statement: Any) -> Iterator[Any]:
    """The statements in nested blocks, in order; of an empty block nothing."""
    from pyslang.ast import BlockStatement, EmptyStatement, StatementList

    if isinstance(statement, BlockStatement):
        yield from _leaves(statement.body)
    elif isinstance(statement, StatementList):
        for part in statement.list:
            yield from _leaves(part)
    elif not isinstance(statement, EmptyStatement):
        yield statement


def _assignments(statement: Any) -> Sequence[Any]:
    """The assignments in a statement, those of loop counters left out; none where there is no statement."""
    from pyslang.ast import AssignmentExpression

    if statement is None:
        return []
    found: list[Any] = []
    counters = {symbol.hierarchicalPath for symbol in loop_counters(statement)}

    def visit(node: Any) -> None:
        if isinstance(node, AssignmentExpression) and _path(node.left) not in counters:
            found.append(node)

    statement.visit(visit)
    return found


def _read(statement: Any) -> set[str]:
    """The paths of the signals that a statement does more with than assign them."""
    if statement is None:
        return set()
    plain = [node.left for node in _assignments(statement) if not node.isCompound]
    assigned = Counter(_path(name) for target in plain for name in _names(target))
    return set(Counter(map(_path, _names(statement))) - assigned)


def _names(expression: Any) -> Sequence[Any]:
    """Every signal that an expression or a statement names; parameters and enum members are constants."""
    from pyslang.ast import NamedValueExpression, SymbolKind

    found: list[Any] = []

    def visit(node: Any) -> None:
        if isinstance(node, NamedValueExpression) and node.symbol.kind in (
            SymbolKind.Net,
            SymbolKind.Variable,
        ):
            found.append(node)

    expression.visit(visit)
    return found


def only_clock(
    blocks: Sequence[Block], inputs: Mapping[str, int], resets: set[str], module: str
) -> str | None:
    """The clock's name; None for a design without one. Raises InterfaceError when there are several."""
    clocks = list(dict.fromkeys(name for block in blocks for name in block.edges if name not in resets))
    known = [name for name in clocks if name in inputs]
    if len(known) > 1:
        raise InterfaceError(
            f"{module} has several clocks ({', '.join(known)}); one is supported: split the module, or say"
            " which one is its clock (--clock) if the others are data"
        )
    if not known and clocks:
        raise InterfaceError(f"no input is the clock of {module}: its registers wait for nets made inside")
    named = [name for name, width in inputs.items() if width == 1 and CLOCK_NAME.search(name)]
    return known[0] if known else named[0] if len(named) == 1 else None
