"""Shapes: a record's first line with its variables masked. Counted per chunk; counts of chunks add up."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from triage.patterns.masks import masked

#: Characters of a first line that take part in its shape; the rest of a very long line varies anyway.
SHAPE_CHARS = 2000
SHAPE = ("shape", "pinned")


def shape_of(records: pl.DataFrame | pl.LazyFrame) -> list[pl.Expr]:
    """Expressions for the columns ``shape`` and ``pinned`` of a records table.

    What is pinned is neither masked nor generalised: a status code, an exception type.
    """
    body = pl.col("body").fill_null("")
    first = body.str.split_exact("\n", 1).struct.field("field_0").str.slice(0, SHAPE_CHARS)
    pinned = pl.col("pinned")
    # A pinned word that ends the line is taken off it, so that it is not masked as a number.
    bare = pl.when(pinned.is_not_null()).then(first.str.strip_suffix(pinned.fill_null(""))).otherwise(first)
    exception = pl.col("exception_type")
    return [
        masked(bare, request=pinned.is_not_null()).str.strip_chars().alias("shape"),
        pl.coalesce(pinned, pl.when(exception.is_not_null()).then(pl.format("[{}]", exception)), pl.lit("")).alias(
            "pinned"
        ),
    ]


def count_shapes(records: pl.DataFrame) -> pl.DataFrame:
    """The unique shapes of records that have the columns ``shape`` and ``pinned``, with ``count``."""
    return records.group_by(SHAPE).agg(pl.len().cast(pl.UInt64).alias("count")).sort(SHAPE)


def merge_shapes(tables: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Counts of several tables added up; the order of the tables does not matter."""
    return pl.concat(list(tables)).group_by(SHAPE).agg(pl.col("count").sum()).sort(SHAPE)
