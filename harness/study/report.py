"""A study's result as people read it: tables, the picture, and what a difference could have been told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.benchmark.score import Metric, Scores
from harness.report.table import table
from harness.store import write_atomic
from harness.study.analysis import (
    Components,
    Estimate,
    SeedSquare,
    Table,
    estimate,
    paired,
    power,
    seed_square,
)
from harness.study.figure import Arm, Panel, figure, of_differences
from harness.study.filters import OWN, TEMPLATE, Trial, in_words, tally
from harness.study.plan import Question, StudyPlan

SEEDS = (2, 3, 5, 8)
EFFECTS = (0.05, 0.1, 0.15, 0.2)
CAUTION = (
    "Each spec counts once. Intervals are over seeds and specs, of one seed over specs alone. How seeds vary is pooled"
    " over arms, as if it were alike in all; a seed is another adapter and order, of the same examples on the same"
    " start. None is corrected for the number of comparisons."
)
WHOLE, FULL_SHARE = "all", "100%"
"""V5's set among compositions, and in a learning curve."""


@dataclass(frozen=True)
class Measured:
    """The scores of one question's cells: by what they were measured on, then by arm, then by seed."""

    on: Mapping[str, Mapping[str, Mapping[int, Scores]]]

    def arms(self, group: str) -> tuple[str, ...]:
        return tuple(self.on[group])

    def table(self, group: str, arm: str, metric: Metric) -> Table:
        """Values by seed, then by spec."""
        return [
            [r.value(metric) for r in scores.results] for _, scores in sorted(self.on[group][arm].items())
        ]

    def specs(self, group: str) -> int:
        """On how many specs the group's arms were measured."""
        cells = next(iter(self.on[group].values()))
        return len(next(iter(cells.values())).results)

    def has(self, group: str, metric: Metric) -> bool:
        """Whether every spec of the group has what `metric` needs; fresh specs have no samples."""
        cells = (scores for arm in self.on[group].values() for scores in arm.values())
        return metric == "greedy" or all(result.sampled for scores in cells for result in scores.results)

    def different(self, group: str) -> dict[str, dict[int, Scores]]:
        """The cells of different models: one that serves two arms counts once, or it would vouch for itself."""
        found: dict[str, dict[int, Scores]] = {}
        seen: set[tuple[int, tuple[str, ...]]] = set()
        for arm, cells in self.on[group].items():
            for seed, scores in cells.items():
                if (key := (seed, tuple(result.greedy_text for result in scores.results))) not in seen:
                    seen.add(key)
                    found.setdefault(arm, {})[seed] = scores
        return found

    def seeds_vary(self, group: str, metric: Metric, crossed: bool) -> SeedSquare | None:
        """How a mean varies from seed to seed, as all different models show it."""
        means = {
            arm: {
                seed: sum(result.value(metric) for result in scores.results) / len(scores.results)
                for seed, scores in cells.items()
            }
            for arm, cells in self.different(group).items()
        }
        return seed_square(means, self.specs(group), crossed)

    def estimate(self, group: str, arm: str, metric: Metric) -> Estimate:
        """The mean of one arm."""
        return estimate(self.table(group, arm, metric), self.seeds_vary(group, metric, crossed=False))

    def paired(self, group: str, arm: str, base: str, metric: Metric) -> Table | None:
        """`arm` less `base` on the seeds that both have; None where there is none."""
        cells, other = self.on[group][arm], self.on[group][base]
        if not (common := cells.keys() & other.keys()):
            return None
        if len({tuple(r.task for r in scores.results) for c in (cells, other) for scores in c.values()}) > 1:
            raise ValueError(f"{arm} and {base} were not measured on the same specs")
        both = Measured({group: {a: {s: self.on[group][a][s] for s in common} for a in (arm, base)}})
        return paired(both.table(group, arm, metric), both.table(group, base, metric))

    def difference(self, group: str, arm: str, base: str, metric: Metric) -> Estimate | None:
        """Of the paired values; None where there are none. One model under two names does not differ from itself."""
        found = self.paired(group, arm, base, metric)
        if found is None:
            return None
        differ = any(any(row) for row in found)
        return estimate(found, self.seeds_vary(group, metric, crossed=True) if differ else None, arms=2)


def filters_table(trials: Sequence[Trial], chosen: Mapping[str, Sequence[Trial]]) -> str:
    """What each filter keeps of the candidates, wrong and right, and how much of what each arm trains on is right.

    Arms that train on the same candidates are said to be one.
    """
    rows = []
    first: dict[tuple[tuple[int, str], ...], str] = {}
    for arm, examples in chosen.items():
        kept_wrong, kept_right = tally(trials, arm.removesuffix(OWN))
        right = sum(example.right for example in examples)
        twin = first.setdefault(tuple((example.spec, example.rtl) for example in examples), arm)
        same = "" if twin == arm else f"; as {twin}"
        trained = f"{_share(right, len(examples))}{same}"
        rows.append([f"{arm}: {in_words(arm)}", _share(*kept_wrong), _share(*kept_right), trained])
    columns = ["arm: what is kept", "wrong kept", "right kept", "examples right"]
    return table("the filters, on different candidates of each spec", columns, rows)


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} ({part / whole:.0%})" if whole else "-"


def results_table(title: str, measured: Measured, metrics: Mapping[Metric, str], bases: Sequence[str]) -> str:
    """Every arm on everything it was measured on, with its differences from `bases`."""
    rows = []
    for group in measured.on:
        for arm in measured.arms(group):
            for metric, said in metrics.items():
                if not measured.has(group, metric):
                    continue
                found = measured.estimate(group, arm, metric)
                seeds = len(measured.on[group][arm])
                against = [
                    "" if arm == base else _points(measured, group, arm, base, metric) for base in bases
                ]
                where = f"{group} ({measured.specs(group)}), {arm}"
                rows.append([where, said, seeds, _percent(found), *against])
    columns = ["measured on (specs), arm", "metric", "seeds", "mean (95 %)"]
    columns += [f"points against {base}" for base in bases]
    return f"{table(title, columns, rows)}\n{CAUTION}"


def power_table(plan: StudyPlan, specs: int, measured: Components | None, arms: int = 2) -> tuple[str, float]:
    """The chance to tell the plan's effect with several numbers of seeds; also that with the plan's own.

    Before it is known which of the arms are one model only two are counted on.
    """
    known = measured or plan.power.assumed
    source = "measured (seeds over all arms, the others the largest of any)" if measured else "assumed"
    own = len(plan.seeds)
    effects = sorted({*EFFECTS, plan.power.effect})
    rows = [
        [f"{seeds} seeds", *(f"{power(effect, known, seeds, specs, arms):.0%}" for effect in effects)]
        for seeds in sorted({*SEEDS, own})
        if seeds > 1
    ]
    title = (
        f"power on {specs} specs; {source} standard deviations of a difference, in points: seeds"
        f" {100 * known.seed:.1f}, specs {100 * known.spec:.1f}, rest {100 * known.rest:.1f}"
    )
    columns = ["design", *(f"{100 * effect:g} points" for effect in effects)]
    return table(title, columns, rows), power(plan.power.effect, known, own, specs, arms) if own > 1 else 0.0


def picture(question: Question, measured: Measured) -> str:
    """Greedy answers: differences on the first thing that was measured, then the means on each."""

    def arm(values: Table, found: Estimate) -> Arm:
        return [sum(row) / len(row) for row in values], found

    main = next(iter(measured.on))
    panels = []
    for base in bases(question, measured):
        apart = {
            name: arm(paired, found)
            for name in measured.arms(main)
            if name != base
            and (paired := measured.paired(main, name, base, "greedy"))
            and (found := measured.difference(main, name, base, "greedy"))
        }
        if apart:
            panels.append(of_differences(f"greedy, {main}, points against {base}", apart))
    for group in measured.on:
        means = {
            name: arm(measured.table(group, name, "greedy"), measured.estimate(group, name, "greedy"))
            for name in measured.arms(group)
        }
        panels.append(Panel(f"greedy, {group}, functional", means))
    return figure(panels)


def noise(measured: Measured, group: str, metric: Metric, base: str) -> Components | None:
    """The components of a difference as the finished cells show them: seeds pooled, the others the largest."""
    found = [
        seen.components
        for arm in measured.arms(group)
        if arm != base
        and base in measured.on[group]
        and (seen := measured.difference(group, arm, base, metric)) is not None
        and seen.components is not None
    ]
    if not found:
        return None
    return Components(*(max(getattr(c, name) for c in found) for name in ("seed", "spec", "rest")))


def _percent(found: Estimate) -> str:
    return (
        f"{100 * found.mean:.1f} ({100 * max(0.0, found.interval.low):.0f}-{100 * found.interval.high:.0f})"
    )


def _points(measured: Measured, group: str, arm: str, base: str, metric: Metric) -> str:
    """A difference in points; with the number of seeds that it is over where that is not the arm's own."""
    if (found := measured.difference(group, arm, base, metric)) is None:
        return ""
    seeds, other = measured.on[group][arm].keys(), measured.on[group][base].keys()
    common = len(seeds & other)
    fewer = "" if common == len(seeds) else f" [{common} seed{'s' * (common > 1)}]"
    return f"{100 * found.mean:+.1f} ({100 * found.interval.low:+.1f} to {100 * found.interval.high:+.1f}){fewer}"


def tables(
    plan: StudyPlan, filters: str, results: Mapping[Question, Measured], can_tell: str
) -> dict[str, str]:
    """The finished part of a study as named texts: power, filters, and a table for each question."""
    said = {"power": can_tell}
    if filters:
        said["filters"] = filters
    for question, measured in results.items():
        metrics: dict[Metric, str] = {"greedy": "greedy"}
        if question == "strictness":
            metrics |= {"sampled": "pass@1", "any_sample": f"pass@{plan.samples}"}
        said[question] = results_table(question, measured, metrics, bases(question, measured))
    return said


def bases(question: Question, measured: Measured) -> tuple[str, ...]:
    """The arms that the others are compared with: V4's templates, on common specs and on their own, or V5's whole set.

    The first arm where none of these is there.
    """
    arms = next(iter(measured.on.values()))
    wanted = (TEMPLATE, TEMPLATE + OWN) if question == "strictness" else (WHOLE, FULL_SHARE)
    return tuple(arm for arm in wanted if arm in arms) or tuple(arms)[:1]


def write_study(said: Mapping[str, str], results: Mapping[Question, Measured], folder: Path) -> list[Path]:
    """Write study.txt and a picture for each question; returns their paths. Raises StoreError."""
    paths = [folder / "study.txt"]
    write_atomic(paths[0], "\n\n".join(said.values()) + "\n")
    for question, measured in results.items():
        paths.append(folder / f"{question}.svg")
        write_atomic(paths[-1], picture(question, measured) + "\n")
    return paths
