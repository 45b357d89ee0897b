"""Shapes: a record's first line with its variables masked."""

from __future__ import annotations

import numpy as np
import polars as pl

from triage.patterns.collapse import ids_alike, numbers_alike
from triage.patterns.masks import masked

#: Characters of a first line that take part in its shape; the rest of a very long line varies anyway.
SHAPE_CHARS = 2000
SHAPE = ("shape", "pinned")
#: No text without one holds an id that is made alike.
LONG_HEX = r"[0-9a-f]{8}|[0-9A-F]{8}"
#: Texts whose shapes are remembered, at most: each takes some hundred bytes.
REMEMBERED = 200_000

Row = tuple[str | bool | None, ...]


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


class Shaper:
    """Finds the shapes of records. Only one of those that are alike but for numbers and ids is masked, once.

    What was masked is remembered, and nothing depends on it: threads may share one.
    """

    def __init__(self) -> None:
        self._known: dict[Row, Row] = {}

    def __call__(self, records: pl.DataFrame) -> tuple[pl.Series, pl.DataFrame]:
        """The shape of each record.

        Returns
        -------
        Series of int
            For each record the row of its shape.
        DataFrame
            The unique ``shape`` and ``pinned``, sorted, with ``count``.
        """
        left = records.select(_first_lines(records["body"].fill_null("")), "pinned", "exception_type")
        place = pl.int_range(len(left), dtype=pl.UInt32, eager=True)
        alike = left["body"]
        for made_alike in (numbers_alike, _ids_alike):
            left, key, groups = _grouped(left, made_alike(alike))
            place, alike = groups[place], key["alike"]
        shaped = self._masked(left, key.rows())
        table = shaped.unique().sort(SHAPE)
        rows = shaped.join(table.with_row_index("place"), on=SHAPE, how="left", maintain_order="left")["place"]
        place = rows[place]
        count = np.bincount(place.to_numpy(), minlength=len(table))
        return place, table.with_columns(pl.Series("count", count, dtype=pl.UInt64))

    def _masked(self, records: pl.DataFrame, keys: list[Row]) -> pl.DataFrame:
        """The shapes of records, each known by what is alike to it."""
        if len(self._known) > REMEMBERED:
            self._known = {}
        known = self._known
        new = [row for row, key in enumerate(keys) if key not in known]
        chosen = records[new]
        found = dict(zip((keys[row] for row in new), chosen.select(shape_of(chosen)).rows(), strict=True))
        known.update(found)
        shapes = [found.get(key) or known[key] for key in keys]
        return pl.DataFrame(shapes, schema=dict.fromkeys(SHAPE, pl.String), orient="row")


def shapes_of(records: pl.DataFrame) -> tuple[pl.Series, pl.DataFrame]:
    """The shape of each record, as a `Shaper` gives it."""
    return Shaper()(records)


def _ids_alike(texts: pl.Series) -> pl.Series:
    """What `ids_alike` gives; most texts hold nothing that may be one, which is found faster."""
    rows = texts.str.contains(LONG_HEX).arg_true()
    return texts.scatter(rows, ids_alike(texts[rows])) if len(rows) else texts


def _first_lines(body: pl.Series) -> pl.Series:
    """The beginnings of texts that take part in their shapes."""
    if body.str.contains("\n", literal=True).any():
        body = body.to_frame("body").select(pl.col("body").str.split_exact("\n", 1).struct.field("field_0"))["field_0"]
    longest = body.str.len_bytes().max()
    cut = body.str.slice(0, SHAPE_CHARS) if isinstance(longest, int) and longest > SHAPE_CHARS else body
    return cut.alias("body")


def _grouped(records: pl.DataFrame, alike: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame, pl.Series]:
    """One of the records that are alike, what it has in common with the others, and for each record the row of it."""
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
    first = rows.list.first()
    return records[first], key[first], pl.Series(place)
