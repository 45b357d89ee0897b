"""Clocks that differ are noticed, told with the setting that puts them right, and left as they are."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from triage.ingest import Ingested, read_logs
from triage.ingest.clock import parse_clock
from triage.ingest.remedies import amount, remedy
from triage.ingest.zones import parse_zones

START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
Format = Callable[[datetime, int], str]


def _local(at: datetime, number: int) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S},{at.microsecond // 1000:03} INFO shop.cart item {number % 7} put in"


def _zoned(at: datetime, number: int) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z INFO shop.api answered {number % 5}"


def _named(at: datetime, number: int) -> str:
    return f"{_zoned(at, number)} request_id={number:08d}"


def _requests(seed: int = 7, minutes: int = 40, count: int = 2000) -> list[float]:
    rng = random.Random(seed)
    return sorted(rng.uniform(0, minutes * 60) for _ in range(count))


def _write(
    path: Path, requests: list[float], line: Format, ahead: float = 0.0, share: float = 0.7, seed: int = 1
) -> None:
    rng = random.Random(seed)
    kept = [(at + rng.expovariate(2), n) for n, at in enumerate(requests) if rng.random() < share]
    rows = [line(START + timedelta(seconds=at + ahead), n) for at, n in sorted(kept)]
    path.write_text("\n".join(rows) + "\n")


def _notes(found: Ingested, folder: Path) -> list[str]:
    return [note.replace(f"{folder}/", "") for note in found.ledger.notes]


def test_a_zone_that_was_assumed_wrongly_is_noticed_by_activity(tmp_path: Path) -> None:
    requests = _requests()
    _write(tmp_path / "api.log", requests, _zoned)
    _write(tmp_path / "cart.log", requests, _local, ahead=3600, seed=2)
    found = read_logs(tmp_path)
    (note,) = _notes(found, tmp_path)
    assert found.ledger.sources[1].first is not None
    assert found.ledger.sources[1].first.startswith("2026-11-21T03:00:")  # nothing was changed
    assert note.startswith(
        "the clock of cart.log is 1 h ahead of that of api.log, or the other way round: they are busy at the same "
        "moments only if so (correlation 0."
    )
    assert note.endswith(
        "as they stand 0.00); nothing was changed: if that is wrong, give --tz 'cart.log=Europe/Berlin' "
        "(or another zone at +01:00 then)"
    )
    assert _notes(read_logs(tmp_path, tz=parse_zones(["cart.log=Europe/Berlin"])), tmp_path) == []


@pytest.mark.parametrize("hours", [2, 5.5, -8])
def test_hours_of_a_clock_whose_zone_is_in_the_log(tmp_path: Path, hours: float) -> None:
    requests = _requests()
    for number in range(3):
        _write(tmp_path / f"{number}.log", requests, _zoned, hours * 3600 * (number == 1), seed=number)
    (note,) = _notes(read_logs(tmp_path), tmp_path)
    which = "ahead of" if hours > 0 else "behind"
    assert note.startswith(f"the clock of 1.log is {amount(hours * 3600)} {which} that of 0.log, 2.log: they are busy")
    (setting,) = (word.strip("'") for word in note.split("--clock ")[1:])
    assert _notes(read_logs(tmp_path, clock=parse_clock([setting.replace("1.log", "*/1.log")])), tmp_path) == []


def test_a_fixed_skew_is_noticed_by_shared_ids(tmp_path: Path) -> None:
    requests = _requests(count=300)
    _write(tmp_path / "api.log", requests, _named)
    _write(tmp_path / "db.log", requests, _named, seed=2)
    _write(tmp_path / "cart.log", requests, _named, ahead=90, seed=3)
    (note,) = _notes(read_logs(tmp_path), tmp_path)
    assert note.startswith("the clock of cart.log is 90 s ahead of that of api.log, db.log: ")
    assert "shared ids of traces or requests first occur 90 s apart, in the median" in note
    assert note.endswith("give --clock 'cart.log=-90s'")
    assert _notes(read_logs(tmp_path, clock={"cart.log": -90}), tmp_path) == []


def test_one_note_for_all_sources_of_a_wrong_clock(tmp_path: Path) -> None:
    requests = _requests()
    for name, ahead in (("a.log", 0), ("b.log", 0), ("c.log", 0), ("d.log", 7200), ("e.log", 7200)):
        _write(tmp_path / name, requests, _local if ahead else _zoned, ahead, seed=ord(name[0]))
    (note,) = _notes(read_logs(tmp_path), tmp_path)
    assert note.startswith("the clock of d.log, e.log is 2 h ahead of that of a.log, b.log, c.log: ")
    assert "--tz 'd.log=Europe/Helsinki'" in note
    assert "--tz 'e.log=Europe/Helsinki'" in note


def test_a_rotated_set_is_one_clock(tmp_path: Path) -> None:
    requests = _requests(minutes=80, count=4000)
    _write(tmp_path / "api.log", requests, _zoned)
    _write(tmp_path / "cart.log.1", requests[:2000], _local, ahead=3600, seed=2)
    _write(tmp_path / "cart.log", requests[2000:], _local, ahead=3600, seed=3)
    (note,) = _notes(read_logs(tmp_path), tmp_path)
    assert note.startswith("the clock of cart.log.1, cart.log is 1 h ahead of that of api.log")
    setting = f"{tmp_path}/cart.log*=Europe/Berlin"
    assert note.endswith("give --tz 'cart.log*=Europe/Berlin' (or another zone at +01:00 then)")
    assert _notes(read_logs(tmp_path, tz=parse_zones([setting])), tmp_path) == []


def test_when_the_file_was_last_written_supports_it(tmp_path: Path) -> None:
    requests = _requests()
    _write(tmp_path / "api.log", requests, _zoned)
    _write(tmp_path / "cart.log", requests, _local, ahead=3600, seed=2)
    end = (START + timedelta(seconds=requests[-1] + 3)).timestamp()
    os.utime(tmp_path / "cart.log", (end, end))
    (note,) = _notes(read_logs(tmp_path), tmp_path)
    assert "; so does when its file was last written; nothing was changed" in note


def test_clocks_that_agree_and_sources_that_merely_differ(tmp_path: Path) -> None:
    requests = _requests()
    _write(tmp_path / "api.log", requests, _named)
    _write(tmp_path / "cart.log", requests, _named, seed=2)
    _write(tmp_path / "other.log", _requests(seed=8), _zoned, ahead=3600)
    beats = [float(n * 30) for n in range(80)]
    _write(tmp_path / "beat.log", beats, _zoned, ahead=1800, share=1)
    assert _notes(read_logs(tmp_path), tmp_path) == []


def test_traffic_in_periods_fits_everywhere(tmp_path: Path) -> None:
    beats = [float(n // 5 * 60 + n % 5) for n in range(1000)]
    _write(tmp_path / "a.log", beats, _zoned, share=1)
    _write(tmp_path / "b.log", beats, _zoned, ahead=3600, share=1)
    assert _notes(read_logs(tmp_path), tmp_path) == []


def test_few_ids_and_ids_that_come_any_time_later_say_nothing(tmp_path: Path) -> None:
    _write(tmp_path / "a.log", _requests(count=9), _named, share=1)
    _write(tmp_path / "b.log", _requests(count=9), _named, ahead=3600, share=1)
    assert _notes(read_logs(tmp_path), tmp_path) == []
    rng = random.Random(3)
    later = [at + rng.uniform(0, 900) for at in _requests(count=90)]
    _write(tmp_path / "a.log", _requests(count=90), _named, share=1)
    _write(tmp_path / "b.log", later, _named, share=1)
    assert _notes(read_logs(tmp_path), tmp_path) == []


def test_it_does_not_depend_on_chunks(tmp_path: Path) -> None:
    requests = _requests(count=500)
    _write(tmp_path / "a.log", requests, _named)
    _write(tmp_path / "b.log", requests, _named, ahead=90, seed=2)
    whole = read_logs(tmp_path).ledger
    assert len(whole.notes) == 1
    assert read_logs(tmp_path, chunk_bytes=3000).ledger == whole


JULY = (datetime(2026, 7, 1, 2, tzinfo=UTC), datetime(2026, 7, 1, 3, tzinfo=UTC))


@pytest.mark.parametrize(
    ("zone", "shift", "expected"),
    [
        ("UTC", 5.5 * 3600, "--tz 'a.log=Asia/Kolkata' (or another zone at +05:30 then)"),
        ("Europe/Berlin", -7200, "--tz 'a.log=UTC' (or another zone at +00:00 then)"),
        ("UTC", -8 * 3600, "--tz 'a.log=America/Anchorage' (or another zone at -08:00 then)"),
        ("UTC", 1.25 * 3600, "--clock 'a.log=-01:15'"),
        (None, -90, "--clock 'a.log=+90s'"),
    ],
)
def test_remedies(zone: str | None, shift: float, expected: str) -> None:
    assert remedy(["a.log"], zone, shift, JULY) == expected


def test_signs_of_patterns_are_escaped() -> None:
    assert remedy(["a[1].log"], None, 60, JULY) == "--clock 'a[[]1].log=-60s'"
