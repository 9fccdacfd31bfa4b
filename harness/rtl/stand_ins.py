"""What else is put in a golden's place when a testbench is in question: designs without behaviour, and wrappers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from harness.families.naming import header, vec
from harness.families.spec import Port


def stubs(module: str, ports: Sequence[Port]) -> Iterator[tuple[str, str]]:
    """Modules with the right ports and no behaviour, and what to call them. A sound testbench rejects each."""
    yield "a stub with ports only", header(module, ports) + "endmodule\n"
    for said, bit in (("0", "0"), ("1", "1"), ("unknown", "x")):
        digits = {p.name: bit * p.width for p in ports if p.direction == "output"}
        yield f"a stub with constant outputs ({said})", constant(module, ports, digits)


def constant(module: str, ports: Sequence[Port], digits: dict[str, str]) -> str:
    """A module whose outputs stay at these binary digits."""
    drivers = "".join(f"  assign {name} = {len(value)}'b{value};\n" for name, value in digits.items())
    return header(module, ports) + drivers + "endmodule\n"


def free_prefix(ports: Sequence[Port]) -> str:
    """What names inside a wrapper may begin with, so that none is that of a port."""
    prefix = "inner_"
    while any(port.name.startswith(prefix) for port in ports):
        prefix += "_"
    return prefix


def reading_x(inner: str, prefix: str, module: str, ports: Sequence[Port], bit: str) -> str:
    """The design with each x of its outputs read as `bit` ("x": as it is).

    A testbench whose verdict changes with `bit` checks outputs that are not known.
    """
    return _wrapped(inner, prefix, module, ports, lambda _, said: f"{said} === 1'bx ? 1'b{bit} : {said}")


def spoiled(inner: str, prefix: str, module: str, ports: Sequence[Port]) -> Iterator[tuple[str, str]]:
    """The design with one output at a time inverted or held, and what to call it: all else is right, so that only
    a testbench which looks at that output can tell."""
    for port in (port for port in ports if port.direction == "output"):
        for said, wrong in (("is inverted", "~{}"), ("stays 0", "1'b0"), ("stays 1", "1'b1")):

            def bit(name: str, right: str, port: Port = port, wrong: str = wrong) -> str:
                return wrong.format(right) if name == port.name else right

            yield f"a design whose {port.name} {said}", _wrapped(inner, prefix, module, ports, bit)


def _wrapped(
    inner: str, prefix: str, module: str, ports: Sequence[Port], bit: Callable[[str, str], str]
) -> str:
    """A `module` around that of the source `inner`: a bit of its outputs is `bit(name of the output, that bit inside)`.

    In `inner` the module's name begins with `prefix`, which no other name does.
    """
    outputs = [port for port in ports if port.direction == "output"]
    wires = "".join(f"  wire {vec(p.width)}{prefix}{p.name};\n" for p in outputs)
    nets = ", ".join(f".{p.name}({prefix if p in outputs else ''}{p.name})" for p in ports)
    assigns = "".join(
        f"  assign {p.name}{index} = {bit(p.name, f'{prefix}{p.name}{index}')};\n"
        for p in outputs
        for index in ([f"[{n}]" for n in range(p.width)] if p.width > 1 else [""])
    )
    instance = f"  {prefix}{module} {prefix}dut({nets});\n"
    return inner + header(module, ports) + wires + instance + assigns + "endmodule\n"
