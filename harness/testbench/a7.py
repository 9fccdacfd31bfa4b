"""A7: strict testbenches for designs whose behaviour no template can check, one protocol and its writers.

A writer sees the specification, never the RTL under test: a testbench derived from buggy RTL blesses the bug.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol

from harness.families.explore import small_machine
from harness.families.identify import Machine, identifying_words, some
from harness.families.spec import Spec, State
from harness.simulate.stimulus import trace
from harness.testbench.vectors import Script, render

TOUR_LIMIT = 2000
"""Most transitions that are toured one by one; larger graphs get a longer walk instead."""
SEED = 7
"""Not the judge's, so that what A7 accepts is judged on other inputs."""
IDENTIFY_CYCLES = 4000
"""The most cycles in which transitions are shown to end in the right state."""
RESET_LIMIT = 32
"""Most states in which reset is tried; of more, an even choice."""
WALK, LONG_WALK = 250, 1500
"""Cycles of the walk at the end, after a tour and without one."""

Inputs = Sequence[dict[str, int]]
"""Values for the data inputs, by number."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A testbench after `turns` replies, or None and why: `reason` is one word to count by."""

    testbench: str | None
    turns: int
    reason: str = ""
    detail: str = ""


class Writer(Protocol):
    """Writes self-checking testbenches for specs; a record's metadata names its `testbench_type`."""

    name: str
    testbench_type: str

    @property
    def key(self) -> Mapping[str, Any]:
        """What decides its testbenches, besides the specs and the code."""
        ...

    def write_all(self, specs: Sequence[Spec], rtl: Sequence[str]) -> list[Attempt]:
        """One attempt for each spec; `rtl` is what will be tested, which a writer looks at only if told to."""
        ...


class OfflineA7:
    """Writes from the spec's reference model, without a language model: same spec, same testbench.

    Small designs are toured: every transition of every state, each shown to end in the right state and no
    other, then reset in every state. All get a walk with held and rapidly changing inputs, extreme values and
    resets at any time.
    """

    name = "offline"
    testbench_type = "a7_offline"
    key: Mapping[str, Any] = {"name": name}

    def __call__(self, spec: Spec) -> str:
        script = Script(spec)
        rng = Random(f"a7:{spec.category}:{spec.parameters}")
        script.reset(2)
        small = small_machine(spec, TOUR_LIMIT)
        if small is not None:
            machine, vectors = small
            _tour(script, machine, vectors, rng)
            _identify(script, machine, vectors)
            _reset_everywhere(script, machine, vectors, rng)
        for vector in trace(spec, SEED, WALK if small is not None else LONG_WALK).vectors:
            script.apply(vector)
        return render(spec, script.vectors, f"A7 (offline) for {spec.category}")

    def write_all(self, specs: Sequence[Spec], rtl: Sequence[str]) -> list[Attempt]:
        """A testbench for every spec."""
        return [Attempt(self(spec), 1) for spec in specs]

    def generate_fsm_testbench(self, spec: Spec, rtl_code: str, category: str) -> str:
        """The plan's API. `rtl_code` and `category` are not looked at: the first must not shape its own test,
        the second is part of the spec."""
        return self(spec)


def _tour(script: Script, machine: Machine[State], vectors: Inputs, rng: Random) -> None:
    """Take every transition, always the nearest one not yet taken; reset when none can be reached."""
    left = {state: list(range(len(vectors))) for state in machine.moves}
    for numbers in left.values():
        rng.shuffle(numbers)
    while any(left.values()):
        path = machine.path(script.reference.state, {state for state, numbers in left.items() if numbers})
        if path is None:
            script.reset()
            continue
        for number in path:
            script.cycle(vectors[number])
        script.cycle(vectors[left[script.reference.state].pop()])


def _identify(script: Script, machine: Machine[State], vectors: Inputs) -> None:
    """Show that each transition ends in the right state, by inputs that tell that state from all others."""
    for test in some(identifying_words(machine), IDENTIFY_CYCLES):
        script.reset()
        for number in test:
            script.cycle(vectors[number])


def _reset_everywhere(script: Script, machine: Machine[State], vectors: Inputs, rng: Random) -> None:
    """Reset in every state, with the clock low and with it high; look what state that really was in.

    An asynchronous reset acts between edges; a pulse of a synchronous one between edges does nothing.
    """
    states = list(machine.moves)
    for state in states[:: -(-len(states) // RESET_LIMIT)]:
        for phase in ("low", "high"):
            script.reset()
            path = machine.path(script.reference.state, {state})
            assert path is not None, "every state of the graph is reached from reset"
            for number in path:
                script.cycle(vectors[number])
            if phase == "low":
                script.low(rng.choice(vectors))
            script.apply(script.resetting(True))
            script.apply(script.resetting(False))
            for _ in range(3):
                script.cycle(rng.choice(vectors))
            # Reset across an edge, with inputs that ask for something else.
            script.low(script.resetting(True) | rng.choice(vectors))
            script.high()
            script.low(script.resetting(False))
            script.cycle(rng.choice(vectors))
