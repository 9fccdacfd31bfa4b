"""Who is measured on what: the model just built against V3 and V4, or whatever the user names instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.benchmark.suite import Suite, load_suite
from harness.model.base import EMBEDDED, BaseModelError, find_model
from harness.model.given import ADAPTER
from harness.model.served import is_address, look_up
from harness.profile import Benchmark
from harness.release.criteria import BASELINES
from harness.suites.suite import OutsideSuite, load_outside

CANDIDATE = "v5"
REPLACED = BASELINES[0]
"""The baseline in whose place `--baseline` stands."""
GIVEN = "baseline"
"""What criteria call the model that `--baseline` names, and no other."""
ANSWERS = ".jsonl"
"""How the name of a completions file ends, which tells it from a model's."""
OUTSIDE_CRITERIA = Path("benchmarks/suites/outside.toml")


class ContestError(ValueError):
    """Options that do not go together."""


@dataclass(frozen=True)
class Contest:
    """`candidate` against `baselines` (what criteria call them, to the model's name) on `suite` by `criteria`.

    `given` has the models that were not built here: by name, a model's place or a completions file.
    """

    suite: Suite | OutsideSuite
    criteria: Path
    candidate: str
    baselines: Mapping[str, str]
    given: Mapping[str, str]

    @property
    def by_name(self) -> dict[str, str]:
        """What criteria may call the baselines: their roles, their own names, and GIVEN if `--baseline` names one."""
        named = self.baselines.get(REPLACED)
        given = {GIVEN: named} if named is not None and named in self.given else {}
        return {**{name: name for name in self.baselines.values()}, **self.baselines, **given}

    @property
    def models(self) -> tuple[str, ...]:
        """All who are measured, the candidate last."""
        return (*self.baselines.values(), self.candidate)


def enter(
    root: Path,
    benchmark: Benchmark,
    *,
    model: str | None = None,
    completions: str | None = None,
    baseline: str | None = None,
    outside: str | None = None,
    own_criteria: Path | None = None,
) -> Contest:
    """The contest that the options describe; without any, V5 against V3 and V4 on the profile's suite.

    `outside` is an outside suite (LAYOUT:PATH), on which there is no baseline but a given one. Raises
    ContestError for two candidates, for one that has no name or is the baseline, and for a file under the wrong
    option or name, BaseModelError for a server without the model, and SuiteError.
    """
    if model and completions:
        raise ContestError("--model and --completions both name the candidate; give one of them")
    _check_names(model, completions, baseline)
    candidate, rival, given = enlist(completions if model is None else model, baseline)
    if outside and not baseline and not own_criteria:
        raise ContestError(
            f"an outside suite has no bounds of its own: give --baseline, or --criteria (a copy of {OUTSIDE_CRITERIA})"
        )
    baselines = {} if outside else {name: name for name in BASELINES}
    if rival is not None:
        baselines[REPLACED] = rival
    return Contest(
        load_outside(outside) if outside else profile_suite(root, benchmark),
        root / (own_criteria or (OUTSIDE_CRITERIA if outside else benchmark.criteria)),
        candidate,
        baselines,
        given,
    )


def enlist(candidate: str | None, baseline: str | None) -> tuple[str, str | None, dict[str, str]]:
    """The names of candidate and given baseline, and where what the user gave lies, by name.

    Raises ContestError where one has no name or both are the same, BaseModelError for a server without the model.
    """
    places = [Path(said).resolve() for said in (candidate, baseline) if said]
    if len(places) > len(set(places)):
        raise ContestError("--baseline names the candidate itself, which is never below itself: name another")
    given: dict[str, str] = {}
    taken = {*BASELINES, CANDIDATE}
    rival = None if baseline is None else _enrol(baseline, taken, given)
    if candidate is None:
        return CANDIDATE, rival, given
    return _enrol(candidate, {*taken, *given}, given), rival, given


def profile_suite(root: Path, benchmark: Benchmark) -> Suite:
    """The profile's suite, or as much of it as the profile wants. Raises SuiteError."""
    whole = load_suite(root / benchmark.suite)
    return whole if benchmark.per_family is None else whole.first(benchmark.per_family)


def _check_names(model: str | None, completions: str | None, baseline: str | None) -> None:
    """Raise ContestError where completions would be taken for a model or a model for completions, or there is none."""
    for option, said in (("--completions", completions), ("--model", model), ("--baseline", baseline)):
        if said and is_address(said) and (said.endswith(ANSWERS) or option == "--completions"):
            # An address may hold a password, so it is not repeated.
            raise ContestError(f"{option} is an address where a file was meant: fetch the file and name that")
    if completions and not completions.endswith(ANSWERS):
        raise ContestError(
            f"--completions={completions} has the wrong name: a file of completions is called NAME{ANSWERS} "
            "and has one JSON object on each line; rename it, or write it so"
        )
    if model and model.endswith(ANSWERS):
        raise ContestError(
            f"--model={model} has the name of a file of completions; give them as --completions={model}"
        )
    for option, said in (("--model", model), ("--baseline", baseline)):
        if not said or said.endswith(ANSWERS) or is_address(said):
            continue
        folder = Path(said).expanduser()
        if folder.is_file():
            raise ContestError(
                f"{option}={said} is a file: a model is a folder, a hub id or an address, and a file of "
                f"completions is called NAME{ANSWERS}"
            )
        if said != EMBEDDED and not (folder / ADAPTER).is_file():
            try:
                find_model(said)
            except BaseModelError as error:
                raise ContestError(f"{option}={said}: {error}") from error


def _enrol(said: str, taken: set[str], given: dict[str, str]) -> str:
    """Enter what the user gave under a name that nobody else has. A server is asked what its model is called."""
    name = look_up(said).name if is_address(said) else Path(said).name.removesuffix(ANSWERS).lower()
    if not name.strip(". "):
        place = "the model of that server" if is_address(said) else said
        raise ContestError(
            f"{place}: has no name to go by in reports; call it by one, as in my-model or my-model{ANSWERS}"
        )
    while name in taken:
        name += "-given"
    given[name] = said
    return name
