"""Stimulus for faults that need a long history: what the judge adds to the common trace.

A counter that wraps one step too late answers well for all the cycles before; a detector that looks one bit too
far back answers well whenever the pattern follows a reset.
"""

from __future__ import annotations

from itertools import islice, product

from harness.families.explore import small_machine
from harness.families.identify import identifying_words, some
from harness.families.spec import Spec
from harness.simulate.stimulus import CYCLES, Driver, Trace, Vector, drive

LAP = 4200
"""Cycles after which a design must be back in a state it had, for a lap to be driven: a 12-bit counter is."""
BUDGET = 2 * LAP
"""Cycles that all laps of a design may take: up and down again."""
BEYOND = 3
"""Cycles for which a lap goes on where it began."""
TRANSITIONS, IDENTIFY_CYCLES = 2000, 2000
"""Most transitions of a design that is explored whole, and the most cycles to identify where they end."""
SETTINGS = 16
"""Values of the 1-bit inputs that are considered; all of them up to four inputs."""


def long_trace(spec: Spec, seed: int) -> Trace:
    """The common trace of `spec`, then paths to each kind of answer from elsewhere than reset, then laps, then what
    shows that each transition ends in the right state.

    Equal arguments give equal traces. Raises ValueError as stimulus.trace does.
    """
    driver = drive(spec, seed)
    if spec.clock is not None:
        _approach(driver, CYCLES)
        _laps(driver)
        _identify(driver)
    return driver.trace()


def _approach(driver: Driver, cycles: int) -> None:
    """Go the known paths without a reset before them, each after a step with every setting of the 1-bit inputs."""
    for path in driver.paths():
        for before in _settings(driver):
            if cycles < len(path) + 1:
                return
            for data in (before, *path):
                driver.edge({**driver.taken, **data})
            cycles -= len(path) + 1


def _laps(driver: Driver) -> None:
    """Hold each setting of the 1-bit inputs until the state comes back or stays; the longest way first."""
    driver.reset_over_edges(1)
    settings, left = _settings(driver), BUDGET
    while settings:
        lengths = [_lap(driver, setting) for setting in settings]
        longest = max(range(len(settings)), key=lambda i: lengths[i])
        if lengths[longest] == 0 or lengths[longest] > left:
            return
        for _ in range(lengths[longest] + BEYOND):
            driver.edge(settings[longest])
        left -= lengths[longest]
        del settings[longest]


def _identify(driver: Driver) -> None:
    """Show that each transition of a small design ends in the right state, each test of it from reset."""
    small = small_machine(driver.spec, TRANSITIONS)
    if small is None:
        return
    machine, vectors = small
    for test in some(identifying_words(machine), IDENTIFY_CYCLES):
        driver.reset_over_edges(1)
        for number in test:
            driver.edge(vectors[number])


def _lap(driver: Driver, data: Vector) -> int:
    """Cycles with `data` until a state occurs again; 0 if that takes more than LAP."""
    spec, state = driver.spec, driver.reference.state
    inputs = {**driver.now, **data}
    seen = {state}
    for cycle in range(1, LAP):
        state = spec.next(state, inputs)
        if state in seen:
            return cycle
        seen.add(state)
    return 0


def _settings(driver: Driver) -> list[Vector]:
    """Values for all data inputs: the 1-bit ones in every combination, if there are few, the others at random."""
    bits = [port.name for port in driver.data if port.width == 1]
    combinations = islice(product((0, 1), repeat=len(bits)), SETTINGS)
    return [{**driver.random_data(), **dict(zip(bits, values))} for values in combinations]
