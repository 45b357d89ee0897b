"""Reports of crashes are records of their own."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from triage.ingest import read_logs
from triage.ingest.crashes import NOTE, crashed

REPORT = "panic: no more\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:30 +0x2e\n"


def _read(tmp_path: Path, text: str, size: int = 1 << 20) -> tuple[pl.DataFrame, str]:
    (tmp_path / "app.log").write_text(text)
    found = read_logs(tmp_path / "app.log", chunk_bytes=size)
    return found.records, " ".join(found.ledger.assumptions)


@pytest.mark.parametrize("size", [1, 40, 1 << 20])
def test_a_report_has_the_time_of_the_record_above_however_the_file_is_cut(tmp_path: Path, size: int) -> None:
    line = "2026-11-21T02:05:1{}Z INFO ready\n"
    records, notes = _read(tmp_path, line.format(2) + REPORT + REPORT + line.format(3), size)
    assert records["timestamp"].dt.second().to_list() == [12, 12, 12, 13]
    assert records["severity_number"].to_list() == [9, 17, 17, 9]
    assert NOTE in notes


def test_the_first_record_of_a_file_has_no_time_to_take(tmp_path: Path) -> None:
    records, notes = _read(tmp_path, REPORT + "2026-11-21T02:05:12Z INFO ready\n")
    assert records["timestamp"].is_null().to_list() == [True, False]
    assert NOTE not in notes


def test_the_time_of_an_untimed_line_is_not_made_up(tmp_path: Path) -> None:
    records, _ = _read(tmp_path, '{"level":"info","time":"2026-11-21T02:05:12Z","msg":"a"}\nno time\n' + REPORT)
    assert records["timestamp"].is_null().to_list() == [False, True, True]


def test_a_report_with_a_level_of_its_own_keeps_it(tmp_path: Path) -> None:
    records, _ = _read(tmp_path, "2026-11-21T02:05:12Z WARN panic: caught\n2026-11-21T02:05:13Z panic: not caught\n")
    assert records["severity_number"].to_list() == [13, 17]


def test_what_only_speaks_of_a_crash_begins_none() -> None:
    said = ["in panic: x", "panicked", "http: panic serving 10.0.0.1", "an Exception in thread x", "a fatal error: x"]
    assert not crashed(pl.Series(said)).any()
