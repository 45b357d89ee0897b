"""From lines to records: which lines continue the one above, and what an exception in them says."""

from __future__ import annotations

import polars as pl

#: A line that plainly continues the one above, whatever format that has.
CONTINUES = (
    r"^(?:\s+\S|[)\]}]+[,;]?\s*$|at [\w$.<>]+\(|Caused by: |Suppressed: |\.\.\. \d+ (?:more|common frames)"
    r"|During handling of the above exception|The above exception was the direct cause)"
)
PYTHON_HEAD = r"^Traceback \(most recent call last\):"
#: Last line of a Python trace, first line of a Java one, and the same inside a one-line message.
PYTHON_END = r"(?m)^([A-Za-z_][\w.]*)(?:: (.*))?\s*\z"
NAMED = r"(?m)^(?:.*[\s:\"'(\[])?([A-Za-z_][\w.$]*(?:Exception|Error|Throwable))(?::\s+(.*))?$"


def continues(text: pl.Series) -> pl.Series:
    """For each line, taken alone: does it continue the line above?"""
    return text.str.contains(CONTINUES)


def tails(text: pl.Series) -> pl.Series:
    """For each of consecutive lines: is it the last line of a Python trace, with its header among those above?

    The header and the last line stand at the margin with only indented lines between them.
    """
    margin = pl.DataFrame({"text": text}).with_row_index("row").filter(~pl.col("text").str.contains(r"^\s"))
    ends = margin.select(
        "row",
        ((pl.col("row") - pl.col("row").shift(1)) > 1).alias("gap"),
        pl.col("text").shift(1).str.contains(PYTHON_HEAD).alias("headed"),
    ).filter(pl.col("gap") & pl.col("headed"))
    flags = pl.repeat(False, len(text), eager=True, dtype=pl.Boolean)
    return flags.scatter(ends["row"], True) if len(ends) else flags


def starts(text: pl.Series, claimed: pl.Series, multiline: pl.Series) -> pl.Series:
    """For each of consecutive non-blank lines: does it begin a record?

    Parameters
    ----------
    text : polars.Series of String
        The lines (without their envelope).
    claimed : polars.Series of bool
        A format claims the line as the first of a record.
    multiline : polars.Series of bool
        Where claimed: whether further lines belong to that record.
    """
    weak = ~continues(text) & ~tails(text)
    frame = pl.DataFrame({"claimed": claimed, "multiline": multiline, "weak": weak})
    inside = pl.when("claimed").then("multiline").forward_fill().fill_null(False)
    begins = frame.select((pl.col("claimed") | (~inside & pl.col("weak"))).alias("s"))["s"]
    return begins.scatter(0, True) if len(begins) else begins


def join(lines: pl.DataFrame, begins: pl.Series) -> pl.DataFrame:
    """Records of consecutive lines.

    Parameters
    ----------
    lines : polars.DataFrame
        In order, with ``line``, ``offset``, ``length``, ``inner`` (text without envelope), ``text``, ``body`` and
        whatever fields the first line of a record has.
    begins : polars.Series of bool
        Where records begin; true in the first row.

    Returns
    -------
    polars.DataFrame
        One row a record: ``line_count``, ``length`` and ``body``, ``raw`` over all its lines.
    """
    lines = lines.with_columns(begins.cum_sum().alias("record"))
    first = lines.filter(begins)
    if len(first) == len(lines):
        return first.drop("record").with_columns(pl.lit(1, pl.UInt32).alias("line_count"), pl.col("text").alias("raw"))
    more = (
        lines.filter(~begins)
        .group_by("record", maintain_order=True)
        .agg(
            pl.col("line").last().alias("last_line"),
            (pl.col("offset") + pl.col("length")).last().alias("end"),
            pl.col("inner").str.join("\n").alias("more_body"),
            pl.col("text").str.join("\n").alias("more_raw"),
        )
    )
    joined = first.join(more, on="record", how="left", maintain_order="left")
    return joined.with_columns(
        (pl.col("last_line").fill_null(pl.col("line")) - pl.col("line") + 1).cast(pl.UInt32).alias("line_count"),
        (pl.col("end").fill_null(pl.col("offset") + pl.col("length")) - pl.col("offset")).alias("length"),
        pl.concat_str("body", "more_body", separator="\n", ignore_nulls=True).alias("body"),
        pl.concat_str("text", "more_raw", separator="\n", ignore_nulls=True).alias("raw"),
    ).drop("record", "last_line", "end", "more_body", "more_raw")


def exceptions(records: pl.DataFrame) -> pl.DataFrame:
    """Fill ``exception_type`` and ``exception_message`` from the body where no field gave them."""
    body = pl.col("body")
    traced = body.str.contains("Traceback (most recent call last):", literal=True)
    named = body.str.contains(r"(?:Exception|Error|Throwable)\b")
    wanted = records.with_row_index("row").filter(pl.col("exception_type").is_null() & named.fill_null(False))
    plain = records.with_row_index("row").filter(pl.col("exception_type").is_null() & traced.fill_null(False))
    wanted = pl.concat([wanted, plain]).unique("row", keep="first")
    if not len(wanted):
        return records
    python = body.str.strip_chars_end().str.extract_groups(PYTHON_END)
    other = body.str.slice(0, 4000).str.extract_groups(NAMED)
    found = wanted.select(
        "row",
        pl.when(traced).then(python.struct.field("1")).otherwise(other.struct.field("1")).alias("t"),
        pl.when(traced).then(python.struct.field("2")).otherwise(other.struct.field("2")).alias("m"),
    ).filter(pl.col("t").is_not_null())
    return (
        records.with_row_index("row")
        .join(found, on="row", how="left", maintain_order="left")
        .with_columns(
            pl.coalesce("exception_type", "t").alias("exception_type"),
            pl.coalesce("exception_message", pl.col("m").str.slice(0, 2000)).alias("exception_message"),
        )
        .drop("row", "t", "m")
    )
