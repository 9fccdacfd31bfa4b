"""Names, constants and the bits of Verilog that all families share.

Pools are wide, and about one draw in five is an identifier nobody would guess, so that a small model
learns to copy names from the text instead of remembering them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from random import Random
from typing import Literal

from harness.families.spec import Number, Port, Radix, Reset

ConditionKind = Literal["high", "low", "both", "either", "only"]

LONGEST = 16
UNUSUAL = 0.22

# Verilog and SystemVerilog keywords, and the few that Icarus adds.
_RESERVED = """
    accept_on alias always always_comb always_ff always_latch and assert assign assume automatic before begin
    bind bins binsof bit bool break buf bufif0 bufif1 byte case casex casez cell chandle checker class clocking
    cmos config const constraint context continue cover covergroup coverpoint cross deassign default defparam
    design disable dist do edge else end endcase endchecker endclass endclocking endconfig endfunction
    endgenerate endgroup endinterface endmodule endpackage endprimitive endprogram endproperty endsequence
    endspecify endtable endtask enum event eventually expect export extends extern final first_match for force
    foreach forever fork forkjoin function generate genvar global highz0 highz1 if iff ifnone ignore_bins
    illegal_bins implements implies import incdir include initial inout input inside instance int integer
    interconnect interface intersect join join_any join_none large let liblist library local localparam logic
    longint macromodule matches medium modport module nand negedge nettype new nexttime nmos nor
    noshowcancelled not notif0 notif1 null or output package packed parameter pmos posedge primitive priority
    program property protected pull0 pull1 pulldown pullup pulsestyle_ondetect pulsestyle_onevent pure rand
    randc randcase randsequence rcmos real realtime ref reg reject_on release repeat restrict return rnmos rpmos
    rtran rtranif0 rtranif1 s_always s_eventually s_nexttime s_until s_until_with scalared sequence shortint
    shortreal showcancelled signed small soft solve specify specparam static string strong strong0 strong1
    struct super supply0 supply1 sync_accept_on sync_reject_on table tagged task this throughout time
    timeprecision timeunit tran tranif0 tranif1 tri tri0 tri1 triand trior trireg type typedef union unique
    unique0 unsigned until until_with untyped use uwire var vectored virtual void wait wait_order wand weak weak0
    weak1 while wildcard wire with within wone wor wreal xnor xor
"""
# Words that would make an English sentence ambiguous if a port bore them.
_WORDS = """
    as at be by go he is it me my no of on so to up us the but its all one two six ten has had can may are
    was now bits zero high low takes holds then else clock reset when otherwise module ports
"""
KEYWORDS = frozenset(_RESERVED.split())
ENGLISH = frozenset(_WORDS.split())
_BARRED = KEYWORDS | ENGLISH

DATA_PAIRS = (
    ("d", "q"), ("din", "dout"), ("data_in", "data_out"), ("a", "y"), ("x", "y"), ("in", "out"), ("D", "Q"),
    ("i_data", "o_data"), ("data_i", "data_o"), ("d_in", "q_out"), ("wdata", "rdata"), ("src", "dst"),
    ("next_val", "cur_val"), ("val_in", "val_out"), ("bus_in", "bus_out"), ("word_i", "word_o"),
    ("sample", "held"), ("raw", "stored"), ("tx_word", "tx_reg"), ("wr_data", "reg_q"), ("pix_in", "pix_out"),
    ("addr_in", "addr_q"), ("opa", "opa_q"), ("inp", "outp"), ("s_data", "m_data"), ("cfg_d", "cfg_q"),
)  # fmt: skip
DATA_IN = (*dict.fromkeys(d for d, _ in DATA_PAIRS), "payload", "value", "word", "operand", "newval")
DATA_OUT = (*dict.fromkeys(q for _, q in DATA_PAIRS), "result", "state_q", "latched", "contents", "qreg")
ENABLES = (
    "en", "enable", "ce", "clk_en", "en_i", "i_en", "we", "wr", "wr_en", "load_en", "valid", "strobe",
    "run", "gate", "allow", "active", "capture", "update", "ena", "EN", "wen", "stb", "accept", "pass", "advance",
    "busy_n", "hold_n", "tick_en", "ready", "grant", "sel_en", "open",
)  # fmt: skip
INHIBITS = (
    "hold", "stall", "freeze", "pause", "en_n", "block", "inhibit", "halt", "busy", "mask", "stop", "ce_n",
    "lock", "keep", "wait_n", "suspend", "mute", "dis", "kill",
)  # fmt: skip
LOADS = (
    "load", "ld", "load_en", "ld_en", "wr", "we", "set_val", "preset", "pl", "write", "LOAD", "i_load",
    "load_i", "par_load", "put", "latch", "init", "ldv", "store", "upd",
)  # fmt: skip
SELECTS = ("sel", "s", "select", "mode", "op", "choose", "sel_i", "i_sel", "addr", "idx", "pick", "ch", "SEL")
TEST_ENABLES = (
    "te", "test_en", "scan_en", "test_mode", "se", "tm", "bypass", "scan_mode", "force_on", "dft_en",
)  # fmt: skip

_CLOCKS = ("clk",) * 12 + (
    "clock", "clock", "CLK", "clk_i", "i_clk", "sys_clk", "sysclk", "aclk", "pclk", "mclk", "ck", "cp", "clk_in",
    "core_clk", "hclk", "bus_clk", "clk0", "fclk", "clk_sys", "clkin", "sclk", "refclk", "tick_clk", "CK",
)  # fmt: skip
_RESETS_LOW = ("rst_n",) * 6 + (
    "reset_n", "reset_n", "rstn", "resetn", "nrst", "rst_b", "rst_ni", "n_reset", "nreset", "RST_N", "rst_l",
    "i_rst_n", "sys_rst_n", "por_n", "clr_n", "nclr", "clear_n", "res_n", "rst_x", "init_n",
)  # fmt: skip
_RESETS_HIGH = ("rst",) * 6 + ("reset",) * 3 + (
    "reset_i", "rst_i", "i_rst", "RST", "clr", "clear", "sys_rst", "res", "por", "init_rst", "rst_p", "mrst",
    "core_rst", "rst_all", "grst", "i_reset", "zap", "restart", "rst_in",
)  # fmt: skip
_RESETS = {
    "async_low": (*_RESETS_LOW, "arst_n", "areset_n", "aresetn", "arstn", "arst_ni"),
    "async_high": (*_RESETS_HIGH, "arst", "arst", "areset", "arst_i", "async_rst"),
    "sync_low": (*_RESETS_LOW, "srst_n", "sreset_n", "sresetn", "srstn", "sync_rst_n"),
    "sync_high": (*_RESETS_HIGH, "srst", "srst", "sreset", "srst_i", "sync_rst"),
}
RESET_KINDS = tuple(_RESETS)
CONDITIONS: tuple[ConditionKind, ...] = ("high", "low", "both", "either", "only")

_PREFIXES = (
    "my_", "u_", "top_", "core_", "blk_", "sys_", "io_", "the_", "hw_", "ip_", "m_", "x_", "user_", "rtl_",
)  # fmt: skip
_SUFFIXES = (
    "_core", "_unit", "_blk", "_mod", "_top", "_rtl", "_v2", "_ip", "_cell", "_inst", "_hw", "_x", "_dut1",
)  # fmt: skip
_TAGS = (
    "rx", "tx", "lo", "hi", "cfg", "aux", "pri", "sec", "in0", "ch1", "reg", "bus", "adc", "pwm", "irq",
    "dbg",
)  # fmt: skip
_STEMS = (
    "blk", "u", "unit", "m", "n", "p", "s", "ch", "lane", "bank", "port", "stg", "node", "sig", "grp",
    "foo",
)  # fmt: skip
_ONSETS = (
    "b", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "t", "v", "w", "z", "br", "tr", "st",
    "pl",
)  # fmt: skip
_CODAS = ("", "", "", "", "n", "r", "k", "x", "l", "m", "t")
_RUDE = ("sex", "rap", "fag", "fuk", "dik", "pis", "tit", "nig", "kok", "nazi", "puta", "jap", "wank", "tard")


def usable(name: str, taken: Collection[str] = ()) -> bool:
    """Whether `name` is short, no keyword, no word of English, and not in `taken` in any spelling."""
    low = name.lower()
    return len(name) <= LONGEST and low not in _BARRED and low not in {t.lower() for t in taken}


def _rude(name: str) -> bool:
    return any(part in name.lower() for part in _RUDE)


def _syllables(rng: Random, count: int) -> str:
    while True:
        word = "".join(rng.choice(_ONSETS) + rng.choice("aeiou") + rng.choice(_CODAS) for _ in range(count))
        if not _rude(word):
            return word


def unusual(rng: Random) -> str:
    """An identifier that no pool holds: `tavok`, `blk7_rx`, `u_remo_3`, `kalGix`, `q42`."""
    while True:
        shape = rng.randrange(7)
        stem, tag, number = rng.choice(_STEMS), rng.choice(_TAGS), str(rng.randrange(100))
        word = _syllables(rng, rng.choice((1, 1, 2)))
        name = (
            _syllables(rng, rng.choice((2, 2, 3))),
            f"{stem}{number}_{tag}",
            f"{stem}_{word}_{number[0]}",
            f"{word}_{tag}",
            word + _syllables(rng, 1).capitalize(),
            f"{word}_{_syllables(rng, 1)}",
            f"{rng.choice('abcdefghkmnpqrstvwxyz')}{number}{rng.choice(('', '', '_' + word))}",
        )[shape]
        if usable(name) and not _rude(name):
            return name


def port(rng: Random, pool: Sequence[str], taken: set[str]) -> str:
    """A port name from `pool` (or, at times, varied or unusual) that is not in `taken`; adds it to `taken`.

    Start `taken` with the names of the module, the clock and the reset.
    """
    while True:
        draw = rng.random()
        name = unusual(rng) if draw < UNUSUAL else rng.choice(pool)
        if draw > 0.92:
            name += rng.choice(("0", "1", "2", "_a", "_b", "_x", "_r", "_s", "_1", "_in0"))
        if usable(name, taken):
            taken.add(name)
            return name


def data_pair(rng: Random, taken: set[str]) -> tuple[str, str]:
    """Names for a data input and the output that follows it, usually a customary pair; adds both to `taken`."""
    d, q = rng.choice(DATA_PAIRS)
    if rng.random() < 0.6 and usable(d, taken) and usable(q, taken):
        taken |= {d, q}
        return d, q
    return port(rng, DATA_IN, taken), port(rng, DATA_OUT, taken)


def local(name: str, taken: Collection[str]) -> str:
    """A name for an internal signal: `name`, with `_r` added while a port bears it."""
    while not usable(name, taken):
        name += "_r"
    return name


def clock(rng: Random) -> str:
    """A clock name, most often `clk`."""
    draw = rng.random()
    if draw < 0.08:
        return f"{_syllables(rng, rng.choice((1, 2)))}_ck"
    return f"clk_{_syllables(rng, 1)}" if draw < 0.14 else rng.choice(_CLOCKS)


def reset(rng: Random, kinds: Sequence[str] | None = None) -> Reset:
    """A reset of one of `kinds` (`async_low`, `sync_high`, ...; all four if None).

    The name now and then contradicts the polarity or says nothing, so the text has to be believed.
    """
    kind = rng.choice(kinds or RESET_KINDS)
    draw = rng.random()
    if draw < 0.06:
        name = unusual(rng)
    elif draw < 0.12:
        name = f"rst_{_syllables(rng, 1)}"
    elif draw < 0.17:
        name = rng.choice(_RESETS[rng.choice(RESET_KINDS)])
    else:
        name = rng.choice(_RESETS[kind])
    return Reset(name=name, asynchronous=kind.startswith("async"), active_low=kind.endswith("low"))


def module_name(rng: Random, *bases: str) -> str:
    """A module name: one of `bases` as it is or varied, or an unusual identifier."""
    while True:
        draw, base = rng.random(), rng.choice(bases)
        if draw < UNUSUAL:
            return unusual(rng)
        if draw < 0.40:
            name = base
        elif draw < 0.52:
            name = base + str(rng.randrange(100))
        elif draw < 0.62:
            name = f"{base}_{rng.choice('abcdefghkmnprstvwxyz')}"
        elif draw < 0.72:
            name = rng.choice(_PREFIXES) + base
        elif draw < 0.82:
            name = base + rng.choice(_SUFFIXES)
        elif draw < 0.88:
            name = "".join(part.capitalize() for part in base.split("_"))
        elif draw < 0.94:
            name = f"{rng.choice(_TAGS)}_{base}"
        else:
            name = f"{_syllables(rng, 1)}_{base}"
        if usable(name):
            return name


def width(rng: Random, low: int = 1, high: int = 32) -> int:
    """A width in bits from `low` to `high`, half the time one of the customary ones."""
    customary = [w for w in (1, 2, 4, 8, 8, 12, 16, 24, 32, 64) if low <= w <= high]
    return rng.choice(customary) if customary and rng.random() < 0.5 else rng.randint(low, high)


def number(rng: Random, width: int) -> Number:
    """A non-zero constant of `width` bits, in a radix in which it stays readable."""
    top = (1 << width) - 1
    draw = rng.random()
    if draw < 0.1:
        value = top
    elif draw < 0.2:
        value = 1 << rng.choice((0, width - 1))
    elif draw < 0.4:
        value = rng.randint(1, min(top, 20))
    else:
        value = rng.randint(1, min(top, 0xFFFF_FFFF))
    radixes: list[Radix] = ["hex"]
    if value < 100_000:
        radixes.append("dec")
    if width <= 10:
        radixes.append("bin")
    return Number(value, width, rng.choice(radixes))


def condition_names(rng: Random, kind: ConditionKind, taken: set[str]) -> tuple[str, str]:
    """Names for the two inputs of a Condition of `kind` (the second is unused by some); adds both to `taken`.

    Mostly names that suggest the polarity; at times they contradict it, so the text has to be believed.
    """
    honest = rng.random() < 0.85
    first = INHIBITS if (kind == "low") == honest else ENABLES
    second = INHIBITS if (kind == "only") == honest else ENABLES
    return port(rng, first, taken), port(rng, second, taken)


def vec(width: int) -> str:
    """The range of a declaration with a space after it, `[7:0] `; nothing for a single bit."""
    return f"[{width - 1}:0] " if width > 1 else ""


def header(name: str, ports: Iterable[Port], registered: Collection[str] = ()) -> str:
    """An ANSI Verilog-2005 module header on one line; outputs named in `registered` are declared reg."""
    items = (f"{p.direction} {'reg ' if p.name in registered else ''}{vec(p.width)}{p.name}" for p in ports)
    return f"module {name}({', '.join(items)});\n"


def _indented(text: str, spaces: int) -> str:
    return "".join(" " * spaces + line + "\n" for line in text.splitlines())


def clocked(reset: Reset | None, clock: str, on_reset: str, body: Sequence[str]) -> str:
    """An always block at the rising edge of `clock`, with `on_reset` first when there is a reset.

    `on_reset` is one or more statements on one line; each item of `body` is one statement and may span
    lines (continuation lines carry their own relative indent). begin/end appears only around several.
    """
    if reset is None:
        if len(body) == 1:
            return f"  always @(posedge {clock})\n" + _indented(body[0], 4)
        return f"  always @(posedge {clock}) begin\n" + _indented("\n".join(body), 4) + "  end\n"
    if on_reset.count(";") > 1:
        on_reset = f"begin {on_reset} end"
    head = f"  always @({reset.sensitivity(clock)})\n    if ({reset.active}) {on_reset}\n"
    if len(body) == 1:
        return head + _indented(f"else {body[0]}", 4)
    return head + "    else begin\n" + _indented("\n".join(body), 6) + "    end\n"


def spelled_out(reset: Reset | None, clock: str, on_reset: Sequence[str], body: Sequence[str]) -> str:
    """As `clocked`, in the style that puts begin/end around everything (golden style 1)."""
    if reset is None:
        return f"  always @(posedge {clock}) begin\n" + _indented("\n".join(body), 4) + "  end\n"
    return (
        f"  always @({reset.sensitivity(clock)}) begin\n    if ({reset.active}) begin\n"
        + _indented("\n".join(on_reset), 6)
        + "    end else begin\n"
        + _indented("\n".join(body), 6)
        + "    end\n  end\n"
    )


def ones(width: int) -> str:
    """The literal of `width` bits that are all 1: `{8{1'b1}}`."""
    return f"{{{width}{{1'b1}}}}" if width > 1 else "1'b1"


def zeros(width: int) -> str:
    """The literal of `width` bits that are all 0, with its size: `8'd0`."""
    return f"{width}'d0"
