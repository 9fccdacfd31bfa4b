"""A profile: every setting of a run in one file. `--profile` takes a shipped one's name or your FILE.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeInt,
    PositiveInt,
    ValidationError,
    field_validator,
)

from harness.a7.settings import ApiSettings
from harness.families.catalogue import family
from harness.model.train import Recipe

FOLDER = Path(__file__).parent / "profiles"
SHIPPED = sorted(path.stem for path in FOLDER.glob("*.toml"))


class ProfileError(ValueError):
    """A profile that does not exist or breaks a rule."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Data(_Part):
    """Where the training data comes from and how much of it."""

    share: float = Field(1.0, gt=0, le=1, description="every planned count times this, at least one of each")
    seed: int = 42
    v3_file: Path | None = Field(None, description="your original V3 JSONL instead of the regenerated one")
    v4_file: Path | None = Field(None, description="your original V4 JSONL instead of the regenerated one")
    trace: Path | None = Field(None, description="a trace.jsonl; its verified successes join component D")
    mined: int = Field(20, ge=0, description="at most this many records from the trace")
    edge_cases: int = Field(20, ge=0)
    holes: dict[str, NonNegativeInt] = Field(
        default_factory=dict, description="golden examples for categories that A-C touch too little"
    )
    versions: dict[str, PositiveInt] = Field(
        default_factory=dict, description="versions of each example of a category an epoch, if not one"
    )
    fsm_versions: PositiveInt = Field(1, description="versions of each FSM of components C and D an epoch")
    b_verified: bool = Field(False, description="drop component B's examples that the judge rejects")
    c_writer: Literal["v3", "v4", "teacher", "anthropic"] = Field(
        "v3", description="who writes component C's candidates; anthropic: a Claude model, see `api`"
    )
    more_v3_fsms: bool = Field(
        False, description="component B has 400 of V3's examples instead of 300 (the plan's risk 3)"
    )
    reduced: bool = Field(
        False, description="750 examples in all, those verified by A7 kept (the plan's risk 4)"
    )
    a7: Literal["offline", "anthropic", "auto"] = Field(
        "offline", description="who writes component C's testbenches; auto: the API where there is a key"
    )
    teacher_wrong: float = Field(
        0.55, ge=0, le=1, description="share of faulty candidates of the `teacher` writer"
    )

    @field_validator("holes", "versions")
    @classmethod
    def _known_categories(cls, counts: dict[str, int]) -> dict[str, int]:
        for category in counts:
            family(category)
        return counts


class Benchmark(_Part):
    """What is measured."""

    suite: Path = Field(Path("benchmarks/suites/v5"), description="a suite folder, relative to the project")
    criteria: Path = Path("benchmarks/suites/criteria.toml")
    per_family: int | None = Field(None, ge=1, description="only the first specs of each family; None: all")
    rule: Literal["literal", "lower_bound", "not_worse"] = Field(
        "literal", description="how criteria are decided: see harness/release/gate.py"
    )
    samples: int = Field(5, ge=0, description="sampled answers for each spec besides the greedy one")
    temperature: float = Field(0.4, gt=0)
    max_new_tokens: int = Field(512, ge=16)


class Profile(_Part):
    """One run. `base` is 'embedded', a model folder or a hub id; `recordings` may stand in for V3 and V4."""

    name: str
    base: str = "embedded"
    recordings: Path | None = Field(
        None, description="folder of recorded completions, relative to the project"
    )
    data: Data = Data()
    train: Recipe = Recipe()
    benchmark: Benchmark = Benchmark()
    api: ApiSettings = Field(ApiSettings(), description="how the API is used: see harness/a7/settings.py")


def load_profile(name: str) -> Profile:
    """The shipped profile `name`, or the file it names.

    Raises ProfileError: unknown name (the known are listed), broken TOML, a typo, a value out of range.
    """
    path = Path(name) if name.endswith(".toml") else FOLDER / f"{name}.toml"
    if not path.is_file():
        raise ProfileError(
            f"no profile {name!r}; shipped are {', '.join(SHIPPED)}, and a path must end in .toml"
        )
    try:
        settings = tomllib.loads(path.read_text("utf-8"))
        return Profile.model_validate({"name": path.stem, **settings})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProfileError(f"{path}: cannot be read as a profile: {error}") from error
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise ProfileError(f"{path}: {problems}; the settings are described in harness/profile.py") from error
