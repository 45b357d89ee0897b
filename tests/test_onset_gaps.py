"""Gaps: a source without lines where its own rate says that many should have come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import polars as pl

from triage.onset.gaps import find_gaps, in_gaps
from triage.onset.series import Window

BEGIN = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
END = BEGIN + timedelta(seconds=1000)


def _records(source: str, rate: float, silent: tuple[float, float] | None = None, seed: int = 1) -> pl.DataFrame:
    rng, now, times = Random(seed), 0.0, []
    while (now := now + rng.expovariate(rate)) < 1000:
        if silent is None or not silent[0] <= now < silent[1]:
            times.append(BEGIN + timedelta(seconds=now))
    frame = pl.DataFrame({"timestamp": times}, schema={"timestamp": pl.Datetime("ns", "UTC")})
    return frame.with_columns(source=pl.lit(source), service_name=pl.lit("shop"))


def _gaps(*parts: pl.DataFrame) -> list[tuple[str, int, int]]:
    found = find_gaps(pl.concat(parts).lazy(), Window.between(BEGIN, END))
    offset = [(pl.col(name) - BEGIN).dt.total_seconds() for name in ("start", "end")]
    return [(row[0], row[1], row[2]) for row in found.select("source", *offset).iter_rows()]


def test_a_hole_and_an_early_end_are_gaps() -> None:
    found = _gaps(_records("a", 2, (300, 500)), _records("b", 1, (700, 1000), seed=2), _records("c", 2, seed=3))
    assert [row[0] for row in found] == ["a", "b"]
    (_, start, end), (_, last, until) = found
    assert 297 <= start <= 300 and 500 <= end <= 503
    assert 690 <= last <= 700 and until == 1000


def test_rare_lines_leave_no_gaps_and_neither_do_usual_silences() -> None:
    assert _gaps(_records("a", 0.02)) == []
    assert all(_gaps(_records("a", 1, seed=seed)) == [] for seed in range(50))
    bursts = [_records("a", 5, None, seed).filter(pl.col("timestamp").dt.minute() % 3 == 0) for seed in range(5)]
    assert all(_gaps(part) == [] for part in bursts)


def test_onsets_that_begin_with_a_gap_are_of_it() -> None:
    gaps = find_gaps(_records("a", 2, (300, 500)).lazy(), Window.between(BEGIN, END))
    at = [BEGIN + timedelta(seconds=seconds) for seconds in (299, 350, 299)]
    onsets = pl.DataFrame(
        {"service_name": ["shop", "shop", "other"], "earliest": at, "latest": [t + timedelta(seconds=2) for t in at]},
        schema_overrides={"earliest": pl.Datetime("ns", "UTC"), "latest": pl.Datetime("ns", "UTC")},
    )
    assert in_gaps(onsets, gaps).to_list() == [True, False, False]


def test_files_that_follow_each_other_leave_no_gap() -> None:
    whole = _records("app.log", 2)
    time = pl.col("timestamp") < BEGIN + timedelta(seconds=500)
    old, new = whole.filter(time).with_columns(source=pl.lit("app.log.1")), whole.filter(~time)
    assert _gaps(old, new) == []
    assert [row[0] for row in _gaps(old, _records("other.log", 2, (0, 800)))] == ["app.log.1"]
