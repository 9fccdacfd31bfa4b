"""Component C: FSMs written by a model and accepted by A7's strict testbenches, round by round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from math import ceil

from harness.a7.candidates import NoCandidate
from harness.dataset.history import Candidate, Progress, Texts, record, scaled
from harness.dataset.leakage import Guard, training_specs, versions
from harness.dataset.policies import NO_ROOM, Leniency, Say, Templates, lowered
from harness.dataset.records import Metadata, Record
from harness.families.spec import Spec
from harness.rtl.extract import extract
from harness.testbench.a7 import Attempt, Writer
from harness.testbench.run import passes

C_TARGETS: dict[str, int] = {
    "fsm_2state": 35,
    "fsm_3state": 35,
    "fsm_handshake": 30,
    "fsm_sequence": 30,
    "fsm_mealy": 20,
    "fsm_moore": 20,
}
MAX_ATTEMPTS = 400
# Rounds are sized by the pass rate seen so far, but never as if it were below this.
LOWEST_RATE = 0.2
CANDIDATE = "candidate_"
"""Begins the reason of an attempt without a candidate, and so with nothing to test."""

# Writes one answer for each spec and its text; called once a round.
CandidateWriter = Callable[[Sequence[Spec], Sequence[str]], Sequence[str]]


@dataclass
class Tally:
    """The bookkeeping for one category.

    `untested` attempts had no testbench, whatever their RTL; `by_template` were accepted by one of V4's. `failures`
    counts the attempts that were not accepted by their reasons.
    """

    target: int
    attempts: int = 0
    accepted: int = 0
    untested: int = 0
    by_template: int = 0
    failures: dict[str, int] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """The share of attempts accepted; 0 before the first."""
        return self.accepted / self.attempts if self.attempts else 0.0


@dataclass(frozen=True)
class ComponentC:
    """The accepted records, what was tried, and a sentence on each policy that acted."""

    records: list[Record]
    tally: Mapping[str, Tally]
    policies: list[str]


@dataclass(frozen=True)
class _Trial:
    """A candidate tested: by whose testbench, and why it failed, in one word; `attempt` is None without a candidate."""

    writer: Writer
    attempt: Attempt | None
    failure: str

    @property
    def answered(self) -> bool:
        """Whether the pass rate is to count it: A7 has written something for it."""
        return self.attempt is not None and self.attempt.turns > 0 and not self.by_template

    @property
    def by_template(self) -> bool:
        return isinstance(self.writer, Templates)


def component_c(
    write: CandidateWriter,
    a7: Writer,
    guard: Guard,
    *,
    writer_name: str,
    share: float,
    texts: Texts,
    seed: int,
    progress: Progress,
    say: Say = lambda sentence: None,
) -> ComponentC:
    """FSMs written by a model (`write`) and accepted by A7's strict testbenches, at most 400 attempts in all.

    Each round asks for as many candidates as the pass rate so far says are needed. What is still missing when the
    attempts are used up stays missing and shows in the tally. `say` is told of each policy that acts; without one a
    weaker check is never taken instead.
    """
    tally = {category: Tally(count) for category, count in scaled(C_TARGETS, share).items()}
    budget = max(len(tally), round(MAX_ATTEMPTS * share))
    streams = {category: training_specs(category, f"c:{seed}", guard) for category in tally}
    records: list[Record] = []
    policies: list[str] = []

    def act(sentence: str) -> None:
        policies.append(sentence)
        say(sentence)

    leniency = Leniency(a7, act)
    short_of_room = False
    while budget > 0 and (todo := _next_round(tally, leniency.size(budget))):
        specs = [spec for category, count in todo.items() for spec in islice(streams[category], count)]
        labels = [
            f"c:{seed}:{category}:{tally[category].attempts + i}"
            for category, count in todo.items()
            for i in range(count)
        ]
        prompts = [versions(s, "", label, 1, guard)[0][0] for s, label in zip(specs, labels, strict=True)]
        answers = write(specs, prompts)
        room = {category: t.target // 2 - t.by_template for category, t in tally.items()}
        trials = _test(specs, answers, leniency.writers(specs, room))
        for spec, label, answer, trial in zip(specs, labels, answers, trials, strict=True):
            entry = tally[spec.category]
            if _book(entry, trial):
                metadata = _metadata(spec.category, writer_name, trial.writer)
                records.append(record(Candidate(spec, extract(answer), ""), label, texts, guard, metadata))
        budget -= len(specs)
        progress(sum(t.accepted for t in tally.values()), sum(t.target for t in tally.values()))
        counted = [trial for trial in trials if trial.answered]
        leniency.look_back(len(counted), sum(not trial.failure for trial in counted))
        unanswered = Counter(t.failure for t in trials if t.failure.removeprefix(CANDIDATE) in NO_ROOM)
        if unanswered and short_of_room:
            act(f"risk 1: again {_said(unanswered)}, so component C stops with {len(records)} FSMs")
            break
        if unanswered:
            short_of_room = True
            _lower(tally, unanswered, act)
    return ComponentC(records, tally, policies)


def _test(specs: Sequence[Spec], answers: Sequence[str], writers: Sequence[Writer]) -> list[_Trial]:
    """Each candidate with the testbench that its writer makes; none is asked for where there is no candidate."""
    rtl = [extract(answer) for answer in answers]
    attempts: dict[int, Attempt] = {}
    for writer in dict.fromkeys(writers):
        chosen = [n for n, code in enumerate(rtl) if writers[n] is writer and code.strip()]
        found = writer.write_all([specs[n] for n in chosen], [rtl[n] for n in chosen]) if chosen else []
        attempts |= dict(zip(chosen, found, strict=True))
    tested = [n for n, attempt in attempts.items() if attempt.testbench is not None]
    passed = dict(
        zip(tested, passes([(specs[n], rtl[n], attempts[n].testbench or "") for n in tested]), strict=True)
    )
    trials = []
    for n, writer in enumerate(writers):
        attempt = attempts.get(n)
        if attempt is None:
            answer = answers[n]
            failure = CANDIDATE + (answer.reason if isinstance(answer, NoCandidate) else "empty")
        elif attempt.testbench is None:
            failure = attempt.reason
        else:
            failure = "" if passed[n] else "rejected"
        trials.append(_Trial(writer, attempt, failure))
    return trials


def _book(entry: Tally, trial: _Trial) -> bool:
    """Count an attempt; whether its candidate is kept, which one more than was asked for is not."""
    entry.attempts += 1
    entry.untested += trial.attempt is not None and trial.attempt.testbench is None
    if trial.failure:
        entry.failures[trial.failure] = entry.failures.get(trial.failure, 0) + 1
        return False
    keep = entry.accepted < entry.target
    entry.accepted += keep
    entry.by_template += keep and trial.by_template
    return keep


def _lower(tally: Mapping[str, Tally], unanswered: Counter[str], act: Say) -> None:
    """Ask for fewer FSMs; what is there already is kept."""
    before = sum(entry.target for entry in tally.values())
    for category, target in lowered({category: t.target for category, t in tally.items()}).items():
        tally[category].target = max(target, tally[category].accepted)
    after = sum(entry.target for entry in tally.values())
    act(f"risk 1: {_said(unanswered)}, so component C's target goes from {before} FSMs to {after}")


def _said(unanswered: Counter[str]) -> str:
    reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(unanswered.items()))
    return f"requests got no reply ({reasons})"


def _next_round(tally: Mapping[str, Tally], budget: int) -> dict[str, int]:
    """How many candidates to ask for, per category still short; the budget is shared in proportion.

    The first round asks for the targets, later ones for what the pass rate so far says is needed.
    """
    wanted = {
        category: ceil((t.target - t.accepted) / (max(t.rate, LOWEST_RATE) if t.attempts else 1.0))
        for category, t in tally.items()
        if t.accepted < t.target
    }
    total = sum(wanted.values())
    shrink = min(1.0, budget / total) if total else 0.0
    counts = {category: max(1, int(count * shrink)) for category, count in wanted.items()}
    allowed: dict[str, int] = {}
    for category, count in counts.items():
        allowed[category] = min(count, budget - sum(allowed.values()))
    return {category: count for category, count in allowed.items() if count > 0}


def _metadata(category: str, writer_name: str, tester: Writer) -> Metadata:
    """What is known of an accepted FSM; one that a template has accepted does not claim A7."""
    by_a7 = not isinstance(tester, Templates)
    return Metadata(
        source="v5_a7_verified" if by_a7 else "v5_template_verified",
        category=category,
        functional="verified",
        testbench_type=tester.testbench_type,
        sim_passed=True,
        compile_success=True,
        **({"a7_model": tester.name} if by_a7 else {}),
        candidate_writer=writer_name,
    )
