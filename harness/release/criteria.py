"""The release criteria, read from criteria.toml: a typo or an unknown category is an error, never a skip."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from harness.benchmark.score import Metric

OVERALL, EACH = "overall", "each"
BASELINES = ("v3", "v4")


class CriteriaError(ValueError):
    """A criteria file that cannot be used."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1)
    category: Annotated[
        list[str],
        BeforeValidator(lambda value: [value] if isinstance(value, str) else value),
        Field(min_length=1),
    ]
    at_least: float | None = Field(None, ge=0, le=1)
    not_below: str | None = Field(None, min_length=1)
    metric: Metric = "greedy"
    k: int | None = Field(None, ge=1)

    @model_validator(mode="after")
    def _tries(self) -> Self:
        if self.k is not None and self.metric != "any_sample":
            raise ValueError(f"criterion {self.name!r} has a k, which only the metric any_sample takes")
        if self.metric == "any_sample" and self.k is None:
            raise ValueError(f"criterion {self.name!r} needs a k: any_sample is pass@k, whatever the samples")
        return self

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        if (self.at_least is None) == (self.not_below is None):
            raise ValueError(f"criterion {self.name!r} needs exactly one of at_least and not_below")
        return self


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    tolerance: int = Field(1, ge=0, description="specs a category may lie below its baseline")
    criterion: list[_Entry] = Field(min_length=1)


class Criterion(BaseModel):
    """One bound on one category (or on `overall`): exactly one of `at_least` and `not_below` is set.

    `k` is that of pass@k, for the metric `any_sample` only.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    category: str
    at_least: float | None
    not_below: str | None
    metric: Metric
    tolerance: int
    k: int | None = None


def load_criteria(
    path: Path, categories: Sequence[str], baselines: Collection[str] = BASELINES
) -> list[Criterion]:
    """All criteria of a file, one for each category that an entry names.

    Raises CriteriaError naming the file and the entry: a typo, a category the suite does not have, a baseline
    that nobody measures, two criteria of the same id, no criterion at all.
    """
    try:
        parsed = _File.model_validate(tomllib.loads(path.read_text("utf-8-sig")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise CriteriaError(f"{path}: cannot be read as criteria: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = " ".join(f"{part + 1}" if isinstance(part, int) else str(part) for part in first["loc"])
        raise CriteriaError(
            f"{path}: {where}: {first['msg']}; the fields are described at the head of benchmarks/suites/criteria.toml"
        ) from error
    for entry in parsed.criterion:
        if entry.not_below is not None and entry.not_below not in baselines:
            known = ", ".join(baselines) or "none"
            raise CriteriaError(
                f"{path}: criterion {entry.name!r} compares with {entry.not_below!r}; known are {known}, and `baseline`"
                " for the model that --baseline names: give one, or an absolute bound"
            )
    criteria = [c for entry in parsed.criterion for c in _expand(entry, parsed.tolerance, path, categories)]
    ids = [c.id for c in criteria]
    twice = sorted({c for c in ids if ids.count(c) > 1})
    if twice:
        raise CriteriaError(
            f"{path}: these criteria occur twice: {', '.join(twice)}; give them names of their own"
        )
    return criteria


def _expand(entry: _Entry, tolerance: int, path: Path, categories: Sequence[str]) -> Iterator[Criterion]:
    chosen = [one for said in entry.category for one in (categories if said == EACH else [said])]
    for category in chosen:
        if category not in (*categories, OVERALL):
            known = ", ".join([*categories, OVERALL, EACH])
            raise CriteriaError(
                f"{path}: criterion {entry.name!r} names category {category!r}; known are {known}"
            )
        single = len(chosen) == 1 and EACH not in entry.category
        yield Criterion(
            id=entry.name if single else f"{entry.name}-{category}",
            category=category,
            at_least=entry.at_least,
            not_below=entry.not_below,
            metric=entry.metric,
            k=entry.k,
            tolerance=tolerance,
        )
