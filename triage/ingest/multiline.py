"""From lines to records: which lines continue the one above."""

from __future__ import annotations

import polars as pl

from triage.ingest.context import Context
from triage.ingest.crashes import crashed, printed
from triage.ingest.formats.exports import any_row
from triage.ingest.formats.fields import updated
from triage.ingest.levels import numbers
from triage.ingest.traces import attached

BELOW = r"^(SEVERE|WARNING|INFO|CONFIG|FINE|FINER|FINEST): "


def starts(text: pl.Series, claimed: pl.Series, multiline: pl.Series, severity: pl.Series) -> pl.Series:
    """For each of consecutive non-blank lines: does it begin a record?

    Parameters
    ----------
    text : polars.Series of String
        The lines (without their envelope).
    claimed : polars.Series of bool
        A format claims the line as the first of a record.
    multiline : polars.Series of bool
        Where claimed: whether further lines belong to that record.
    severity : polars.Series of int
        Where claimed: its severity number.
    """
    if claimed.all():
        return claimed
    frame = pl.DataFrame({"claimed": claimed, "multiline": multiline})
    inside = pl.when("claimed").then("multiline").forward_fill().fill_null(False)
    # Of two exceptions of Python that go together, the second belongs to the first.
    weak = frame.select((~pl.col("claimed") & ~inside).alias("w"))["w"] | printed(text, claimed, severity)
    begins = claimed | crashed(text) | (weak & ~attached(text) if weak.any() else weak)
    return begins.scatter(0, True) if len(begins) else begins


def join(lines: pl.DataFrame, begins: pl.Series) -> pl.DataFrame:
    """Records of consecutive lines.

    Parameters
    ----------
    lines : polars.DataFrame
        The lines of each record behind each other, with ``line``, ``last_line``, ``offset``, ``end`` (byte behind the
        last), ``place``, ``last_place`` and ``own`` (which of the lines that are not blank it is, and how many),
        ``inner`` (text without envelope), ``text``, ``body`` and whatever fields the first line of a record has.
    begins : polars.Series of bool
        Where records begin; true in the first row.

    Returns
    -------
    polars.DataFrame
        One row a record, in the order of their first lines: ``line_count`` and ``body``, ``raw`` over all its lines,
        ``length`` in bytes from the first to the last; ``apart``, whether lines of other records stand between.
    """
    first = lines.filter(begins)
    if len(first) < len(lines):
        lines = lines.with_columns(begins.cum_sum().alias("record"))
        more = (
            lines.filter(~begins)
            .group_by("record", maintain_order=True)
            .agg(
                pl.col("last_line").last().alias("more_line"),
                pl.col("last_place").last().alias("more_place"),
                pl.col("end").last().alias("more_end"),
                pl.col("own").sum().alias("more_own"),
                pl.col("inner").str.join("\n").alias("more_body"),
                pl.col("text").str.join("\n").alias("more_text"),
            )
        )
        joined = lines.filter(begins).join(more, on="record", how="left", maintain_order="left")
        first = joined.with_columns(
            pl.coalesce("more_line", "last_line").alias("last_line"),
            pl.coalesce("more_place", "last_place").alias("last_place"),
            pl.coalesce("more_end", "end").alias("end"),
            (pl.col("own") + pl.col("more_own").fill_null(0)).alias("own"),
            pl.concat_str("body", "more_body", separator="\n", ignore_nulls=True).alias("body"),
            pl.concat_str("text", "more_text", separator="\n", ignore_nulls=True).alias("text"),
        )
    apart = pl.col("last_place") - pl.col("place") + 1 > pl.col("own")
    lines_in_all = pl.when(apart).then("own").otherwise(pl.col("last_line") - pl.col("line") + 1)
    return _in_order(first).with_columns(
        pl.col("body").fill_null(""),
        apart.alias("apart"),
        lines_in_all.cast(pl.UInt32).alias("line_count"),
        (pl.col("end") - pl.col("offset")).alias("length"),
        pl.col("text").alias("raw"),
    )


def _in_order(records: pl.DataFrame) -> pl.DataFrame:
    return records if records["line"].is_sorted() else records.sort("line")


def pretty(records: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Fields of records without a time that are one JSON object over several lines."""
    body = pl.col("body").str.strip_chars()
    whole = (
        pl.col("timestamp").is_null() & (pl.col("line_count") > 1) & body.str.starts_with("{") & body.str.ends_with("}")
    )
    chosen = records.with_row_index("row").filter(whole)
    if not len(chosen):
        return records
    return updated(records, chosen["row"], [any_row(text) for text in chosen["body"].to_list()], context)


def levelled_below(records: pl.DataFrame) -> pl.DataFrame:
    """Records of java.util.logging with the level that stands before their message, on a line of its own."""
    body = pl.col("body")
    level = pl.when(pl.col("severity_number").is_null() & (pl.col("line_count") > 1)).then(body.str.extract(BELOW, 1))
    found = records.with_columns(level.alias("level"))
    if found["level"].null_count() == len(found):
        return records
    return found.with_columns(
        pl.coalesce("severity_text", "level").alias("severity_text"),
        pl.coalesce("severity_number", numbers(pl.col("level"))).alias("severity_number"),
        pl.when(pl.col("level").is_not_null()).then(body.str.replace(BELOW, "")).otherwise(body).alias("body"),
    ).drop("level")
