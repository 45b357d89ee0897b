"""Short recordings of incidents that need more of the shop: a bank, a worker, two copies, a migration, wrong clocks."""

from __future__ import annotations

import datetime as dt
import os
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from sample_logs.record import programs, recording
from sample_logs.record.incidents import INCIDENTS
from sample_logs.record.timeline import FIRST_ID
from tests.incident_folders import first, first_marked, load, logs, time_of

NAMES = ("canary", "bank-gone", "migration-lock", "slow-search")
MINUTES = 0.6


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    absent = programs.missing()
    if absent and not os.environ.get("CI"):
        pytest.skip(f"not installed: {', '.join(absent)}")
    place = tmp_path_factory.mktemp("incidents")

    def record(name: str) -> Path:
        return recording.record(replace(INCIDENTS[name], minutes=MINUTES), place / name, say=print).folder

    with ThreadPoolExecutor(len(NAMES)) as pool:  # a recording waits, most of the time
        return dict(zip(NAMES, pool.map(record, NAMES), strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_marks_are_in_the_logs_and_not_before_the_trouble(recorded: dict[str, Path], name: str) -> None:
    told, texts = load(recorded[name], "truth.json"), logs(recorded[name])
    onset = told["onset"]
    for mark in told["marks"]:
        times = [time for text in texts.values() if (time := first_marked(mark, text))]
        assert times, mark
        if name != "slow-search":  # that is marked by how long it takes, and a busy machine is slow before as well
            assert time_of(onset, "earliest") <= min(times), mark
    assert time_of(onset, "earliest") <= time_of(onset, "latest")


def test_only_the_copy_with_the_canary_fails(recorded: dict[str, Path]) -> None:
    texts, changes = logs(recorded["canary"]), load(recorded["canary"], "changes.json")
    failed = {name: text.count('"type": "KeyError"') for name, text in texts.items() if name.startswith("checkout/")}
    assert failed["checkout/checkout-1.log"] == 0 < failed["checkout/checkout-2.log"]
    (canary,) = (change for change in changes if change.get("version") == "5.9.0")
    assert canary["instances"] == ["checkout-2"]
    assert load(recorded["canary"], "truth.json")["change_id"] == canary["id"]


def test_what_nobody_changed_is_in_no_list_and_the_banks_log_stays_with_the_bank(recorded: dict[str, Path]) -> None:
    told, changes = load(recorded["bank-gone"], "truth.json"), load(recorded["bank-gone"], "changes.json")
    assert (told["cause"], told["change_id"], told["service"]) == ("unrecorded", None, "payments")
    assert "outage" not in {change["kind"] for change in changes}
    assert [change["id"] for change in changes] == [f"CHG-{FIRST_ID + number}" for number in range(len(changes))]
    texts = logs(recorded["bank-gone"])
    assert not [name for name in texts if "bank" in name]
    assert "confirmation of ord-" in texts["worker/worker.log"]


def test_the_database_tells_who_waits_for_the_migration(recorded: dict[str, Path]) -> None:
    texts = logs(recorded["migration-lock"])
    assert "still waiting for" in texts["postgresql/postgresql.log"]
    assert texts["migrations/migrations.log"].count("of ") >= 20
    (migration,) = (c for c in load(recorded["migration-lock"], "changes.json") if c["kind"] == "migration")
    assert time_of(migration, "end") - time_of(migration, "time") > dt.timedelta(seconds=0.2 * 60 * MINUTES)


def test_a_clock_is_behind_and_a_zone_is_not_told(recorded: dict[str, Path]) -> None:
    texts = logs(recorded["slow-search"])
    payments = first(r"^ts=(\S+) level=info .*msg=request", texts["payments/payments.log"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}", payments)
    checkout = re.findall(r'"timestamp": "(\S+)Z".*"trace_id": "(\w+)", "method"', texts["checkout/checkout-1.log"])
    asked = {trace: dt.datetime.fromisoformat(at) for at, trace in checkout}
    inventory = re.findall(r"^(\S+ \S+),\d+ INFO inventory\.api \[(\w+)\]", texts["inventory/inventory.log"], re.M)
    behind = [asked[trace] - dt.datetime.fromisoformat(at) for at, trace in inventory if trace in asked]
    middle = sorted(behind)[len(behind) // 2]  # who waits in vain writes before the answer is there
    assert dt.timedelta(seconds=73) <= middle < dt.timedelta(seconds=75)  # one of the forms is read to the second
