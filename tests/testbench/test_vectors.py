"""A Script plays vectors to the reference model; rendered, it is a testbench that checks exactly that."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.families.catalogue import CATEGORIES, family
from harness.families.spec import Reference
from harness.testbench.run import run_testbench
from harness.testbench.vectors import Script, render


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(CATEGORIES), st.integers(0, 999), st.randoms(use_true_random=False))
def test_script(category: str, seed: int, rng: Random) -> None:
    """Outputs are the reference's, only the clock changes when it rises, and reset makes outputs known."""
    spec = family(category).sample(category, Random(seed))
    script = Script(spec)
    script.cycle()
    script.reset()
    for _ in range(8):
        script.cycle({p.name: rng.getrandbits(p.width) for p in script.data})
    reference = Reference(spec)
    for vector in script.vectors:
        outputs = reference.apply(vector.inputs)
        assert vector.expected in (None, outputs)
    assert script.vectors[-1].expected is not None
    for before, after in pairwise(vector.inputs for vector in script.vectors):
        changed = {name for name in after if before[name] != after[name]}
        if spec.clock in changed and after[spec.clock]:
            assert changed == {spec.clock}


def test_unknown_before_reset() -> None:
    """Nothing is expected of a synchronous design before a clock edge under reset, all after it."""
    spec = family("sync_reset").sample("sync_reset", Random(1))
    script = Script(spec)
    script.cycle()
    script.reset()
    assert [vector.expected is None for vector in script.vectors] == [True, True, True, False, False]


def test_one_wrong_value_fails() -> None:
    """A rendered testbench passes the golden, and fails it when one expected bit is wrong."""
    spec = family("counter_basic").sample("counter_basic", Random(5))
    script = Script(spec)
    script.reset()
    for _ in range(6):
        script.cycle()
    good = render(spec, script.vectors, "test")
    last = script.vectors[-1]
    assert last.expected is not None
    name = next(iter(last.expected))
    script.vectors[-1] = type(last)(last.inputs, {**last.expected, name: last.expected[name] ^ 1})
    bad = render(spec, script.vectors, "test")
    assert run_testbench(spec.verilog(), good, spec.name, spec.ports).outcome == "pass"
    assert run_testbench(spec.verilog(), bad, spec.name, spec.ports).outcome == "mismatch"
