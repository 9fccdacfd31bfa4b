"""What the plan does when one of its risks comes true.

1 and 2 act by themselves while component C is made, each step once and with a sentence on it; 3 and 4 are switches
of the profile. That calls give way to batches (the first step of 1) is in harness.a7.client.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import floor
from typing import Any, Protocol, runtime_checkable

from harness.a7.faults import LIMITS
from harness.a7.prompts import RELAXED
from harness.dataset.history import V3_COUNTS, V3_WRONG, Progress, Texts, record, scaled, with_faults
from harness.dataset.leakage import Guard, training_specs
from harness.dataset.records import Metadata, Record
from harness.families.catalogue import FSM
from harness.families.spec import Spec
from harness.testbench.a7 import Attempt, Writer
from harness.testbench.template import template_testbench

NO_ROOM = frozenset({*LIMITS, "expired", "budget"})
"""Reasons for no reply that lie with rate limits or the budget; batches expire when the API has no time for them."""
PLANNED, SMALLER = 170, 100
LOWEST_PASS_RATE = 0.3
FAIR = 50
"""Attempts after which a pass rate says something."""
MORE_V3_FSMS = 100
REDUCED = 750

Say = Callable[[str], object]
"""Told in a sentence what a policy does, and why."""


def apportion(counts: Mapping[str, int], total: int) -> dict[str, int]:
    """`total` shared out in proportion to `counts` (by largest remainder), but at least one of each."""
    exact = {key: count * total / sum(counts.values()) for key, count in counts.items()}
    parts = {key: max(1, floor(part)) for key, part in exact.items()}
    while sum(parts.values()) < total:
        parts[max(exact, key=lambda key: exact[key] - parts[key])] += 1
    while sum(parts.values()) > max(total, len(parts)):
        parts[min((k for k in parts if parts[k] > 1), key=lambda key: exact[key] - parts[key])] -= 1
    return parts


# --- risk 1: the API's rate limits ------------------------------------------------------------------------


def lowered(targets: Mapping[str, int]) -> dict[str, int]:
    """Risk 1, "A7 API rate limits", the fallback: 100 FSMs for 170, in proportion per category."""
    return apportion(targets, round(sum(targets.values()) * SMALLER / PLANNED)) if targets else {}


# --- risk 2: too strict testbenches -----------------------------------------------------------------------


@runtime_checkable
class Relaxable(Protocol):
    """A writer of testbenches that can ask for less; the offline one has nothing that it could leave out."""

    def relaxed(self) -> Writer: ...


class Templates:
    """V4's template testbenches as a writer, for what A7 is not to test."""

    name = testbench_type = "template"
    key: Mapping[str, Any] = {"name": name}

    def write_all(self, specs: Sequence[Spec], rtl: Sequence[str]) -> list[Attempt]:
        """A testbench for every spec."""
        return [Attempt(template_testbench(spec), 1) for spec in specs]


@dataclass
class Leniency:
    """Risk 2, "A7 testbenches too strict": fewer requirements below a pass rate of 30 %, then templates for half.

    It acts only where the writer can ask for less: a low pass rate with the offline writer, whose testbenches
    are exact, says that the candidates are wrong.
    """

    a7: Writer
    say: Say
    relaxed: bool = False
    halved: bool = False
    answered: int = 0
    accepted: int = 0

    def size(self, budget: int) -> int:
        """Most attempts of the next round: what asking for less has brought is seen while some are left."""
        on_trial = self.relaxed and not self.halved and self.answered < FAIR
        return (budget + 1) // 2 if on_trial else budget

    def writers(self, specs: Sequence[Spec], room: Mapping[str, int]) -> list[Writer]:
        """Who tests each FSM: A7, or in the end the template for every second one, while a category has `room`."""
        if not self.halved:
            return [self.a7] * len(specs)
        templates, seen, chosen = Templates(), Counter[str](), list[Writer]()
        for spec in specs:
            number = seen[spec.category]
            seen[spec.category] += 1
            chosen.append(templates if number % 2 == 0 and number // 2 < room[spec.category] else self.a7)
        return chosen

    def look_back(self, answered: int, accepted: int) -> None:
        """Count a round's attempts that A7 wrote something for, and those accepted; take the next step if need be."""
        self.answered += answered
        self.accepted += accepted
        low = self.answered >= FAIR and self.accepted < LOWEST_PASS_RATE * self.answered
        if not low or self.halved:
            return
        counted = f"{self.accepted} of {self.answered} FSMs passed A7, fewer than {LOWEST_PASS_RATE:.0%}"
        if self.relaxed:
            self.halved = True
            self.say(f"risk 2: still {counted}, so templates test up to half of each category from here on")
        elif isinstance(self.a7, Relaxable):
            self.a7, self.relaxed = self.a7.relaxed(), True
            given_up = ", ".join(map(str, RELAXED))
            self.say(f"risk 2: {counted}, so A7 is asked for less (without requirements {given_up})")
        self.answered = self.accepted = 0


# --- risk 3: V5 still regresses on FSMs -------------------------------------------------------------------


def more_v3_fsms(guard: Guard, share: float, texts: Texts, seed: int, progress: Progress) -> list[Record]:
    """Risk 3, "V5 still regresses on FSMs": 100 more FSMs of V3's kind, for 400 of its examples instead of 300.

    They go on where V3's own end, so that none comes twice, and are wrong as often.
    """
    own = scaled(V3_COUNTS, share)
    more = apportion({category: own[category] for category in FSM}, round(MORE_V3_FSMS * share))
    specs = [
        spec
        for category, count in more.items()
        for spec in islice(
            training_specs(category, f"v3:{seed}", guard), own[category], own[category] + count
        )
    ]
    candidates = with_faults(specs, lambda spec: V3_WRONG, f"v3:{seed}:more", progress)
    return [
        record(
            candidate,
            f"v3:{seed}:more:{number}",
            texts,
            guard,
            Metadata(source="v3_template", category=candidate.spec.category),
        )
        for number, candidate in enumerate(candidates)
    ]


# --- risk 4: training takes too long ----------------------------------------------------------------------


def reduced(records: Sequence[Record], total: int = REDUCED) -> list[Record]:
    """Risk 4, "training time exceeds budget": 750 examples, all that A7 verified and the others in proportion.

    The order stays; of a category the first ones stay, which are as good as drawn after the shuffle.
    """
    left = total - sum(map(_by_a7, records))
    counts = Counter(r.metadata.category for r in records if not _by_a7(r))
    if left >= counts.total():
        return list(records)
    room = Counter(apportion(counts, left) if left > 0 else {})
    kept = []
    for entry in records:
        if _by_a7(entry) or room[entry.metadata.category] > 0:
            kept.append(entry)
            room[entry.metadata.category] -= not _by_a7(entry)
    return kept


def _by_a7(entry: Record) -> bool:
    return (entry.metadata.testbench_type or "").startswith("a7")
