"""Reports of programs that end with an exception: runtimes write them past the logger, without time and level."""

from __future__ import annotations

import polars as pl

from triage.ingest.levels import ERROR

#: How such a report begins: Go, the JVM, Rust, .NET and Dart, C++.
CRASH = (
    r"^(?:panic: |fatal error: |Exception in thread \"|thread '[^']*' (?:\([0-9]+\) )?panicked at "
    r"|Unhandled [Ee]xception[.:](?: |$)|terminate called (?:after throwing|without an active exception))"
)
NOTE = "reports of crashes, which bear no time, got that of the record above"


def crashed(text: pl.Series) -> pl.Series:
    """For each line, taken alone: does a report of a crash begin here, whatever stands above?"""
    return text.str.contains(CRASH).fill_null(False)


def finished(records: pl.DataFrame, one_after_the_other: bool) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Records with a level, and as far as can be a time, for reports of crashes; and notes.

    Parameters
    ----------
    records : polars.DataFrame
        With ``inner`` (the first line), ``body``, ``timestamp`` and the two columns of the severity.
    one_after_the_other : bool
        Whether the record above says when a report came: not where lines of several senders alternate.
    """
    own = crashed(records["inner"])
    silent = records["severity_number"].is_null() & ~own
    said = silent & crashed(records["body"]) if silent.any() else silent
    if not (own.any() or said.any()):
        return records, ()
    number, untimed = pl.col("severity_number"), own & records["timestamp"].is_null()
    # A word for a level in the text of a report is none.
    low = own & (records["severity_number"].fill_null(0) < ERROR)
    records = records.with_columns(
        pl.when(low | said).then(pl.lit(ERROR, pl.UInt8)).otherwise(number).alias("severity_number"),
        pl.when(~low).then("severity_text").alias("severity_text"),
    )
    if not one_after_the_other or not untimed.any():
        return records, ()
    above = pl.when(~untimed).then(pl.int_range(pl.len())).forward_fill()
    records = records.with_columns(pl.col("timestamp").gather(above))
    return records, (NOTE,) if records["timestamp"].filter(untimed).count() else ()
