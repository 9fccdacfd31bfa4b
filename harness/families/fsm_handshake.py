"""Handshake controllers: a ring of steps, each left on a condition, after a time, or after one cycle.

Four-phase slaves and masters, valid/ready sources and sinks, fixed delays and mixtures of them, with an
optional abort input and busy output.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any, Literal, NamedTuple, Self

from harness.families import naming
from harness.families.machine import LOCALS, case, combinational, encoding, identity, legal, state_names
from harness.families.spec import Condition, Fact, Port, Reset, Slot, Spec, State, Values, surface

Level = Literal["high", "low"]
COUNTER = 4  # bits: enough for 16 cycles

INPUTS = {
    "req": "req request rq call req_i i_req cmd_req bus_req ask need want task_req knock rqst",
    "ack": "ack ack_i gnt grant i_ack ackn reply_i confirm accepted bus_gnt ack_in answer",
    "start": "start go_i send trigger launch begin_i kick fire start_i cmd push issue go_now trig",
    "valid": "valid vld valid_i s_valid tvalid in_valid avail has_data present data_rdy",
    "ready": "ready rdy ready_i m_ready tready out_ready can_take free_i sink_ok not_full",
    "abort": "abort cancel kill flush stop abort_i clear_req drop halt panic quit err estop bail",
}
OUTPUTS = {
    "ack": "ack gnt grant ack_o o_ack reply resp accept_o ackn confirm bus_ack served",
    "req": "req request req_o o_req bus_req rq ask_o rqst m_req want_bus",
    "valid": "valid vld valid_o m_valid tvalid out_valid offer send_o have_data",
    "ready": "ready rdy ready_o s_ready tready in_ready open_o can_accept",
    "done": "done fin done_o finished ok complete ended eop irq_o done_pulse last_o",
    "work": "work proc working wip active run_o in_prog shift_en timer_on exec_o hold_o",
    "busy": "busy busy_o occupied engaged not_idle in_use busy_flag taken_o",
}
ROLES = {
    "req": "request signal",
    "ack": "acknowledge signal",
    "start": "start request",
    "valid": "valid flag",
    "ready": "ready flag",
    "abort": "abort request",
    "done": "completion flag",
    "work": "activity flag",
    "busy": "busy flag",
}


class Phase(NamedTuple):
    """A step as it is drawn: how it ends, on which input, with which output, and names for its state."""

    kind: Literal["quiet", "hold", "timed", "pulse"]
    states: str
    signal: str = ""
    when: Level = "high"
    output: str = ""


IDLE = "IDLE IDLE IDLE REST HOME FREE READY INIT SLEEP ST_IDLE S_IDLE EMPTY"
AWAIT_REQ = Phase("quiet", IDLE, "req")
AWAIT_START = Phase("quiet", IDLE, "start")
ACCEPT = Phase("hold", IDLE + " WAIT LISTEN OPEN ACCEPT", "valid", output="ready")
ACK = Phase("hold", "ACK ACK GRANT RESP REPLY ANSWER SERVE S_ACK", "req", "low", "ack")
SEND = Phase("hold", "SEND VALID XFER OFFER PUSH DRIVE OUT S_SEND", "ready", output="valid")
ASK = Phase("hold", "REQ ASK ASSERT CALL REQUEST RAISE ST_REQ", "ack", output="req")
RELEASE = Phase("quiet", "REL RELEASE DROP LOWER RTZ UNDO S_REL", "ack", "low")
WORK = Phase("timed", "WORK BUSY PROC EXEC DELAY RUN HOLD COUNT S_BUSY SETUP", output="work")
DONE = Phase("pulse", "DONE FIN DONE FINISH END_ST COMPLETE LAST S_DONE", output="done")

RINGS = (
    (AWAIT_REQ, ACK),
    (AWAIT_REQ, ACK, DONE),
    (AWAIT_REQ, WORK, ACK),
    (AWAIT_REQ, WORK, ACK, DONE),
    (AWAIT_START, WORK, DONE),
    (AWAIT_START, SEND),
    (AWAIT_START, SEND, DONE),
    (AWAIT_START, WORK, SEND),
    (AWAIT_START, ASK, RELEASE),
    (AWAIT_START, ASK, RELEASE, DONE),
    (AWAIT_START, ASK, WORK, RELEASE),
    (ACCEPT, WORK),
    (ACCEPT, WORK, DONE),
    (ACCEPT, SEND),
    (ACCEPT, DONE),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One state: `quiet` and `hold` end when input number `signal` is at level `when`, `timed` after `cycles`
    cycles, `pulse` after one; all but `quiet` have an output of their own that is 1 meanwhile."""

    kind: Literal["quiet", "hold", "timed", "pulse"]
    signal: int | None = None
    when: Level = "high"
    cycles: int = 1


@dataclass(frozen=True, kw_only=True)
class Handshake(Spec):
    """A ring of `steps` from the idle state 0; `abort` numbers the states that the last input can break off."""

    states: tuple[str, ...] = surface()
    ins: tuple[str, ...] = surface()
    outs: tuple[str, ...] = surface()
    in_roles: tuple[str, ...] = surface()
    out_roles: tuple[str, ...] = surface()
    steps: tuple[Step, ...]
    abort: tuple[int, ...]
    abort_when: Level
    busy: bool

    @property
    def ports(self) -> tuple[Port, ...]:
        assert self.clock is not None and self.reset is not None
        return (
            Port("input", self.clock, 1, "clock"),
            Port("input", self.reset.name, 1, "reset"),
            *(Port("input", name, 1, role) for name, role in zip(self.ins, self.in_roles)),
            *(Port("output", name, 1, role) for name, role in zip(self.outs, self.out_roles)),
        )

    @property
    def kind(self) -> Fact:
        return Fact("kind.handshake")

    @property
    def effect(self) -> Fact:
        return Fact("effect.state", {"state": self.states[0]})

    @property
    def driven(self) -> list[tuple[str, int]]:
        """Each step's own output with the number of its state."""
        return list(zip(self.outs, (s for s, step in enumerate(self.steps) if step.kind != "quiet")))

    def condition(self, step: Step) -> Condition:
        assert step.signal is not None
        return Condition(step.when, self.ins[step.signal])

    @property
    def breaking(self) -> Condition:
        """When the machine is to abort."""
        return Condition(self.abort_when, self.ins[-1])

    def after(self, s: int) -> int:
        return (s + 1) % len(self.steps)

    def facts(self) -> list[Fact]:
        facts = [Fact("fsm.states", {"states": self.states, "n": len(self.states)})]
        output = {s: name for name, s in self.driven}
        for s, step in enumerate(self.steps):
            slots: dict[str, Slot] = {"s": self.states[s], "to": self.states[self.after(s)]}
            if step.kind in ("quiet", "hold"):
                slots["when"] = self.condition(step)
            if step.kind == "timed":
                slots["n"] = step.cycles
            if step.kind != "quiet":
                slots["y"] = output[s]
            facts.append(Fact("hs.hold_quiet" if step.kind == "quiet" else f"hs.{step.kind}", slots))
        if self.abort:
            states = tuple(self.states[s] for s in self.abort)
            slots = {"when": self.breaking, "states": states, "idle": self.states[0]}
            facts.append(Fact("hs.abort", slots))
        if self.busy:
            facts.append(Fact("hs.busy", {"y": self.outs[-1], "idle": self.states[0]}))
        return facts

    def verilog(self, style: int = 0) -> str:
        assert self.clock is not None
        taken = {port.name for port in self.ports} | set(self.states)
        state, following, cnt, cycles = (naming.local(name, taken) for name in LOCALS)
        home, stop = self.states[0], self.breaking.verilog if self.abort else ""
        codes, span = encoding(self.states, onehot=style == 2)
        timed = [(name, step.cycles) for name, step in zip(self.states, self.steps) if step.kind == "timed"]
        moves = [(name, self._move(s, cnt, cycles)) for s, name in enumerate(self.states)]
        moves = [
            (name, f"{stop} ? {home} : {move}" if s in self.abort and move != home else move)
            for s, (name, move) in enumerate(moves)
        ]
        restart = f"{state} <= {home};" + (f" {cnt} <= 0;" if timed else "")
        text = naming.header(self.name, self.ports) + codes
        if timed:
            text += f"  localparam {cycles} = {timed[0][1]};\n"
        text += f"  reg {span}{state};\n" if style == 0 else f"  reg {span}{state}, {following};\n"
        if timed:
            text += f"  reg [{COUNTER - 1}:0] {cnt};\n"
        if style == 0:
            body = [f"{cnt} <= ({state} == {timed[0][0]}) ? {cnt} + 1 : 0;"] if timed else []
            body.append(case(state, f"{state} <=", moves, home))
            text += naming.clocked(self.reset, self.clock, restart, body)
        else:
            body = [f"{state} <= {following};"]
            if timed:
                body.append(f"{cnt} <= ({state} == {following}) ? {cnt} + 1 : 0;")
            text += naming.clocked(self.reset, self.clock, restart, body)
            text += combinational(case(state, f"{following} =", moves, home))
        for name, s in self.driven:
            text += f"  assign {name} = ({state} == {self.states[s]});\n"
        if self.busy:
            text += f"  assign {self.outs[-1]} = ({state} != {home});\n"
        return text + "endmodule\n"

    def _move(self, s: int, cnt: str, cycles: str) -> str:
        step, to = self.steps[s], self.states[self.after(s)]
        if step.kind == "pulse":
            return to
        test = f"({cnt} == {cycles}-1)" if step.kind == "timed" else self.condition(step).verilog
        return f"{test} ? {to} : {self.states[s]}"

    @property
    def styles(self) -> int:
        return 3

    def initial(self) -> State:
        return (0, 0)

    def next(self, state: State, inputs: Values) -> State:
        """A state is the number of the step and, in a timed step, the cycles already spent in it."""
        s, spent = state
        step = self.steps[s]
        if s in self.abort and self.breaking.holds(inputs):
            return (0, 0)
        if step.kind == "timed" and spent < step.cycles - 1:
            return (s, spent + 1)
        if step.kind in ("quiet", "hold") and not self.condition(step).holds(inputs):
            return state
        return (self.after(s), 0)

    def outputs(self, state: State, inputs: Values) -> dict[str, int]:
        values = {name: int(state[0] == s) for name, s in self.driven}
        if self.busy:
            values[self.outs[-1]] = int(state[0] != 0)
        return values

    @classmethod
    def sample(cls, category: str, rng: Random) -> Self:
        ring = rng.choice(RINGS) if rng.random() < 0.75 else _mixture(rng)
        bases = (
            "handshake",
            "hs_ctrl",
            "hs_fsm",
            "req_ack",
            "bus_if",
            "link_ctrl",
            "xfer_fsm",
            "arb_hs",
            "hs",
        )
        name, clock, reset, taken = identity(rng, *bases)
        abort: tuple[int, ...] = ()
        if rng.random() < 0.45:
            # A last pulse goes home anyway, so nothing could be seen of an abort there.
            open_states = [s for s in range(1, len(ring)) if ring[s].kind != "pulse" or s + 1 < len(ring)]
            if open_states:
                abort = tuple(sorted(rng.sample(open_states, rng.randint(1, len(open_states)))))
        busy = rng.random() < 0.35
        signals = list(dict.fromkeys(phase.signal for phase in ring if phase.signal))
        signals += ["abort"] if abort else []
        outputs = [phase.output for phase in ring if phase.output] + (["busy"] if busy else [])
        inverted = {signal for signal in signals if rng.random() < 0.12}

        def step(phase: Phase) -> Step:
            when: Level = "low" if (phase.when == "low") != (phase.signal in inverted) else "high"
            if phase.kind == "timed":
                return Step(kind="timed", cycles=rng.randint(2, 12))
            return Step(
                kind=phase.kind, signal=signals.index(phase.signal) if phase.signal else None,
                when=when if phase.signal else "high",
            )  # fmt: skip

        ins = tuple(naming.port(rng, INPUTS[signal].split(), taken) for signal in signals)
        outs = tuple(naming.port(rng, OUTPUTS[output].split(), taken) for output in outputs)
        return cls(
            category=category, name=name, clock=clock, reset=reset, ins=ins, outs=outs,
            states=_names(rng, ring, taken),
            in_roles=tuple(ROLES[signal] for signal in signals), out_roles=tuple(ROLES[o] for o in outputs),
            steps=tuple(step(phase) for phase in ring), abort=abort,
            abort_when="low" if "abort" in inverted else "high", busy=busy,
        )  # fmt: skip

    @classmethod
    def _corner(
        cls, category: str, kind: str, steps: tuple[Step, ...], ins: str, outs: str, **more: Any
    ) -> Self:
        """An edge case with plain names; `kind` is that of reset, `ins` and `outs` are lists of names."""
        low = kind.endswith("low")
        reset = Reset(name="rst_n" if low else "rst", asynchronous=kind.startswith("async"), active_low=low)
        behaviour: dict[str, Any] = {"abort": (), "abort_when": "high", "busy": False, **more}
        return cls(
            category=category, name="edge_hs", clock="clk", reset=reset, steps=steps,
            states=("IDLE", "ONE", "TWO", "SIX")[: len(steps)], ins=tuple(ins.split()), outs=tuple(outs.split()),
            in_roles=("control input",) * len(ins.split()), out_roles=("status flag",) * len(outs.split()),
            **behaviour,
        )  # fmt: skip

    @classmethod
    def edge_cases(cls, category: str) -> list[Self]:
        wait, pulse = Step(kind="quiet", signal=0), Step(kind="pulse")
        ack, ready = Step(kind="hold", signal=0, when="low"), Step(kind="hold", signal=1)
        released = Step(kind="quiet", signal=1, when="low")
        one, two, twelve, longest = (Step(kind="timed", cycles=n) for n in (1, 2, 12, 16))
        every = {"abort": (1, 2), "abort_when": "low", "busy": True}
        return [
            cls._corner(category, "async_low", (wait, ack), "req", "ack"),
            cls._corner(category, "sync_high", (wait, one, ack), "req", "work ack"),
            cls._corner(category, "async_high", (wait, two), "req", "work engaged", busy=True),
            cls._corner(category, "sync_low", (wait, twelve, pulse), "start abort", "work done busy", **every),
            cls._corner(category, "async_low", (pulse, longest), "halt", "tick rest", abort=(1,)),
            cls._corner(category, "sync_low", (ack, pulse), "valid_n", "ready done"),
            cls._corner(
                category, "async_high", (wait, ready, released, pulse), "start ack stop", "req done busy",
                abort=(1, 2, 3), busy=True,
            ),
        ]  # fmt: skip


def _mixture(rng: Random) -> tuple[Phase, ...]:
    """Any idle step, then one to three others, with at least one output."""
    first = rng.choice((AWAIT_REQ, AWAIT_START, ACCEPT))
    ring = (first, *rng.sample((ACK, SEND, ASK, RELEASE, WORK, DONE), rng.randint(1, 3)))
    return ring if any(phase.output for phase in ring) else _mixture(rng)


def _names(rng: Random, ring: tuple[Phase, ...], taken: set[str]) -> tuple[str, ...]:
    """Names of the states: what they do, or at times any names."""
    if rng.random() < 0.35:
        return state_names(rng, len(ring), taken)
    while True:
        names = tuple(rng.choice(phase.states.split()) for phase in ring)
        if len(set(names)) == len(names) and all(legal(name, {*taken, *LOCALS}) for name in names):
            return names
