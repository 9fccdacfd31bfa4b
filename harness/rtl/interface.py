"""What a module looks like from outside: its ports, and which of them are clock and reset.

Found on the elaborated design, so parameters, helper modules and generate blocks count.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from harness.families.spec import Port
from harness.rtl.clocking import (
    Control,
    InterfaceError,
    clocked_blocks,
    only_clock,
    refuted,
    resets,
)
from harness.rtl.registers import Register, registers
from harness.rtl.rename import NestingError, options, parse, syntax_errors


@dataclass(frozen=True, slots=True)
class Interface:
    """A module's ports in header order, its clock (None: combinational), its resets and its registers.

    `whole` says that the registers are all that its edge-triggered blocks assign.
    """

    module: str
    ports: tuple[Port, ...]
    clock: str | None
    resets: tuple[Control, ...]
    registers: tuple[Register, ...]
    whole: bool

    @property
    def data(self) -> tuple[Port, ...]:
        """The inputs that are neither clock nor reset."""
        control = {self.clock, *(reset.name for reset in self.resets)}
        return tuple(p for p in self.ports if p.direction == "input" and p.name not in control)

    @property
    def doubtful(self) -> tuple[Control, ...]:
        """The resets that may be data."""
        return tuple(reset for reset in self.resets if not reset.sure)

    @property
    def driven(self) -> tuple[Port, ...]:
        """The inputs that are data or may be."""
        doubtful = {reset.name for reset in self.doubtful}
        return tuple(p for p in self.ports if p in self.data or p.name in doubtful)


def interface_of(
    source: str, module: str | None = None, clock: str | None = None, reset: str | None = None
) -> Interface:
    """The interface of `module` in `source`; without a name, of the one module that no other uses.

    `clock` and `reset` name those inputs where the search would be wrong; a `!` before the reset's name says
    that it is active low, `none` that there is no reset. Raises InterfaceError for a source that does not parse,
    an unknown or ambiguous module, ports that are not plain vectors, no output, more than one clock, and a given
    reset whose level the source refutes.
    """
    top = _elaborate(source, module)
    ports = tuple(_port(port, top.name) for port in top.body.portList)
    if not any(port.direction == "output" for port in ports):
        raise InterfaceError(
            f"{top.name} has no output, so there is nothing to compare; if it is a testbench, name the design (--top)"
        )
    inputs = {port.name: port.width for port in ports if port.direction == "input"}
    blocks = clocked_blocks(top)
    controls = resets(blocks, inputs) if reset is None else _given_reset(reset, inputs)
    if reset is not None and (wrong := next((c for c in controls if refuted(c, blocks)), None)):
        level, said = ("high", wrong.name) if wrong.active_low else ("low", f"!{wrong.name}")
        raise InterfaceError(
            f"{wrong.name} resets {top.name} while it is {level}: say --reset '{said}', as a design that is held in"
            " reset shows nothing"
        )
    names = {control.name for control in controls}
    if clock is None:
        clock = only_clock(blocks, inputs, names, top.name)
    elif inputs.get(clock) != 1:
        raise InterfaceError(
            f"{top.name} has no 1-bit input {clock!r} to be its clock: it has {_list(inputs)}"
        )
    state, whole = registers([block.body for block in blocks])
    return Interface(top.name, ports, clock, tuple(controls) if clock else (), state, whole)


def _elaborate(source: str, module: str | None) -> Any:
    from pyslang.ast import Compilation

    try:
        tree = parse(source)
    except NestingError as error:
        raise InterfaceError(f"the source cannot be read: {error}") from error
    if errors := syntax_errors(tree):
        raise InterfaceError(f"the source does not parse: {errors}")
    compilation = Compilation(options(module or ""))
    compilation.addSyntaxTree(tree)
    tops = [top for top in compilation.getRoot().topInstances if module in (None, top.name)]
    if len(tops) == 1:
        return tops[0]
    if module is not None:
        there = _list(str(top.name) for top in compilation.getRoot().topInstances)
        raise InterfaceError(
            f"the source defines no module {module!r} that can stand alone; there is {there}"
        )
    if not tops:
        raise InterfaceError("the source holds no module; give Verilog source")
    found = ", ".join(top.name for top in tops)
    raise InterfaceError(f"the source has to have one top module, found {found}: name it (--top)")


def _port(port: Any, module: str) -> Port:
    from pyslang.ast import ArgumentDirection, PortSymbol

    plain = isinstance(port, PortSymbol) and port.name and port.type.isIntegral
    if not plain or port.direction not in (ArgumentDirection.In, ArgumentDirection.Out):
        raise InterfaceError(
            f"port {port.name!r} of {module} is not a plain input or output vector; wrap the module in one"
            " whose ports are"
        )
    direction: Literal["input", "output"] = "output" if port.direction == ArgumentDirection.Out else "input"
    return Port(direction, port.name, port.type.bitWidth, "data")


def _given_reset(reset: str, inputs: dict[str, int]) -> list[Control]:
    if reset == "none":
        return []
    name = reset.removeprefix("!")
    if inputs.get(name) != 1:
        raise InterfaceError(f"there is no 1-bit input {name!r} to be the reset: there are {_list(inputs)}")
    return [Control(name, reset.startswith("!"), "given")]


def _list(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"
