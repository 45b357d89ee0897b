"""What is read as two sets: names of the sets, sets too small, the same records twice, and what cannot be compared."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import triage
from triage.comparison.enough import lines_needed
from triage.comparison.given_names import bare_name, below, of_the_set
from triage.errors import InputError, UsageError

DAY = datetime(2026, 11, 20, 2, tzinfo=UTC)
VERBS = ("open", "close", "send", "check", "store", "load", "queue", "merge", "list", "renew")


def write(
    path: Path, seed: int, *, start: datetime = DAY, minutes: float = 60, every: float = 3.0, error: float = 0
) -> Path:
    """A log whose lines come independently; with errors, so many seconds apart, in the second half."""
    rng = np.random.default_rng(seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    usual = rng.uniform(0, minutes * 60, rng.poisson(minutes * 60 / every))
    lines = [(t, f"INFO {rng.choice(VERBS)} parcel {rng.integers(10, 10**6)}") for t in usual]
    if error:
        times = rng.uniform(minutes * 30, minutes * 60, rng.poisson(minutes * 30 / error))
        lines += [(t, "ERROR pool ran dry") for t in times]
    said = [f"{start + timedelta(seconds=t):%Y-%m-%d %H:%M:%S.%f} {text}\n" for t, text in sorted(lines)]
    path.write_text("".join(said), encoding="utf-8")
    return path


def next_day(path: Path, seed: int, *, minutes: float = 60, every: float = 3.0, error: float = 0) -> Path:
    return write(path, seed, start=DAY + timedelta(days=1), minutes=minutes, every=every, error=error)


def folder(place: Path) -> Path:
    """Files right in a folder, and of a service in it."""
    write(place / "yesterday" / "app.log", 1)
    write(place / "yesterday" / "nginx" / "access.log", 2)
    next_day(place / "today" / "app.log", 3, error=20)
    next_day(place / "today" / "nginx" / "access.log", 4)
    return place


@pytest.mark.parametrize("given", ["{}", "{}/", "{}/*", "{}/**/*.log"])
def test_files_right_in_the_folder_given_are_of_the_same_service_in_both_sets(tmp_path: Path, given: str) -> None:
    place = folder(tmp_path)
    found = triage.compare(*(given.format(place / name) for name in ("yesterday", "today")))
    assert list(found.frame.select("kind", "template").iter_rows()) == [("new", "pool ran dry")]
    assert found.services["service_name"].to_list() == [None, "nginx"]
    assert not len(found.stops)
    assert "today were taken for names of the sets, not of services" in " ".join(found.notes).replace("*", "")


def test_a_service_that_the_other_set_has_too_keeps_its_name(tmp_path: Path) -> None:
    write(tmp_path / "old" / "cart" / "app.log", 1)
    next_day(tmp_path / "new" / "cart" / "app.log", 2)
    next_day(tmp_path / "new" / "cart" / "pay" / "app.log", 3)
    found = triage.compare(tmp_path / "old" / "cart", tmp_path / "new" / "cart")
    assert found.services["service_name"].to_list() == ["cart", "pay"]


def test_names_that_the_user_gave_are_kept(tmp_path: Path) -> None:
    place = folder(tmp_path)
    found = triage.compare(place / "yesterday", place / "today", services={"*/app.log": "cart"})
    assert found.services["service_name"].to_list() == ["cart", "nginx"]
    assert found.notes == ()


def test_the_part_of_a_path_that_is_not_the_sets() -> None:
    assert below("logs/today/a/b.log", ["logs/today"]) == "a/b.log"
    assert below("logs/today/a/b.log", ["logs/*/a"]) == "today/a/b.log"
    assert below("-", ["-"]) == ""
    assert bare_name("yesterday/app-2026-11-20.log.1", ["yesterday"]) == bare_name("today/app.log", ["today"])
    assert of_the_set(["today/app.log"], ["today"], {"app.log": "today"}) == {}


def test_sets_too_small_say_so_and_how_many_lines_it_takes(tmp_path: Path) -> None:
    a, b = write(tmp_path / "a.log", 1, minutes=5, every=40), next_day(tmp_path / "b.log", 2, minutes=5, every=40)
    found = triage.compare(a, b)
    assert found.quiet
    assert not found.enough.tells
    assert repr(found).startswith("Comparison: Too little to tell whether anything changed: no template has more than ")
    needed = found.enough.new
    assert needed is not None
    assert f"in B only is told from about {needed} lines on" in repr(found)


def test_so_many_lines_as_are_said_to_be_needed_are_told(tmp_path: Path) -> None:
    a, b = write(tmp_path / "a.log", 1), next_day(tmp_path / "b.log", 2)
    needed = triage.compare(a, b).enough.new
    assert needed is not None
    assert needed < 40
    quiet = b.read_text(encoding="utf-8")
    start = DAY + timedelta(days=1, seconds=30)
    for lines, told in ((needed + 3, True), (needed // 2, False)):
        gap = timedelta(seconds=3500 / lines)
        added = [f"{start + gap * k:%Y-%m-%d %H:%M:%S} INFO greeted the postman\n" for k in range(lines)]
        b.write_text("".join(sorted([*quiet.splitlines(keepends=True), *added])), encoding="utf-8")
        assert bool(len(triage.compare(a, b).frame)) == told


def test_it_takes_more_lines_where_the_other_set_is_shorter() -> None:
    new, gone = (lines_needed((7 * 86_400, 60), 1e-3, new=each) for each in (True, False))
    assert new == 3
    assert gone is not None
    assert gone > 1000


def test_a_minute_against_a_week_with_more_traffic_is_told_once(tmp_path: Path) -> None:
    week = write(tmp_path / "week.log", 1, minutes=7 * 24 * 60, every=60)
    minute = next_day(tmp_path / "minute.log", 2, minutes=1, every=1)
    found = triage.compare(week, minute)
    assert found.quiet
    assert found.traffic == pytest.approx(60, rel=0.4)
    assert "Nothing but the traffic changed" in repr(found)


@pytest.mark.parametrize("copy", [False, True])
def test_the_same_records_in_both_sets_cannot_differ_and_it_is_said(tmp_path: Path, copy: bool) -> None:
    a = write(tmp_path / "a.log", 1)
    b = a
    if copy:
        b = tmp_path / "other" / "b.log"
        b.parent.mkdir()
        b.write_bytes(a.read_bytes())
    found = triage.compare(a, b)
    assert (found.quiet, found.shared) == (True, found.b.records)
    assert "A and B hold the same records: nothing can differ" in repr(found)


def test_records_that_stand_in_both_sets_are_counted(tmp_path: Path) -> None:
    a = write(tmp_path / "a.log", 1)
    lines = a.read_text(encoding="utf-8").splitlines(keepends=True)
    b = next_day(tmp_path / "b.log", 2)
    b.write_text("".join(lines[-100:]) + b.read_text(encoding="utf-8"), encoding="utf-8")
    found = triage.compare(a, b)
    assert found.shared == 100
    assert "100 records of B stand in A as well, with the same time and text" in found._repr_html_()


def test_sets_of_frames(tmp_path: Path) -> None:
    frames = [triage.load(write(tmp_path / f"{k}.log", k, error=20 * k)).records for k in (0, 1)]
    plain = [frame.select("timestamp", "body", "severity_text") for frame in frames]
    found = triage.compare(*plain)
    assert list(found.frame.select("kind", "template").iter_rows()) == [("new", "pool ran dry")]
    assert found.b.name == "frame"


def test_standard_input_is_one_set_at_most() -> None:
    with pytest.raises(UsageError, match=r"^- is both sets: standard input can be read once: write one of the two"):
        triage.compare("-", ["-"])


def test_a_set_without_records(tmp_path: Path) -> None:
    a = write(tmp_path / "a.log", 1)
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"empty: the directory holds no log file"):
        triage.compare(a, tmp_path / "empty")
    nothing = pl.DataFrame(schema={"timestamp": pl.Datetime("us", "UTC"), "message": pl.String})
    with pytest.raises(InputError, match=r"^frame: there is no record in it: give two sets of logs"):
        triage.compare(a, nothing)


def test_corrections_are_kept_with_what_became_of_them(tmp_path: Path) -> None:
    rules = triage.Corrections().mask("parcel", r"\bparcel \d+").mute("never said")
    found = triage.compare(write(tmp_path / "a.log", 1), next_day(tmp_path / "b.log", 2), corrections=rules)
    mask, mute = found.summary()["corrections"]
    assert (mask["kind"], mask["records"], mask["note"]) == ("mask", found.a.records + found.b.records, "")
    assert (mute["kind"], mute["records"]) == ("mute", 0)
    assert mute["note"].startswith("matches nothing")
    logs = [str(tmp_path / "a.log"), str(tmp_path / "b.log")]
    incident = triage.load(logs, corrections=rules)
    windows = ((DAY, DAY + timedelta(minutes=30)), (DAY + timedelta(minutes=30), DAY + timedelta(hours=1)))
    assert incident.compare(*windows).corrected == incident.corrected
