"""The W-method: what it promises holds for random machines."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from harness.families.identify import STATES, Machine, Word, identifying_words, some


@st.composite
def machines(draw: st.DrawFn, inputs: int = 2) -> Machine[int]:
    """Machines of one to five states that show 0 or 1."""
    count = draw(st.integers(1, 5))
    move = st.tuples(st.integers(0, 1), st.integers(0, count - 1))
    moves = {state: draw(st.lists(move, min_size=inputs, max_size=inputs)) for state in range(count)}
    return Machine(0, moves)


def reachable(machine: Machine[int]) -> Machine[int]:
    """The machine without the states that nothing leads to."""
    kept = {state for state in machine.moves if machine.path(machine.initial, {state}) is not None}
    return Machine(machine.initial, {state: machine.moves[state] for state in sorted(kept)})


def shown(machine: Machine[int], word: Word) -> list[object]:
    state, answers = machine.initial, list[object]()
    for number in word:
        answer, state = machine.moves[state][number]
        answers.append(answer)
    return answers


def equivalent(one: Machine[int], other: Machine[int]) -> bool:
    """Whether no inputs from reset tell the two apart: a walk over pairs of states."""
    pairs = [(one.initial, other.initial)]
    for a, b in pairs:
        for (said, after), (heard, following) in zip(one.moves[a], other.moves[b], strict=True):
            if said != heard:
                return False
            if (after, following) not in pairs:
                pairs.append((after, following))
    return True


def caught(right: Machine[int], wrong: Machine[int], tests: Sequence[Word]) -> bool:
    return any(shown(right, test) != shown(wrong, test) for test in tests)


@given(machines(), machines())
def test_no_wrong_machine_of_equal_size_escapes(right: Machine[int], wrong: Machine[int]) -> None:
    """A machine that has no more states than the right one needs fails a test exactly if it is wrong."""
    right = reachable(right)
    assume(len(wrong.moves) <= len(right.distinct()))
    assert caught(right, wrong, identifying_words(right)) == (not equivalent(right, wrong))


@given(machines(inputs=3))
def test_states_are_told_apart_by_what_they_show(machine: Machine[int]) -> None:
    """Words exist for every two distinct states, and for no state and itself."""
    states = machine.distinct()
    for number, a in enumerate(states):
        for b in states[:number]:
            word = machine.telling(a, b)
            assert shown(Machine(a, machine.moves), word) != shown(Machine(b, machine.moves), word)
        with pytest.raises(ValueError, match="no inputs"):
            machine.telling(a, a)


def ring(states: int) -> Machine[int]:
    """A counter that counts or waits, and shows when it is at its top."""
    return Machine(0, {s: [(s == states - 1, (s + 1) % states), (False, s)] for s in range(states)})


def test_the_number_of_cycles_bounds_the_tests() -> None:
    """An even choice of tests is made beyond it, and none for a machine with too many states."""
    tests = identifying_words(ring(STATES))
    fewer = some(tests, 500)
    assert set(fewer) < set(tests)
    assert 250 < sum(len(test) + 1 for test in fewer) <= 500
    assert some(tests, 10**6) == tests
    assert some(tests, 1) == some([], 100) == []
    assert identifying_words(ring(STATES + 1)) == []
