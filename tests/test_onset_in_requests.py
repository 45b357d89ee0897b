"""Steps that requests no longer take, or take more slowly, whatever the traffic does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import polars as pl
import pytest

from triage.onset.in_requests import find_onsets_in_requests
from triage.onset.requests import find_steps
from triage.onset.series import Window, count_series

BEGIN = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
#: What a purchase goes through: service, kind of line, and seconds since the line before.
PATH = (("shop", "order", 0.0), ("stock", "reserve", 0.01), ("stock", "reserved", 0.02), ("shop", "done", 0.01))


def _records(requests: int, seed: int = 1, **fault: Any) -> pl.DataFrame:
    """Lines of requests a second apart on average; `breaks`, `slow` or `other` begin to act at the 60 % mark."""
    rng, now = Random(seed), BEGIN
    rows: list[tuple[datetime, str | None, str, str]] = []
    for number in range(requests):
        now += timedelta(seconds=rng.expovariate(1.0))
        late, at = number >= 0.6 * requests, now
        path = PATH[:1] + PATH[3:] if fault.get("other") and (late or rng.random() < 0.1) else PATH
        for service, kind, seconds in path:
            if late and kind == fault.get("breaks"):
                break
            slow = 30.0 if late and kind == fault.get("slow") else 1.0
            at += timedelta(seconds=seconds * slow * rng.lognormvariate(0, 0.4))
            rows.append((at, f"r{number}", kind, service))
        if rng.random() < 0.3:
            rows.append((now, None, "tick", "shop"))
    schema: dict[str, pl.DataType] = {
        "timestamp": pl.Datetime("ns", "UTC"),
        **dict.fromkeys(("trace_id", "template_id", "service_name"), pl.String()),
    }
    return pl.DataFrame(rows, schema=schema, orient="row").sort("timestamp").with_row_index("line", 1)


def _onsets(records: pl.DataFrame, **how: Any) -> pl.DataFrame:
    series = count_series(records)
    return find_onsets_in_requests(records.lazy(), series, Window.of(series), **how)[0]


def _when(records: pl.DataFrame, kind: str) -> datetime:
    """When the first request that the fault met came to where it acts."""
    requests = (
        records.filter(pl.col("trace_id").is_not_null())
        .group_by("trace_id")
        .agg(pl.col("timestamp").min(), pl.col("template_id"))
    )
    order = requests.sort("timestamp")
    time: datetime = order["timestamp"][int(0.6 * len(order))]
    return time


@pytest.mark.parametrize("requests", [30, 100, 1000])
def test_a_line_that_requests_no_longer_come_to(requests: int) -> None:
    records = _records(requests, breaks="reserved")
    found = _onsets(records)
    row = found.sort("llr", "service_name").row(-1, named=True)
    assert (row["template_id"], row["service_name"], row["kind"], row["given"]) == (
        "reserved", "stock", "missing", "reserve",
    )  # fmt: skip
    assert set(found["template_id"]) <= {"reserved", "done"}
    assert (row["part_before"], row["part_after"]) == (1.0, 0.0)
    assert row["earliest"] <= _when(records, "reserved") + timedelta(seconds=1) and row["at"] <= row["latest"]
    assert row["latest"] - row["earliest"] < timedelta(seconds=30)
    assert row["before"] > 0 == row["after"]


def test_a_step_that_takes_longer() -> None:
    records = _records(120, slow="reserved")
    found = _onsets(records)
    assert set(found["kind"]) == {"slower"}
    worst = found.sort("llr").row(-1, named=True)
    assert (worst["template_id"], worst["service_name"], worst["given"]) == ("reserved", "stock", "reserve")
    assert worst["part_before"] == pytest.approx(0.02, rel=0.3) and worst["part_after"] == pytest.approx(0.6, rel=0.3)
    assert worst["earliest"] - timedelta(seconds=2) <= _when(records, "reserved") <= worst["latest"]


@pytest.mark.parametrize("seed", range(12))
def test_quiet_requests_are_silent(seed: int) -> None:
    assert len(_onsets(_records(150, seed))) == 0


def test_other_traffic_is_no_failure() -> None:
    """Where requests of another kind come, those lines are missing whose requests do not come."""
    assert not len(_onsets(_records(300, other=True)).filter(pl.col("template_id") == "reserved"))


def test_without_ids_there_are_no_steps() -> None:
    records = _records(50)
    assert find_steps(records.with_columns(pl.lit(None, pl.String).alias("trace_id")).lazy()) is None
    alone = records.with_columns(pl.int_range(pl.len()).cast(pl.String).alias("trace_id"))
    assert find_steps(alone.lazy()) is None
    assert len(_onsets(records.clear())) == 0


def test_the_order_of_records_does_not_matter() -> None:
    records = _records(100, breaks="done")
    assert _onsets(records).equals(_onsets(records.sample(fraction=1.0, shuffle=True, seed=3)))


def test_a_baseline_bounds_the_search() -> None:
    records = _records(100, breaks="done")
    end: datetime = records["timestamp"][-1] - timedelta(seconds=5)
    assert len(_onsets(records)) and not len(_onsets(records, baseline=Window.between(BEGIN, end)))
