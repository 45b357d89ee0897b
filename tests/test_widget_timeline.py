"""The data of the timeline, and what its traits take."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from traitlets import TraitError

from triage.widgets.timeline import Timeline, timeline_javascript
from triage.widgets.timeline_data import MOST_MARKS, timeline_data

GOLDEN = Path(__file__).parent / "golden" / "report"
ONSET_MS = 1_795_140_847_212


def summary_of(name: str = "summary") -> dict[str, Any]:
    read: dict[str, Any] = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    return read


def strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in strings(one)]
    if isinstance(value, list):
        return [text for one in value for text in strings(one)]
    return [value] if isinstance(value, str) else []


def numbers(value: Any) -> int:
    if isinstance(value, dict | list):
        return sum(numbers(one) for one in (value.values() if isinstance(value, dict) else value))
    return int(isinstance(value, int | float))


def test_data_of_an_incident() -> None:
    data = timeline_data(summary_of())
    assert data["title"] == "Errors jump at 02:14:07 UTC, 5 min 12 s after change 3 (deploy of inventory 2.4.0)"
    assert (data["from"], data["bin_ms"], len(data["lines"])) == (1_795_138_800_000, 30_000, 90)
    assert data["onset"] == {"at": ONSET_MS, "earliest": ONSET_MS - 4212, "latest": ONSET_MS + 3788}
    assert [(change["number"], change["label"], change["lag"]) for change in data["changes"]][2:4] == [
        (3, "deploy of inventory 2.4.0", "5 min 12 s before"),
        (4, "deploy of payments 1.9.3", "2 min 37 s before"),
    ]
    assert [change["id"] for change in data["changes"] if change["leads"]] == ["c-103"]
    assert data["changes"][2]["end"] - data["changes"][2]["at"] == 25_000
    assert data["outside"] == ""


def test_a_time_is_cut_to_the_millisecond_as_clocks_are() -> None:
    summary = summary_of()
    summary["incident_onset"]["latest"] = "2026-11-20T02:14:10.999999Z"
    assert timeline_data(summary)["onset"]["latest"] == ONSET_MS + 3787


def test_groups_and_others_add_up_to_all_errors() -> None:
    summary = summary_of()
    data = timeline_data(summary)
    columns = zip(*(group["counts"] for group in data["groups"]), data["others"], strict=True)
    assert [sum(column) for column in columns] == summary["timeline"]["errors"]


def test_onsets_are_cut_to_those_that_speak_most_of_trouble() -> None:
    summary = summary_of()
    for place, onset in enumerate(summary["onsets"]):
        onset["trouble"] = 20.0 if place == 0 else 0.4
    data = timeline_data(summary, most_onsets=2)
    assert [(onset["id"], onset["trouble"]) for onset in data["onsets"]] == [("t-5de001", True), ("t-9f2c11", False)]
    assert len(timeline_data(summary)["onsets"]) == len(summary["onsets"])


def test_notes_are_those_with_a_time_and_known_by_their_place() -> None:
    summary = summary_of()
    late, other, early = ("2026-11-20T02:20:00Z", None, "2026-11-20T02:15:00Z")
    note = {"kind": "note", "by": "ana", "detail": "", "about": "", "done": True, "written": late}
    summary["remarks"] = [
        note | {"text": "paged the owner", "at": late},
        note | {"text": "a thought", "at": other},
        note | {"text": "first\ncall \u202e", "at": early},
        note | {"kind": "check", "text": "look at the pool", "at": early},
    ]
    notes = timeline_data(summary)["notes"]
    assert [(one["id"], one["label"]) for one in notes] == [
        ("2", "ana: first call «U+202E»"),
        ("0", "ana: paged the owner"),
    ]


def test_what_lies_outside_the_logs_is_counted_and_not_drawn() -> None:
    summary = summary_of()
    summary["changes"][0]["time"] = "2026-11-18T01:00:00Z"
    summary["changes"][5]["time"] = "2026-11-20T09:00:00Z"
    data = timeline_data(summary)
    assert [change["number"] for change in data["changes"]] == [2, 3, 4, 5]
    assert data["outside"] == "Not drawn: 1 change before the logs, 1 change after them"


def test_of_too_many_changes_the_closest_to_the_onset_are_drawn() -> None:
    summary = summary_of()
    first = summary["changes"][0]
    times = [f"2026-11-20T01:{40 + place // 60}:{place % 60:02}Z" for place in range(MOST_MARKS + 5)]
    summary["changes"] = [first | {"id": f"c{place:03}", "time": time} for place, time in enumerate(times)]
    data = timeline_data(summary)
    assert [change["number"] for change in data["changes"]] == list(range(6, MOST_MARKS + 6))
    assert data["outside"] == "Not drawn: 5 changes too far from the onset to draw"


def without(summary: dict[str, Any], *names: str) -> dict[str, Any]:
    changed = deepcopy(summary)
    if "onset" in names:
        changed["incident_onset"] = None
    if "changes" in names:
        changed["changes"] = []
        changed["hypotheses"] = []
    if "errors" in names:
        bins = len(changed["timeline"]["lines"])
        changed["timeline"] |= {"errors": [0] * bins, "groups": []}
    if "records" in names:
        changed["timeline"] = {"from": None, "bin_seconds": 1, "lines": [], "errors": [], "groups": []}
    return changed


@pytest.mark.parametrize(
    ("names", "title"),
    [
        (("onset",), "3,027 errors, but no onset of trouble in 45 min of logs"),
        (("onset", "errors"), "No errors and no onset of trouble in 45 min of logs"),
        (("changes",), "Errors jump at 02:14:07 UTC; no changes were given to hold against it"),
        (("errors",), "Trouble begins at 02:14:07 UTC, 5 min 12 s after change 3 (deploy of inventory 2.4.0)"),
        (("onset", "records"), "No record has a time, so there is no timeline"),
    ],
)
def test_the_title_says_what_there_is_to_see(names: tuple[str, ...], title: str) -> None:
    data = timeline_data(without(summary_of(), *names))
    assert data["title"] == title
    assert data["describe"]


@pytest.mark.parametrize(
    ("conclusive", "ending"),
    [
        (True, "; none of the 6 recorded changes fits it well"),
        (False, "; the data does not decide which change fits it, if any"),
    ],
)
def test_the_title_names_no_change_that_does_not_lead(conclusive: bool, ending: str) -> None:
    summary = summary_of() | {"conclusive": conclusive}
    summary["hypotheses"][0] |= {"kind": "unrecorded", "change_id": None}
    assert timeline_data(summary)["title"] == f"Errors jump at 02:14:07 UTC{ending}"


@pytest.mark.parametrize(
    ("time", "beside"),
    [
        ("2026-11-20T02:14:05Z", ", as change 5 (deploy of inventory 2.4.0) was made"),
        ("2026-11-20T02:15:07.212Z", ", 1 min before change 5 (deploy of inventory 2.4.0)"),
    ],
)
def test_the_title_says_on_which_side_of_the_onset_the_change_lies(time: str, beside: str) -> None:
    summary = summary_of()
    summary["changes"][2]["time"] = time
    assert timeline_data(summary)["title"] == f"Errors jump at 02:14:07 UTC{beside}"


def test_the_text_alternative_tells_what_the_drawing_shows() -> None:
    told = timeline_data(summary_of())["describe"]
    assert told.startswith(
        "45 min of logs from 2026-11-20 01:40:00 UTC: 63,245 records, 3,027 of them errors. "
        "Most errors, 174, in the 30 s from 02:23:30. Onset at 02:14:07, within 02:14:03 to 02:14:11. "
    )
    assert "3 deploy of inventory 2.4.0 at 02:08:55 (5 min 12 s before the onset)" in told


def test_nothing_invisible_reaches_the_browser() -> None:
    texts = strings(timeline_data(summary_of("hostile")))
    assert [text for text in texts if not text.isprintable()] == []
    assert any("«U+202E»" in text for text in texts)
    assert max(map(len, texts)) < 2000


def test_a_few_thousand_numbers_reach_the_browser() -> None:
    summary = summary_of()
    summary["onsets"] = summary["onsets"] * 500
    summary["changes"] = summary["changes"] * 500
    assert numbers(timeline_data(summary)) < 3000


@pytest.mark.parametrize("window", [[5, 2], [5, 5], [1], [1, 2, 3], ["a", "b"], [0, float("nan")], [False, True]])
def test_a_window_that_is_none_is_refused(window: list[Any]) -> None:
    timeline = Timeline(window=[1, 2])
    with pytest.raises(TraitError, match=r"window: got \[.*\], wanted \[from, to\] in milliseconds with from < to"):
        timeline.window = window
    assert timeline.window == [1, 2]


def test_a_window_that_a_browser_sends_is_checked_as_well() -> None:
    timeline = Timeline(window=[1, 2])
    with pytest.raises(TraitError, match="wanted"):
        timeline.set_state({"window": [9, 3]})
    assert timeline.window == [1, 2]
    timeline.set_state({"window": [3.2, 9.8]})
    assert timeline.window == [3, 10]
    timeline.set_state({"window": []})
    assert timeline.window == []


@pytest.mark.parametrize(
    "picked", [{"kind": "change"}, {"kind": "line", "id": "1"}, {"kind": "note", "id": "1", "x": 1}]
)
def test_only_what_is_drawn_can_be_picked(picked: dict[str, Any]) -> None:
    with pytest.raises(
        TraitError, match=r"picked: got .*, wanted {} or a kind \(change, onset, group, note\) and an id"
    ):
        Timeline(picked=picked)
    assert Timeline(picked={"kind": "onset", "id": "t-1"}).picked == {"kind": "onset", "id": "t-1"}


def test_an_unknown_zone_is_refused_with_the_closest_names() -> None:
    with pytest.raises(TraitError, match=r"unknown time zone 'Europe/Berln': did you mean 'Europe/Berlin'\?"):
        Timeline(zone="Europe/Berln")
    assert Timeline(zone="Europe/Berlin").zone == "Europe/Berlin"


def test_the_module_sets_no_markup_and_names_no_address() -> None:
    code = timeline_javascript()
    assert [word for word in ("innerHTML", "outerHTML", "insertAdjacent", "import ", "eval(") if word in code] == []
    assert code.count("http") - code.count("http://www.w3.org/2000/svg") == 0
