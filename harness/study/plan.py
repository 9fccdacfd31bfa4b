"""A study file: which cells there are, and what all of them share. `--study` takes a file of your own."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PositiveInt,
    ValidationError,
    field_validator,
    model_validator,
)

from harness.families.catalogue import FSM
from harness.study.analysis import Components
from harness.study.filters import FILTERS, OWN
from harness.validation import first_fault

Variant = Literal["all", "without_a", "without_b", "without_c", "without_d", "b_verified", "b_unverified"]
Question = Literal["strictness", "composition", "curve"]


class StudyError(ValueError):
    """A study file that breaks a rule, or a study that cannot be made from what is there."""


@dataclass(frozen=True)
class Cell:
    """One model of the study: trained as `question` asks on the data of one `arm`, with one seed."""

    question: Question
    arm: str
    seed: int

    @property
    def name(self) -> str:
        return f"{self.question}-{self.arm}-s{self.seed}"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator("*")
    @classmethod
    def _each_once(cls, value: object) -> object:
        """The same seed, filter or share twice would be one cell that counts as two."""
        if isinstance(value, tuple) and len(set(value)) < len(value):
            raise ValueError(f"{', '.join(map(str, value))}: something is there twice; name each once")
        return value


class Strictness(_Part):
    """The same number of FSMs of the same specs, each the first candidate that a filter keeps.

    Specs that every filter serves are easy ones: somebody has to have solved them. What a weak filter lets in where no
    candidate is right is seen on its own specs.
    """

    filters: tuple[str, ...] = tuple(FILTERS)
    own_specs: tuple[str, ...] = Field(
        (), description="filters that are tried once more, on the first specs that they serve themselves"
    )
    writer: Literal["v3", "v4"] = "v3"
    specs: dict[str, PositiveInt] = Field(description="specs to write candidates for, by FSM kind")
    examples: dict[str, PositiveInt] = Field(
        description="specs to train on, of those that every filter serves"
    )
    candidates: int = Field(8, ge=1, description="of each spec, the greedy one first")
    versions: PositiveInt = Field(1, description="versions of each example an epoch")

    @property
    def arms(self) -> tuple[str, ...]:
        """The filters on common specs, then those on their own, whose names end in `OWN`."""
        return (*self.filters, *(name + OWN for name in self.own_specs))

    @field_validator("filters", "own_specs")
    @classmethod
    def _known_filters(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := set(names) - set(FILTERS):
            raise ValueError(
                f"there is no filter {', '.join(sorted(unknown))}; there are {', '.join(FILTERS)}"
            )
        return names

    @field_validator("specs", "examples")
    @classmethod
    def _known_kinds(cls, counts: dict[str, int]) -> dict[str, int]:
        if unknown := set(counts) - set(FSM):
            raise ValueError(f"{', '.join(sorted(unknown))} is no FSM kind; there are {', '.join(FSM)}")
        return counts

    @model_validator(mode="after")
    def _specs_for_the_examples(self) -> Self:
        if short := [kind for kind, count in self.examples.items() if count > self.specs.get(kind, 0)]:
            raise ValueError(
                f"{', '.join(short)}: more examples than specs; ask for candidates for more specs"
            )
        if unused := set(self.specs) - set(self.examples):
            raise ValueError(f"{', '.join(sorted(unused))}: specs, but no examples; give both or neither")
        return self


class Composition(_Part):
    """V5's training set with a component left out, or with B checked or unchecked by the judge."""

    variants: tuple[Variant, ...]
    seeds: tuple[int, ...] | None = Field(None, min_length=1, description="the study's where not given")


class Curve(_Part):
    """V5's training set cut down to shares of its examples, the mix kept."""

    shares: tuple[float, ...] = Field(min_length=1)
    seeds: tuple[int, ...] | None = Field(None, min_length=1, description="the study's where not given")

    @field_validator("shares")
    @classmethod
    def _in_range(cls, shares: tuple[float, ...]) -> tuple[float, ...]:
        if not all(0 < share <= 1 for share in shares):
            raise ValueError("a share lies above 0 and is at most 1")
        return shares


class Power(_Part):
    """The effect that a study has to be able to tell, and what is assumed of its noise before it is run."""

    effect: float = Field(0.10, gt=0, lt=1)
    assumed: Components = Components(0.03, 0.30, 0.40)

    @field_validator("assumed")
    @classmethod
    def _no_negative_deviation(cls, assumed: Components) -> Components:
        if min(assumed.seed, assumed.spec, assumed.rest) < 0:
            raise ValueError("a standard deviation is 0 or more")
        return assumed


class StudyPlan(_Part):
    """A whole study. Each seed trains each arm anew: other adapters, another order of examples."""

    profile: str = "embedded"
    recordings: Path = Field(description="finished cells' answers, under the project; replayed from there")
    seeds: tuple[int, ...] = Field((0, 1, 2), min_length=1)
    samples: int = Field(
        5, ge=1, description="samples of each of the benchmark's specs, for pass@1 and pass@k"
    )
    fresh: int = Field(
        0, ge=0, description="FSM specs of each kind, beside the benchmark's, for one greedy answer each"
    )
    power: Power = Power()
    strictness: Strictness | None = None
    composition: Composition | None = None
    curve: Curve | None = None

    def cells(self) -> Iterator[Cell]:
        """All cells, in the order in which they are run: every arm once before any arm twice."""
        for seed in self.seeds:
            for arm in self.strictness.arms if self.strictness else ():
                yield Cell("strictness", arm, seed)
        if self.composition:
            for seed in self.composition.seeds or self.seeds:
                for variant in self.composition.variants:
                    yield Cell("composition", variant, seed)
        if self.curve:
            for seed in self.curve.seeds or self.seeds:
                for share in self.curve.shares:
                    yield Cell("curve", f"{100 * share:g}%", seed)


def load_plan(path: Path) -> StudyPlan:
    """Read a study file. Raises StudyError naming the file, the entry and the rule."""
    try:
        return StudyPlan.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise StudyError(f"{path}: cannot be read ({error}); name a study file") from error
    except tomllib.TOMLDecodeError as error:
        raise StudyError(f"{path}: is not TOML ({error})") from error
    except ValidationError as error:
        raise StudyError(f"{path}: {first_fault(error, 'the file')}") from error
