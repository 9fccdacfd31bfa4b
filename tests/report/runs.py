"""Small runs to report on: two categories, two baselines, a candidate that lost and won specs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from harness.benchmark.score import Result, Scores
from harness.dataset.leakage import Nearest
from harness.release.criteria import Criterion
from harness.release.gate import decide_all
from harness.report.run import Run
from harness.simulate.verdict import Mismatch, Outcome, Row, Verdict
from harness.testbench.strictness import Strictness

RTL = """module m(input clk, output reg q);
  reg d;
  always @(posedge clk) begin
    q <= d;
    d <= !d;
  end
endmodule
"""
PASS, FAIL, BROKEN = Outcome.PASS, Outcome.MISMATCH, Outcome.COMPILE_ERROR
OUTCOMES: Mapping[str, Sequence[Outcome]] = {
    "v3": [PASS, PASS, PASS, FAIL, PASS, FAIL],
    "v4": [PASS, FAIL, PASS, PASS, BROKEN, FAIL],
    "v5": [PASS, FAIL, BROKEN, PASS, PASS, FAIL],
}
ROWS = ("fsm", "edge_detect")


def mismatch() -> Mismatch:
    """Wrong from step 2 on; what differs before is not compared."""
    q = [("x", "0"), ("0", "0"), ("0", "1"), ("1", "1")]
    return Mismatch(2, tuple(Row(n, {"clk": str(n % 2)}, {"q": e}, {"q": g}) for n, (g, e) in enumerate(q)))


def result(task: str, row: str, outcome: Outcome, text: str = RTL, detail: str = "") -> Result:
    shown = mismatch() if outcome is FAIL else None
    detail = detail or ("line 4: error: d is missing" if outcome is BROKEN else "")
    verdict = Verdict(outcome, detail or (str(shown) if shown else ""), shown)
    return Result(task=task, row=row, greedy=verdict, greedy_text=text, sampled=(outcome, PASS))


def scores(model: str, split: str = "normal") -> Scores:
    """Tasks a1 to a3 are of the first category, a4 to a6 of the second."""
    results = [
        result(f"a{number}", ROWS[(number - 1) // 3], outcome)
        for number, outcome in enumerate(OUTCOMES[model], 1)
    ]
    return Scores(model=model, split=split, suite="s", results=tuple(results))


def bare() -> Run:
    """A run of a model that was made elsewhere, and misses two of its four criteria."""
    of = {split: {m: scores(m, split) for m in OUTCOMES} for split in ("normal", "worded-differently")}
    criteria = [
        Criterion(
            id="overall", category="overall", at_least=0.7, not_below=None, metric="greedy", tolerance=0
        ),
        Criterion(
            id="edge", category="edge_detect", at_least=0.6, not_below=None, metric="greedy", tolerance=0
        ),
        Criterion(id="fsm-v3", category="fsm", at_least=None, not_below="v3", metric="greedy", tolerance=0),
        Criterion(id="fsm-v4", category="fsm", at_least=None, not_below="v4", metric="greedy", tolerance=1),
    ]
    tasks = [one.task for one in of["normal"]["v5"].results]
    return Run(
        terms="criteria small.toml, rule literal, suite small (0123abcd), against V3 and V4",
        suite="small",
        candidate="v5",
        scores=of,
        findings=decide_all(criteria, of["normal"]["v5"], of["normal"]),
        texts={task: {"normal": f"make {task}", "worded-differently": f"build {task}"} for task in tasks},
        rerun={split: f"harness rerun {split}.json {{task}}" for split in of},
    )


def noted() -> Run:
    """The run on an outside suite, whose testbench passes all but a3 and decides a2 alone."""
    run = bare()
    changes: dict[str, dict[str, object]] = {
        "a2": {"note": "decided by the suite's testbench:\nseveral clocks"},
        "a3": {"by_suite": (FAIL,), "suite_said": "the testbench counts 3 mismatches"},
    }
    v5 = run.scores["normal"]["v5"]
    results = [r.model_copy(update={"by_suite": (PASS,), **changes.get(r.task, {})}) for r in v5.results]
    v5 = v5.model_copy(update={"results": tuple(results)})
    return replace(run, scores={"normal": {**run.scores["normal"], "v5": v5}})


def whole(run: Run) -> Run:
    """The same with how the candidate was made."""
    return Run(
        **{
            name: getattr(run, name)
            for name in ("terms", "suite", "candidate", "scores", "findings", "texts", "rerun")
        },
        composition={"fsm": {"a": 3, "b": 4}, "mux": {"a": 5}},
        strictness=[
            Strictness("fsm", "template", 2, 8, False, "weak"),
            Strictness("fsm", "offline", 8, 8, True),
        ],
        writing={"fsm": {"attempts": 8, "accepted": 2, "rate": 0.25}},
        losses={"v3": [2.0, 1.0, 0.5], "v5": [2.0, 0.1, 0.05]},
        neighbours=[
            Nearest("a1", "normal", 7, 0.91, "make an a1", True),
            Nearest("a2", "normal", 8, 0.2, "b", False),
        ],
        provenance=[("component_c", "0123abcd", {"profile": "smoke", "seed": 7})],
    )
