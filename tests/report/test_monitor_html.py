"""The page of production is one file, shows what was found, and nothing from a trace becomes markup in it."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

from harness.profile import load_profile
from harness.release.drift import Measured, drift
from harness.release.kinds import Kind
from harness.release.monitor import Domain, Monitored, Rate, Window
from harness.release.plan import Size, propose
from harness.report.monitor_html import headline, monitor_html, write_monitor_html
from harness.report.trend import trend

EVIL = '</style><script>alert("x")</script><img src=x onerror=y>'
TIMES = "2026-01-02T03:04:05.678Z", "2026-01-03T03:04:05.678Z"


def windows(*passed: int) -> list[Window]:
    return [Window(*TIMES, Rate(count, 10)) for count in passed]


def monitored(name: str = "mux", alarm: bool = True, gate: bool = True) -> Monitored:
    """Production with one category, which has drifted if `alarm`."""
    figures = {name: Measured(20, 20)} if gate else {}
    found = drift(figures, {name: [not alarm] * 30})
    domains = [Domain(name, Rate(0, 30) if alarm else Rate(30, 30), 2)]
    since = {name: TIMES} if alarm and gate else {}
    shown = {name: windows(0, 0, 0)}
    return Monitored(
        name, 40, 1, 0, 5, 0, 2, shown, domains, windows(0), figures, found, since, [Kind(name, 5, 0, 0)]
    )


class Tags(HTMLParser):
    """Collects the elements of a page and their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_what_the_page_says(tmp_path: Path) -> None:
    """Alarm, weak domain, unknown kind, plan and figures are there, with nothing fetched from elsewhere."""
    seen = monitored()
    base = load_profile("embedded")
    plan = propose(base, seen, tmp_path / "trace.jsonl", Size(802, measured=True))
    write_monitor_html(seen, plan, tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text("utf-8")
    assert headline(seen) == "Drift alarm: 1 category is worse in production than at the gate"
    for section in ("time", "drift", "domains", "kinds", "plan"):
        assert f'<section id="{section}">' in page
    assert "2026-01-02 03:04" in page and "88 points" in page and "0 of 30 pass" in page
    assert "default-src &#39;none&#39;" in page and "://" not in page
    assert not {"script", "img", "link", "iframe"} & Tags(page).tags


def test_nothing_from_a_trace_is_markup() -> None:
    """Names and texts that are HTML are shown as text, wherever they stand."""
    page = monitor_html(monitored(EVIL))
    assert not {"script", "img"} & Tags(page).tags
    assert not {name for name in Tags(page).attributes if name.startswith("on")}
    assert page.count("</style>") == 1


def test_no_alarm_and_no_gate() -> None:
    """Without drift the headline says so, and without gate figures that there can be no alarm."""
    calm = monitored(alarm=False)
    assert headline(calm) == "No drift alarm in 1 categories"
    assert 'class="released"' in monitor_html(calm)
    alone = monitored(gate=False)
    assert headline(alone) == "No gate figures, so no drift alarm"
    assert 'id="drift"' not in monitor_html(alone) and 'id="plan"' not in monitor_html(alone)


def test_nothing_verified() -> None:
    """A trace in which nothing could be verified has a page too."""
    empty = Monitored("m", 3, 0, 0, 3, 0, 0, {}, [], [], {}, [], {}, [])
    assert "No request of a known category could be verified" in monitor_html(empty)


def test_a_trend_has_its_figures() -> None:
    """Every window is a point with its counts as a title; a single one shows its interval as a whisker."""
    drawn = trend(windows(1, 5, 9), 0.95, TIMES[1], "mux")
    assert drawn.count("<circle") == 3 and "5 of 10" in drawn and 'class="alarm"' in drawn
    assert 'class="gate"' in drawn and 'class="whisker"' not in drawn
    assert 'class="whisker"' in trend(windows(5), None, None, "mux")
