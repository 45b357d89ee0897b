"""What corrections see in messages as they came, kept beside the shape: which masks matched, and values to split by.

Shapes that differ in it are counted apart, so that it adds up over chunks as they do.
"""

from __future__ import annotations

import polars as pl

from triage.patterns.corrections import Corrections
from triage.patterns.fits import SPACE, pattern_of
from triage.patterns.rule_checks import MOST_VALUE
from triage.patterns.rules import Split

MARKS = "marks"
#: Between the flags of masks and the values of splits.
APART = "\x1f"


def marked(lines: pl.DataFrame, apart: pl.Expr, corrections: Corrections) -> tuple[pl.DataFrame, pl.Series | None]:
    """First lines with the user's masks applied, and their marks; as they are, and None, if there is nothing to mark.

    Parameters
    ----------
    lines : polars.DataFrame
        ``body``, without nulls, and ``pinned``.
    apart : polars.Expr
        What keeps the templates of a line apart, as in `shapes._apart`.
    """
    if not (corrections.masks or corrections.splits_by_value):
        return lines, None
    # A pinned word that ends the line is masked as little as by the built-in masks.
    end = pl.when(pl.col("body").str.ends_with(pl.col("pinned"))).then("pinned").fill_null("").alias("end")
    parts = lines.select("body", end, apart.alias("apart"))
    parts = parts.with_columns(pl.col("body").str.strip_suffix(pl.col("end")))
    whole = pl.format("{} {}", pl.col("body").str.strip_chars(), "apart").str.strip_chars()
    parts, body = parts.with_columns(whole.alias("whole")), parts["body"]
    flags = []
    for mask in corrections.masks:
        done = body.str.replace_all(mask.pattern, mask.into)
        flags.append((done != body).cast(pl.UInt8).cast(pl.String))
        body = done
    values = [_value(pl.col("whole"), split).fill_null("") for split in corrections.splits_by_value]
    columns = [pl.concat_str([*flags, pl.lit("")]), *values]
    marks = parts.select(pl.concat_str(columns, separator=APART).alias(MARKS))[MARKS]
    return lines.with_columns(pl.concat_str(body, parts["end"]).alias("body")), marks


def by_marks(place: pl.Series, shapes: pl.DataFrame, marks: pl.Series) -> tuple[pl.Series, pl.DataFrame]:
    """The shape of each record and the table of shapes, those with different marks apart, in order."""
    pairs = pl.DataFrame({"place": place, MARKS: marks})
    named = shapes.with_row_index("place").join(pairs.unique(), on="place")
    table = named.sort(*shapes.columns, MARKS)
    rows = pairs.join(table.with_row_index("row"), on=["place", MARKS], how="left", maintain_order="left")["row"]
    return rows, table.drop("place")


def _value(whole: pl.Expr, split: Split) -> pl.Expr:
    """What stands at the wildcard of a split, where the line fits its template and the value can be told apart."""
    found = whole.str.extract(pattern_of(split.template, split.place, raw=True))
    value = found.str.replace_all(SPACE, " ").str.strip_chars()  # with it goes what stands between values
    good = value.is_in(split.only) if split.only else value.str.len_chars() <= MOST_VALUE
    return pl.when(good).then(value)


def flag_of(place: int) -> pl.Expr:
    """Whether the mask at a place, counted from 0, matched."""
    return pl.col(MARKS).str.slice(place, 1) == "1"


def value_of(place: int) -> pl.Expr:
    """What the split by value at a place, counted from 0, found; null if nothing."""
    found = pl.col(MARKS).str.split(APART).list.get(place + 1)
    return pl.when(found != "").then(found)
