"""The report of a run as one HTML file: no network, no script needed, nothing that a model wrote is ever markup."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from harness.benchmark.score import Flips
from harness.release.gate import Finding
from harness.report import charts, figures
from harness.report.figures import MOST_LINES, Failure, plain
from harness.report.highlight import Mark, suspicious
from harness.report.page import render
from harness.report.run import Run
from harness.report.timing import timing
from harness.report.waveform import waveform
from harness.simulate.verdict import Outcome
from harness.store import write_atomic

SHOWN = 400
"""Failures shown whole; the others are named."""
LISTED = 60
"""Rows of the table of neighbours."""


def write_html(run: Run, path: Path) -> None:
    """Write the report. Raises OSError when the file cannot be written, ScoreError when models differ in specs."""
    write_atomic(path, html(run).encode("utf-8", "replace"))


def html(run: Run) -> str:
    """The page as text; what a run knows nothing of has no section."""
    return render("page.html.j2", ("style.css",), "filter.js", run=run, view=_View(run))


@dataclass(frozen=True)
class _Line:
    text: str
    mark: Mark | None


@dataclass(frozen=True)
class _Shown:
    """One failure as the page shows it; `anchor` is made here, so no id of a task becomes one of the page."""

    anchor: str
    failure: Failure
    request: str
    lines: Sequence[_Line]
    cut: int
    diagram: Markup | None
    table: str
    early: bool
    """Whether something differs before the first wrong step, where nothing is compared yet."""
    rerun: str


class _View:
    """What the template asks of a run."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.headline = figures.headline(run)
        self.misses = figures.misses(run)
        self.splits = figures.splits(run)
        self.failures = figures.failures(run)
        shown = self.failures[:SHOWN]
        self.hidden = self.failures[SHOWN:]
        self.anchors = {(f.split, f.result.task): f"f{number}" for number, f in enumerate(shown, 1)}
        self.models = list(dict.fromkeys(model for of in run.scores.values() for model in of))
        self.looks = {model: self._look(model) for model in [*self.models, *run.losses]}
        self.curves = charts.curves(run.losses, self.looks)

    def samples(self, split: str) -> int:
        return figures.samples(self.run.scores[split][self.run.candidate])

    def notes(self, split: str) -> list[str]:
        return figures.notes(self.run, split)

    def faults(self, finding: Finding) -> dict[str, int]:
        """How the answers behind a missed criterion ended, the most frequent first."""
        ended = (
            outcome
            for result in figures.missed_by(self.run, finding)
            for outcome in result.outcomes(finding.criterion.metric)
        )
        counts = Counter(str(outcome) for outcome in ended if outcome is not Outcome.PASS)
        return dict(counts.most_common())

    def _look(self, model: str) -> str:
        """The candidate stands out; the others are told apart by their place."""
        others = [m for m in dict.fromkeys([*self.models, *self.run.losses]) if m != self.run.candidate]
        return "candidate" if model == self.run.candidate else f"other{others.index(model) % 4}"

    def categories(self, split: str) -> list[figures.Category]:
        return figures.categories(self.run, split)

    def baselines(self, split: str) -> list[str]:
        return figures.baselines(self.run, split)

    def flips(self, split: str) -> list[tuple[str, dict[str, Flips]]]:
        """Every baseline with what was lost and won against it by category, the most lost first."""
        found = []
        for model in self.baselines(split):
            rows = figures.flipped(self.run, split, model)
            found.append((model, dict(sorted(rows.items(), key=lambda pair: -len(pair[1].lost)))))
        return found

    def outcomes(self, split: str) -> dict[str, dict[str, int]]:
        """How many greedy answers of each model ended how; every model has the same outcomes."""
        ended = {
            model: Counter(str(result.greedy.outcome) for result in scores.results)
            for model, scores in self.run.scores[split].items()
        }
        seen = [str(outcome) for outcome in Outcome if any(counts[outcome] for counts in ended.values())]
        return {model: {outcome: counts[outcome] for outcome in seen} for model, counts in ended.items()}

    def groups(self) -> Iterator[tuple[str, str, list[_Shown]]]:
        """The failures shown whole, by split and category, in the order of their first."""
        groups: dict[tuple[str, str], list[Failure]] = {}
        for failure in self.failures[:SHOWN]:
            groups.setdefault((failure.split, failure.result.row), []).append(failure)
        order = {split: number for number, split in enumerate(self.splits)}
        for split, row in sorted(groups, key=lambda key: order[key[0]]):
            yield split, row, [self._shown(failure) for failure in groups[split, row]]

    def request(self, split: str, task: str) -> str:
        return plain(self.run.texts.get(task, {}).get(split, ""))

    def _shown(self, failure: Failure) -> _Shown:
        result, verdict = failure.result, failure.result.greedy
        lines = plain(result.greedy_text.rstrip()).replace("\r\n", "\n").split("\n")
        mismatch = verdict.mismatch
        marks = suspicious("\n".join(lines), mismatch.row.wrong if mismatch else (), verdict.detail)
        return _Shown(
            anchor=self.anchors[failure.split, result.task],
            failure=failure,
            request=self.request(failure.split, result.task),
            lines=[_Line(line, marks.get(number)) for number, line in enumerate(lines[:MOST_LINES], 1)],
            cut=max(0, len(lines) - MOST_LINES),
            diagram=timing(mismatch) if mismatch else None,
            table=waveform(mismatch) if mismatch else "",
            early=any(row.wrong for row in mismatch.window if row.step < mismatch.step)
            if mismatch
            else False,
            rerun=self.run.again(failure.split, result.task),
        )

    def components(self) -> list[str]:
        """The components that training examples come from."""
        return sorted({name for counts in self.run.composition.values() for name in counts})

    def total(self, component: str | None = None) -> int:
        """Training examples of one component, or of all."""
        return sum(n for of in self.run.composition.values() for c, n in of.items() if component in (None, c))

    def writers(self) -> list[str]:
        return list(dict.fromkeys(one.writer for one in self.run.strictness))

    def strictness(self) -> dict[str, dict[str, object]]:
        """By category and writer."""
        found: dict[str, dict[str, object]] = {}
        for one in self.run.strictness:
            found.setdefault(one.category, {})[one.writer] = one
        return found

    def tallied(self) -> list[str]:
        """The figures of component C's attempts, as they come."""
        return list(dict.fromkeys(key for counts in self.run.writing.values() for key in counts))

    @property
    def neighbours(self) -> Sequence[object]:
        return self.run.neighbours[:LISTED]
