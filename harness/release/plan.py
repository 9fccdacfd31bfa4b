"""The composition of V6, proposed from what production showed: a profile that `pytest -m build --profile` takes.

Everything but the data stays as it was in the profile that made the present model, so that the gate compares
compositions and not recipes. Weak domains get golden examples in proportion to what they are short of, within the
plan's size of the whole. For them the others give up a quarter of their own extra examples at most, as a domain that
does well may do so because of them; what is mined needs room first, and all make it alike.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from harness.dataset.component_c import C_TARGETS
from harness.dataset.components import A_COUNTS, B_CATEGORIES
from harness.dataset.history import V3_COUNTS, scaled
from harness.dataset.policies import MORE_V3_FSMS, apportion
from harness.dataset.tracelog import read
from harness.families.catalogue import FAMILIES
from harness.profile import Profile, load_profile
from harness.release.monitor import GOAL, Domain, Monitored
from harness.release.toml import toml
from harness.store import write_atomic

SMALLEST, LARGEST = 900, 1000
"""The plan's size of a training set."""
EXAMPLES = 100
"""Golden examples for a domain that is short of everything."""
GIVEN_UP = 4
"""Domains that are not weak give up one in so many of their extra examples, if need be."""
MOST_VERSIONS = 4
MINED = 20
B_RIGHT, C_ACCEPTED = 0.82, 0.84
"""Measured shares of component B that the judge finds right, and of C's targets that a V3 model reaches."""
UNSURE = 30
"""Examples left free where the sizes of A to C are estimates."""


class PlanError(ValueError):
    """A composition that cannot be proposed."""


@dataclass(frozen=True)
class Size:
    """How many examples components A to C give together; `measured` on a build of the same profile."""

    examples: int
    measured: bool


@dataclass(frozen=True)
class Change:
    """Golden examples of one category in component D, before and after, and why."""

    category: str
    before: int
    after: int
    why: str


@dataclass(frozen=True)
class Plan:
    """The profile as TOML, what it changes in component D, and the size of the set it makes (least, most)."""

    toml: str
    changes: Sequence[Change]
    size: tuple[int, int]


def expected(profile: Profile) -> Size:
    """The size of A to C, estimated from the plan's counts and what earlier builds kept of them."""
    data = profile.data
    b = sum(scaled({c: V3_COUNTS[c] for c in B_CATEGORIES}, data.share).values())
    b += round(MORE_V3_FSMS * data.share) if data.more_v3_fsms else 0
    c = sum(scaled(C_TARGETS, data.share).values())
    a = sum(scaled(A_COUNTS, data.share).values())
    return Size(a + round(b * (B_RIGHT if data.b_verified else 1)) + round(c * C_ACCEPTED), measured=False)


def propose(base: Profile, seen: Monitored, trace: Path, size: Size) -> Plan:
    """The profile for the next version, which mines `trace`: better a frozen copy than one that is being written.

    Raises PlanError when the base leaves no room for any change.
    """
    data = base.data
    weak = {d.category: d for d in seen.domains if d.weak and d.category in FAMILIES}
    mined = data.mined or MINED
    extra = {c: max(1, round(EXAMPLES * domain.shortfall * data.share)) for c, domain in weak.items()}
    if data.share == 1:
        taken = size.examples + data.edge_cases
        holes = _holes(
            data.holes,
            extra,
            LARGEST - (0 if size.measured else UNSURE) - taken - mined,
            SMALLEST - taken,
        )
    else:  # the plan's size is about whole sets only
        holes = {c: extra.get(c, 0) + data.holes.get(c, 0) for c in dict.fromkeys([*extra, *data.holes])}
    least = size.examples + data.edge_cases + sum(holes.values())
    changes = [
        Change(
            category,
            data.holes.get(category, 0),
            count,
            _why(category, data.holes, count, weak.get(category)),
        )
        for category, count in holes.items()
    ]
    settings = base.model_dump(mode="json", exclude_unset=True)
    settings.pop("name")
    versions = data.versions | {
        category: min(MOST_VERSIONS, data.versions.get(category, 1) + 1) for category in weak
    }
    settings["data"] = settings.get("data", {}) | {
        "trace": str(trace.resolve()),
        "mined": mined,
        "holes": holes,
        "versions": {c: max(n, data.versions.get(c, 1)) for c, n in versions.items()},
    }
    notes = {f"data.holes.{change.category}": change.why for change in changes}
    notes["data.mined"] = "the first of the trace whose answers verify again, at most so many"
    notes |= {
        f"data.versions.{category}": f"weak in production; was {data.versions.get(category, 1)}"
        for category in weak
        if versions[category] != data.versions.get(category, 1)
    }
    head = _head(base, seen, size, (least, least + mined))
    return Plan(head + toml(settings, notes), changes, (least, least + mined))


def freeze(trace: Path, copy: Path) -> None:
    """Copy the readable lines of a trace, rotated files included: what a build is made from must not grow under it.

    Raises TraceError when there is no trace, StoreError when the copy cannot be written.
    """
    lines, _ = read(trace)
    write_atomic(copy, "".join(line.model_dump_json(exclude_defaults=True) + "\n" for line in lines))


def write_plan(plan: Plan, path: Path) -> Profile:
    """Write the plan as a profile, whole or not at all, and only if it can be read as one.

    Raises PlanError for a path that no profile can have, ProfileError for a plan that is none, StoreError.
    """
    if path.suffix != ".toml":
        raise PlanError(f"{path}: a profile's path must end in .toml")
    with TemporaryDirectory() as folder:
        tried = Path(folder) / path.name
        tried.write_text(plan.toml, "utf-8")
        profile = load_profile(str(tried))
    write_atomic(path, plan.toml)
    return profile


def _holes(before: Mapping[str, int], extra: Mapping[str, int], room: int, missing: int) -> dict[str, int]:
    """Golden examples for each category: what there was and what is `extra`, at most `room` in all.

    At least `missing` in all, if there is anything extra.
    """
    kept = {category: count for category, count in before.items() if count}
    if room < len({*kept, *extra}):
        raise PlanError(
            f"components A to C leave room for {max(0, room)} examples of {len({*kept, *extra})} categories;"
            " give a base profile with a smaller data.share or fewer edge cases"
        )
    if sum(kept.values()) > room:
        kept = apportion(kept, room - len(extra.keys() - kept.keys()))
    spare = room - sum(kept.values())
    if extra and sum(extra.values()) > spare:
        offered = {c: n // GIVEN_UP for c, n in kept.items() if c not in extra and n >= GIVEN_UP}
        wanted = min(sum(extra.values()) - spare, sum(offered.values()))
        taken = apportion(offered, wanted) if wanted >= len(offered) > 0 else {}
        kept = {category: count - taken.get(category, 0) for category, count in kept.items()}
        spare = room - sum(kept.values())
        extra = apportion(extra, spare) if spare >= len(extra) else {}
    if extra and sum(kept.values()) + sum(extra.values()) < missing:
        extra = apportion(extra, min(missing, room) - sum(kept.values()))
    return {c: kept.get(c, 0) + extra.get(c, 0) for c in dict.fromkeys([*extra, *kept])}


def _why(category: str, before: Mapping[str, int], count: int, domain: Domain | None) -> str:
    was = f"was {before.get(category, 0)}"
    if domain is None:
        return f"{was}: gives some up for weak ones" if count < before.get(category, 0) else "as before"
    rate = domain.rate
    return (
        f"{rate.passed} of {rate.total} pass ({rate.low:.0%} to {rate.high:.0%}),"
        f" {100 * domain.shortfall:.0f} points short of {GOAL:.0%}; {was}"
    )


def _head(base: Profile, seen: Monitored, size: Size, total: tuple[int, int]) -> str:
    """What the file is, and what could not be planned, as comments. Names from a trace are quoted: it is untrusted."""
    unplanned = [d.category for d in seen.domains if d.weak and d.category not in FAMILIES]
    said = [
        f"Proposed from {seen.requests} requests to model {json.dumps(seen.model[:80])}; base: profile {base.name}.",
        f"{total[0]} to {total[1]} examples: {size.examples} of components A to C"
        f" ({'as built' if size.measured else 'estimated'}), {base.data.edge_cases} edge cases,"
        " the holes below, and what is mined.",
        f"{EXAMPLES} golden examples for each 100 points that a weak domain is short, as far as there is room.",
    ]
    if not any(d.weak for d in seen.domains):
        said.append("No domain is weak: only what is mined from the trace is new.")
    if unplanned:
        said.append(f"Weak, but no family makes them: {', '.join(map(json.dumps, unplanned))}.")
    if seen.kinds:
        said.append(
            f"{sum(k.count for k in seen.kinds)} requests are of no known category: they need families."
        )
    return "".join(f"# {line}\n" for line in said)
