"""What notebooks and terminals show of objects: escaped, no wider than they are, and of many things the first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import triage
from tests.people_said import decided
from tests.shop import write_incident
from triage.changes import Change, Changes
from triage.display import WIDTH, aligned, breakable, table, wrapped
from triage.ingest.held import Records
from triage.ingest.ledger import Ledger, SourceLedger
from triage.patterns import ErrorGroups
from triage.report.headline import headline
from triage.report.summary import summarise_briefly, summarise_timeline
from triage.report.timeline_svg import timeline_svg

HOSTILE = "<script>alert(1)</script> <img src=x onerror=alert(1)> \x1b[31m \u202efdp $x$ \\(y\\) [a](b) " + "x" * 200
START = datetime(2026, 11, 21, 2, tzinfo=UTC)
#: Elements that GitHub leaves standing.
PLAIN = {
    "table", "caption", "thead", "tbody", "tr", "th", "td", "p", "ul", "ol", "li",
    "details", "summary", "strong", "code", "wbr", "span",
}  # fmt: skip


class Elements(HTMLParser):
    """The elements of a piece of HTML, those left open, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "wbr":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def hostile() -> triage.Incident:
    """Quiet lines, and errors of hostile text beside a change of the same kind."""
    times = [START + timedelta(seconds=second) for second in range(1200)]
    bodies = [f"ready {n}" if n < 900 or n % 2 else f"{HOSTILE} failed" for n in range(1200)]
    levels = ["ERROR" if "failed" in body else "INFO" for body in bodies]
    logs = pl.DataFrame({"timestamp": times, "message": bodies, "level": levels, "service": [HOSTILE[:60]] * 1200})
    change = {"id": "<b>c1</b>$y$", "time": START + timedelta(minutes=14), "kind": "deploy", "summary": HOSTILE}
    incident = triage.load(logs, changes=[{**change, "service": HOSTILE[:60]}])
    incident = incident.remark(HOSTILE, by=HOSTILE).suppose(HOSTILE, by="ana").diagnose(HOSTILE, by="ana")
    return incident.decide(incident.hypotheses[0].id, "confirmed", by=HOSTILE, note=HOSTILE)


SHOWN: dict[str, Callable[[triage.Incident], Any]] = {
    "incident": lambda incident: incident,
    "ledger": lambda incident: replace(
        incident.ledger, sources=(replace(incident.ledger.sources[0], source=HOSTILE, notes=(HOSTILE,)),)
    ),
    "hypotheses": lambda incident: incident.hypotheses,
    "hypothesis": lambda incident: incident.hypotheses[0],
    "error groups": lambda incident: incident.error_groups,
    "error group": lambda incident: incident.error_groups[0],
    "changes": lambda incident: replace(incident.changes, notes=(HOSTILE,)),
    "verdicts": lambda incident: incident.verdicts,
    "remarks": lambda incident: incident.remarks,
    "template": lambda incident: incident.template(incident.error_groups[0].template_ids[0]),
    "corrections": lambda _: triage.Corrections().mute(HOSTILE),
    "comparison": lambda incident: incident.compare(
        (START, START + timedelta(minutes=15)), (START + timedelta(minutes=15), START + timedelta(minutes=20))
    ),
}


@pytest.mark.parametrize("name", SHOWN)
def test_hostile_text_stays_text(hostile: triage.Incident, name: str) -> None:
    shown = SHOWN[name](hostile)
    found = Elements(shown._repr_html_())
    assert found.seen <= PLAIN
    assert found.attributes <= {"style"}
    assert found.open == []
    for page in (shown._repr_html_(), repr(shown)):
        assert "\x1b" not in page and "\u202e" not in page
    # What begins a formula stands by itself between two tags; a place for a line to break is none.
    runs = re.split("<[^>]*>", shown._repr_html_().replace("<wbr>", ""))
    assert [run for run in runs if re.search(r"[$\\]", run) and len(run) > 1] == []
    assert "script" in found.text or name == "hypotheses"


@pytest.mark.parametrize("name", SHOWN)
def test_text_fits_a_terminal(hostile: triage.Incident, name: str) -> None:
    lines = repr(SHOWN[name](hostile)).split("\n")
    assert max(map(len, lines)) <= WIDTH
    assert 1 < len(lines) < 60


def test_the_picture_of_the_timeline_is_hostile_to_nobody(hostile: triage.Incident) -> None:
    from xml.etree import ElementTree

    svg = hostile.plot().svg
    assert len(svg.encode()) < 60_000
    found = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()}
    assert found <= {"svg", "title", "rect", "line", "text", "path", "circle"}
    assert "script" in svg and "<script" not in svg
    assert re.findall(r"https?://[^\"]*|url\(|href", svg) == ["http://www.w3.org/2000/svg"]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> triage.Incident:
    folder = write_incident(tmp_path_factory.mktemp("reprs") / "shop")
    return triage.load(folder / "logs", changes=folder / "changes.json")


def test_of_many_changes_those_next_to_the_onset_have_numbers_in_the_picture(shop: triage.Incident) -> None:
    onset = shop.incident_onset
    assert onset is not None
    times = [START + timedelta(seconds=12 * n) for n in range(200)]
    summary = summarise_timeline(shop)
    summary["changes"] = [Change(f"c{n}", at, service="till").to_dict() for n, at in enumerate(times)]
    svg = timeline_svg(summary)
    assert len(svg.encode()) < 60_000
    assert svg.count("<circle") == 12
    assert "and 188 more changes, each a tick" in svg
    nearest = min(range(200), key=lambda n: abs(times[n] - onset.at))
    assert f">{nearest + 1}</text>" in svg


def test_to_show_an_incident_reads_no_records(shop: triage.Incident, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("records were read")

    for name in ("lazy", "frame", "take", "frames"):
        monkeypatch.setattr(Records, name, refuse)
    every: list[Any] = [shop, shop.ledger, shop.hypotheses, shop.hypotheses[0], shop.error_groups, shop.error_groups[0]]
    for shown in every:
        assert shown._repr_html_() and repr(shown)
    with pytest.raises(AssertionError, match="records were read"):
        shop.scan()


def test_an_incident_says_what_was_read_and_what_was_decided(shop: triage.Incident) -> None:
    assert repr(shop).startswith("Incident: 8,971 lines, 3 sources, 6 templates, 2 error groups, 4 changes\n")
    assert '<th style="text-align:left">verdict</th>' not in shop._repr_html_()
    decided = shop.decide(shop.hypotheses[0].id, "rejected", by="ana")
    assert '<td style="text-align:left">rejected</td>' in decided._repr_html_()


def test_the_headline_is_that_of_the_report(shop: triage.Incident) -> None:
    for incident in (shop, decided(shop)):
        assert headline(summarise_briefly(incident)) == headline(incident.summary())


def test_slices_of_what_is_listed_are_shown_as_the_whole(shop: triage.Incident) -> None:
    groups = shop.error_groups
    assert groups == tuple(groups)
    assert type(groups[:1]) is ErrorGroups and len(groups[:1]) == 1
    assert repr(groups[:1]).startswith("1 error group, ")
    assert repr(groups[:0]) == "no error groups"
    assert groups[0] is next(iter(groups))
    assert repr(shop.hypotheses[:1]).startswith("1 hypothesis, the likeliest first")


def _sources(count: int) -> Iterator[SourceLedger]:
    for n in range(count):
        yield SourceLedger(f"dump/logs/host-{n:03d}/app.log", "generic", lines=10, records=10, sureness=0.99)


def test_a_ledger_leaves_out_what_is_the_same_in_all() -> None:
    shown = Ledger(tuple(_sources(3)))._repr_html_()
    for name in ("undecodable", "untimed", "blank", "continuations", "encoding"):
        assert name not in shown
    assert "host-001/<wbr>app.log" in shown
    assert shown.count("dump/") == 1
    one = replace(next(_sources(1)), encoding="utf-16", lines=12, untimed=2)
    assert all(name in Ledger((one,))._repr_html_() for name in ("untimed", "encoding"))


def test_a_ledger_says_the_date_once_where_it_is_one() -> None:
    day = replace(next(_sources(1)), first="2026-11-21T02:00:00Z", last="2026-11-21T03:00:00Z")
    shown = Ledger((day,))._repr_html_()
    assert "2026-11-21 (UTC)" in shown and "02:00:00 - 03:00:00" in shown
    other = replace(day, last="2026-11-22T03:00:00Z")
    assert "2026-11-21 02:00:00 - 2026-11-22 03:00:00" in Ledger((day, other))._repr_html_()


def test_of_many_sources_those_that_ask_for_a_look_come_first() -> None:
    many = [*_sources(300)]
    many[250] = replace(many[250], records=8, undecodable=2)
    many[260] = replace(many[260], sureness=0.4)
    many[270] = replace(many[270], notes=("times without a zone were read as UTC",))
    ledger = Ledger(tuple(many))
    places = [ledger._repr_html_().index(f"host-{n}") for n in (250, 260, 270)]
    assert places == sorted(places) and places[-1] < ledger._repr_html_().index("host-000")
    assert "<summary>280 more sources</summary>" in ledger._repr_html_()
    assert "and 288 more sources" in repr(ledger)
    assert repr(ledger).index("host-250") < repr(ledger).index("host-000")


def test_of_many_changes_the_first_are_shown_and_the_rest_counted() -> None:
    changes = Changes(tuple(Change(f"c{n}", START + timedelta(minutes=n)) for n in range(400)))
    assert "<summary>370 more (the first 300 of them)</summary>" in changes._repr_html_()
    assert "and 380 more" in repr(changes)


def test_nothing_is_said_in_words() -> None:
    for nothing in (triage.Corrections(), Changes()):
        assert "<table>" not in nothing._repr_html_()
        assert "\n" not in repr(nothing)


def test_a_long_word_may_be_broken_and_is_left_whole_to_be_copied() -> None:
    shown = Elements(table(["name"], [["y" * 100], [breakable("a/" + "z" * 70)]]))
    assert "wbr" in shown.seen
    assert "y" * 100 in shown.text and "a/" + "z" * 70 in shown.text


def test_columns_of_text_are_cut_at_the_width_and_numbers_stand_to_the_right() -> None:
    lines = aligned([("n", "text"), ("1", "long " * 40), ("123", "end")], right={0})
    assert [len(line) <= WIDTH for line in lines] == [True] * 3
    assert lines[1].startswith("    1  long") and lines[1].endswith("…")
    assert lines[2] == "  123  end"
    assert wrapped("one\ntwo", "- ") == ["- one two"]


def test_a_report_of_a_comparison_hides_nothing(shop: triage.Incident, tmp_path: Path) -> None:
    half = START + timedelta(minutes=20)
    found = shop.compare((START, half), (half, half + timedelta(minutes=20)))
    page = found.report(tmp_path / "differences.html").read_text()
    assert "<details>" not in page
    assert page.count("<tr>") == len(found.frame) + 1
