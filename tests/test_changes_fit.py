"""How changes fit the logs: a wrong zone is hinted at and never corrected; what has no service, and ten thousand."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import triage
from tests.shop import write_incident
from triage.changes import Change, load_changes
from triage.changes.fit import FARTHEST, STEP, fit_notes, zone_shift

START, END = datetime(2024, 5, 1, 12, tzinfo=UTC), datetime(2024, 5, 1, 12, 45, tzinfo=UTC)
SECONDS = int((END - START).total_seconds())


def _changes(*minutes: float) -> list[Change]:
    return [Change(f"c{n}", START + timedelta(minutes=m), service="cart") for n, m in enumerate(minutes)]


def test_changes_that_lie_hours_after_the_logs_are_told_with_the_shift() -> None:
    (note,) = fit_notes(_changes(120 + 3, 120 + 40), START, END)
    assert note == (
        "all 2 changes lie outside the logs, and 2 h earlier they would lie inside: is the time zone of the changes "
        "right, and that of the logs (--tz)? Nothing was shifted"
    )
    (note,) = fit_notes(_changes(-330 + 3, -330 + 20, -330 + 44), START, END)
    assert "all 3 changes lie outside the logs, and 5.5 h later they would lie inside" in note


@pytest.mark.parametrize(
    "minutes",
    [
        (10, 130),  # one lies in the logs
        (-120, -90),  # two before the logs are nothing strange
        (-600, -300, -130),  # no one shift brings all of them in
        (60, 60 * 24),  # nor of these
        (60 * 20,),  # farther than zones are apart
        (),
    ],
)
def test_no_zone_is_doubted_without_need(minutes: tuple[float, ...]) -> None:
    assert fit_notes(_changes(*minutes), START, END) == []


@given(
    inside=st.lists(st.integers(0, SECONDS), min_size=3, max_size=8),
    hours=st.integers(-int(FARTHEST.total_seconds()) // 3600, int(FARTHEST.total_seconds()) // 3600),
)
def test_a_whole_number_of_hours_is_found_where_it_is_one(inside: list[int], hours: int) -> None:
    times = [START + timedelta(seconds=second, hours=hours) for second in inside]
    found = zone_shift(times, START, END)
    if hours == 0:
        assert found is None
    else:
        assert found is not None and found % STEP == timedelta(0)
        assert all(START <= time + found <= END for time in times)
        # An hour is longer than these logs, so that no other number of hours fits.
        assert found == -timedelta(hours=hours)


def test_changes_without_a_service_are_told_and_ranked(tmp_path: Path) -> None:
    folder = write_incident(tmp_path)
    rows = json.loads((folder / "changes.json").read_text())
    incident = triage.load(folder / "logs", [row | {"service": None} for row in rows])
    assert [note for note in incident.notes if note.startswith(f"{len(rows)} changes without a service")]
    assert {h.change_id for h in incident.hypotheses} >= {row["id"] for row in rows}


def test_the_zone_is_doubted_in_the_report_and_nothing_is_shifted(tmp_path: Path) -> None:
    folder = write_incident(tmp_path)
    rows = json.loads((folder / "changes.json").read_text())
    late = [row | {"time": f"{row['time'].removesuffix('Z')}-05:00", "end": None} for row in rows]
    incident = triage.load(folder / "logs", late)
    assert [change.time for change in incident.changes] == [change.time for change in load_changes(late)]
    notes = incident.summary()["notes"]
    assert [note for note in notes if " h earlier they would lie inside: is the time zone" in note]
    assert [note for note in notes if "not considered" in note]


def test_ten_thousand_changes_of_a_tool_are_all_there() -> None:
    times = [(START + timedelta(minutes=n)).isoformat() for n in range(10_001)]
    run = {"status": "completed", "displayTitle": "x", "headSha": "a"}
    runs = [
        run | {"databaseId": n, "workflowName": f"Deploy s{n % 50}", "startedAt": times[n], "updatedAt": times[n + 1]}
        for n in range(10_000)
    ]
    changes = load_changes(runs)
    assert len(changes) == 10_000
    assert {change.end - change.time for change in changes if change.end} == {timedelta(minutes=1)}
