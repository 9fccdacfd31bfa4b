"""Compares two designs as circuits, for all inputs and for all time.

The engines do not stop at a depth: property directed reachability finds an invariant or a path, and where states
are many but inputs few (counters) an explicit search visits every reachable one.
"""

from __future__ import annotations

import json
import re
from math import ceil
from pathlib import Path

from harness.formal.layout import Layout
from harness.formal.miter import (
    SIDES,
    UNKNOWN_WHILE_CLOSED,
    compose,
    elaborate,
    miter,
    prefix,
    steps,
    top,
    wrapper,
)
from harness.formal.netlist import Netlist
from harness.formal.proof import Outcome, Proof, Vector
from harness.formal.tools import Failed, abc, yosys
from harness.rtl.rename import RESERVED, Flat

REACHABILITY = ("property directed reachability", "pdr")
SEQUENTIAL = ((*REACHABILITY, 0.2), ("explicit search", "&get; &era -m", 0.4), (*REACHABILITY, 0.4))
COMBINATIONAL = (("rewriting and SAT", "iprove", 1.0),)
"""Engines of ABC: name, command and share of the processor time."""
STATUS = re.compile(r"^Status = (-?\d)", re.MULTILINE)
PROMISES = re.compile(r'("[^"\n]*")|\b(?:unique0?|priority)\b')
"""Keywords that a simulator may check and Yosys relies on; strings are matched to be left alone."""


def compare(layout: Layout, golden: Flat, candidate: Flat, folder: Path, cpu_s: int) -> Proof:
    """What the circuits of two designs say; `folder` is for this call alone.

    `cpu_s` seconds of processor time are for the engines together, and as many for each run of Yosys: what is
    proven must not depend on what else the machine does.

    Where a simulator may see the candidate's latches otherwise than a circuit does, a proof must hold whatever
    they hold. A counterexample's vectors have yet to be confirmed.
    """
    for side, flat in zip(SIDES, (golden, candidate), strict=True):
        text = PROMISES.sub(lambda found: found[1] or "", flat.renamed(prefix(side)))
        (folder / f"{side}.v").write_text(text + wrapper(side, layout))
    (folder / "latch.v").write_text(UNKNOWN_WHILE_CLOSED)
    try:
        proof, doubts = _compare(layout, folder, cpu_s, latches_open=False)
        if proof.outcome is not Outcome.EQUAL or not doubts:
            return proof
        again, remaining = _compare(layout, folder, cpu_s, latches_open=True)
        if again.outcome is Outcome.EQUAL and not remaining:
            return again
        return Proof(Outcome.UNDECIDED, f"equal as circuits, but with {'; '.join(doubts)}")
    except (Failed, OSError, ValueError) as failure:  # the latter two: a tool's file is not what it should be
        return Proof(Outcome.UNDECIDED, str(failure))


def _compare(layout: Layout, folder: Path, cpu_s: int, latches_open: bool) -> tuple[Proof, list[str]]:
    """What the engines say, and what is doubtful about either circuit."""
    yosys("".join(elaborate(side, latches_open) for side in SIDES), folder, cpu_s)
    netlists = [_netlist(layout, folder, side) for side in SIDES]
    doubts = sorted({doubt for netlist in netlists for doubt in netlist.doubts()})
    by_cycle = not doubts and all(netlist.rising_edge_only(layout.clock) for netlist in netlists)
    (folder / "miter.v").write_text(miter(layout, by_cycle))
    yosys(compose(by_cycle), folder, cpu_s)
    equal, engine = _prove(folder, cpu_s)
    if equal:
        return Proof(Outcome.EQUAL, f"proved by {engine}"), doubts
    witness = steps(layout, by_cycle, (folder / "miter.map").read_text(), (folder / "witness").read_text())
    return Proof(Outcome.DIFFERENT, f"found by {engine}", _vectors(witness, layout.clock, by_cycle)), doubts


def _netlist(layout: Layout, folder: Path, side: str) -> Netlist:
    module = json.loads((folder / f"{side}.json").read_text())["modules"][top(side)]
    bits = module["ports"][f"v{RESERVED}"]["bits"]
    places = layout.places("input")
    return Netlist(module, {bits[low + i]: port.name for port, low in places for i in range(port.width)})


def _prove(folder: Path, cpu_s: int) -> tuple[bool, str]:
    """Whether `miter.aig` is never bad, by which engine; if it is, `witness` shows how. Raises Failed if none ends."""
    latches = (folder / "miter.aig").read_bytes().split(b" ", 4)[3]
    for engine, command, share in SEQUENTIAL if int(latches) else COMBINATIONAL:
        commands = f"read_aiger miter.aig; {command}; print_status; write_cex -a witness"
        try:
            said = abc(commands, folder, ceil(share * cpu_s))
        except Failed:
            continue
        status = STATUS.findall(said)[-1:]
        if status == ["1"]:
            return True, engine
        if status == ["0"] and "INVALID" not in said:
            return False, engine
    raise Failed("no engine found a proof or a difference in time")


def _vectors(witness: list[Vector], clock: str | None, by_cycle: bool) -> list[Vector]:
    """The vectors that a miter's steps stand for. The clock always changes alone."""
    found = witness[:1]
    for inputs in witness[1:]:
        if clock is not None:
            levels = (0, 1, inputs[clock]) if by_cycle else (inputs[clock],)
            found += [{**found[-1], clock: level} for level in levels]
        found.append(inputs)
    return [vector for i, vector in enumerate(found) if i == 0 or vector != found[i - 1]]
