"""Onsets that were found in something else than rates, as rows of the table of onsets, with the rates beside them."""

from __future__ import annotations

import polars as pl

from triage.onset.frame import ONSETS
from triage.onset.series import SECOND, UNIT, Series, Window

MINUTE = 60 * SECOND


def from_baseline(records: pl.LazyFrame, baseline: Window | None) -> pl.LazyFrame:
    """The records since a baseline began: what was before it is not known to be normal."""
    return records if baseline is None else records.filter(pl.col("timestamp") >= baseline.start)


def as_onsets(found: pl.DataFrame, series: Series, window: Window, baseline: Window | None = None) -> pl.DataFrame:
    """Rows of the table of onsets, by time.

    Parameters
    ----------
    found : polars.DataFrame
        Columns of that table, without the rates; ``at``, ``earliest`` and ``latest`` in nanoseconds since 1970. A
        column that is not there is null.
    series : Series
        Counts of all units.
    window : Window
        The time of the logs.
    baseline : Window, optional
        A time known to be normal: only what is after it is kept.
    """
    if baseline is not None:
        found = found.filter(pl.col("at") >= baseline.end_ns)
    times = [pl.from_epoch(name, "ns").dt.replace_time_zone("UTC") for name in ("at", "earliest", "latest")]
    rows = _with_rates(found, series, window).with_columns(times)
    none = [pl.lit(None).alias(name) for name in ONSETS.names() if name not in rows.columns]
    return (
        rows.with_columns(none)
        .with_columns(shape=pl.lit("step"))
        .select(ONSETS.names())
        .cast(ONSETS)
        .sort("at", *UNIT, "kind")
    )


def _with_rates(found: pl.DataFrame, series: Series, window: Window) -> pl.DataFrame:
    """With lines a minute before and after."""
    second = pl.col("second") * SECOND
    lines = found.select(*UNIT, "at").unique().join(series.counts, on=UNIT, nulls_equal=True)
    sums = lines.group_by(*UNIT, "at").agg(
        pl.col("count").filter(second < pl.col("at")).sum().alias("lines_before"),
        pl.col("count").filter(second >= pl.col("at")).sum().alias("lines_after"),
    )
    joined = found.join(sums, on=[*UNIT, "at"], how="left", nulls_equal=True)
    before, after = pl.col("at") - window.start_ns, window.end_ns - pl.col("at")
    return joined.with_columns(
        (pl.col("lines_before") * MINUTE / before.clip(SECOND)).alias("before"),
        (pl.col("lines_after") * MINUTE / after.clip(SECOND)).alias("after"),
    )
