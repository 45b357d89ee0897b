"""The page of a report: what is shown, in what order, and how many rows at most."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from triage.display import common_folder
from triage.report.layout import MOST, NEEDS, page_of
from triage.report.timeline import bin_starts, text_strip, time_rows, ungrouped

SUMMARY = Path(__file__).parent / "golden" / "report" / "summary.json"


@pytest.fixture
def summary() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(SUMMARY.read_text(encoding="utf-8"))
    return loaded


def test_many_onsets_are_cut_and_counted(summary: dict[str, Any]) -> None:
    page = page_of(summary | {"onsets": summary["onsets"] * 20})
    assert (len(page.onsets.rows), page.onsets.hidden) == (50, 70)


def test_many_lines_of_evidence_are_cut_and_counted(summary: dict[str, Any]) -> None:
    found = summary["hypotheses"][0]["for"][0]
    found["lines"] = found["lines"][:1] * 13
    lines = page_of(summary).hypotheses.rows[0].supporting[0].lines
    assert (len(lines.rows), lines.hidden) == (MOST["lines"], 3)


def test_changes_are_numbered_by_time_whatever_their_order(summary: dict[str, Any]) -> None:
    rows = page_of(summary | {"changes": summary["changes"][::-1]}).changes.rows
    assert [(row.number, row.time) for row in rows][:2] == [(1, "01:46:10"), (2, "01:55:00")]
    assert rows[2].odds == "62%"


def test_a_change_that_is_no_hypothesis_has_no_odds(summary: dict[str, Any]) -> None:
    far = {"id": "old", "time": "2026-11-17T09:00:00Z", "end": None, "kind": "deploy", "service": "gateway"}
    row = page_of(summary | {"changes": [far]}).changes.rows[0]
    assert (row.time, row.when, row.odds) == ("2026-11-17 09:00:00", "2 d 17 h before", "")


def test_next_steps_are_those_of_the_leading_hypotheses_once_each(summary: dict[str, Any]) -> None:
    for hypothesis in summary["hypotheses"]:
        hypothesis["next_checks"] = ["Ask who was on call", f"Look at {hypothesis['id']}"]
    steps = page_of(summary).next_steps
    assert [(step.step, step.about) for step in steps] == [
        ("Ask who was on call", "deploy of inventory 2.4.0"),
        ("Look at change-c-103", "deploy of inventory 2.4.0"),
        ("Look at unrecorded", "none of the recorded changes"),
        ("Look at change-c-105", "config change in nginx"),
    ]


def test_what_would_help_is_told_and_why_the_data_does_not_decide(summary: dict[str, Any]) -> None:
    needs = [{"kind": "logs", "statement": f"Logs of {name}: named", "gain": 0.8} for name in "abcdef"]
    open_ = {"conclusive": False, "undecided": ["the odds are flat", "few lines speak of trouble"], "needs": needs}
    page = page_of(summary | open_)
    assert page.needs == tuple(need["statement"] for need in needs[:NEEDS])
    assert ("Data decides", "no: the odds are flat; few lines speak of trouble") in page.facts
    assert page_of(summary).needs == ()


def test_ten_thousand_hypotheses_are_cut_and_counted(summary: dict[str, Any]) -> None:
    many = [summary["hypotheses"][0] | {"rank": rank} for rank in range(1, 10_001)]
    shown = page_of(summary | {"hypotheses": many}).hypotheses
    assert (len(shown.rows), shown.hidden) == (MOST["hypotheses"], 10_000 - MOST["hypotheses"])
    assert shown.rows[0].chance == "by chance in 13% of cases"


def test_a_prior_is_told_where_there_is_one(summary: dict[str, Any]) -> None:
    summary["hypotheses"][0]["prior"] = 0.1
    assert [row.prior for row in page_of(summary).hypotheses.rows][:2] == ["10%", ""]


def test_a_summary_of_nothing_has_a_page(summary: dict[str, Any]) -> None:
    page = page_of(nothing(summary))
    assert not any((page.timeline, page.strip, page.next_steps, page.changes.rows, page.hypotheses.rows))
    assert page.day == ""
    assert [name for name, _ in page.facts] == ["Lines read", "Data decides"]


def nothing(summary: dict[str, Any]) -> dict[str, Any]:
    """What a log without times, changes or errors comes to."""
    timeline: dict[str, Any] = {"from": None, "bin_seconds": 1, "lines": [], "errors": [], "groups": []}
    empty: dict[str, Any] = {
        name: [] for name in ("error_groups", "onsets", "origins", "hypotheses", "changes", "notes")
    }
    state = {"window": {"from": None, "to": None}, "incident_onset": None, "conclusive": False, "symptom": None}
    return summary | empty | state | {"timeline": timeline}


@pytest.mark.parametrize("bins", [1, 29, 30, 31, 90])
def test_the_table_of_the_timeline_counts_every_bin_once(summary: dict[str, Any], bins: int) -> None:
    timeline = summary["timeline"]
    cut = timeline | {name: timeline[name][:bins] for name in ("lines", "errors")} | {"groups": []}
    rows = time_rows(summary | {"timeline": cut})
    assert len(rows) <= 30
    assert sum(int(row.lines.replace(",", "")) for row in rows) == sum(cut["lines"])
    assert sum(int(row.errors.replace(",", "")) for row in rows) == sum(cut["errors"])


def test_the_table_marks_the_onset_and_each_change_once(summary: dict[str, Any]) -> None:
    marks = [row.marks for row in time_rows(summary) if row.marks]
    assert marks == [
        "1 deploy of gateway 5.0.1",
        "2 flag change in checkout",
        "3 deploy of inventory 2.4.0",
        "4 deploy of payments 1.9.3",
        "onset, 5 config change in nginx",
        "6 scaling of checkout",
    ]


def test_the_strip_puts_onset_and_changes_below_their_time(summary: dict[str, Any]) -> None:
    errors, onset, changes, scale = text_strip(summary)
    start = len("changes  ")
    begins = bin_starts(summary["timeline"])[::2]
    assert begins[onset.index("▲") - start].strftime("%H:%M") == "02:14"
    assert begins[changes.index("3") - start].strftime("%H:%M") == "02:08"
    assert len(errors) == start + 45
    assert scale.strip() == "01:40:00 to 02:25:00, 1 min a mark"


def test_changes_in_one_cell_of_the_strip_become_a_plus(summary: dict[str, Any]) -> None:
    twin = summary["changes"][2] | {"id": "c-103b"}
    assert text_strip(summary | {"changes": [summary["changes"][2], twin]})[2].split() == ["changes", "+"]


def test_errors_outside_all_groups_are_what_is_left(summary: dict[str, Any]) -> None:
    timeline = summary["timeline"]
    assert sum(ungrouped(timeline)) == sum(timeline["errors"]) - sum(sum(g["counts"]) for g in timeline["groups"])
    assert ungrouped(timeline | {"groups": []}) == timeline["errors"]


@pytest.mark.parametrize(
    ("sources", "folder"),
    [
        (["/var/log/a/x.log", "/var/log/ab/y.log"], "/var/log/"),
        (["/var/log/x.log"], "/var/log/"),
        (["-"], ""),
        (["-", "logs/x.log"], ""),
        ([], ""),
    ],
)
def test_the_folder_of_all_sources_is_said_once(sources: list[str], folder: str) -> None:
    assert common_folder(sources) == folder


def test_places_leave_out_the_common_folder(summary: dict[str, Any]) -> None:
    page = page_of(summary)
    assert page.folder == "logs/"
    assert page.hypotheses.rows[0].supporting[0].lines.rows[0].place == "inventory/app.log:7412"
    assert page.sources.rows[1].source == "inventory/app.log"


def test_unlikely_hypotheses_give_no_next_steps(summary: dict[str, Any]) -> None:
    for hypothesis, probability in zip(summary["hypotheses"], (0.94, 0.04, 0.01, 0.01), strict=False):
        hypothesis["probability"] = probability
    assert {step.about for step in page_of(summary).next_steps} == {"deploy of inventory 2.4.0"}
