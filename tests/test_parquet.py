"""Parquet files among logs: known by their first bytes, read as tables, damage told in one line."""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import datetime
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import triage
from triage.errors import InputError, UsageError
from triage.ingest import read_logs

FRAME = pl.DataFrame(
    {
        "TimeGenerated": [datetime(2026, 11, 21, 2, 5, second) for second in range(3)],
        "SeverityLevel": [3, 1, None],
        "Message": ["no connection left", "order placed", None],
        "AppRoleName": ["checkout", None, "cart"],
        "line": ["x", "y", "z"],
        "tags": [["a"], [], None],
    }
)


def _packed(frame: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue()


DATA = _packed(FRAME)


def test_rows_are_records(tmp_path: Path) -> None:
    path = tmp_path / "logs.of.azure"
    path.write_bytes(DATA)
    found = read_logs(path, tz="Europe/Berlin")
    assert found.records["line"].to_list() == [1, 2, 3]
    assert set(found.records["source"]) == {str(path)}
    assert found.records["body"].to_list() == ["no connection left", "order placed", ""]
    assert found.records["severity_number"].to_list() == [17, 9, None]
    assert found.records["service_name"].to_list() == ["checkout", "logs.of.azure", "cart"]
    assert str(found.records["timestamp"][0]) == "2026-11-21 01:05:00+00:00"
    (row,) = found.ledger.sources
    assert (row.format, row.lines, row.records, row.time_zone_assumed) == ("parquet", 3, 3, True)
    assert "TimeGenerated as timestamp, SeverityLevel as severity_text, Message as body" in row.notes[0]


def test_compressed_and_in_archives_beside_other_logs(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(DATA))
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("b.parquet", DATA)
    (tmp_path / "c.log").write_text("2026-11-21T02:05:12Z ERROR boom\n")
    found = read_logs(tmp_path)
    assert [row.format for row in found.ledger.sources] == ["parquet", "parquet", "generic"]
    assert found.ledger.records == 7


def test_a_table_of_records_gives_its_records_and_their_places(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    log.write_text("\n2026-11-21T02:05:12Z ERROR boom\n  twice\n2026-11-21T02:05:13Z INFO ok\n")
    records = read_logs(log).records
    records.write_parquet(tmp_path / "out.parquet")
    assert read_logs(tmp_path / "out.parquet").records.equals(records)


@settings(max_examples=60)
@given(cut=st.integers(4, len(DATA) - 1))
def test_a_file_that_is_cut_off_is_told_in_one_line(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    path = tmp_path_factory.mktemp("cut") / "a.parquet"
    path.write_bytes(DATA[:cut])
    with pytest.raises(InputError, match=r"a\.parquet: nothing could be read: the Parquet file is damaged") as error:
        read_logs(path)
    assert "\n" not in str(error.value)


@settings(max_examples=60)
@given(at=st.integers(4, len(DATA) - 8), junk=st.binary(min_size=1, max_size=8))
def test_damage_inside_gives_rows_or_one_line(tmp_path_factory: pytest.TempPathFactory, at: int, junk: bytes) -> None:
    path = tmp_path_factory.mktemp("damage") / "a.parquet"
    path.write_bytes(DATA[:at] + junk + DATA[at + len(junk) :])
    try:
        found = read_logs(path)
    except InputError as error:
        assert "\n" not in str(error)
    else:
        assert found.ledger.unaccounted == 0


def test_a_damaged_file_does_not_keep_others_from_being_read(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(DATA[:-9])
    (tmp_path / "b.log").write_text("2026-11-21T02:05:12Z ERROR boom\n")
    found = read_logs(tmp_path)
    assert found.ledger.records == 1
    assert found.ledger.sources[0].notes[0].startswith("the Parquet file is damaged or incomplete")


def test_columns_that_are_no_log_or_named_wrongly(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"a": [1]}).write_parquet(path)
    with pytest.raises(InputError, match=r"a\.parquet has the columns a and none is a message"):
        read_logs(path)
    path.write_bytes(DATA)
    with pytest.raises(UsageError, match=r"a\.parquet has no column 'Mesage' to read as body: did you mean 'Message'"):
        read_logs(path, columns={"body": "Mesage"})


def test_load_takes_columns_for_files(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"when": ["2026-11-21T02:05:12Z"], "what": ["boom"]}).write_parquet(path)
    incident = triage.load(str(path), columns={"time": "when", "message": "what"})
    assert incident.records["body"].to_list() == ["boom"]
    assert triage.open(incident.save(tmp_path / "saved")).settings == incident.settings


def test_columns_of_one_name_and_a_message_that_is_an_object(tmp_path: Path) -> None:
    doubled = pa.table([["2026-11-21T02:05:12Z"], ["first"], ["second"]], names=["time", "message", "message"])
    pq.write_table(doubled, tmp_path / "a.parquet")
    pl.DataFrame({"time": ["2026-11-21T02:05:12Z"], "body": [{"event": "sold"}]}).write_parquet(tmp_path / "b.parquet")
    assert read_logs(tmp_path).records["body"].to_list() == ["first", '{"event":"sold"}']


def test_a_file_without_rows_is_empty(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(_packed(FRAME.clear()))
    with pytest.raises(InputError, match=r"a\.parquet: empty: no line to read"):
        read_logs(tmp_path)
