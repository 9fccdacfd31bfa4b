"""Keeping training away from the benchmark: by behaviour, by text and by near-duplicate text."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from harness.benchmark.suite import Request, Suite, Task, parameter_key
from harness.dataset.records import DatasetError, Record
from harness.dataset.requests import Asked
from harness.families import catalogue
from harness.families.respell import respell
from harness.families.spec import Spec
from harness.wording.compose import text

NEAR = 0.85
DOUBTFUL = 0.4
"""The 6,213 texts of components A to D share at most 0.33 of a held-out one; half of those share 0.47 when renamed."""
SHINGLE = 4
# A family with few parameter tuples may repeat one (in other words and names) after this many draws.
PATIENCE = 60
# After this many held-out specs in a row a family is taken to have no other.
HOPELESS = 20_000


class Guard:
    """Knows what is held out, and says whether training may have a spec, a text or a whole record.

    A text is near a held-out one if the Jaccard similarity of their shingles is at least NEAR. The shingles
    of the suite are indexed, so this is exact, and fast for a text that shares few of them.
    """

    def __init__(self, suite: Suite) -> None:
        self._parameters = {parameter_key(task.spec) for task in suite.tasks}
        self._sizes: list[int] = []
        self._holders: defaultdict[str, list[int]] = defaultdict(list)
        for number, said in enumerate(said for task in suite.tasks for said in task.texts.values()):
            held_out = shingles(said)
            self._sizes.append(len(held_out))
            for shingle in held_out:
                self._holders[shingle].append(number)

    def allows(self, spec: Spec) -> bool:
        return parameter_key(spec) not in self._parameters

    def allows_text(self, text: str) -> bool:
        said = shingles(text)
        shared = Counter(number for shingle in said for number in self._holders.get(shingle, ()))
        return all(
            common < NEAR * (len(said) + self._sizes[number] - common) for number, common in shared.items()
        )

    def allows_record(self, record: Record) -> bool:
        """Whether its spec, if it names one, and all that it is trained with are not held out."""
        spec = record.metadata.spec
        return (spec is None or self.allows(catalogue.load(spec))) and all(
            map(self.allows_text, record.prompts)
        )


@dataclass(frozen=True)
class Nearest:
    """The training text most like a held-out one: `record` counts from 1, `similarity` is in 0..1 (see `nearest`).

    `held_out` marks what training must not have: a text too near, or a spec of the same behaviour.
    """

    task: str
    split: str
    record: int
    similarity: float
    text: str
    held_out: bool


def nearest(tasks: Iterable[Request], examples: Sequence[Asked]) -> list[Nearest]:
    """For each text of the tasks the nearest one of all that `examples` are trained with, the nearest first.

    In what is more than a request, the share of the task's text that lies within it is its similarity; signs do not
    count there, as other people's data have other marks about the same words.
    """
    said = [(number, prompt) for number, example in enumerate(examples, 1) for prompt in example.prompts]
    exact = [examples[number - 1].exact for number, _ in said]
    sizes: list[int] = []
    holders: defaultdict[tuple[bool, str], list[int]] = defaultdict(list)
    for index, (_, prompt) in enumerate(said):
        found = CUTS[exact[index]](prompt)
        sizes.append(len(found))
        for shingle in found:
            holders[exact[index], shingle].append(index)
    specs = {number: example.spec for number, example in enumerate(examples, 1)}
    twins = {parameter_key(catalogue.load(spec)): n for n, spec in specs.items() if spec is not None}

    def best(asked: str) -> tuple[float, int, str]:
        alike: dict[int, float] = {}
        for kind, cut in CUTS.items():
            own = cut(asked)
            shared = Counter(index for shingle in own for index in holders.get((kind, shingle), ()))
            for index, common in shared.items():
                alike[index] = common / (len(own) + sizes[index] - common if kind else len(own))
        index = max(alike, key=lambda index: (alike[index], -index), default=0)
        return (alike.get(index, 0.0), *said[index])

    pairs = []
    for task in tasks:
        twin = twins.get(parameter_key(task.spec)) if isinstance(task, Task) else None
        for split, asked in task.texts.items():
            similarity, number, prompt = best(asked)
            if twin is not None and similarity < NEAR:
                number, prompt = twin, examples[twin - 1].prompts[0]
            leaks = twin is not None or similarity >= NEAR
            pairs.append(Nearest(task.id, split, number, similarity, prompt, leaks))
    return sorted(pairs, key=lambda pair: (not pair.held_out, -pair.similarity, pair.task, pair.split))


def shingles(text: str) -> set[str]:
    """The runs of SHINGLE words (or signs) in a text, case apart; the whole of a shorter text."""
    return _runs(re.findall(r"\w+|[^\w\s]", text.lower()))


def word_shingles(text: str) -> set[str]:
    """The same of words alone, each part of a name one; a line's end that was escaped twice is none."""
    return _runs(re.findall(r"[^\W_]+", re.sub(r"\\[nrt]", " ", text.lower())))


def _runs(words: Sequence[str]) -> set[str]:
    return {" ".join(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1))}


CUTS = {True: shingles, False: word_shingles}
"""How texts are cut up, by whether the examples are requests and no more."""


def training_specs(category: str, seed: str, guard: Guard) -> Iterator[Spec]:
    """Specs that are not held out; a parameter tuple comes again only where the family is short of new ones.

    Raises DatasetError when the suite seems to hold the whole family.
    """
    seen: set[str] = set()
    repeats = held_out = 0
    for spec in catalogue.draw(category, seed):
        if not guard.allows(spec):
            held_out += 1
            if held_out > HOPELESS:
                raise DatasetError(
                    f"{category}: {HOPELESS} specs drawn in a row are all in the suite, so none is left"
                    " to train on; give the suite fewer of them"
                )
            continue
        held_out = 0
        key = parameter_key(spec)
        repeats = repeats + 1 if key in seen else 0
        if key not in seen or repeats > PATIENCE:
            seen.add(key)
            yield spec


def duplicates(texts: Iterable[str]) -> list[str]:
    """Texts that occur more than once."""
    seen: set[str] = set()
    return [text for text in texts if text in seen or seen.add(text)]  # type: ignore[func-returns-value]


def versions(spec: Spec, rtl: str, label: str, count: int, guard: Guard) -> list[tuple[str, str]]:
    """`count` versions of one example, (text, RTL): each in other words, all but the first under other names.

    No text comes near a held-out one. Raises DatasetError when the voices cannot say it in so many ways.
    """
    found: dict[str, str] = {}
    for attempt in range(40 * count):
        rng = Random(f"{label}:{attempt}")
        named, code = respell(spec, rtl, rng) if found else (spec, rtl)
        said = text(named, rng)
        if said not in found and guard.allows_text(said):
            found[said] = code
            if len(found) == count:
                return list(found.items())
    raise DatasetError(
        f"{spec.category} {spec.name} ({label}): only {len(found)} of {count} wordings are new and not"
        " held out; train for fewer epochs, or add voices to harness/wording/voices"
    )
