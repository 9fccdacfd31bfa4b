"""Shift registers: left, right, universal, parallel-in serial-out and serial-in parallel-out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations, product
from random import Random
from typing import Any, ClassVar, Literal, Self

from harness.families import naming
from harness.families.spec import Fact, Port, State, Values, surface
from harness.families.stepped import SteppedRegister, enable_name, polarity, shared_names, usual_width

Mode = Literal["hold", "right", "left", "load"]
MODES: tuple[Mode, ...] = ("hold", "right", "left", "load")

MAX_AMOUNT = 64
"""Bits: no register of ours is wider."""
_SERIAL_IN = (
    "si", "si", "sin", "sin", "din", "ser_in", "serial_in", "sdi", "bit_in", "s_in", "sd", "shift_in", "dat",
    "rx_bit", "mosi", "x", "d_i", "i_ser", "rxd", "nbit", "feed", "inp", "newbit", "SI",
)  # fmt: skip
_SERIAL_OUT = (
    "so", "so", "sout", "sout", "dout", "ser_out", "serial_out", "sdo", "bit_out", "s_out", "tx_bit", "miso",
    "y", "txd", "q", "o_ser", "shift_out", "line", "sd_o", "outp", "SO",
)  # fmt: skip
_FROM_LEFT = ("sr", "sr", "sir", "ser_r", "si_right", "r_in", "sin_r", "right_in", "dsr", "msb_in", "sri")
_FROM_RIGHT = ("sl", "sl", "sil", "ser_l", "si_left", "l_in", "sin_l", "left_in", "dsl", "lsb_in", "sli")
_LOADS_LOW = ("load_n", "ld_n", "pl_n", "we_n", "shift", "sh", "shift_ld_n", "wr_n", "nload")
_ENABLES = ("shift_en", "sh_en", "shift", "sh", "en_sh")


def part(r: str, high: int, low: int) -> str:
    """Bits `high` down to `low` of the vector named `r`."""
    return f"{r}[{high}]" if high == low else f"{r}[{high}:{low}]"


def shifted(r: str, width: int, left: bool, entering: str) -> str:
    """The Verilog expression of the register `r` shifted by one; a single bit just takes `entering`."""
    if width == 1:
        return entering
    return f"{{{part(r, width - 2, 0)}, {entering}}}" if left else f"{{{entering}, {part(r, width - 1, 1)}}}"


@dataclass(frozen=True, kw_only=True)
class Shifter(SteppedRegister):
    """What all shift registers have in common: facts of load and enable, and the step itself."""

    def moved(self, value: int, left: bool, entering: int) -> int:
        """`value` shifted by one."""
        return value << 1 | entering if left else value >> 1 | entering << (self.width - 1)

    @property
    def enable_facts(self) -> list[Fact]:
        return [Fact("shift.enabled", {"when": self.enabled})] if self.enabled else []


@dataclass(frozen=True, kw_only=True)
class Shift(Shifter):
    """Shifts to one side: `serial` takes a bit in, `rotate` its own last bit, `zeros` moves by `amount`."""

    fill: Literal["serial", "rotate", "zeros"]
    amount: int
    serial: str = surface()

    def __post_init__(self) -> None:
        if self.fill != "serial" and not self.load:
            raise ValueError(
                f"shift register {self.name}: filled by {self.fill}, it stays 0 unless it has a load"
            )
        if not 0 <= self.amount <= MAX_AMOUNT:
            raise ValueError(f"shift register {self.name}: amount is {self.amount}, not in 0 to {MAX_AMOUNT}")
        if self.fill != "zeros" and self.amount != 1:
            raise ValueError(
                f"shift register {self.name}: amount is {self.amount}, {self.fill} moves by 1 only"
            )

    @classmethod
    def sample(cls, category: str, rng: Random) -> Self:
        side = category.removeprefix("shift_")
        name, clock, reset, taken = shared_names(
            rng, "shift_reg", "shreg", category, f"sr_{side}", "shifter", f"{side}_shift", "sreg",
            "shift_unit", "sr",
        )  # fmt: skip
        fill: Literal["serial", "rotate", "zeros"] = rng.choice(
            ("serial", "serial", "serial", "rotate", "zeros")
        )
        load = polarity(rng) if fill != "serial" or rng.random() < 0.3 else None
        enable = polarity(rng) if rng.random() < 0.45 else None
        d, q = naming.data_pair(rng, taken)
        return cls(
            category=category, name=name, clock=clock, reset=reset, width=usual_width(rng), load=load,
            enable=enable, load_name=naming.port(rng, naming.LOADS if load != "low" else _LOADS_LOW, taken),
            enable_name=enable_name(rng, enable, taken, *_ENABLES), d=d, q=q, fill=fill, amount=rng.choice((0,
            1, 2, 2, 3, 3)) if fill == "zeros" else 1, serial=naming.port(rng, _SERIAL_IN, taken),
        )  # fmt: skip

    @classmethod
    def edge_cases(cls, category: str) -> list[Self]:
        cases: list[dict[str, Any]] = [
            {"width": w, "fill": "serial", "amount": 1, "load": load}
            for w, load in product((1, 2, 32), (None, "high"))
        ]
        cases += [{"width": w, "fill": "rotate", "amount": 1, "load": "high"} for w in (1, 2, 3, 32)]
        amounts = product((1, 2, 8), (0, 1, 2, 3))
        cases += [{"width": w, "fill": "zeros", "amount": k, "load": "high"} for w, k in amounts]
        return cls.variants(category, cases)

    @property
    def left(self) -> bool:
        return self.category == "shift_left"

    @property
    def step_inputs(self) -> tuple[Port, ...]:
        return (Port("input", self.serial, 1, "serial data"),) if self.fill == "serial" else ()

    @property
    def kind(self) -> Fact:
        return Fact(f"kind.{self.category}", {"width": self.width})

    def facts(self) -> list[Fact]:
        side, slots = "left" if self.left else "right", {"clk": self.clock, "q": self.q}
        facts = [Fact("shift.load", {"q": self.q, "d": self.d, "when": self.loading})] if self.loading else []
        if self.fill == "serial":
            facts.append(Fact(f"shift.{side}_serial", {**slots, "si": self.serial}))
        elif self.fill == "rotate":
            facts.append(Fact(f"shift.rotate_{side}", slots))
        else:
            facts.append(Fact(f"shift.{side}_by", {**slots, "k": self.amount}))
        return [*facts, *self.enable_facts]

    def step(self, value: int, inputs: Values) -> int:
        if self.fill == "zeros":
            return value << self.amount if self.left else value >> self.amount
        leaving = value >> (self.width - 1) if self.left else value & 1
        return self.moved(value, self.left, leaving if self.fill == "rotate" else inputs[self.serial])

    def step_verilog(self, r: str) -> str:
        if self.fill == "zeros":
            return f"{r} {'<<' if self.left else '>>'} {self.amount}"
        if self.fill == "serial":
            return shifted(r, self.width, self.left, self.serial)
        leaving = r if self.width == 1 else f"{r}[{self.width - 1 if self.left else 0}]"
        return shifted(r, self.width, self.left, leaving)


@dataclass(frozen=True, kw_only=True)
class UniversalShift(Shifter):
    """Holds, shifts right, shifts left or loads, as told by a 2-bit mode: `modes[code]` is what it does."""

    modes: tuple[Mode, ...]
    mode: str = surface()
    from_left: str = surface()
    from_right: str = surface()

    def __post_init__(self) -> None:
        if sorted(self.modes) != sorted(MODES):
            raise ValueError(f"universal shift register {self.name}: modes {self.modes} are not just {MODES}")

    @classmethod
    def sample(cls, category: str, rng: Random) -> Self:
        name, clock, reset, taken = shared_names(
            rng, "univ_shift", "usr", "universal_sr", "univ_sr", "shift_univ", "ushift", "shift_reg",
            "multi_shift",
        )  # fmt: skip
        d, q = naming.data_pair(rng, taken)
        return cls(
            category=category, name=name, clock=clock, reset=reset, width=usual_width(rng), load=None,
            enable=None, load_name="", enable_name="", d=d, q=q, modes=rng.choice(tuple(permutations(MODES))),
            mode=naming.port(rng, naming.SELECTS, taken), from_left=naming.port(rng, _FROM_LEFT, taken),
            from_right=naming.port(rng, _FROM_RIGHT, taken),
        )  # fmt: skip

    @classmethod
    def edge_cases(cls, category: str) -> list[Self]:
        orders = (MODES, MODES[::-1], ("load", "hold", "right", "left"))
        cases = [{"width": w, "modes": modes} for w, modes in product((1, 2, 3, 32), orders)]
        return cls.variants(category, cases)

    @property
    def step_inputs(self) -> tuple[Port, ...]:
        return (
            Port("input", self.mode, 2, "mode select"),
            Port("input", self.from_left, 1, "serial data for right shifts"),
            Port("input", self.from_right, 1, "serial data for left shifts"),
            Port("input", self.d, self.width, "parallel data"),
        )

    @property
    def kind(self) -> Fact:
        return Fact("kind.shift_universal", {"width": self.width})

    def facts(self) -> list[Fact]:
        extra = {
            "hold": {},
            "right": {"sr": self.from_left},
            "left": {"sl": self.from_right},
            "load": {"d": self.d},
        }
        rows = tuple(
            Fact(f"universal.{mode}", {"mode": self.mode, "code": f"{code:02b}", "q": self.q, **extra[mode]})
            for code, mode in enumerate(self.modes)
        )
        return [Fact("universal.modes", {"mode": self.mode}, rows)]

    def step(self, value: int, inputs: Values) -> int:
        mode = self.modes[inputs[self.mode]]
        if mode == "hold":
            return value
        if mode == "load":
            return inputs[self.d]
        left = mode == "left"
        return self.moved(value, left, inputs[self.from_right if left else self.from_left])

    def mode_verilog(self, mode: Mode, r: str) -> str:
        """The Verilog expression of what `mode` makes of the register `r`."""
        if mode in ("hold", "load"):
            return r if mode == "hold" else self.d
        left = mode == "left"
        return shifted(r, self.width, left, self.from_right if left else self.from_left)

    def step_verilog(self, r: str) -> str:
        *first, last = (self.mode_verilog(mode, r) for mode in self.modes)
        tests = (f"({self.mode} == 2'd{code}) ? {value} : " for code, value in enumerate(first))
        return "".join(tests) + last

    def always(self, r: str) -> str:
        rows = "".join(
            f"\n  2'b{code:02b}: {r} <= {self.mode_verilog(mode, r)};" for code, mode in enumerate(self.modes)
        )
        case = f"case ({self.mode}){rows}\nendcase"
        return naming.clocked(self.reset, self.clock, f"{r} <= 0;", [case])


@dataclass(frozen=True, kw_only=True)
class Piso(Shifter):
    """Loads in parallel and shows one end of the register, the most significant one if `msb_first`."""

    visible: ClassVar[bool] = False

    msb_first: bool
    vacated: Literal[0, 1]

    @classmethod
    def sample(cls, category: str, rng: Random) -> Self:
        name, clock, reset, taken = shared_names(
            rng, "piso", "par2ser", "serializer", "shift_piso", "piso_reg", "p2s", "tx_shift", "ser_out_reg",
            "pts",
        )  # fmt: skip
        load = polarity(rng)
        enable = polarity(rng) if rng.random() < 0.45 else None
        vacated: Literal[0, 1] = rng.choice((0, 0, 1))
        return cls(
            category=category, name=name, clock=clock, reset=reset, width=usual_width(rng), load=load,
            enable=enable, load_name=naming.port(rng, naming.LOADS if load == "high" else _LOADS_LOW, taken),
            enable_name=enable_name(rng, enable, taken, *_ENABLES), d=naming.port(rng, naming.DATA_IN, taken),
            q=naming.port(rng, _SERIAL_OUT, taken), msb_first=rng.random() < 0.5, vacated=vacated,
        )  # fmt: skip

    @classmethod
    def edge_cases(cls, category: str) -> list[Self]:
        corners = product((1, 2, 32), (False, True), (0, 1))
        return cls.variants(category, [{"width": w, "msb_first": m, "vacated": v} for w, m, v in corners])

    @property
    def output_ports(self) -> tuple[Port, ...]:
        return (Port("output", self.q, 1, "serial output"),)

    @property
    def kind(self) -> Fact:
        return Fact("kind.shift_piso", {"width": self.width})

    def facts(self) -> list[Fact]:
        first = "msb" if self.msb_first else "lsb"
        load = {"clk": self.clock, "d": self.d}
        return [
            Fact("piso.load", {**load, "when": self.loading} if self.loading else load),
            Fact("piso.fill", {"bit": self.vacated}),
            *self.enable_facts,
            Fact(f"piso.{first}_first", {"so": self.q}),
        ]

    def step(self, value: int, inputs: Values) -> int:
        return self.moved(value, self.msb_first, self.vacated)

    def step_verilog(self, r: str) -> str:
        return shifted(r, self.width, self.msb_first, f"1'b{self.vacated}")

    def outputs(self, state: State, inputs: Values) -> dict[str, int]:
        return {self.q: state[0] >> (self.width - 1) if self.msb_first else state[0] & 1}

    def outputs_verilog(self, r: str) -> dict[str, str]:
        return {self.q: r if self.width == 1 else f"{r}[{self.width - 1 if self.msb_first else 0}]"}


@dataclass(frozen=True, kw_only=True)
class Sipo(Shifter):
    """Takes one bit at a time, at the most significant end if `enters_msb`, and shows all bits."""

    enters_msb: bool
    serial: str = surface()

    @classmethod
    def sample(cls, category: str, rng: Random) -> Self:
        name, clock, reset, taken = shared_names(
            rng, "sipo", "ser2par", "deserializer", "shift_sipo", "sipo_reg", "s2p", "rx_shift", "deser",
            "stp",
        )  # fmt: skip
        enable = polarity(rng) if rng.random() < 0.5 else None
        return cls(
            category=category, name=name, clock=clock, reset=reset, width=usual_width(rng), load=None,
            enable=enable, load_name="", enable_name=enable_name(rng, enable, taken, *_ENABLES), d="",
            q=naming.port(rng, naming.DATA_OUT, taken), enters_msb=rng.random() < 0.5, serial=naming.port(rng,
            _SERIAL_IN, taken),
        )  # fmt: skip

    @classmethod
    def edge_cases(cls, category: str) -> list[Self]:
        corners = product((1, 2, 3, 32), (False, True), (None, "high", "low"))
        return cls.variants(category, [{"width": w, "enters_msb": m, "enable": e} for w, m, e in corners])

    @property
    def step_inputs(self) -> tuple[Port, ...]:
        return (Port("input", self.serial, 1, "serial data"),)

    @property
    def output_ports(self) -> tuple[Port, ...]:
        return (Port("output", self.q, self.width, "parallel data"),)

    @property
    def kind(self) -> Fact:
        return Fact("kind.shift_sipo", {"width": self.width})

    def facts(self) -> list[Fact]:
        end = "msb" if self.enters_msb else "lsb"
        main = Fact(f"sipo.{end}", {"clk": self.clock, "si": self.serial, "q": self.q})
        return [main, *self.enable_facts]

    def step(self, value: int, inputs: Values) -> int:
        return self.moved(value, not self.enters_msb, inputs[self.serial])

    def step_verilog(self, r: str) -> str:
        return shifted(r, self.width, not self.enters_msb, self.serial)
