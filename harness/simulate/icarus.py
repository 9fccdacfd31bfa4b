"""Icarus Verilog: many candidates under many stimuli in one compilation and one simulation.

Each Bench becomes a top module that applies one stimulus to all of its candidates and writes what they
answer, one line a vector, to a file of its own. No expected value is in the simulation, and every name that
the testbench makes contains screen.RESERVED, so that no candidate can name it.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from harness.families.spec import Port
from harness.rtl.rename import RESERVED, Flat
from harness.simulate.sandbox import Completed, Limits, run

COMPILED = "compiled"


class MissingTool(RuntimeError):
    """A program that has to be installed first; the message gives the command."""


@lru_cache(maxsize=1)
def find_tools() -> None:
    """Raise MissingTool unless Icarus Verilog and prlimit are installed."""
    packages = {"iverilog": "iverilog", "vvp": "iverilog", "prlimit": "util-linux"}
    for tool, package in packages.items():
        if shutil.which(tool) is None:
            raise MissingTool(f"{tool} is not on PATH: install it with `sudo apt-get install {package}`")


@dataclass(frozen=True, slots=True)
class Bench:
    """Candidates for one design: `module` with `ports`, all driven with `vectors`.

    `probes` are paths of signals inside the first candidate, sampled after all outputs.
    """

    module: str
    ports: tuple[Port, ...]
    vectors: Sequence[Mapping[str, int]]
    candidates: tuple[Flat, ...]
    probes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Simulation:
    """How the tools ended, and `samples[bench]`: a line for each vector, `output_bits` digits a candidate."""

    completed: Completed
    compiled: bool
    samples: list[list[str]]


def simulate(benches: Sequence[Bench], limits: Limits) -> Simulation:
    """Compile and run all benches in one sandbox. Candidate number n (over all benches) is file `n.v`."""
    find_tools()
    with tempfile.TemporaryDirectory(prefix="judge-") as name:
        folder = Path(name)
        number, tops = 0, []
        for index, bench in enumerate(benches):
            prefixes = [f"m{number + i}{RESERVED}_" for i in range(len(bench.candidates))]
            for prefix, candidate in zip(prefixes, bench.candidates, strict=True):
                (folder / f"{number}.v").write_text(candidate.renamed(prefix))
                number += 1
            (folder / f"stimulus{index}").write_text(stimulus_hex(bench.ports, bench.vectors))
            tops.append(testbench(index, bench, prefixes))
        (folder / "top.v").write_text("".join(tops))
        (folder / "files").write_text("".join(f"{i}.v\n" for i in range(number)) + "top.v\n")
        compile_argv = ["iverilog", "-g2012", "-o", "simulation", "-f", "files"]
        for index in range(len(benches)):
            compile_argv += ["-s", f"t{index}{RESERVED}"]
        script = f"{' '.join(compile_argv)} && : > {COMPILED} && exec vvp -n simulation"
        completed = run(["sh", "-c", script], folder, limits)
        samples = [_lines(folder / f"samples{index}") for index in range(len(benches))]
        return Simulation(completed, (folder / COMPILED).exists(), samples)


def output_bits(ports: Sequence[Port]) -> int:
    return sum(port.width for port in ports if port.direction == "output")


def stimulus_hex(ports: Sequence[Port], vectors: Sequence[Mapping[str, int]]) -> str:
    """The vectors for `$readmemh`: inputs packed in port order, the first at the least significant end."""
    places, bits = [], 0
    for port in ports:
        if port.direction == "input":
            places.append((port.name, bits))
            bits += port.width
    return "\n".join(f"{sum(vector[name] << place for name, place in places):x}" for vector in vectors) + "\n"


def testbench(index: int, bench: Bench, prefixes: Sequence[str]) -> str:
    """The top module of one bench; `prefixes` are those of its candidates' module names."""
    count, r = len(bench.vectors), RESERVED
    bits_in = sum(port.width for port in bench.ports if port.direction == "input")
    bits_out = output_bits(bench.ports)
    wires, instances = [], []
    for i, prefix in enumerate(prefixes):
        low = {"input": 0, "output": bits_out}
        connections = []
        for port in bench.ports:
            if port.direction == "output":
                low["output"] -= port.width
            place = low[port.direction]
            signal = f"v{r}" if port.direction == "input" else f"q{i}{r}"
            connections.append(f".{port.name}({signal}[{place + port.width - 1}:{place}])")
            if port.direction == "input":
                low["input"] += port.width
        wires.append(f"  wire [{bits_out - 1}:0] q{i}{r};\n")
        instances.append(f"  {prefix}{bench.module} i{i}{r} ({', '.join(connections)});\n")
    sampled = [f"q{i}{r}" for i in range(len(prefixes))] + [f"i0{r}.{path}" for path in bench.probes]
    return f"""module t{index}{r};
  reg [{bits_in - 1}:0] v{r};
  reg [{bits_in - 1}:0] s{r} [0:{count - 1}];
  integer n{r}, f{r};
{"".join(wires)}{"".join(instances)}  initial begin
    $readmemh("stimulus{index}", s{r});
    f{r} = $fopen("samples{index}", "w");
    #1;
    for (n{r} = 0; n{r} < {count}; n{r} = n{r} + 1) begin
      v{r} = s{r}[n{r}];
      #1 $fwrite(f{r}, "{"%b" * len(sampled)}\\n", {", ".join(sampled)});
    end
    $fclose(f{r});
  end
endmodule
"""


def _lines(path: Path) -> list[str]:
    """The complete lines of a file; none if there is no such file."""
    try:
        return path.read_text("ascii", "replace").split("\n")[:-1]
    except FileNotFoundError:
        return []
