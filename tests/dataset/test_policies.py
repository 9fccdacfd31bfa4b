"""The plan's risks 1 to 4: each policy acts when it should, once, says so, and leaves a mark in the data."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.a7.candidates import NoCandidate
from harness.dataset.assemble import categories
from harness.dataset.component_c import C_TARGETS, CandidateWriter, ComponentC, component_c
from harness.dataset.history import V3_COUNTS, build_v3
from harness.dataset.leakage import Guard
from harness.dataset.policies import (
    FAIR,
    REDUCED,
    Leniency,
    apportion,
    lowered,
    more_v3_fsms,
    reduced,
)
from harness.dataset.records import Record
from harness.families.catalogue import FSM
from harness.families.spec import Spec
from harness.testbench.a7 import Attempt, OfflineA7, Writer
from harness.testbench.template import template_testbench
from tests.dataset.examples import goldens, quiet, twice

CATEGORY = "fsm_2state"


class Api:
    """A writer like the API's: it can ask for less. `strict` and `relaxed` say what comes of an attempt's number."""

    name = "claude"
    key: Mapping[str, Any] = {}

    def __init__(self, strict: str, relaxed: str = "", asked: list[int] | None = None) -> None:
        self.says, self.after = strict, relaxed
        self.asked: list[int] = [] if asked is None else asked
        self.testbench_type = "a7_strict"

    def relaxed(self) -> Writer:
        less = Api(self.after, asked=self.asked)
        less.testbench_type = "a7_relaxed"
        return less

    def write_all(self, specs: Sequence[Spec], rtl: Sequence[str]) -> list[Attempt]:
        self.asked.append(len(specs))
        return [self._attempt(self.says[n % len(self.says)], spec) for n, spec in enumerate(specs)]

    def _attempt(self, kind: str, spec: Spec) -> Attempt:
        return {
            "+": Attempt(template_testbench(spec), 1),
            "-": Attempt(None, 2, "rejects_golden"),
            "$": Attempt(None, 0, "budget"),
            "4": Attempt(None, 0, "rate_limited"),
            "?": Attempt(None, 0, "invalid_request"),
        }[kind]


def right(specs: Sequence[Spec], texts: Sequence[str]) -> list[str]:
    return [spec.verilog() for spec in specs]


class Run:
    """Component C of one category only; `said` is what was said of policies."""

    def __init__(self, guard: Guard) -> None:
        self.guard, self.said = guard, list[str]()

    def __call__(self, a7: Writer, write: CandidateWriter = right) -> ComponentC:
        return component_c(
            write,
            a7,
            self.guard,
            writer_name="fake",
            share=1.0,
            texts=twice,
            seed=1,
            progress=quiet,
            say=self.said.append,
        )


@pytest.fixture
def run(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr("harness.dataset.component_c.C_TARGETS", {CATEGORY: 17})
    monkeypatch.setattr("harness.dataset.component_c.MAX_ATTEMPTS", 80)
    monkeypatch.setattr("harness.dataset.policies.FAIR", 10)
    return Run(guard)


# --- shares -----------------------------------------------------------------------------------------------


@given(
    counts=st.dictionaries(st.sampled_from(FSM), st.integers(1, 60), min_size=1), share=st.floats(0.0, 1.0)
)
def test_apportion(counts: dict[str, int], share: float) -> None:
    """The total is met, in proportion, with at least one of each and never more than there are."""
    total = round(sum(counts.values()) * share)
    parts = apportion(counts, total)
    assert sum(parts.values()) == max(total, len(counts))
    assert all(1 <= parts[key] <= counts[key] for key in counts)
    if all(count * total >= sum(counts.values()) for count in counts.values()):
        assert all(abs(parts[key] - counts[key] * total / sum(counts.values())) < 1 for key in counts)


def test_lowered_targets() -> None:
    """100 FSMs instead of 170, in the plan's proportion; a quick profile keeps every kind."""
    assert lowered(C_TARGETS) == {
        "fsm_2state": 20,
        "fsm_3state": 20,
        "fsm_handshake": 18,
        "fsm_sequence": 18,
        "fsm_mealy": 12,
        "fsm_moore": 12,
    }
    assert lowered(dict.fromkeys(FSM, 1)) == dict.fromkeys(FSM, 1)


# --- risk 1 -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["$", "4"])
def test_targets_are_lowered_where_there_is_no_room(run: Run, reason: str) -> None:
    """Replies missing for the budget or for rate limits lower the target, and what is then enough ends the run."""
    made = run(Api("+" * 10 + reason))
    assert len(made.records) == 16  # of the first 17 attempts, one had no reply
    assert made.tally[CATEGORY].target == 16
    assert made.policies == run.said
    [sentence] = made.policies
    assert sentence.startswith("risk 1: requests got no reply (1 ")
    assert sentence.endswith("target goes from 17 FSMs to 16")


def test_no_more_is_asked_when_there_is_still_no_room(run: Run) -> None:
    """A second round without replies is the last one; the attempts left are not used up on it."""
    a7 = Api("+$$$$")
    made = run(a7)
    assert made.tally[CATEGORY].target == 10
    assert len(a7.asked) == 2
    assert "target goes from 17 FSMs to 10" in made.policies[0]
    assert made.policies[1].endswith(f"so component C stops with {len(made.records)} FSMs")
    assert made.tally[CATEGORY].untested == made.tally[CATEGORY].failures["budget"]


def test_candidates_without_room_count_too(run: Run) -> None:
    """Candidates that the API did not write lower the target as well, and no testbench is paid for them."""
    a7 = Api("+")

    def poor(specs: Sequence[Spec], texts: Sequence[str]) -> list[str]:
        return [NoCandidate.because("budget") for _ in specs]

    made = run(a7, poor)
    entry = made.tally[CATEGORY]
    assert (made.records, a7.asked, entry.untested) == ([], [], 0)
    assert entry.failures == {"candidate_budget": entry.attempts}
    assert len(made.policies) == 2
    json.dumps(asdict(entry))


def test_a_request_of_its_own_fault_lowers_nothing(run: Run) -> None:
    """A request that the API calls invalid is a failed attempt and no more."""
    made = run(Api("+?"))
    assert (made.policies, made.tally[CATEGORY].target, len(made.records)) == ([], 17, 17)


# --- risk 2 -----------------------------------------------------------------------------------------------


def test_less_is_asked_below_the_pass_rate(run: Run) -> None:
    """Below 30 % the requirements are relaxed, and if that helps it is all; the data says which are which."""
    made = run(Api("+----", relaxed="+"))
    assert [sentence[:6] for sentence in run.said] == ["risk 2"]
    assert "4 of 17 FSMs passed A7, fewer than 30%" in run.said[0]
    assert "without requirements 2, 4, 6" in run.said[0]
    assert Counter(r.metadata.testbench_type for r in made.records) == {"a7_strict": 4, "a7_relaxed": 13}
    assert {r.metadata.source for r in made.records} == {"v5_a7_verified"}


def test_templates_for_half(run: Run) -> None:
    """If it does not help, templates accept half, as their metadata says; the rest is missing where A7 accepts none."""
    made = run(Api("+----", relaxed="-"))
    assert [sentence[:13] for sentence in run.said] == ["risk 2: 4 of ", "risk 2: still"]
    types = Counter(r.metadata.testbench_type for r in made.records)
    assert types == {"a7_strict": 4, "template": 17 // 2}
    assert (made.tally[CATEGORY].by_template, made.tally[CATEGORY].attempts) == (8, 80)
    for record in made.records:
        by_template = record.metadata.testbench_type == "template"
        assert (record.metadata.source == "v5_template_verified") is by_template
        assert ("a7_model" not in (record.metadata.model_extra or {})) is by_template


def test_the_offline_writer_is_never_relaxed(run: Run) -> None:
    """Its testbenches are exact: a writer of nothing right gets nothing accepted, and no policy acts."""

    def wrong(specs: Sequence[Spec], texts: Sequence[str]) -> list[str]:
        return ["module nothing; endmodule"] * len(specs)

    made = run(OfflineA7(), wrong)
    assert (made.records, made.policies) == ([], [])
    assert made.tally[CATEGORY].failures == {"rejected": 80}


@pytest.mark.parametrize(
    ("answered", "accepted", "acts"), [(FAIR - 1, 0, False), (FAIR, 14, True), (FAIR, 15, False)]
)
def test_a_fair_number_of_attempts(answered: int, accepted: int, acts: bool) -> None:
    """Nothing happens before 50 attempts, nor at 30 % sharp; nothing but answered attempts count."""
    leniency = Leniency(Api("+"), lambda sentence: None)
    leniency.look_back(answered, accepted)
    assert leniency.relaxed is acts


def test_something_is_left_to_act_on() -> None:
    """While asking for less is on trial, a round takes half of the attempts left; else all may go."""
    leniency = Leniency(Api("+"), lambda sentence: None)
    assert leniency.size(230) == 230
    leniency.look_back(170, 10)
    assert leniency.size(230) == 115
    leniency.look_back(115, 100)
    assert leniency.size(115) == 115


# --- risks 3 and 4 ----------------------------------------------------------------------------------------


def test_more_v3_fsms(guard: Guard) -> None:
    """A tenth of the 100: FSMs alone, none that V3 holds, in as many versions, all allowed."""
    v3 = build_v3(guard, 0.1, twice, 5, quiet)
    more = more_v3_fsms(guard, 0.1, twice, 5, quiet)
    assert (len(more), set(categories(more))) == (10, set(FSM))
    assert not {r.prompts[0] for r in more} & {r.prompts[0] for r in v3}
    specs = [json.dumps(r.metadata.spec) for r in v3 if r.metadata.category in FSM]
    assert not {json.dumps(r.metadata.spec) for r in more} & set(specs)
    assert all(len(r.turns) == 2 and r.metadata.source == "v3_template" for r in more)
    assert all(map(guard.allows_record, more))


def test_more_v3_fsms_in_full() -> None:
    """100 in all, for 400 of V3's instead of 300."""
    assert sum(apportion({category: V3_COUNTS[category] for category in FSM}, 100).values()) == 100


def labelled(category: str, count: int, testbench_type: str | None) -> list[Record]:
    [first] = goldens(category, 1)
    metadata = first.metadata.model_copy(update={"testbench_type": testbench_type})
    return [
        first.model_copy(update={"instruction": f"{category} {number}", "metadata": metadata})
        for number in range(count)
    ]


def test_reduced() -> None:
    """750 are left: all that A7 verified, in their order, and as large a part of every other category."""
    records = [
        *labelled("mux", 300, None),
        *labelled("fsm_moore", 170, "a7_offline"),
        *labelled("fsm_moore", 200, "template"),
        *labelled("comparator", 254, "reference_judge"),
    ]
    kept = reduced(records)
    assert len(kept) == REDUCED == 750
    by_a7 = [r for r in records if r.metadata.testbench_type == "a7_offline"]
    assert [r for r in kept if r.metadata.testbench_type == "a7_offline"] == by_a7
    assert categories([r for r in kept if r not in by_a7]) == {
        "mux": 231,
        "fsm_moore": 154,
        "comparator": 195,
    }
    order = [records.index(r) for r in kept]
    assert order == sorted(order)


def test_reduced_at_the_ends() -> None:
    """What is small enough stays as it is, and A7's stay even if they are more than may be."""
    records = [*labelled("mux", 3, None), *labelled("fsm_moore", 3, "a7_anthropic")]
    assert reduced(records) == records
    assert reduced(records, 2) == records[3:]
