"""Shapes: a record's first line with its variables masked. Counted per chunk; counts of chunks add up."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl

from triage.patterns.collapse import ids_alike, numbers_alike
from triage.patterns.corrections import NONE, Corrections
from triage.patterns.marks import by_marks, marked
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


def shapes_of(records: pl.DataFrame, corrections: Corrections = NONE) -> tuple[pl.Series, pl.DataFrame]:
    """The shape of each record. Only one of those that are alike but for numbers and ids is masked.

    Parameters
    ----------
    corrections : Corrections, optional
        Their masks are applied before the built-in ones.

    Returns
    -------
    Series of int
        For each record the row of its shape.
    DataFrame
        The unique ``shape`` and ``pinned``, sorted, with ``count``; and ``marks``, where corrections look at messages.
    """
    left = records.select(_first_lines(records["body"].fill_null("")), "pinned", "exception_type")
    left, marks = marked(left, shape_of(left)[1], corrections)
    place = pl.int_range(len(left), dtype=pl.UInt32, eager=True)
    for alike in (numbers_alike, ids_alike):
        left, groups = _grouped(left, alike(left["body"]))
        place = groups[place]
    shaped = left.select(shape_of(left))
    table = shaped.unique().sort(SHAPE)
    rows = shaped.join(table.with_row_index("place"), on=SHAPE, how="left", maintain_order="left")["place"]
    place = rows[place]
    if marks is not None:
        place, table = by_marks(place, table, marks)
    count = np.bincount(place.to_numpy(), minlength=len(table))
    return place, table.with_columns(pl.Series("count", count, dtype=pl.UInt64))


def _first_lines(body: pl.Series) -> pl.Series:
    """The beginnings of texts that take part in their shapes."""
    if body.str.contains("\n", literal=True).any():
        body = body.to_frame("body").select(pl.col("body").str.split_exact("\n", 1).struct.field("field_0"))["field_0"]
    longest = body.str.len_bytes().max()
    cut = body.str.slice(0, SHAPE_CHARS) if isinstance(longest, int) and longest > SHAPE_CHARS else body
    return cut.alias("body")


def _grouped(records: pl.DataFrame, alike: pl.Series) -> tuple[pl.DataFrame, pl.Series]:
    """One of the records that are alike, and for each record the row of that one."""
    columns = [alike.alias("alike")]
    if records["exception_type"].null_count() < len(records):
        columns.append(records["exception_type"])
    if records["pinned"].null_count() < len(records):
        # Whether the pinned word ends the line decides on what is masked.
        ends = records.select(pl.col("body").str.ends_with(pl.col("pinned")).alias("ends"))
        columns += [records["pinned"], ends["ends"]]
    key = pl.DataFrame(columns)
    rows = key.with_row_index("row").group_by(key.columns).agg("row")["row"]
    place = np.empty(len(records), dtype=np.uint32)
    place[rows.explode().to_numpy()] = np.repeat(np.arange(len(rows), dtype=np.uint32), rows.list.len().to_numpy())
    return records[rows.list.first()], pl.Series(place)


def merge_shapes(tables: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Counts of several tables added up; the order of the tables does not matter."""
    every = pl.concat(list(tables))
    keys = [name for name in every.columns if name != "count"]
    return every.group_by(keys).agg(pl.col("count").sum()).sort(keys)
