"""Checks that every family shares: golden Verilog against the reference model, warnings, facts, parameters.

The Verilog runs in Icarus under a stimulus made here; its sampled outputs are compared in Python.
"""

from __future__ import annotations

import dataclasses
import re
import subprocess
import tempfile
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import harness
from harness.families import naming
from harness.families.spec import Fact, Port, Reference, Spec

FACTS_FILE = Path(harness.__file__).parent / "wording" / "facts.toml"
# Slots that the composer works out from others: `width` gives `width_words` and `msb`, rows give `rows`.
DERIVED = {"width_words", "n_words", "msb", "rows"}

Vector = dict[str, int]


def stimulus(spec: Spec, seed: int = 0, cycles: int = 60) -> list[Vector]:
    """Input vectors for `spec`: reset first, then random inputs that change at both levels of the clock.

    Only the clock changes in a vector in which it rises, so there is no race with the data. In the first two
    thirds reset strikes at any time, also between clock edges; in the last it stays away and inputs are held
    for some cycles, so that long runs happen too.
    """
    rng = Random(f"stimulus {seed}")
    inputs = [p for p in spec.ports if p.direction == "input"]
    data = [p for p in inputs if p.role not in ("clock", "reset")]
    reset = spec.reset
    now: Vector = {p.name: 0 for p in inputs}
    vectors: list[Vector] = []

    def step(**change: int) -> None:
        now.update(change)
        vectors.append(dict(now))

    def reset_at(asserted: bool) -> Vector:
        return {reset.name: int(asserted != reset.active_low)} if reset else {}

    def draw(port: Port) -> int:
        top = (1 << port.width) - 1
        choice = rng.randrange(8)
        if choice < 2:
            return (0, top)[choice]
        return now[port.name] if choice == 2 else rng.randint(0, top)

    if spec.clock is None:
        for _ in range(cycles):
            step(**{p.name: draw(p) for p in data})
        return vectors

    step(**reset_at(True))
    step(**{spec.clock: 1})
    step(**{spec.clock: 0})
    step(**reset_at(False))
    held = 0
    for cycle in range(cycles):
        quiet = cycle >= cycles * 2 / 3
        if quiet and held == 0 and rng.random() < 0.3:
            held = rng.randint(2, 24)
        for level in (0, 1):
            change = {} if held else {p.name: draw(p) for p in data if rng.random() < (0.9, 0.5)[level]}
            step(**change, **reset_at(not quiet and rng.random() < 0.08))
            if not quiet and reset and rng.random() < 0.08:
                step(**reset_at(True))
                step(**reset_at(False))
            step(**{spec.clock: 1 - level})
        held = max(0, held - 1)
    return vectors


def _bench(spec: Spec, code: str, number: int, vectors: list[Vector], folder: Path) -> str:
    """The design renamed to `d<number>` and a module that plays `vectors` to it and prints its outputs."""
    code, found = re.subn(rf"\bmodule {spec.name}\(", f"module d{number}(", code)
    assert found == 1, f"no 'module {spec.name}(' in:\n{code}"
    inputs = [p for p in spec.ports if p.direction == "input"]
    outputs = [p for p in spec.ports if p.direction == "output"]
    rows = []
    for vector in vectors:
        word = 0
        for p in inputs:
            word = word << p.width | vector[p.name]
        rows.append(f"{word:x}\n")
    (folder / f"{number}.hex").write_text("".join(rows))
    signals = {p: f"s{i}" for i, p in enumerate(spec.ports)}
    total = sum(p.width for p in inputs)
    lines = [f"  {'reg' if p in inputs else 'wire'} [{p.width - 1}:0] {s};" for p, s in signals.items()]
    lines += [
        f"  reg [{total - 1}:0] rows [0:{len(vectors) - 1}];",
        "  integer i;",
        f"  d{number} dut({', '.join(f'.{p.name}({s})' for p, s in signals.items())});",
        "  initial begin",
        f'    $readmemh("{folder / f"{number}.hex"}", rows);',
        f"    for (i = 0; i < {len(vectors)}; i = i + 1) begin",
        f"      {{{', '.join(signals[p] for p in inputs)}}} = rows[i];",
        f'      #1 $display("{number} %b", {{{", ".join(signals[p] for p in outputs)}}});',
        "    end",
        "  end",
    ]
    return code + f"module t{number};\n" + "\n".join(lines) + "\nendmodule\n"


def _compile(source: Path, *options: str) -> None:
    command = ["iverilog", "-g2005", "-Wall", *options, str(source)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == 0 and not said, f"{said}\n{source.read_text()[:4000]}"


def assert_all_agree(designs: Sequence[tuple[Spec, int]], seed: int = 0, cycles: int = 60) -> None:
    """Simulate all `(spec, style)` at once without warnings; each output of each vector is the reference's."""
    stimuli = [stimulus(spec, seed + k, cycles) for k, (spec, _) in enumerate(designs)]
    codes = [spec.verilog(style) for spec, style in designs]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        benches = [_bench(spec, codes[k], k, stimuli[k], folder) for k, (spec, _) in enumerate(designs)]
        source, binary = folder / "all.v", folder / "all.vvp"
        source.write_text("\n".join(benches))
        tops = [word for k in range(len(designs)) for word in ("-s", f"t{k}")]
        _compile(source, *tops, "-o", str(binary))
        played = subprocess.run(
            ["vvp", "-n", str(binary)], capture_output=True, text=True, timeout=60, check=True
        )
    samples: list[list[str]] = [[] for _ in designs]
    for line in played.stdout.splitlines():
        number, bits = line.split()
        samples[int(number)].append(bits)
    for k, (spec, style) in enumerate(designs):
        assert len(samples[k]) == len(stimuli[k]), f"lost samples of {spec}"
        problem = _first_mismatch(spec, stimuli[k], samples[k])
        assert problem is None, f"style {style} of {spec}\n{problem}\n{codes[k]}"


def _first_mismatch(spec: Spec, vectors: list[Vector], samples: list[str]) -> str | None:
    """Where simulation and reference part, in words; a synchronous reset needs one clock edge to be known."""
    reference = Reference(spec)
    first = 1 if spec.reset is not None and not spec.reset.asynchronous else 0
    for i, (vector, bits) in enumerate(zip(vectors, samples, strict=True)):
        want = reference.apply(vector)
        expected = "".join(f"{want[p.name]:0{p.width}b}" for p in spec.ports if p.direction == "output")
        if i >= first and bits != expected:
            before = vectors[i - 1] if i else {}
            return f"vector {i}: {before} -> {vector}: reference {expected}, Verilog {bits}"
    return None


def assert_agrees(spec: Spec, style: int = 0, seed: int = 0, cycles: int = 60) -> None:
    """As `assert_all_agree`, for one design."""
    assert_all_agree([(spec, style)], seed, cycles)


def assert_clean(spec: Spec, style: int = 0) -> None:
    """The golden Verilog, alone and under its own name, compiles without a word from `iverilog -Wall`."""
    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / "design.v"
        source.write_text(spec.verilog(style))
        _compile(source, "-t", "null", "-s", spec.name)


def assert_sound(spec: Spec) -> None:
    """Names are usable and distinct, ports are in order, and each fact has just the slots of facts.toml."""
    names = [spec.name, *(p.name for p in spec.ports)]
    assert len({n.lower() for n in names}) == len(names), f"names clash: {names}"
    for n in names:
        assert re.fullmatch(r"[A-Za-z_]\w*", n) and len(n) <= naming.LONGEST and n not in naming.KEYWORDS, n
    rank = [{"clock": 0, "reset": 1}.get(p.role, 2) if p.direction == "input" else 3 for p in spec.ports]
    assert rank == sorted(rank), f"ports out of order: {spec.ports}"
    assert (0 in rank) == (spec.clock is not None) and (1 in rank) == (spec.reset is not None)
    assert (spec.effect is None) == (spec.reset is None)
    for fact in [spec.kind, *([spec.effect] if spec.effect else []), *spec.facts()]:
        _assert_fact(fact, _known_facts())


@cache
def _known_facts() -> dict[str, Any]:
    return tomllib.loads(FACTS_FILE.read_text())


def _assert_fact(fact: Fact, known: dict[str, Any]) -> None:
    assert fact.key in known, f"{fact.key} is not in facts.toml"
    slots, given = set(known[fact.key]["slots"]), set(fact.slots)
    assert given <= slots and slots - given <= DERIVED, f"{fact.key}: slots {slots}, given {given}"
    assert ("rows" in slots) == bool(fact.rows), f"{fact.key}: rows"
    for row in fact.rows:
        _assert_fact(row, known)


def assert_parameters_decide(spec: Spec, donor: Spec, cycles: int = 60) -> None:
    """`spec` with all surface fields of `donor` (another sample of the category) still does the same."""
    fields = [f.name for f in dataclasses.fields(spec) if "surface" in f.metadata]
    surface: dict[str, Any] = {name: getattr(donor, name) for name in fields}
    surface["clock"] = spec.clock and "clk_zz"
    reset = spec.reset and dataclasses.replace(spec.reset, name="rst_zz")
    twin = dataclasses.replace(spec, reset=reset, **surface)
    assert twin.parameters == spec.parameters
    renamed = {spec.reset.name: "rst_zz"} if spec.reset else {}
    for name in fields:
        old, new = getattr(spec, name), getattr(twin, name)
        pairs = zip(old, new, strict=False) if isinstance(old, tuple) else [(old, new)]
        renamed |= {a: b for a, b in pairs if isinstance(a, str)}
    ours, theirs = Reference(spec), Reference(twin)
    for vector in stimulus(spec, 0, cycles):
        a = ours.apply(vector)
        b = theirs.apply({renamed[name]: value for name, value in vector.items()})
        assert {renamed[y]: value for y, value in a.items()} == b, f"{spec} and {twin} part at {vector}"
