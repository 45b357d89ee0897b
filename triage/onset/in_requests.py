"""Onsets of steps that requests no longer take, or take more slowly, as rows of the table of onsets."""

from __future__ import annotations

import polars as pl

from triage.onset.broken import find_broken
from triage.onset.frame import ONSETS
from triage.onset.requests import find_steps
from triage.onset.series import SECOND, UNIT, Series, Window

MINUTE = 60 * SECOND


def find_onsets_in_requests(
    records: pl.LazyFrame,
    series: Series,
    window: Window,
    *,
    baseline: Window | None = None,
    coverage: float = 0.90,
    max_q: float = 0.05,
) -> tuple[pl.DataFrame, int]:
    """Onsets of the kinds *missing* and *slower* (see `broken`), and how many steps and services were tested.

    Parameters
    ----------
    records : polars.LazyFrame
        See `requests.find_steps`.
    series, window, baseline
        As for `find_onsets`.
    """
    steps = find_steps(records)
    if steps is None:
        return ONSETS.to_frame(), 0
    found, tested = find_broken(steps, coverage=coverage, max_q=max_q)
    if baseline is not None:
        found = found.filter(pl.col("at") >= baseline.end_ns)
    other = steps.units.select(pl.col("unit").alias("before_unit"), pl.col("template_id").alias("given"))
    named = found.join(steps.units, on="unit").join(other, on="before_unit")
    times = [pl.from_epoch(name, "ns").dt.replace_time_zone("UTC") for name in ("at", "earliest", "latest")]
    none = [pl.lit(None).alias(name) for name in ("until", "before_low", "before_high", "after_low", "after_high")]
    rows = _with_rates(named, series, window).with_columns(*times, *none)
    return rows.select(ONSETS.names()).cast(ONSETS).sort("at", *UNIT), tested


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
