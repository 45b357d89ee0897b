"""Shapes: a record's first line with its variables masked."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from triage.patterns.corrections import NONE, Corrections
from triage.patterns.marks import by_marks, marked
from triage.patterns.masks import masked

#: Characters of a first line that take part in its shape; the rest of a very long line varies anyway.
SHAPE_CHARS = 2000
SHAPE = ("shape", "pinned")
#: Share of different texts up to which each is masked once only; above, finding the equal ones costs more.
REPEATED = 0.6

Places = NDArray[np.uint32]


class Shaper:
    """Finds the shapes of records.

    What is pinned is neither masked nor generalised: a status code, an exception type.

    Parameters
    ----------
    corrections : Corrections, optional
        Their masks are applied before the built-in ones.
    """

    def __init__(self, corrections: Corrections = NONE) -> None:
        self._corrections = corrections

    def __call__(self, records: pl.DataFrame) -> tuple[pl.Series, pl.DataFrame]:
        """The shape of each record.

        Returns
        -------
        Series of int
            For each record the row of its shape.
        DataFrame
            The unique ``shape`` and ``pinned``, sorted, with ``count``; and ``marks``, where corrections look at
            messages.
        """
        left = records.select(_first_lines(records["body"].fill_null("")), "pinned", "exception_type")
        left, marks = marked(left, _apart(), self._corrections)
        if left.select(pl.col("body").approx_n_unique()).item() < REPEATED * len(left):
            left, first = _each_once(left)
            found, second = _each_once(_shapes(left))
            rows = second[first]
        else:
            found, rows = _each_once(_shapes(left))
        order = found.select(pl.arg_sort_by(SHAPE)).to_series()
        rank = np.empty(len(order), dtype=np.uint32)
        rank[order.to_numpy()] = np.arange(len(order), dtype=np.uint32)
        place, table = pl.Series(rank[rows]), found[order]
        if marks is not None:
            place, table = by_marks(place, table, marks)
        count = np.bincount(place.to_numpy(), minlength=len(table))
        return place, table.with_columns(pl.Series("count", count, dtype=pl.UInt64))


def shapes_of(records: pl.DataFrame, corrections: Corrections = NONE) -> tuple[pl.Series, pl.DataFrame]:
    """The shape of each record, as a `Shaper` gives it."""
    return Shaper(corrections)(records)


def _shapes(lines: pl.DataFrame) -> pl.DataFrame:
    """``shape`` and ``pinned`` of first lines."""
    text, keep_paths = lines["body"], None
    if lines["pinned"].null_count() < len(lines):
        keep_paths = lines["pinned"].is_not_null()
        # A pinned word that ends the line is taken off it, so that it is not masked as a number.
        text = lines.select(pl.col("body").str.strip_suffix(pl.col("pinned").fill_null("")))["body"]
    return lines.select(masked(text, keep_paths).str.strip_chars().alias("shape"), _apart().alias("pinned"))


def _apart() -> pl.Expr:
    """What keeps records apart whatever their text: what is pinned, else an exception's type."""
    exception = pl.col("exception_type")
    return pl.coalesce("pinned", pl.when(exception.is_not_null()).then(pl.format("[{}]", exception)), pl.lit(""))


def _first_lines(body: pl.Series) -> pl.Series:
    """The beginnings of texts that take part in their shapes."""
    if body.str.contains("\n", literal=True).any():
        body = body.to_frame("body").select(pl.col("body").str.split_exact("\n", 1).struct.field("field_0"))["field_0"]
    longest = body.str.len_bytes().max()
    cut = body.str.slice(0, SHAPE_CHARS) if isinstance(longest, int) and longest > SHAPE_CHARS else body
    return cut.alias("body")


def _each_once(table: pl.DataFrame) -> tuple[pl.DataFrame, Places]:
    """The different rows of a table, and for each of its rows which of them it is."""
    keys = [column for column in table if column.null_count() < len(column)] or [table.to_series()]
    rows = pl.DataFrame(keys).with_row_index("row").group_by([key.name for key in keys]).agg("row")["row"]
    place = np.empty(len(table), dtype=np.uint32)
    place[rows.explode().to_numpy()] = np.repeat(np.arange(len(rows), dtype=np.uint32), rows.list.len().to_numpy())
    return table[rows.list.first()], place
