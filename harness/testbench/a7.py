"""A7: strict testbenches for designs whose behaviour no template can check, one protocol and its writers.

A writer sees the specification, never the RTL under test: a testbench derived from buggy RTL blesses the bug.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any, Protocol

from harness.families.explore import TooLarge, explore
from harness.families.spec import Spec, State
from harness.simulate.stimulus import trace
from harness.testbench.vectors import Script, render

if TYPE_CHECKING:
    import networkx

TOUR_LIMIT = 2000
"""Most transitions that are toured one by one; larger graphs get a longer walk instead."""
SEED = 7
"""Not the judge's, so that what A7 accepts is judged on other inputs."""
IDENTIFY_STATES, IDENTIFY_CYCLES = 32, 4000
"""Most states for which transitions are shown to end in the right one, and about the most cycles for it."""
RESET_LIMIT = 32
"""Most states in which reset is tried; of more, an even choice."""
WALK, LONG_WALK = 250, 1500
"""Cycles of the walk at the end, after a tour and without one."""


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
        graph = _small_graph(spec)
        if graph is not None:
            _tour(script, graph, rng)
            _identify(script, graph)
            _reset_everywhere(script, graph, rng)
        for vector in trace(spec, SEED, WALK if graph is not None else LONG_WALK).vectors:
            script.apply(vector)
        return render(spec, script.vectors, f"A7 (offline) for {spec.category}")

    def write_all(self, specs: Sequence[Spec], rtl: Sequence[str]) -> list[Attempt]:
        """A testbench for every spec."""
        return [Attempt(self(spec), 1) for spec in specs]

    def generate_fsm_testbench(self, spec: Spec, rtl_code: str, category: str) -> str:
        """The plan's API. `rtl_code` and `category` are not looked at: the first must not shape its own test,
        the second is part of the spec."""
        return self(spec)


def _small_graph(spec: Spec) -> networkx.MultiDiGraph | None:
    """The state graph of a clocked design with few enough transitions to take each of them."""
    if spec.clock is None or spec.reset is None:
        return None
    try:
        graph = explore(spec)
    except TooLarge:
        return None
    return graph if graph.number_of_edges() <= TOUR_LIMIT else None


def _tour(script: Script, graph: networkx.MultiDiGraph, rng: Random) -> None:
    """Take every transition, always the nearest one not yet taken; reset when none can be reached."""
    left = {state: [edge[2] for edge in graph.out_edges(state, data="inputs")] for state in graph}
    for vectors in left.values():
        rng.shuffle(vectors)
    while any(left.values()):
        path = _path(graph, script.reference.state, {state for state, vectors in left.items() if vectors})
        if path is None:
            script.reset()
            continue
        for inputs in path:
            script.cycle(inputs)
        inputs = left[script.reference.state].pop()
        script.cycle(inputs)


def _identify(script: Script, graph: networkx.MultiDiGraph) -> None:
    """Show that each transition ends in the right state, by inputs that tell that state from all others.

    This is Chow's W-method on the states that differ in behaviour: it finds every wrong machine that has no
    more states than the right one. Beyond IDENTIFY_CYCLES an even choice of its tests is made.
    """
    spec, home = script.spec, graph.graph["initial"]
    vectors = [inputs for _, _, inputs in graph.out_edges(home, data="inputs")]
    states = _distinct(spec, graph, vectors)
    if len(states) > IDENTIFY_STATES:
        return
    words = {_telling(spec, vectors, a, b) for number, a in enumerate(states) for b in states[:number]}
    words = {
        word for word in words if not any(other != word and other[: len(word)] == word for other in words)
    }
    tests = []
    for state in states:
        path = _path(graph, home, {state}) or []
        tests += [[*path, v, *(vectors[n] for n in word)] for v in vectors for word in sorted(words)]
    for test in tests[:: 1 + sum(len(test) + 1 for test in tests) // IDENTIFY_CYCLES]:
        script.reset()
        for inputs in test:
            script.cycle(inputs)


def _shown(spec: Spec, state: State, inputs: dict[str, int]) -> tuple[int, ...]:
    """All outputs in a state, with the clock low."""
    return tuple(spec.outputs(state, {**inputs, spec.clock or "": 0}).values())


def _distinct(spec: Spec, graph: networkx.MultiDiGraph, vectors: list[dict[str, int]]) -> list[State]:
    """One state of each class of states that no inputs can tell apart (partition refinement)."""
    blocks: dict[State, object] = {state: tuple(_shown(spec, state, v) for v in vectors) for state in graph}
    while True:
        finer = {s: (blocks[s], *(blocks[spec.next(s, v)] for v in vectors)) for s in graph}
        numbers = {block: number for number, block in enumerate(dict.fromkeys(finer.values()))}
        if len(numbers) == len(set(blocks.values())):
            return list({block: state for state, block in reversed(blocks.items())}.values())[::-1]
        blocks = {state: numbers[block] for state, block in finer.items()}


def _telling(spec: Spec, vectors: list[dict[str, int]], a: State, b: State) -> tuple[int, ...]:
    """The shortest word (numbers of input vectors) whose last input makes two different states show it."""
    queue: deque[tuple[State, State, tuple[int, ...]]] = deque([(a, b, ())])
    seen = {(a, b)}
    while queue:
        a, b, word = queue.popleft()
        for number, inputs in enumerate(vectors):
            if _shown(spec, a, inputs) != _shown(spec, b, inputs):
                return (*word, number)
        for number, inputs in enumerate(vectors):
            following = spec.next(a, inputs), spec.next(b, inputs)
            if following[0] != following[1] and following not in seen:
                seen.add(following)
                queue.append((*following, (*word, number)))
    raise AssertionError("states of different classes can be told apart")


def _path(graph: networkx.MultiDiGraph, start: State, goals: set[State]) -> list[dict[str, int]] | None:
    """The inputs of a shortest path from `start` to one of `goals`; None if there is none."""
    queue: deque[tuple[State, list[dict[str, int]]]] = deque([(start, [])])
    seen = {start}
    while queue:
        state, path = queue.popleft()
        if state in goals:
            return path
        for _, following, inputs in graph.out_edges(state, data="inputs"):
            if following not in seen:
                seen.add(following)
                queue.append((following, [*path, inputs]))
    return None


def _reset_everywhere(script: Script, graph: networkx.MultiDiGraph, rng: Random) -> None:
    """Reset in every state, with the clock low and with it high; look what state that really was in.

    An asynchronous reset acts between edges; a pulse of a synchronous one between edges does nothing.
    """
    assert script.spec.reset is not None
    vectors = [inputs for _, _, inputs in graph.out_edges(graph.graph["initial"], data="inputs")]
    states = list(graph)
    for state in states[:: -(-len(states) // RESET_LIMIT)]:
        for phase in ("low", "high"):
            script.reset()
            path = _path(graph, script.reference.state, {state})
            assert path is not None, "every state of the graph is reached from reset"
            for inputs in path:
                script.cycle(inputs)
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
