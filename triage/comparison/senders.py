"""Who wrote the lines: services, hosts and sources, with the seconds in which they did."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from triage.comparison.cover import Cover
from triage.comparison.given_names import bare_name
from triage.onset.bins import Rows
from triage.onset.series import SECOND

#: Kinds of senders, from the one that says most; each with the column that names it.
SENDERS = {"service": "service_name", "host": "host_name", "source": "source"}
SENDER = ["kind", "name"]


def writing(records: pl.LazyFrame, given: Sequence[str]) -> pl.DataFrame:
    """Lines per second of each service, host and source together.

    Parameters
    ----------
    records : polars.LazyFrame
        Timed records of a set.
    given : sequence of str
        What was named to read it: sources bear names without that.
    """
    second = (pl.col("timestamp").dt.epoch("ns") // SECOND).alias("second")
    each = [pl.col(name).cast(pl.String) for name in SENDERS.values()]
    found = records.select(*each, second).group_by(*SENDERS.values(), "second").len("count").collect(engine="streaming")
    bare = {source: bare_name(source, given) for source in found["source"].unique().drop_nulls()}
    return found.with_columns(pl.col("source").replace(bare))


def by_sender(table: pl.DataFrame) -> pl.DataFrame:
    """Lines per second of each sender: ``kind``, ``name``, ``second``, ``count``. Only a service may have no name."""
    parts = [
        table.group_by(pl.lit(kind).alias("kind"), pl.col(column).alias("name"), "second").agg(pl.col("count").sum())
        for kind, column in SENDERS.items()
    ]
    return pl.concat(parts).filter(pl.col("name").is_not_null() | (pl.col("kind") == "service"))


def services_of(table: pl.DataFrame) -> pl.DataFrame:
    """A row a sender: ``kind``, ``name``, ``services`` (of which it wrote most lines first) and ``hosts``."""
    lines = pl.col("count").sum()
    parts = []
    for kind, column in SENDERS.items():
        each = table.group_by(pl.lit(kind).alias("kind"), pl.col(column).alias("name"), "service_name").agg(
            lines, pl.col("host_name").unique()
        )
        ordered = each.sort(["count", "service_name"], descending=[True, False])
        parts.append(
            ordered.group_by(SENDER, maintain_order=True).agg(
                pl.col("service_name").alias("services"), pl.col("host_name").explode().unique().alias("hosts")
            )
        )
    return pl.concat(parts)


def sender_rows(tables: tuple[pl.DataFrame, pl.DataFrame], wholes: Sequence[Cover]) -> Rows:
    """Lines of all senders, on the covered time of A and that of B behind it; ``units`` names them."""
    parts, begin = [], 0
    for table, whole in zip(tables, wholes, strict=True):
        each = by_sender(table)
        place = whole.places(each["second"].to_numpy())
        moved = each.with_columns(pl.Series("second", place + begin, dtype=pl.Int64)).filter(pl.Series(place >= 0))
        parts.append(moved)
        begin += whole.seconds
    joint = pl.concat(parts).sort(*SENDER, "second", nulls_last=True)
    units = joint.select(SENDER).unique(maintain_order=True)
    numbered = joint.join(units.with_row_index("unit"), on=SENDER, nulls_equal=True, maintain_order="left")
    unit, second, count = (numbered[name].cast(pl.Int64).to_numpy() for name in ("unit", "second", "count"))
    return Rows(units, unit, second, count.astype(np.int64))
