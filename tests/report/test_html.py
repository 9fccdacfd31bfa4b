"""The HTML report: what it says, that it stands alone, and that nothing a model wrote acts in it."""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest

from harness.benchmark.score import Result
from harness.release.gate import decide
from harness.report import html as page
from harness.report.html import html, write_html
from harness.report.run import Run
from tests.report.runs import FAIL, bare, noted, result, whole

VOID = {"meta", "input", "br"}
SECTIONS = ["criteria", "categories", "worse", "outcomes", "dataset", "strictness", "losses", "leakage"]
SECTIONS += ["failures", "provenance"]
HOSTILE = (
    "</style></script><script>x()</script><img src=//e onerror=x()>\"' {{ 7*7 }} {% raw %} &amp; \u202e\x00"
)


class Page(HTMLParser):
    """A parsed page: its elements with their attributes, its text by element, and whether the elements nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.inside: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        assert not self.inside, f"left open: {self.inside}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID and not (self.get_starttag_text() or "").endswith("/>"):
            self.inside.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.inside.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self.inside[-1] if self.inside else "", data))

    def all(self, name: str) -> list[str]:
        """The values of one attribute."""
        return [
            value or "" for _, attributes in self.elements for key, value in attributes.items() if key == name
        ]

    @property
    def said(self) -> str:
        return " ".join("".join(text for tag, text in self.texts if tag not in ("script", "style")).split())


def replaced(run: Run, **changes: object) -> Run:
    """The run with other fields in the candidate's result of task a2."""
    found = {}
    for split, scores in run.scores.items():
        results = tuple(r.model_copy(update=changes) if r.task == "a2" else r for r in scores["v5"].results)
        found[split] = {**scores, "v5": scores["v5"].model_copy(update={"results": results})}
    return replace(run, scores=found)


def test_the_verdict_comes_first_with_what_was_missed_and_by_how_much() -> None:
    """Within the first lines stand the verdict and, for each missed criterion, its distance and what failed."""
    head = Page(html(whole(bare()))).said.partition("Criteria")[0]
    assert "V5 is not released: 2 of 4 criteria missed" in head
    assert (
        "fsm 33.3% not below V3 100.0% 66.7 points short (2 of 3 specs) 2 fail: 1 mismatch, 1 compile error"
        in head
    )
    assert "overall 50.0% at least 70.0% 20.0 points short" in head


def test_each_split_counts_its_own_samples() -> None:
    """Where fewer were drawn, or none, pass@k is of no more."""
    run = bare()
    second = run.scores["worded-differently"]
    fewer = tuple(r.model_copy(update={"sampled": r.sampled[:1]}) for r in second["v5"].results)
    second = {**second, "v5": second["v5"].model_copy(update={"results": fewer})}
    said = Page(html(replace(run, scores={**run.scores, "worded-differently": second}))).said
    first, _, rest = said.partition("worded-differently")
    assert ("pass@2" in first, "pass@1 " in rest, "pass@2" in rest) == (True, True, False)


def test_what_figures_rest_on_stands_below_them() -> None:
    """Specs that were judged with less than the others are named."""
    assert "a2: decided by the suite's testbench: several clocks" in Page(html(noted())).said
    assert "rest on" not in Page(html(bare())).said


def test_every_link_leads_somewhere_within_the_page() -> None:
    """No two elements share an id, each link names one of them, and lost specs are among those linked."""
    text = html(whole(bare()))
    parsed = Page(text)
    ids = Counter(parsed.all("id"))
    assert max(ids.values()) == 1
    assert {link[0] for link in parsed.all("href")} == {"#"}
    assert {link[1:] for link in parsed.all("href")} <= set(ids)
    anchor = re.search(r'href="#(f\d+)">a2<', text)
    assert anchor and f'id="{anchor[1]}"' in text


def test_the_order_of_sections() -> None:
    """What got worse and why comes before how the model was made."""
    assert [value for value in Page(html(whole(bare()))).all("id") if value in SECTIONS] == SECTIONS


def test_what_a_run_does_not_know_has_no_section() -> None:
    """A model made elsewhere has no data, testbenches, training or provenance; a run without failures no list."""
    run = bare()
    there = ["criteria", "categories", "worse", "outcomes", "failures"]
    assert [value for value in Page(html(run)).all("id") if value in SECTIONS] == there
    perfect = {split: {"v5": of["v3"].model_copy(update={"model": "v5"})} for split, of in run.scores.items()}
    perfect = {
        split: {m: s.model_copy(update={"results": (s.results[0],)}) for m, s in of.items()}
        for split, of in perfect.items()
    }
    parsed = Page(html(replace(run, scores=perfect, findings=[])))
    assert [value for value in parsed.all("id") if value in SECTIONS] == ["categories", "worse", "outcomes"]
    assert "there is no criterion" in parsed.said
    # Samples failed, greedy answers did not: there is nothing for a link to lead to.
    criterion = run.findings[0].criterion.model_copy(update={"metric": "sampled", "at_least": 1.0})
    first = perfect["normal"]["v5"].results[0].model_copy(update={"sampled": (FAIL,)})
    perfect = {"normal": {"v5": perfect["normal"]["v5"].model_copy(update={"results": (first,)})}}
    missed = Page(
        html(replace(run, scores=perfect, findings=[decide(criterion, perfect["normal"]["v5"], {})]))
    )
    assert "1 fail: 1 mismatch" in missed.said
    assert {link[1:] for link in missed.all("href")} <= set(missed.all("id"))


def test_a_failure_is_shown_whole() -> None:
    """Request, verdict, what the baselines did, diagram and table, numbered RTL with marks, and the command."""
    text = html(bare())
    start = text.index('id="f1"')
    shown = text[start : text.index('class="command"', start) + 200]
    assert "make a2" in shown
    assert "step 2 (clk=0): q is 0, expected 1" in shown
    assert "V4: mismatch" in re.sub(r"<.*?>", "", shown)
    assert '<svg width="' in shown and 'class="timing"' in shown
    assert '<mark class="line drives">    q &lt;= d;</mark>' in shown
    assert '<mark class="line feeds">    d &lt;= !d;</mark>' in shown
    assert "Differences before" in shown
    assert "harness rerun normal.json a2" in shown


def test_a_compiler_s_lines_are_marked() -> None:
    """A compile error marks the line that its message names."""
    assert '<mark class="line error">    q &lt;= d;</mark>' in html(bare())


def hostile() -> Run:
    """A run in which every text that comes from outside tries to become markup."""
    run = whole(bare())
    run = replaced(run, greedy_text=HOSTILE, greedy=result("a2", "fsm", FAIL, detail=HOSTILE).greedy)
    renamed = {}
    for split, of in run.scores.items():
        renamed[split] = {
            model: scores.model_copy(update={"results": tuple(named(r) for r in scores.results)})
            for model, scores in of.items()
        }
    return replace(
        run,
        suite=HOSTILE,
        scores=renamed,
        findings=[
            f.model_copy(
                update={
                    "criterion": f.criterion.model_copy(update={"id": HOSTILE}),
                    "lost": tuple(task + HOSTILE for task in f.lost),
                }
            )
            for f in run.findings
        ],
        texts={task + HOSTILE: dict.fromkeys(texts, HOSTILE) for task, texts in run.texts.items()},
        rerun=dict.fromkeys(run.rerun, HOSTILE + "{task}"),
        composition={HOSTILE: {HOSTILE: 1}},
        strictness=[replace(one, category=HOSTILE, writer=HOSTILE, faults=HOSTILE) for one in run.strictness],
        writing={HOSTILE: {HOSTILE: 1, "rate": 0.5}},
        losses={HOSTILE: [1.0, 0.5]},
        neighbours=[replace(pair, task=HOSTILE, text=HOSTILE) for pair in run.neighbours],
        provenance=[(HOSTILE, HOSTILE, {HOSTILE: HOSTILE})],
    )


def named(one: Result) -> Result:
    return one.model_copy(update={"task": one.task + HOSTILE, "row": one.row + HOSTILE})


def test_what_a_model_wrote_is_text() -> None:
    """Markup planted in RTL, requests, ids, verdicts and everything else makes no element and no template run."""
    calm, attacked = Page(html(whole(bare()))), Page(html(hostile()))
    assert {tag for tag, _ in attacked.elements} == {tag for tag, _ in calm.elements}
    for tag in ("script", "style"):
        assert sum(name == tag for name, _ in attacked.elements) == 1
        assert [t for n, t in attacked.texts if n == tag] == [t for n, t in calm.texts if n == tag]
    names = {key for _, attributes in attacked.elements for key in attributes}
    assert not {name for name in names if name.startswith("on") or name in ("src", "style", "srcset")}
    assert {link[0] for link in attacked.all("href")} == {"#"}
    assert "{{ 7*7 }} {% raw %} &amp;" in attacked.said
    assert not {"\u202e", "\x00"} & set(attacked.said)


def test_the_policy_allows_the_page_s_own_script_and_style_only() -> None:
    """The hashes in the policy are those of the two inline blocks; all else is forbidden, the network first."""
    parsed = Page(html(whole(bare())))
    (policy,) = (a["content"] for _, a in parsed.elements if a.get("http-equiv") == "Content-Security-Policy")
    blocks = {tag: text for tag, text in parsed.texts if tag in ("script", "style")}
    hashes = {tag: b64encode(sha256(text.encode()).digest()).decode() for tag, text in blocks.items()}
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{hashes['style']}'; script-src 'sha256-{hashes['script']}';"
        " base-uri 'none'; form-action 'none'"
    )
    assert "://" not in blocks["style"] + blocks["script"]


def test_the_command_is_safe_to_paste() -> None:
    """An id that a shell would run is quoted."""
    run = bare()
    of = run.scores["normal"]
    bad = {m: s.model_copy(update={"results": (result("a;rm $HOME", "fsm", FAIL),)}) for m, s in of.items()}
    assert "normal.json &#39;a;rm $HOME&#39;" in html(replace(run, scores={"normal": bad}, findings=[]))


def test_failures_beyond_the_limit_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that a baseline passes are shown first; the page says how many are left out and lists them."""
    monkeypatch.setattr(page, "SHOWN", 4)
    parsed = Page(html(bare()))
    assert sum(attributes.get("class") == "failure" for _, attributes in parsed.elements) == 4
    assert "6 greedy answers failed. 2 of them are only named" in parsed.said
    assert (
        "2 more, by name See one with harness rerun normal.json {task}, its id in place of {task}."
        in parsed.said
    )
    assert parsed.said.count("a6") == 2


def test_long_texts_are_cut() -> None:
    """A text of megabytes costs the page only its beginning."""
    shown = html(replaced(bare(), greedy_text="x\n" * 1_000_000))
    assert len(shown) < 200_000
    assert "more lines are not shown" in shown


def test_any_string_can_be_written(tmp_path: Path) -> None:
    """Half a surrogate pair in a request does not stop the report."""
    run = bare()
    write_html(replace(run, texts={"a2": {"normal": "half \ud800"}}), tmp_path / "report.html")
    assert "half" in (tmp_path / "report.html").read_text("utf-8")
