"""Where a person finds a difference: the first line in B and the last one in A, as ``source:line``."""

from __future__ import annotations

import polars as pl

from triage.onset.series import UNIT


def with_lines(frame: pl.DataFrame, a: pl.LazyFrame, b: pl.LazyFrame) -> pl.DataFrame:
    """Differences with ``first_b`` and ``last_a``.

    Parameters
    ----------
    frame : polars.DataFrame
        With ``template_id`` and ``services``.
    a, b : polars.LazyFrame
        Records of both sets.
    """
    service = pl.col("services").list.first().alias("service_name")
    asked = frame.drop("first_b", "last_a").with_columns(service)
    found = asked
    for records, name, last in ((b, "first_b", False), (a, "last_a", True)):
        places = _places(records, asked, last).rename({"place": name})
        found = found.join(places, on=UNIT, how="left", nulls_equal=True, maintain_order="left")
    return found.select(frame.columns)


def _places(records: pl.LazyFrame, frame: pl.DataFrame, last: bool) -> pl.DataFrame:
    """The first or the last line of each template and service in a frame."""
    units = frame.select(UNIT).unique()
    chosen = (
        records.select(*UNIT, "timestamp", "source", "line")
        .filter(pl.col("timestamp").is_not_null())
        .join(units.lazy(), on=UNIT, how="semi", nulls_equal=True)
    )
    time = pl.col("timestamp").max() if last else pl.col("timestamp").min()
    # Only records of that moment are collected: a template may have millions.
    found = chosen.join(
        chosen.group_by(UNIT).agg(time), on=[*UNIT, "timestamp"], how="semi", nulls_equal=True
    ).collect()
    place = pl.format("{}:{}", "source", "line").alias("place")
    ordered = found.sort("source", "line", descending=last)
    return ordered.group_by(UNIT, maintain_order=True).agg(place.first())
