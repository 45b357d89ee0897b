"""Tables as logs: pandas, polars and Arrow, with the column types that people have."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import triage
from triage.errors import InputError, UsageError
from triage.ingest.frames import read_frame

AT = "2026-11-21T02:05:12Z"


def _row(frame: Any) -> dict[str, Any]:
    return read_frame(frame).records.row(0, named=True)


def test_a_records_table_gives_itself() -> None:
    first = read_frame(pl.DataFrame({"time": [AT], "message": ["boom"], "level": ["ERROR"], "pod": ["a-1"]})).records
    assert read_frame(first).records.equals(first)


def test_numbers_of_severity_are_kept_or_read() -> None:
    assert _row(pl.DataFrame({"time": [AT], "message": ["x"], "severity_number": [17]}))["severity_number"] == 17
    assert _row(pl.DataFrame({"time": [AT], "message": ["x"], "level": [40]}))["severity_number"] == 17


def test_times_as_an_index_of_pandas() -> None:
    frame = pd.DataFrame({"message": ["x"]}, index=pd.DatetimeIndex([AT]))
    assert str(_row(frame)["timestamp"]) == "2026-11-21 02:05:12+00:00"


def test_a_time_that_summer_time_leaves_out_is_not_lost() -> None:
    frame = pl.DataFrame({"time": [datetime(2026, 3, 29, 2, 30)], "message": ["x"]})
    assert str(read_frame(frame, "Europe/Berlin").records["timestamp"][0]) == "2026-03-29 01:30:00+00:00"


@pytest.mark.parametrize("never", [datetime(1, 1, 1), datetime(2264, 5, 6), datetime(9999, 12, 31)])
@pytest.mark.parametrize("zone", [None, "UTC"])
def test_a_time_that_means_never_is_none(never: datetime, zone: str | None) -> None:
    frame = pl.DataFrame({"time": [datetime(2026, 11, 21), never], "message": ["x", "y"]})
    found = read_frame(frame.with_columns(pl.col("time").dt.replace_time_zone(zone)))
    assert [time is None for time in found.records["timestamp"]] == [False, True]
    assert (found.ledger.records, found.ledger.untimed) == (1, 1)


def test_bytes_and_mixed_types_are_text() -> None:
    assert _row(pl.DataFrame({"time": [AT], "message": [b"caf\xc3\xa9"]}))["body"] == "caf\u00e9"
    mixed = pd.DataFrame({"time": [AT, AT, AT], "message": ["x", 5, None]})
    assert read_frame(mixed).records["body"].to_list() == ["x", "5", ""]


def test_columns_that_are_no_log() -> None:
    with pytest.raises(InputError, match="the frame has the columns a and none is a message"):
        read_frame(pl.DataFrame({"a": [1]}))


def test_paths_may_come_from_a_generator(tmp_path: Any) -> None:
    for name in ("a.log", "b.log"):
        (tmp_path / name).write_text(f"{AT} ERROR boom\n")
    assert len(triage.load(tmp_path.glob("*.log")).records) == 2


def test_missing_values_of_pandas_are_empty_messages() -> None:
    assert triage.mine(pd.Series(["a", float("nan")])).templates["template"].to_list() == ["(empty message)", "a"]


def test_columns_that_the_caller_names() -> None:
    frame = pl.DataFrame({"ts_col": [AT], "txt": ["boom"], "message": ["x"], "sev": ["error"], "time": ["never"]})
    named = triage.load(frame, columns={"timestamp": "ts_col", "message": "txt", "level": "sev"})
    assert named.records["body"].to_list() == ["boom"]
    assert named.records["severity_number"].to_list() == [17]
    assert str(named.records["timestamp"][0]) == "2026-11-21 02:05:12+00:00"
    assert "columns read as: ts_col as timestamp, sev as severity_text, txt as body (frame)" in named.ledger.assumptions


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"timestamp": "tscol"}, "the frame has no column 'tscol' to read as timestamp: did you mean 'ts_col'?"),
        ({"timestamp": "xyz"}, "no column 'xyz' to read as timestamp: there are ts_col, message"),
        ({"tmie": "ts_col"}, "records have no field 'tmie': did you mean 'time'?"),
        ("ts_col", "got str, wanted a mapping such as {'timestamp': 'ts_col'}"),
    ],
)
def test_columns_that_are_not_there(columns: Any, told: str) -> None:
    with pytest.raises(UsageError, match=re.escape(told)):
        triage.load(pl.DataFrame({"ts_col": [AT], "message": ["x"]}), columns=columns)


def test_a_status_is_a_level_only_where_it_holds_words() -> None:
    words, codes = (pl.DataFrame({"time": [AT], "message": ["x"], "status": [value]}) for value in ("warn", "200"))
    assert _row(words)["severity_number"] == 13
    assert _row(codes)["severity_number"] is None
    assert _row(codes)["attributes"] == '{"status":"200"}'


def test_columns_of_one_name_are_all_kept() -> None:
    doubled = pd.DataFrame([[AT, "first", "second"]], columns=["time", "message", "message"])
    for frame in (doubled, pa.table([[AT], ["first"], ["second"]], names=["time", "message", "message"])):
        row = _row(frame)
        assert (row["body"], row["attributes"]) == ("first", '{"message_3":"second"}')


def test_levels_of_an_index_of_pandas_are_columns() -> None:
    index = pd.MultiIndex.from_arrays([pd.DatetimeIndex([AT]), ["till"]], names=["time", "service"])
    row = _row(pd.DataFrame({"message": ["x"]}, index=index))
    assert (str(row["timestamp"]), row["service_name"]) == ("2026-11-21 02:05:12+00:00", "till")


@pytest.mark.parametrize(
    "values",
    [
        pd.Series([1j]),
        pd.Series(pd.period_range("2026-11-21T02:00", periods=1, freq="h")),
        pd.Series(pd.arrays.SparseArray([0])),
        pd.Series([object()]),
        pd.Series([pd.Timedelta("1h")]),
        pl.Series([timedelta(hours=1)]),
        pl.Series([[b"x"]]),
        pl.Series([object()]),
        pa.array([None], pa.month_day_nano_interval()),
        pa.array([Decimal(1)], pa.decimal256(60, 2)),
        pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int64())),
    ],
    ids=lambda values: str(getattr(values, "dtype", None) or values.type),
)
@pytest.mark.parametrize("name", ["extra", "time", "message"])
def test_columns_of_types_that_no_log_has(values: Any, name: str) -> None:
    columns: dict[str, Any] = {"time": [AT], "message": ["x"], **{name: values}}
    kind = {"pandas": pd.DataFrame, "polars": pl.DataFrame}.get(type(values).__module__.partition(".")[0], pa.table)
    found = read_frame(kind(columns))
    assert (len(found.records), found.ledger.unaccounted) == (1, 0)
    assert found.records["timestamp"].null_count() == 0 or name == "time"


def test_a_period_of_pandas_is_when_it_begins() -> None:
    frame = pd.DataFrame({"time": pd.period_range("2026-11-21T02:00", periods=1, freq="h"), "message": ["x"]})
    assert str(_row(frame)["timestamp"]) == "2026-11-21 02:00:00+00:00"


def test_a_lazy_frame_that_cannot_be_collected(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"the frame cannot be collected \(.*nothing\.parquet"):
        read_frame(pl.scan_parquet(tmp_path / "nothing.parquet"))


def test_times_in_an_hour_that_comes_twice_are_told() -> None:
    frame = pl.DataFrame({"time": [datetime(2026, 10, 25, 2, 30)], "message": ["x"]})
    assert any("twice in autumn" in note for note in read_frame(frame, "Europe/Berlin").ledger.assumptions)
