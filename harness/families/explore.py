"""The whole state graph of a small design, found by running its reference model on every input."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from harness.families.identify import Machine
from harness.families.spec import Spec, State

if TYPE_CHECKING:
    import networkx

INPUT_LIMIT = 2**10
STATE_LIMIT = 2**12


class TooLarge(ValueError):
    """A design with more input vectors or states than can be walked one by one."""


def explore(spec: Spec, transitions: int = INPUT_LIMIT * STATE_LIMIT) -> networkx.MultiDiGraph:
    """Every state that clock edges can reach from reset, with one edge per state and input vector.

    Nodes are reference states; each edge carries `inputs`, a dict of all inputs but clock and reset, and has
    their values in port order as its key. `graph.graph["initial"]` is the state of reset. Reset itself is no
    edge: it leads there from everywhere. Raises TooLarge beyond 2**10 input vectors, 2**12 states or `transitions`.
    """
    import networkx

    ports = [p for p in spec.ports if p.direction == "input" and p.role not in ("clock", "reset")]
    bits = sum(port.width for port in ports)
    if 2**bits > INPUT_LIMIT:
        raise TooLarge(
            f"{spec.name} ({spec.category}) has {bits} input bits, more than the {INPUT_LIMIT.bit_length() - 1} "
            "that can be explored; use random stimulus"
        )
    vectors = list(product(*(range(2**port.width) for port in ports)))
    most = min(STATE_LIMIT, transitions // len(vectors))
    graph = networkx.MultiDiGraph(initial=spec.initial())
    graph.add_node(spec.initial())
    queue = [spec.initial()]
    for state in queue:
        for vector in vectors:
            inputs = dict(zip((port.name for port in ports), vector))
            following = spec.next(state, inputs)
            if following not in graph:
                if len(graph) == most:
                    raise TooLarge(
                        f"{spec.name} ({spec.category}) has more than {most} reachable states; "
                        "use random stimulus"
                    )
                graph.add_node(following)
                queue.append(following)
            graph.add_edge(state, following, key=vector, inputs=inputs)
    return graph


def small_machine(spec: Spec, transitions: int) -> tuple[Machine[State], list[dict[str, int]]] | None:
    """A design's machine and the values for its data inputs by number; None without a clock and a reset, or if it
    has more than so many transitions.
    """
    if spec.clock is None or spec.reset is None:
        return None
    try:
        graph = explore(spec, transitions)
    except TooLarge:
        return None
    edges = sorted(graph.out_edges(graph.graph["initial"], keys=True))
    vectors = [graph.edges[edge]["inputs"] for edge in edges]

    def shown(state: State, inputs: dict[str, int]) -> tuple[int, ...]:
        return tuple(spec.outputs(state, {**inputs, spec.clock or "": 0}).values())

    moves = {state: [(shown(state, v), spec.next(state, v)) for v in vectors] for state in graph}
    return Machine(spec.initial(), moves), vectors
