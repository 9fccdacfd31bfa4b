"""The shared checks find what they are there to find."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import pytest

from harness.families.registers import Register
from harness.families.spec import Fact
from tests.families.agreement import (
    assert_agrees,
    assert_clean,
    assert_parameters_decide,
    assert_sound,
    stimulus,
)

GOOD = Register.edge_cases("async_reset")[0]


@dataclass(frozen=True, kw_only=True)
class Edited(Register):
    """A register whose golden, or facts, have one text replaced."""

    def verilog(self, style: int = 0) -> str:
        return super().verilog(style).replace("q <= 0;", self.b)

    def facts(self) -> list[Fact]:
        return [Fact("register.always", {"q": self.q})]


def edited(text: str) -> Edited:
    return Edited(**{**vars(GOOD), "b": text})


@pytest.mark.parametrize("text", ["q <= 1;", "q <= q;", "q <= 1'bx;"])
def test_wrong_golden_is_found(text: str) -> None:
    """A wrong reset value, a lost reset and an unknown output are reported with vector and values."""
    with pytest.raises(AssertionError, match=r"vector \d+"):
        assert_agrees(edited(text))


def test_wrong_synchrony_is_found() -> None:
    """A golden that resets at the clock edge does not pass for an asynchronous one, nor the other way round."""
    assert GOOD.reset is not None
    sync = replace(GOOD.reset, asynchronous=False)
    for spec, code in ((GOOD, replace(GOOD, reset=sync)), (replace(GOOD, reset=sync), GOOD)):
        wrong = replace(edited("q <= 0;"), reset=spec.reset)
        object.__setattr__(wrong, "verilog", code.verilog)
        for seed in range(10):
            with pytest.raises(AssertionError, match="vector"):
                assert_agrees(wrong, seed=seed)


def test_warning_is_found() -> None:
    """Code that Icarus compiles with a warning is not clean."""
    with pytest.raises(AssertionError, match="warning"):
        assert_clean(edited("q <= 1'd2;"))


def test_missing_slot_is_found() -> None:
    """A fact without one of its slots is not sound."""
    assert_sound(GOOD)
    with pytest.raises(AssertionError, match=r"register\.always"):
        assert_sound(edited(""))


def test_behaviour_in_a_surface_field_is_found() -> None:
    """A field that is marked as naming and yet decides behaviour is noticed."""

    @dataclass(frozen=True, kw_only=True)
    class Leaky(Register):
        def initial(self) -> tuple[int, ...]:
            return (int(self.radix == "hex"),)

    leaky = Leaky(**vars(GOOD))
    with pytest.raises(AssertionError, match="part at"):
        assert_parameters_decide(leaky, replace(leaky, radix="hex"))


def test_stimulus_never_races() -> None:
    """Where the clock rises nothing else changes; data and reset do change at both levels of the clock."""
    vectors = stimulus(GOOD, 3)
    changed = set()
    for before, after in pairwise(vectors):
        names = {name for name in after if after[name] != before[name]}
        if before["clk"] == 0 and after["clk"] == 1:
            assert names == {"clk"}
        changed |= {(name, after["clk"]) for name in names - {"clk"}}
    assert changed == {("d", 0), ("d", 1), ("rst", 0), ("rst", 1)}
