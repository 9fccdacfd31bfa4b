"""Inputs that show that each transition of a machine ends in the right state, and in no other.

A wrong machine can answer well on every transition and still be in the wrong state afterwards: a detector that
forgets its history on a hit answers like the right one until a second hit overlaps the first. Chow's W-method
("Testing software design modeled by finite-state machines", 1978) finds every wrong machine that has no more
states than the right one has distinguishable ones: each state is reached on a shortest way from reset, left by each
transition, and both it and where that leads are followed by words that tell every two states apart.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

STATES = 32
"""Most distinguishable states for which words are looked for."""
S = TypeVar("S", bound=Hashable)
Word = tuple[int, ...]
"""Inputs by number."""


@dataclass(frozen=True)
class Machine(Generic[S]):
    """`moves[state][n]` is what input number n shows in that state before the clock edge, and the state after it."""

    initial: S
    moves: Mapping[S, Sequence[tuple[Hashable, S]]]

    def path(self, start: S, goals: Collection[S]) -> Word | None:
        """A shortest way from `start` to one of `goals`; None if there is none."""
        queue: deque[tuple[S, Word]] = deque([(start, ())])
        seen = {start}
        while queue:
            state, path = queue.popleft()
            if state in goals:
                return path
            for number, (_, following) in enumerate(self.moves[state]):
                if following not in seen:
                    seen.add(following)
                    queue.append((following, (*path, number)))
        return None

    def distinct(self) -> list[S]:
        """One state of each class of states that no inputs can tell apart (partition refinement)."""
        blocks: dict[S, object] = {state: tuple(shown for shown, _ in m) for state, m in self.moves.items()}
        while True:
            finer = {s: (blocks[s], *(blocks[after] for _, after in m)) for s, m in self.moves.items()}
            numbers = {block: number for number, block in enumerate(dict.fromkeys(finer.values()))}
            if len(numbers) == len(set(blocks.values())):
                return list({block: state for state, block in reversed(blocks.items())}.values())[::-1]
            blocks = {state: numbers[block] for state, block in finer.items()}

    def telling(self, a: S, b: S) -> Word:
        """The shortest word whose last input makes two distinguishable states show it.

        Of equals one that repeats its inputs: words that others begin with cost nothing.
        """
        queue: deque[tuple[S, S, Word]] = deque([(a, b, ())])
        seen = {(a, b)}
        while queue:
            a, b, word = queue.popleft()
            pairs = enumerate(zip(self.moves[a], self.moves[b], strict=True))
            if telling := [number for number, (one, other) in pairs if one[0] != other[0]]:
                return (*word, word[-1] if word and word[-1] in telling else telling[-1])
            for number, (one, other) in enumerate(zip(self.moves[a], self.moves[b], strict=True)):
                following = one[1], other[1]
                if following[0] != following[1] and following not in seen:
                    seen.add(following)
                    queue.append((*following, (*word, number)))
        raise ValueError("no inputs tell these states apart")


def identifying_words(
    machine: Machine[S], left: Collection[S] | None = None, beyond: Sequence[int] = ()
) -> list[Word]:
    """The tests of the W-method, each a word from reset.

    They leave every state in `left` by each input; if that is not given, one state of each that cannot be told apart,
    which suffices by the theorem. They leave it by the inputs in `beyond` too, of which the machine says nothing.
    Empty for a machine with more than STATES distinguishable states.
    """
    states = machine.distinct()
    if len(states) > STATES:
        return []
    telling = [machine.telling(a, b) for number, a in enumerate(states) for b in states[:number]]
    words = sorted(_without_prefixes(telling)) or [()]
    tests = []
    for state in states if left is None else left:
        path = machine.path(machine.initial, {state}) or ()
        inputs = (*range(len(machine.moves[state])), *beyond)
        tests += [(*path, *step, *word) for step in ((), *((n,) for n in inputs)) for word in words]
    return _without_prefixes(tests)


def some(tests: Sequence[Word], most: int, cycle: int = 1, reset: int = 1) -> Sequence[Word]:
    """The tests, or an even choice of them that costs at most so much: `cycle` an input and `reset` a test."""
    for step in range(1, len(tests) + 1):
        chosen = tests[::step]
        if sum(cycle * len(test) + reset for test in chosen) <= most:
            return chosen
    return []


def _without_prefixes(words: Sequence[Word]) -> list[Word]:
    """Each word once, and none that another one begins with."""
    begun = {word[:length] for word in words for length in range(len(word))}
    return [word for word in dict.fromkeys(words) if word not in begun]
