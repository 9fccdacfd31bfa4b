"""A proposed composition is a profile as it stands, of the plan's size, and changes the data only."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from harness.profile import load_profile
from harness.release.monitor import Domain, Monitored, Rate
from harness.release.plan import PlanError, Size, expected, propose, write_plan

HOLES = {"sync_reset": 40, "edge_detector": 40, "shift_universal": 25, "enable_control": 15}
SHIPPED = load_profile("embedded")
BASE = SHIPPED.model_copy(update={"data": SHIPPED.data.model_copy(update={"holes": HOLES})})
BUILT = Size(802, measured=True)


def seen(*domains: Domain, model: str = "f00d") -> Monitored:
    """A monitored trace with these domains."""
    return Monitored(model, 100, 0, 0, 0, 0, 0, {}, domains, [], {}, [], {}, [])


def domain(category: str, passed: int, total: int) -> Domain:
    return Domain(category, Rate(passed, total), 0)


WEAK = domain("fsm_handshake", 30, 60)
STRONG = domain("mux", 60, 60)


@pytest.mark.parametrize("size", [BUILT, expected(BASE)])
def test_a_plan_is_a_profile(tmp_path: Path, size: Size) -> None:
    """It is written as it was meant, within 900 to 1,000 examples; recipe, benchmark and base stay."""
    plan = propose(BASE, seen(WEAK, STRONG), tmp_path / "trace.jsonl", size)
    profile = write_plan(plan, tmp_path / "v6.toml")
    assert profile == load_profile(str(tmp_path / "v6.toml"))
    assert (profile.train, profile.benchmark, profile.base) == (BASE.train, BASE.benchmark, BASE.base)
    assert profile.recordings == BASE.recordings
    data = profile.data
    assert data.trace == tmp_path / "trace.jsonl" and data.mined == 20
    assert data.holes["fsm_handshake"] > 0 and "mux" not in data.holes
    assert data.versions == {**BASE.data.versions, "fsm_handshake": 2}
    least = size.examples + data.edge_cases + sum(data.holes.values())
    assert plan.size == (least, least + 20) and least >= 900 and least + 20 <= 1000
    assert "fsm_handshake = " in plan.toml and "# 30 of 60 pass" in plan.toml


def test_examples_follow_the_shortfall(tmp_path: Path) -> None:
    """Who is short of more gets more; those who are not weak give up a quarter at most."""
    weak = [domain("fsm_mealy", 12, 60), domain("fsm_moore", 36, 60)]
    holes = write_plan(propose(BASE, seen(*weak), tmp_path / "t", BUILT), tmp_path / "v6.toml").data.holes
    assert holes["fsm_mealy"] > 2 * holes["fsm_moore"] > 0
    assert all(holes[category] >= 0.75 * count for category, count in BASE.data.holes.items())


def test_a_weak_domain_keeps_what_it_has(tmp_path: Path) -> None:
    """A weak domain with extra examples gets more of them, never fewer."""
    weak = domain("edge_detector", 10, 60)
    holes = write_plan(propose(BASE, seen(weak), tmp_path / "t", BUILT), tmp_path / "v6.toml").data.holes
    assert holes["edge_detector"] > BASE.data.holes["edge_detector"]


def test_nothing_weak(tmp_path: Path) -> None:
    """Without a weak domain only the trace is new."""
    plan = propose(BASE, seen(STRONG), tmp_path / "t", BUILT)
    assert write_plan(plan, tmp_path / "v6.toml").data.holes == BASE.data.holes
    assert "No domain is weak" in plan.toml


def test_names_from_a_trace_stay_comments(tmp_path: Path) -> None:
    """Whatever a trace calls its model or its categories, it sets nothing."""
    plan = propose(
        BASE, seen(domain("x\n[data]\nseed = 1", 0, 60), model='m"\nbase = "evil"'), tmp_path / "t", BUILT
    )
    assert tomllib.loads(plan.toml)["base"] == "embedded"
    assert write_plan(plan, tmp_path / "v6.toml").data.seed == BASE.data.seed
    assert "no family makes them" in plan.toml


def test_no_room(tmp_path: Path) -> None:
    """A base that leaves nothing for D is refused, as is a path that no profile can have; nothing is written."""
    with pytest.raises(PlanError, match="leave room for 0 examples"):
        propose(BASE, seen(WEAK), tmp_path / "t", Size(1000, measured=True))
    plan = propose(BASE, seen(WEAK), tmp_path / "t", BUILT)
    with pytest.raises(PlanError, match=r"must end in \.toml"):
        write_plan(plan, tmp_path / "v6.txt")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["embedded", "smoke", "qwen", "embedded-nf4"])
def test_every_shipped_profile_can_be_a_base(tmp_path: Path, name: str) -> None:
    """A plan can be derived from any profile of ours."""
    base = load_profile(name)
    plan = propose(base, seen(WEAK), tmp_path / "t", expected(base))
    profile = write_plan(plan, tmp_path / "v6.toml")
    assert profile.train == base.train and profile.data.share == base.data.share
