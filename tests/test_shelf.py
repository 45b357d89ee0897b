"""The shelf of recorded incidents: whole, small enough, and true to what the logs hold."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sample_logs.record.incidents import INCIDENTS
from sample_logs.record.incidents.slow_search import BEHIND
from sample_logs.record.timeline import FIRST_ID
from tests.incident_folders import SAMPLES, first_marked, load, logs, time_of
from triage.changes import load_changes
from triage.new_incident import readme, truth

MEGABYTE = 1_000_000
SHELF = sorted(path.parent for path in SAMPLES.glob("*/truth.json"))
NAMES = [path.name for path in SHELF]
#: What the shelf has to hold, and where.
HELD = {
    "a deploy that breaks at once": "currency-rollback",
    "a slow leak": "checkout-5xx",
    "an edit of a configuration": "tight-timeout",
    "a flag for a share of users": "flag-for-some",
    "a canary": "canary",
    "a migration that locks a table": "migration-lock",
    "a dependency, and a tempting deploy": "bank-gone",
    "a limit of memory": "full-memory",
    "a surge of traffic": "flash-sale",
    "a rollback that ends it": "currency-rollback",
    "two problems at once": "two-at-once",
    "success that stops": "silent-stop",
    "nothing": "quiet-half-hour",
    "other zones and a wrong clock": "slow-search",
}


@cache
def texts(incident: Path) -> dict[str, str]:
    return logs(incident)


def each_problem(told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield told
    yield from told.get("others", [])


def test_the_shelf_is_whole() -> None:
    assert set(NAMES) == set(INCIDENTS) == set(HELD.values())


def test_the_shelf_is_large_and_takes_little_room() -> None:
    assert sum(text.count("\n") for incident in SHELF for text in texts(incident).values()) >= 1_000_000
    files = [path for incident in SHELF for path in incident.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 12 * MEGABYTE


@pytest.mark.parametrize("incident", SHELF, ids=NAMES)
def test_what_stands_beside_the_logs_is_of_the_scenario(incident: Path) -> None:
    scenario = INCIDENTS[incident.name]
    assert (incident / "README.md").read_text(encoding="utf-8") == scenario.readme()
    assert len(scenario.readme().splitlines()) == 5
    changes = load(incident, "changes.json")
    planned = [(step.kind, step.service, step.summary) for step in scenario.steps if step.role != "hidden"]
    assert [(change["kind"], change["service"], change["summary"]) for change in changes] == planned
    assert (incident / "symptom.txt").read_text(encoding="utf-8").count("\n") == 1


@pytest.mark.parametrize("incident", SHELF, ids=NAMES)
def test_the_truth_is_of_the_changes_and_the_window(incident: Path) -> None:
    told, changes = load(incident, "truth.json"), {change["id"]: change for change in load(incident, "changes.json")}
    for problem in each_problem(told):
        assert problem["cause"] == ("change" if problem["change_id"] else "unrecorded")
        if problem["onset"] is None:
            assert problem["service"] is None and problem["marks"] == []
            continue
        earliest, latest = (time_of(problem["onset"], key) for key in ("earliest", "latest"))
        assert earliest <= latest < earliest + dt.timedelta(seconds=60)
        if problem["change_id"]:
            assert time_of(changes[problem["change_id"]], "time") <= earliest


@pytest.mark.parametrize("incident", SHELF, ids=NAMES)
def test_every_mark_is_in_the_logs_and_not_before_the_onset(incident: Path) -> None:
    behind = dt.timedelta(seconds=BEHIND if incident.name == "slow-search" else 0)
    for problem in each_problem(load(incident, "truth.json")):
        for mark in problem["marks"]:
            times = [time for text in texts(incident).values() if (time := first_marked(mark, text))]
            assert times, mark
            assert time_of(problem["onset"], "earliest") <= min(times) + behind, mark


@pytest.mark.parametrize("incident", SHELF, ids=NAMES)
def test_no_gap_between_the_ids_tells_of_what_nobody_noted(incident: Path) -> None:
    ids = [change["id"] for change in load(incident, "changes.json")]
    assert ids == [f"CHG-{FIRST_ID + number}" for number in range(len(ids))]


@pytest.mark.parametrize("incident", SHELF, ids=NAMES)
def test_what_a_person_wrote_is_as_the_check_of_folders_wants_it(incident: Path) -> None:
    changes = load_changes(incident / "changes.json").changes
    assert truth.complaints(load(incident, "truth.json"), changes, None) == []
    assert readme.complaints((incident / "README.md").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("incident", SHELF, ids=NAMES)
def test_no_log_names_a_machine(incident: Path) -> None:
    for name, text in texts(incident).items():
        paths = set(re.findall(r'File "(/[^"]+)"', text))
        assert all(re.match(r"/tmp/shop-[1-8]/", path) for path in paths), name
        assert "site-packages" not in text, name
