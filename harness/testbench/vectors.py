"""Self-checking testbenches as a table of vectors: inputs, and the outputs that the reference model gives.

The expected outputs come from the specification alone, never from the RTL under test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from harness.families.naming import local, vec
from harness.families.spec import Port, Reference, Spec, Values

SETTLE = 5
"""Time units from applying a vector to comparing the outputs."""


@dataclass(frozen=True, slots=True)
class Vector:
    """Values for all inputs; the outputs they must give, or None where these cannot be known yet."""

    inputs: Mapping[str, int]
    expected: Mapping[str, int] | None


@dataclass
class Script:
    """A stimulus under construction: whatever is applied is also played to the reference model.

    No input but the clock changes in a vector in which the clock rises, so there is no race to lose.
    """

    spec: Spec
    vectors: list[Vector] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.reference = Reference(self.spec)
        self.data = [
            p for p in self.spec.ports if p.direction == "input" and p.role not in ("clock", "reset")
        ]
        self.inputs = {p.name: 0 for p in self.spec.ports if p.direction == "input"} | self.resetting(False)
        self._known = not self.spec.initial()

    def resetting(self, asserted: bool) -> dict[str, int]:
        """The reset input at its active, or inactive, level; nothing for a design without reset."""
        reset = self.spec.reset
        return {reset.name: int(asserted != reset.active_low)} if reset else {}

    def apply(self, values: Values | None = None) -> None:
        """Change some inputs, let everything settle, and note the outputs."""
        before = self.inputs
        self.inputs = {**before, **(values or {})}
        outputs = self.reference.apply(self.inputs)
        self._known = self._known or self._settled(rising=self._clock(self.inputs) > self._clock(before))
        self.vectors.append(Vector(self.inputs, outputs if self._known else None))

    def _clock(self, inputs: Values) -> int:
        return inputs[self.spec.clock] if self.spec.clock else 0

    def _settled(self, rising: bool) -> bool:
        """Whether the state is known from now on: reset has acted, or a latch is open."""
        reset = self.spec.reset
        if reset is None:
            return self._clock(self.inputs) == 0
        return reset.asserted(self.inputs) and (reset.asynchronous or rising)

    def low(self, values: Values | None = None) -> None:
        """Take the clock low (or keep it there) and change inputs."""
        self.apply({**(values or {}), **({self.spec.clock: 0} if self.spec.clock else {})})

    def high(self) -> None:
        """Raise the clock; without a clock there is nothing to do."""
        if self.spec.clock:
            self.apply({self.spec.clock: 1})

    def cycle(self, values: Values | None = None) -> None:
        """One clock cycle with these inputs."""
        self.low(values)
        self.high()

    def reset(self, cycles: int = 1, values: Values | None = None) -> None:
        """Hold reset for some cycles, then release it while the clock is low."""
        if self.spec.reset:
            for _ in range(cycles):
                self.cycle({**(values or {}), **self.resetting(True)})
            self.low(self.resetting(False))


def render(spec: Spec, vectors: list[Vector], title: str) -> str:
    """A Verilog testbench that applies the vectors in turn and prints TEST PASSED or TEST FAILED, no more."""
    inputs = [p for p in spec.ports if p.direction == "input"]
    outputs = [p for p in spec.ports if p.direction == "output"]
    taken = {spec.name, *(p.name for p in spec.ports)}
    bench, dut, table, want, i, errors = (
        local(n, taken) for n in ("testbench", "dut", "vectors", "want", "i", "errors")
    )
    wide, tall = sum(p.width for p in spec.ports), sum(p.width for p in outputs)
    # One long word rather than a memory: a third as many tokens to read.
    rows = ",\n".join(f"      {_row(v, inputs, outputs)}" for v in vectors)
    applied = ", ".join([*(p.name for p in inputs), want])
    got = ", ".join(p.name for p in outputs)
    return f"""// {title}: {len(vectors)} vectors.
// Each is {{{applied}}}; {want} is x where the outputs cannot be known yet.
module {bench};
{declarations(spec)}
  reg [0:{wide * len(vectors) - 1}] {table};
  reg {vec(tall)}{want};
  integer {i}, {errors};

  {instance(spec, dut)}

  initial begin
    {table} = {{
{rows}
    }};
    {errors} = 0;
    for ({i} = 0; {i} < {len(vectors)}; {i} = {i} + 1) begin
      {{{applied}}} = {table}[{i} * {wide} +: {wide}];
      #{SETTLE} if ({want} !== {{{tall}{{1'bx}}}} && {{{got}}} !== {want}) {errors} = {errors} + 1;
    end
    if ({errors} == 0) $display("TEST PASSED");
    else $display("TEST FAILED");
    $finish(0);
  end

  // Cycle limit, in case a vector ever waits.
  initial begin
    #{SETTLE * len(vectors) + 100} $display("TEST FAILED");
    $finish(0);
  end
endmodule
"""


def declarations(spec: Spec) -> str:
    """A reg for each input and a wire for each output."""
    kinds = {"input": "reg", "output": "wire"}
    return "\n".join(f"  {kinds[p.direction]} {vec(p.width)}{p.name};" for p in spec.ports)


def instance(spec: Spec, name: str) -> str:
    """The instance of the module under test, ports connected by name."""
    return f"{spec.name} {name}({', '.join(f'.{p.name}({p.name})' for p in spec.ports)});"


def _row(vector: Vector, inputs: list[Port], outputs: list[Port]) -> str:
    expected = vector.expected
    right = _bits(expected, outputs) if expected is not None else f"{sum(p.width for p in outputs)}'bx"
    return f"{_bits(vector.inputs, inputs)}, {right}"


def _bits(values: Values, ports: list[Port]) -> str:
    """The values side by side as one literal: binary while short enough to read."""
    word, width = 0, 0
    for port in ports:
        word, width = word << port.width | values[port.name], width + port.width
    return f"{width}'b{word:0{width}b}" if width <= 16 else f"{width}'h{word:x}"
