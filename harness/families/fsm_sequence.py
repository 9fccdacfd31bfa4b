"""Detectors of a serial bit pattern: with or without overlap, output registered (Moore) or at once (Mealy)."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Self

from harness.families import naming
from harness.families.machine import case, encoding, identity
from harness.families.spec import Fact, Port, Reset, Spec, State, Values, surface

LENGTHS = (3, 4, 4, 5, 5, 6)
COUNTER = 3  # bits: enough to count the 7 bits before the last of the longest pattern
BASES = (
    "seq_det", "seqdet", "pattern_det", "detector", "seq_detect", "bit_finder", "serial_match", "pat_match",
    "sync_finder", "seq_fsm", "det",
)  # fmt: skip
INPUTS = (
    "x", "din", "bit_in", "ser", "in", "si", "serial_in", "d", "data", "rx", "sdi", "a", "stream", "s_in", "data_in",
    "b_in", "bitstream", "w", "i_bit", "rxd", "serial", "sda", "u", "din_i", "bit_i", "feed",
)  # fmt: skip
OUTPUTS = (
    "det", "found", "match", "y", "hit", "detected", "z", "out", "seen", "flag", "dout", "pulse", "alarm", "q",
    "matched", "o_det", "det_o", "sync", "got_it", "seq_found", "y_out", "caught", "trigger", "spotted",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class SequenceDetector(Spec):
    """Looks for `pattern` (2 to 8 bits, first to arrive first) in the bits taken at the clock edges."""

    x: str = surface()
    y: str = surface()
    pattern: tuple[int, ...]
    overlap: bool
    registered: bool

    @property
    def bits(self) -> str:
        return "".join(map(str, self.pattern))

    @property
    def ports(self) -> tuple[Port, ...]:
        assert self.clock is not None and self.reset is not None
        return (
            Port("input", self.clock, 1, "clock"),
            Port("input", self.reset.name, 1, "reset"),
            Port("input", self.x, 1, "serial data"),
            Port("output", self.y, 1, "detection flag"),
        )

    @property
    def kind(self) -> Fact:
        return Fact("kind.sequence", {"n": len(self.pattern)})

    @property
    def effect(self) -> Fact:
        return Fact("effect.restart")

    def facts(self) -> list[Fact]:
        assert self.clock is not None
        slots = {"clk": self.clock, "x": self.x, "y": self.y, "bits": self.bits}
        return [
            Fact("seq.pattern", {**slots, "n": len(self.pattern)}),
            Fact("seq.overlap" if self.overlap else "seq.no_overlap"),
            Fact("seq.registered", {"y": self.y})
            if self.registered
            else Fact("seq.combinational", {"x": self.x, "y": self.y}),
        ]

    def verilog(self, style: int = 0) -> str:
        """Style 0 keeps the last bits and how many there are; style 1 is a table of matched prefixes."""
        head = naming.header(self.name, self.ports)
        return head + (self._history() if style == 0 else self._table()) + "endmodule\n"

    def _history(self) -> str:
        assert self.clock is not None
        length, x, y = len(self.pattern), self.x, self.y
        taken = {port.name for port in self.ports}
        n, hist, cnt, hit, found = (
            naming.local(name, taken) for name in ("N", "hist", "cnt", "hit", "found")
        )
        text = f"  localparam {n} = {length};\n"
        text += f"  reg [{n}-2:0] {hist};\n  reg [{COUNTER - 1}:0] {cnt};\n"
        text += f"  wire {hit} = ({cnt} == {n}-1) && ({{{hist}, {x}}} == {length}'b{self.bits});\n"
        count = f"if ({cnt} != {n}-1) {cnt} <= {cnt} + 1;"
        if not self.overlap:
            count = f"if ({hit}) {cnt} <= 0;\nelse {count}"
        body = [f"{hist} <= {{{hist}, {x}}};", count] + ([f"{found} <= {hit};"] if self.registered else [])
        restart = f"{hist} <= 0; {cnt} <= 0;" + (f" {found} <= 0;" if self.registered else "")
        if self.registered:
            text += f"  reg {found};\n"
        text += naming.clocked(self.reset, self.clock, restart, body)
        return text + f"  assign {y} = {found if self.registered else hit};\n"

    def _table(self) -> str:
        assert self.clock is not None
        length = len(self.pattern)
        taken = {port.name for port in self.ports}
        state = naming.local("state", taken)
        names = [
            naming.local(f"S{matched}", taken) for matched in range(length + (1 if self.registered else 0))
        ]
        codes, span = encoding(names, onehot=False)
        moves = []
        for matched, name in enumerate(names):
            to0, to1 = (names[self._matched(matched, bit)] for bit in (0, 1))
            moves.append((name, f"!{self.x} ? {to0} : {to1}"))
        text = codes + f"  reg {span}{state};\n"
        table = case(state, f"{state} <=", moves, names[0])
        text += naming.clocked(self.reset, self.clock, f"{state} <= {names[0]};", [table])
        last = "" if self.registered else f" && {self.x}" if self.pattern[-1] else f" && !{self.x}"
        return text + f"  assign {self.y} = ({state} == {names[-1]}){last};\n"

    def _matched(self, matched: int, bit: int) -> int:
        """How long a prefix of the pattern the input ends in after `bit`, when it ended in `matched` bits of it."""
        if matched == len(self.pattern) and not self.overlap:
            matched = 0
        if (
            matched == len(self.pattern) - 1
            and bit == self.pattern[-1]
            and not (self.registered or self.overlap)
        ):
            return 0
        seen = (*self.pattern[:matched], bit)
        longest = len(self.pattern) if self.registered else len(self.pattern) - 1
        return next(
            k for k in range(min(len(seen), longest), -1, -1) if seen[len(seen) - k :] == self.pattern[:k]
        )

    def initial(self) -> State:
        return (0,)

    def _hit(self, bits: State) -> bool:
        return bits == self.pattern

    def next(self, state: State, inputs: Values) -> State:
        """A state is the registered output followed by the bits since the restart, the last few of them."""
        bits = (*state[1:], inputs[self.x])[-len(self.pattern) :]
        hit = self._hit(bits)
        kept = () if hit and not self.overlap else bits[-(len(self.pattern) - 1) :]
        return (int(hit and self.registered), *kept)

    def outputs(self, state: State, inputs: Values) -> dict[str, int]:
        return {self.y: state[0] if self.registered else int(self._hit((*state[1:], inputs[self.x])))}

    @classmethod
    def sample(cls, category: str, rng: Random) -> Self:
        name, clock, reset, taken = identity(rng, *BASES)
        return cls(
            category=category, name=name, clock=clock, reset=reset,
            x=naming.port(rng, INPUTS, taken), y=naming.port(rng, OUTPUTS, taken),
            pattern=tuple(rng.randrange(2) for _ in range(rng.choice(LENGTHS))),
            overlap=rng.random() < 0.5, registered=rng.random() < 0.5,
        )  # fmt: skip

    @classmethod
    def edge_cases(cls, category: str) -> list[Self]:
        patterns = ("00", "11", "000", "111", "1010", "0110", "000000", "101101", "11111111")
        low = Reset(name="rst_n", asynchronous=True, active_low=True)
        high = Reset(name="rst", asynchronous=False, active_low=False)
        return [
            cls(
                category=category, name="edge_seq", clock="clk", reset=high if registered else low,
                x="x", y="hit", pattern=tuple(map(int, bits)), overlap=overlap, registered=registered,
            )
            for bits in patterns
            for overlap in (True, False)
            for registered in (True, False)
        ]  # fmt: skip
