"""Where a person finds a difference: the first line in B and the last one in A, as ``source:line``."""

from __future__ import annotations

import polars as pl

from triage.comparison.given_names import bare_name
from triage.comparison.senders import SENDERS
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


def with_last_lines(
    stops: pl.DataFrame, records: tuple[pl.LazyFrame, pl.LazyFrame], given: tuple[tuple[str, ...], tuple[str, ...]]
) -> pl.DataFrame:
    """What fell silent with ``place``, the last line as ``source:line``.

    Parameters
    ----------
    stops : polars.DataFrame
        What `stops.find_stops` gives.
    records : pair of polars.LazyFrame
        Of A and B.
    given : pair of tuple of str
        What was named to read each.
    """
    places = [
        _last_line(records[row["count_b"] > 0], given[row["count_b"] > 0], row["kind"], row["name"])
        for row in stops.iter_rows(named=True)
    ]
    return stops.with_columns(pl.Series("place", places, dtype=pl.String))


def _last_line(records: pl.LazyFrame, given: tuple[str, ...], kind: str, name: str | None) -> str | None:
    column = pl.col(SENDERS[kind])
    names: list[str | None] = [name]
    if kind == "source":
        sources = records.select(column.unique()).collect()["source"]
        names = [source for source in sources if bare_name(source, given) == name]
    own = records.filter(column.is_in(names, nulls_equal=True)).select("timestamp", "source", "line")
    last = own.filter(pl.col("timestamp") == pl.col("timestamp").max()).collect().sort("source", "line")
    return None if last.is_empty() else f"{last['source'][-1]}:{last['line'][-1]}"
