"""One problem of an outside suite, and what its Verilog says about module names and ports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from harness.families.spec import Port
from harness.rtl.clocking import InterfaceError
from harness.rtl.rename import (
    Flat,
    NestingError,
    flatten,
    is_module_name,
    options,
    parse,
    syntax_errors,
    walk,
)
from harness.simulate.watch import GoldenError

UNUSABLE = (InterfaceError, GoldenError, NestingError)
"""What is raised for a reference that cannot be parsed, driven or simulated; each says why."""
PassRule = Callable[[str], str]
"""Reads what a testbench printed: nothing if that says pass, else why it does not."""


@dataclass(frozen=True, slots=True)
class OutsideProblem:
    """What a suite asks and how it judges: `module` is what a candidate must define.

    `golden` is the suite's reference, in which `golden_module` is the design. `testbench` is all that a
    candidate is compiled with, `data` are files that it may read, and `passed` reads its verdict. `mutants`
    are wrong designs that come with the suite, and `category` is its own name for a group of problems.
    """

    id: str
    prompt: str
    golden: str
    golden_module: str
    testbench: str
    module: str
    passed: PassRule
    mutants: tuple[str, ...] = ()
    data: tuple[Path, ...] = ()
    category: str = "all"

    @property
    def reference(self) -> str:
        """The golden under the name that candidates bear. Raises NestingError."""
        return as_candidate(self.golden, self.golden_module, self.module)


@dataclass(frozen=True, slots=True)
class Modules:
    """Module names of a source, in order: those it defines, and those it instantiates."""

    defined: tuple[str, ...]
    used: tuple[str, ...]

    @property
    def tops(self) -> tuple[str, ...]:
        """Defined and not used."""
        return tuple(name for name in self.defined if name not in self.used)

    @property
    def missing(self) -> tuple[str, ...]:
        """Used and not defined."""
        return tuple(name for name in self.used if name not in self.defined)


def modules_of(source: str) -> Modules:
    """The modules of `source`, as far as it can be parsed. Raises NestingError."""
    from pyslang.parsing import Token

    defined: dict[str, None] = {}
    used: dict[str, None] = {}
    for item, parent in walk(parse(source).root):
        if isinstance(item, Token) and is_module_name(item, parent):
            if parent.kind.name == "ModuleHeader":
                defined[item.valueText] = None
            elif parent.kind.name == "HierarchyInstantiation":
                used[item.valueText] = None
    return Modules(tuple(defined), tuple(used))


def as_candidate(source: str, module: str, called: str) -> str:
    """A trusted `source` with `module` called `called`, and its helpers by names that no testbench has.

    Raises NestingError.
    """
    return respelled(flatten(parse(source)), module, called, "dut_helper_")


def respelled(flat: Flat, module: str, called: str, prefix: str) -> str:
    """The text of `flat` with `module` called `called`, and `prefix` before the name of every other module."""
    parts, end = [], 0
    for site in flat.sites:
        name = flat.text[site:].split(maxsplit=1)[0]
        parts += [flat.text[end:site], called if name == module else prefix + name]
        end = site + len(name)
    return "".join([*parts, flat.text[end:]])


def ports_of(source: str, module: str) -> tuple[Port, ...]:
    """The ports of `module`, also of one with several clocks, which harness.rtl.interface refuses.

    Raises InterfaceError for a source that does not parse, an unknown module and ports that are no vectors.
    """
    from pyslang.ast import ArgumentDirection, Compilation, PortSymbol

    tree = parse(source)
    if errors := syntax_errors(tree):
        raise InterfaceError(f"the source does not parse: {errors}")
    compilation = Compilation(options(module))
    compilation.addSyntaxTree(tree)
    tops: list[Any] = [top for top in compilation.getRoot().topInstances if top.name == module]
    if not tops:
        raise InterfaceError(f"the source defines no module {module!r} that can stand alone")
    directions: dict[Any, Literal["input", "output"]] = {
        ArgumentDirection.In: "input",
        ArgumentDirection.Out: "output",
    }
    ports = []
    for port in tops[0].body.portList:
        if not isinstance(port, PortSymbol) or not port.type.isIntegral or port.direction not in directions:
            raise InterfaceError(f"port {port.name!r} of {module} is no plain input or output vector")
        ports.append(Port(directions[port.direction], port.name, port.type.bitWidth, "data"))
    return tuple(ports)
