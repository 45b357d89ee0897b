"""Requests: records that share a trace id, as the steps from each kind of line to the one that usually comes before it.

How often a kind of line comes depends on how many requests come, and on which; what a request goes through depends on
neither. So a step tells of a failure where rates cannot: in minutes, and under traffic of any shape.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from triage.onset.series import UNIT

#: Lines that are looked at; of more, a part of the requests is drawn.
MOST_LINES = 250_000
#: An id that more kinds of lines share, or that lasts for more than this part of the time, is none of a request.
MOST_KINDS, LONGEST_SHARE = 200, 0.25
#: Fewest requests that must have a step.
FEWEST = 8
#: How many kinds of lines back the one before is looked for, and the share of requests that must have it there.
BACK, NEARLY_ALL = 25, 0.98
#: Share of requests that are done within the time that is taken for how long they last.
DONE = 0.99


@dataclass(frozen=True, eq=False)
class Steps:
    """Steps of requests.

    Attributes
    ----------
    units : polars.DataFrame
        ``unit``, ``template_id``, ``service_name``: kinds of lines, numbered.
    reached : polars.DataFrame
        ``unit``, ``before``, ``at``, ``lag``, by unit and time: for each kind that nearly always comes after another,
        every request that reached the other and had the time to get on. ``at`` is when it did (ns since 1970), ``lag``
        how long after it the line came (ns), null where it has none.
    next : polars.DataFrame
        The same columns, without nulls, of kinds that came next to each other.
    """

    units: pl.DataFrame
    reached: pl.DataFrame
    next: pl.DataFrame


def find_steps(records: pl.LazyFrame) -> Steps | None:
    """The steps that requests take; None where records share no ids.

    Parameters
    ----------
    records : polars.LazyFrame
        With ``timestamp``, ``trace_id``, ``template_id``, ``service_name``, ``source`` and ``line``.
    """
    rows = _rows(records)
    if not len(rows):
        return None
    numbered = rows.select(UNIT).unique().sort(UNIT).with_row_index("unit")
    rows = rows.join(numbered, on=UNIT, nulls_equal=True).select("request", "at", "place", "unit")
    rows = rows.sort("request", "at", "place", "unit")
    return Steps(numbered, _reached(rows, _leading(rows, numbered)), _next(rows))


def _rows(records: pl.LazyFrame) -> pl.DataFrame:
    """The first line of each kind in each request: ``request``, ``at``, ``place`` and the kind's columns."""
    traced = records.filter(pl.col("trace_id").is_not_null(), pl.col("timestamp").is_not_null())
    # Whole requests are left out, and the same ones in every run.
    part = -(-traced.select(pl.len()).collect(engine="streaming").item() // MOST_LINES) or 1
    request = pl.col("trace_id").hash(0)
    lines = traced.with_columns(request.alias("request")).filter((pl.col("request") // 7919) % part == 0)
    first = (pl.col("timestamp").dt.epoch("ns").min().alias("at"), pl.col("line").min().alias("place"))
    rows = lines.group_by("request", *UNIT).agg(first).collect(engine="streaming")
    longest = LONGEST_SHARE * (rows["at"].max() - rows["at"].min()) if len(rows) else 0  # type: ignore[operator]
    lasts = pl.col("at").max().over("request") - pl.col("at").min().over("request")
    return rows.filter(pl.len().over("request").is_between(2, MOST_KINDS), lasts <= longest)


def _leading(rows: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """``unit`` and ``before``, the kind that nearly always comes before it."""
    seen = rows.group_by("unit").agg(pl.len().alias("seen")).filter(pl.col("seen") >= FEWEST)
    pairs = []
    for back in range(1, BACK + 1):
        shifted = pl.col("unit").shift(back).over("request")
        pair = rows.select("unit", shifted.alias("before")).drop_nulls()
        pairs.append(pair.group_by("unit", "before").agg(pl.len().alias("count")).with_columns(back=pl.lit(back)))
    counts = (
        pl.concat(pairs)
        .group_by("unit", "before")
        .agg(pl.col("count").sum(), (pl.col("count") * pl.col("back")).sum().alias("backs"))
    )
    near = counts.join(seen, on="unit").filter(pl.col("count") >= NEARLY_ALL * pl.col("seen"))
    near = near.join(rows.group_by(pl.col("unit").alias("before")).agg(pl.len().alias("reached")), on="before")
    service = units.select("unit", "service_name")
    near = near.join(service, on="unit").join(service.rename({"unit": "before"}), on="before", suffix="_before")
    # Within one service it is plain where it fails; then the line that leads to the fewest others.
    same = pl.col("service_name").eq_missing(pl.col("service_name_before"))
    near = near.sort("unit", ~same, "reached", pl.col("backs") / pl.col("count"), "before")
    return near.unique("unit", keep="first", maintain_order=True).select("unit", "before")


def _reached(rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    times = rows.select("request", "unit", "at")
    reached = times.rename({"unit": "before"}).join(known, on="before")
    there = times.rename({"at": "then"})
    taken = reached.join(there, on=["request", "unit"], how="left").with_columns(lag=pl.col("then") - pl.col("at"))
    # Where a request comes to both in another order, the step is not one that it took.
    taken = taken.filter(pl.col("lag").is_null() | (pl.col("lag") >= 0))
    # A request that came shortly before the end had no time to get there.
    usual = taken.group_by("unit").agg(pl.col("lag").quantile(DONE, "higher").alias("usual"))
    taken = taken.join(usual, on="unit").filter(pl.col("at") + pl.col("usual") <= rows["at"].max())
    return taken.select("unit", "before", "at", "lag").sort("unit", "at", "lag")


def _next(rows: pl.DataFrame) -> pl.DataFrame:
    past = rows.select(
        "unit",
        pl.col("unit").shift().over("request").alias("before"),
        pl.col("at").shift().over("request"),
        (pl.col("at") - pl.col("at").shift().over("request")).alias("lag"),
    ).drop_nulls()
    return past.filter(pl.len().over("unit", "before") >= FEWEST).sort("unit", "before", "at", "lag")
