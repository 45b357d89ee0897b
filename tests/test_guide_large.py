"""The guide with thousands of templates: what goes to the browser is bounded, and a search reaches all of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import triage
from benchmarks.guide_incident import write_incident
from tests.guided import args_of, do, pages, seen
from triage.widgets import opening
from triage.widgets.ahead import work_ahead
from triage.widgets.frame import Guide
from triage.widgets.steps import STEPS
from triage.widgets.steps.patterns import MOST
from triage.widgets.view import View

LINES, TEMPLATES = 30_000, 5_000
#: What a browser is given at most: rows of a table, bars and marks of the timeline, characters of a page.
MOST_ROWS, MOST_POINTS, MOST_HTML = 2_000, 3_000, 400_000


@pytest.fixture(scope="module")
def incident(tmp_path_factory: pytest.TempPathFactory) -> triage.Incident:
    folder = write_incident(tmp_path_factory.mktemp("large") / "incident", LINES, TEMPLATES, seed=3)
    found = triage.load(folder / "logs", changes=folder / "changes.json", symptom="checkout fails")
    assert len(found.templates) > 0.8 * TEMPLATES
    return found


@pytest.fixture
def guide(incident: triage.Incident) -> Iterator[Guide]:
    yield triage.guide(incident, folder=None)
    opening._OPEN.clear()
    opening._BASES.clear()


@pytest.mark.parametrize("name", [step.name for step in STEPS])
def test_no_page_is_large(guide: Guide, name: str) -> None:
    do(guide, "step", name)
    if lines := args_of(guide, "lines"):
        do(guide, "lines", lines[0])
    assert guide.state.error == ""
    assert [len(page.html) for page in pages(guide) if len(page.html) > MOST_HTML] == []


def test_the_table_is_bounded_and_a_search_reaches_all(guide: Guide, incident: triage.Incident) -> None:
    do(guide, "step", "Patterns")
    patterns: Any = guide._steps["Patterns"]
    assert len(patterns.table.df) == MOST <= MOST_ROWS
    assert f"the first {MOST:,} are listed" in seen(guide).text
    rarest = incident.templates.sort("failing", "count", descending=True)["template"][-1]
    assert rarest not in patterns.table.df["template"]
    do(guide, "find", text=rarest, level="", service="")
    assert rarest in patterns.table.df["template"]


def test_the_timeline_is_bounded(guide: Guide) -> None:
    do(guide, "step", "When")
    data = guide.timeline.data
    bars = [data["lines"], data["others"], *(group["counts"] for group in data["groups"])]
    marks = [data[name] for name in ("onsets", "changes", "notes")]
    assert data["onset"]
    assert 0 < sum(map(len, bars)) + sum(map(len, marks)) <= MOST_POINTS


def test_those_that_fail_come_first_then_the_frequent_ones(guide: Guide, incident: triage.Incident) -> None:
    do(guide, "step", "Patterns")
    patterns: Any = guide._steps["Patterns"]
    failing = incident.templates.filter("failing")
    shown = [int(count.replace(",", "")) for count in patterns.table.df["records"]]
    assert len(failing) < MOST
    assert shown[: len(failing)] == failing["count"].sort(descending=True).to_list()
    assert shown[len(failing) :] == sorted(shown[len(failing) :], reverse=True)


def test_what_a_click_would_wait_for_is_worked_out_ahead(incident: triage.Incident) -> None:
    failed: list[BaseException] = []
    view = View(incident, None, None)
    work_ahead(view, failed.append).join()
    assert {"sparks", "errors"} <= vars(view).keys()
    assert failed == []


def test_what_goes_wrong_ahead_is_told(incident: triage.Incident, monkeypatch: pytest.MonkeyPatch) -> None:
    failed: list[BaseException] = []
    monkeypatch.setattr(View, "sparks", property(lambda _: 1 / 0))
    work_ahead(View(incident, None, None), failed.append).join()
    assert [type(one) for one in failed] == [ZeroDivisionError]
