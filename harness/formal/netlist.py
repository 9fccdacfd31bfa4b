"""A design as Yosys elaborated it, and whether its storage behaves in a simulator as it does as a circuit.

A circuit has no order of events within a moment; a simulator has. The two part where what clocks a flip-flop
or opens a latch changes together with what it stores. Such designs are found here on the netlist, so that no
proof about the circuit is taken for a proof about the Verilog.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Bit = int | str
"""A net, or a constant `0`, `1`, `x` or `z`."""

CONTROLS = {
    "$dff": ("CLK",),
    "$adff": ("CLK", "ARST"),
    "$dlatch": ("EN",),
    "$adlatch": ("EN", "ARST"),
}
"""Storage that simulates as its circuit behaves, with what triggers it; its reset value is a constant."""
DIVISIONS = frozenset({"$div", "$mod", "$divfloor", "$modfloor"})
STATE = "state"


@dataclass(frozen=True, slots=True)
class Cell:
    """A primitive: `connections` are its ports' bits."""

    kind: str
    parameters: Mapping[str, str]
    connections: Mapping[str, Sequence[Bit]]
    inputs: frozenset[str]


class Netlist:
    """One flat module; `inputs` says to which input port each of its input bits belongs."""

    def __init__(self, module: Mapping[str, Any], inputs: Mapping[Bit, str]) -> None:
        self.inputs = inputs
        self.cells = [
            Cell(
                cell["type"],
                cell["parameters"],
                cell["connections"],
                frozenset(name for name, way in cell["port_directions"].items() if way == "input"),
            )
            for cell in module["cells"].values()
        ]
        self._driver = {
            bit: cell
            for cell in self.cells
            for name, bits in cell.connections.items()
            if name not in cell.inputs
            for bit in bits
        }

    @property
    def storage(self) -> Iterator[Cell]:
        """Flip-flops and latches."""
        return (cell for cell in self.cells if "Q" in cell.connections)

    def sources(self, bits: Iterable[Bit]) -> set[str]:
        """The input ports on which `bits` hang through logic alone, and STATE if they hang on storage."""
        found: set[str] = set()
        seen: set[Bit] = set()
        stack = list(bits)
        while stack:
            bit = stack.pop()
            if bit in seen or isinstance(bit, str):
                continue
            seen.add(bit)
            if bit in self.inputs:
                found.add(self.inputs[bit])
            elif (cell := self._driver.get(bit)) is not None:
                if "Q" in cell.connections:
                    found.add(STATE)
                else:
                    stack += [b for name in cell.inputs for b in cell.connections[name]]
        return found

    def rising_edge_only(self, clock: str | None) -> bool:
        """Whether every flip-flop takes its data at rising edges of the input `clock`, and nothing else stores."""
        return all(
            cell.kind in ("$dff", "$adff")
            and clock is not None
            and self.inputs.get(cell.connections["CLK"][0]) == clock
            and int(cell.parameters["CLK_POLARITY"], 2) == 1
            for cell in self.storage
        )

    def doubts(self) -> list[str]:
        """Why a simulator may see this design otherwise than as its circuit; empty if it may not."""
        found = []
        for cell in self.storage:
            if cell.kind not in CONTROLS:
                found.append(f"storage with several or data-dependent asynchronous controls ({cell.kind})")
                continue
            controls = [self.sources(cell.connections[name]) for name in CONTROLS[cell.kind]]
            if any(STATE in control for control in controls):
                found.append("a clock, latch enable or asynchronous reset that hangs on stored values")
            others = [self.sources(cell.connections["D"]), *controls[1:]]
            if any(controls[0] & other for other in others):
                found.append("a clock or latch enable that hangs on the same input as what it stores")
        for cell in self.cells:
            if cell.kind in DIVISIONS and any(isinstance(bit, int) for bit in cell.connections["B"]):
                found.append("a division by a value that may be zero")
        return sorted(set(found))
