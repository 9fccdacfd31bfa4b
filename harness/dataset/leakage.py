"""Keeping training away from the benchmark: by behaviour, by text and by near-duplicate text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from random import Random

from datasketch import MinHash, MinHashLSH

from harness.benchmark.suite import Suite, parameter_key
from harness.families import catalogue
from harness.families.spec import Spec

NEAR = 0.85
SHINGLE = 4
PERMUTATIONS = 64
# A family with few parameter tuples may repeat one (in other words and names) after this many draws.
PATIENCE = 60


class Guard:
    """Knows what is held out. `allows(spec)` and `allows_text(text)` say whether training may have it."""

    def __init__(self, suite: Suite) -> None:
        self._parameters = {(task.spec.category, parameter_key(task.spec)) for task in suite.tasks}
        self._near = MinHashLSH(threshold=NEAR, num_perm=PERMUTATIONS)
        for task in suite.tasks:
            for split, text in task.texts.items():
                self._near.insert(f"{task.id}/{split}", signature(text))

    def allows(self, spec: Spec) -> bool:
        return (spec.category, parameter_key(spec)) not in self._parameters

    def allows_text(self, text: str) -> bool:
        return not self._near.query(signature(text))


def signature(text: str) -> MinHash:
    """MinHash over the text's 4-word shingles: the share of equal entries estimates their Jaccard similarity."""
    words = re.findall(r"\w+|[^\w\s]", text.lower())
    hashed = MinHash(num_perm=PERMUTATIONS, seed=1)
    hashed.update_batch(
        [" ".join(words[i : i + SHINGLE]).encode() for i in range(max(1, len(words) - SHINGLE + 1))]
    )
    return hashed


def training_specs(category: str, seed: str, guard: Guard) -> Iterator[Spec]:
    """Specs that are not held out; a parameter tuple comes again only where the family runs short of new ones."""
    seen: set[str] = set()
    repeats = 0
    for spec in catalogue.draw(category, seed):
        if not guard.allows(spec):
            continue
        key = parameter_key(spec)
        repeats = repeats + 1 if key in seen else 0
        if key not in seen or repeats > PATIENCE:
            seen.add(key)
            yield spec


def duplicates(texts: Iterable[str]) -> list[str]:
    """Texts that occur more than once."""
    seen: set[str] = set()
    return [text for text in texts if text in seen or seen.add(text)]  # type: ignore[func-returns-value]


def wordings(spec: Spec, label: str, count: int, guard: Guard) -> list[str]:
    """`count` different training texts of one spec, none near a held-out text.

    Raises ValueError when the voices cannot say the spec in that many ways.
    """
    from harness.wording.compose import text

    found: list[str] = []
    for attempt in range(40 * count):
        said = text(spec, Random(f"{label}:{attempt}"))
        if said not in found and guard.allows_text(said):
            found.append(said)
            if len(found) == count:
                return found
    raise ValueError(f"{label}: only {len(found)} of {count} wordings that are new and not held out")
