"""The comment that opens a golden: what the module does, in one line of fixed terms.

    module edge_mon(input clk, input rst_n, input d, output y);
      // edge detector; rising, d & ~prev; rst_n low: all 0, at once; combinational y

Engineers write such lines, and a small model gains by them: it settles first what the many wordings of a request
mean, and then writes code from fixed terms.
"""

from __future__ import annotations

from collections.abc import Mapping

from harness.families.spec import Condition, Fact, Number, Slot, Spec

BRIEF: dict[str, str] = {
    "kind.edge_detector": "edge detector",
    "kind.register": "register",
    "kind.enable_register": "enabled register",
    "kind.set_reset": "set/reset register",
    "kind.gated_register": "gated register",
    "kind.gate_logic": "gate",
    "kind.clock_gate": "clock gate",
    "kind.clock_divider": "clock divider",
    "kind.tick": "tick",
    "kind.shift_left": "shift left",
    "kind.shift_right": "shift right",
    "kind.shift_universal": "universal shift",
    "kind.shift_piso": "PISO",
    "kind.shift_sipo": "SIPO",
    "kind.mux": "mux",
    "kind.comparator": "comparator",
    "kind.fsm": "FSM",
    "kind.fsm_moore": "Moore",
    "kind.fsm_mealy": "Mealy",
    "kind.handshake": "handshake",
    "kind.sequence": "sequence",
    "kind.counter_up": "counter",
    "kind.counter_down": "counter",
    "kind.counter_modulo": "modulo {n} counter",
    "kind.counter_updown": "up/down counter",
    "kind.counter_load": "load counter",
    "reset.async_low": "{rst} low: {effect}, at once",
    "reset.async_high": "{rst} high: {effect}, at once",
    "reset.sync_low": "{rst} low at the edge: {effect}",
    "reset.sync_high": "{rst} high at the edge: {effect}",
    "effect.clear": "{q} = 0",
    "effect.value": "{q} = {value}",
    "effect.clear_all": "all 0",
    "effect.state": "{state}",
    "effect.restart": "restart",
    "edge.rising": "rising, {d} & ~prev",
    "edge.falling": "falling, ~{d} & prev",
    "edge.both": "both, {d} ^ prev",
    "register.always": "{d} to {q}",
    "register.enabled": "{d} to {q} if {when}",
    "setreset.set": "ones if {when}",
    "setreset.clear": "zeros if {when}",
    "setreset.priority": "{first} over {second}",
    "setreset.load": "else {d}",
    "setreset.hold": "else hold",
    "gating.zero": "{q} = {d} if {when}, else 0",
    "gating.ones": "{q} = {d} if {when}, else ones",
    "gating.delayed": "{q} = {d} if stored {e}, else 0",
    "gating.comb": "combinational {q} = {d} if {when}, else 0",
    "gating.latch": "latch {e} while {clk} low",
    "gating.latch_test": "latch {e} or {te} while {clk} low",
    "divider.toggle": "toggle {y} every {half}",
    "divider.tick": "registered {y} after count {last} of {n}",
    "divider.always_one": "{y} = 1",
    "divider.enabled": "only if {when}",
    "counter.up": "up",
    "counter.down": "down",
    "counter.up_by": "up by {step}",
    "counter.down_by": "down by {step}",
    "counter.modulo": "after {last} comes 0",
    "counter.direction": "up if {up}, else down",
    "counter.saturates": "saturate",
    "counter.wraps": "wrap",
    "counter.enabled": "only if {when}",
    "counter.load": "load {d} if {when}",
    "counter.tc_max": "{tc} at all ones",
    "counter.tc_zero": "{tc} at 0",
    "shift.left_serial": "left, {si} into LSB",
    "shift.right_serial": "right, {si} into MSB",
    "shift.rotate_left": "rotate left",
    "shift.rotate_right": "rotate right",
    "shift.left_by": "left by {k}",
    "shift.right_by": "right by {k}",
    "shift.enabled": "only if {when}",
    "shift.load": "load {d} if {when}",
    "universal.modes": "{rows}",
    "universal.hold": "{code} hold",
    "universal.right": "{code} right, {sr} into MSB",
    "universal.left": "{code} left, {sl} into LSB",
    "universal.load": "{code} load {d}",
    "piso.load": "load {d} if {when}",
    "piso.msb_first": "left, {so} is MSB",
    "piso.lsb_first": "right, {so} is LSB",
    "piso.fill": "fill {bit}",
    "sipo.lsb": "left, {si} into LSB",
    "sipo.msb": "right, {si} into MSB",
    "mux.enable": "0 unless {when}",
    "compare.unsigned": "unsigned",
    "compare.signed": "signed",
    "fsm.go": "{s}: {to} if {when}, else {s}",
    "fsm.branch": "{s}: {then} if {when}, else {other}",
    "fsm.always": "{s}: {to}",
    "fsm.high_in": "{y} in {states}",
    "fsm.values": "{y}: {rows}",
    "fsm.value": "{s} {bits}",
    "moore.row": "{s} {bits}: {to0}, {to1}",
    "mealy.row": "{s}: {to0} {y0}, {to1} {y1}",
    "hs.hold": "{s}: {y} until {when}, {to}",
    "hs.hold_quiet": "{s}: until {when}, {to}",
    "hs.timed": "{s}: {y} for {n}, {to}",
    "hs.pulse": "{s}: {y} once, {to}",
    "hs.busy": "{y} unless {idle}",
    "hs.abort": "{when} in {states}: {idle}",
    "seq.pattern": "{n} bits {bits}",
    "seq.overlap": "overlap",
    "seq.no_overlap": "no overlap",
}
# Said last, after the reset: what decides the declarations, which stand in the very next line.
LAST: dict[str, str] = {
    "edge.combinational": "combinational {y}",
    "edge.registered": "registered {y}",
    "seq.combinational": "combinational {y}",
    "seq.registered": "registered {y}",
    "hs.timed": "count {n} in {s}",
}


def golden(spec: Spec) -> str:
    """The golden as training sees it: style 0, its comment under the module header."""
    header, newline, body = spec.verilog().partition(");\n")
    return f"{header}{newline}{comment(spec)}{body}"


def comment(spec: Spec) -> str:
    """The comment line of a spec, with its newline; empty if nothing it states has a brief form."""
    facts = spec.facts()
    said = [_brief(fact) for fact in (spec.kind, *facts)]
    if spec.reset is not None and spec.effect is not None:
        slots: dict[str, Slot] = {"rst": spec.reset.name, "effect": _brief(spec.effect)}
        said.append(_brief(Fact(f"reset.{spec.reset.kind}", slots)))
    said = [brief for brief in (*said, *(_brief(fact, LAST) for fact in facts)) if brief]
    return f"  // {'; '.join(said)}\n" if said else ""


def _brief(fact: Fact, forms: Mapping[str, str] = BRIEF) -> str:
    rows = ", ".join(filter(None, map(_brief, fact.rows)))
    return forms.get(fact.key, "").format(
        rows=rows, **{name: _plain(value) for name, value in fact.slots.items()}
    )


def _plain(value: Slot) -> str:
    if isinstance(value, Condition):
        return value.verilog
    if isinstance(value, Number):
        return value.verilog
    return " ".join(value) if isinstance(value, tuple) else str(value)
