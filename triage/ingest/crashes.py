"""Reports of programs that end with an exception: runtimes write them past the logger, without time and level."""

from __future__ import annotations

import polars as pl

from triage.ingest.levels import ERROR, INFO

#: How such a report begins: Go, the JVM, Rust, .NET and Dart, C++.
CRASH = (
    r"^(?:panic: |fatal error: |Exception in thread \"|thread '[^']*' (?:\([0-9]+\) )?panicked at "
    r"|Unhandled [Ee]xception[.:](?: |$)|terminate called (?:after throwing|without an active exception))"
)
#: What Python and Node print is the same whether it ends a program or a logger has written it below its own line.
PRINTED = (
    r"^(?:Traceback \(most recent call last\):"
    r"|(?:node:\S+|(?:file://)?(?:/|[A-Za-z]:\\)\S+\.[cm]?[jt]sx?):[0-9]+$)"
)
NOTE = "reports of crashes, which bear no time, got that of the record above"


def crashed(text: pl.Series) -> pl.Series:
    """For each line, taken alone: does a report of a crash begin here, whatever stands above?"""
    return text.str.contains(CRASH).fill_null(False)


def may_report(text: pl.Series) -> pl.Series:
    """For each line, taken alone: can a report of a crash begin here?"""
    return crashed(text) | text.str.contains(PRINTED).fill_null(False)


def printed(text: pl.Series, claimed: pl.Series, severity: pl.Series) -> pl.Series:
    """For each of consecutive lines: is it the first of an exception that Python or Node printed past the logger?

    It has below a record that tells of no trouble: a logger that writes an exception says at least WARN.

    Parameters
    ----------
    claimed : polars.Series of bool
        Whether the line is the first of a record.
    severity : polars.Series of int
        Where claimed: the record's severity number.
    """
    found = text.str.contains(PRINTED).fill_null(False)
    if not found.any():
        return found
    frame = pl.DataFrame({"claimed": claimed, "severity": severity, "found": found})
    above = pl.when("claimed").then(pl.col("severity").fill_null(ERROR)).forward_fill()
    return frame.select((pl.col("found") & (above <= INFO)).fill_null(False).alias("printed"))["printed"]


def finished(records: pl.DataFrame, prefixed: bool) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Records with a level, and as far as can be a time, for reports of crashes; and notes.

    Parameters
    ----------
    records : polars.DataFrame
        With ``inner`` (the first line), ``body``, ``timestamp`` and the two columns of the severity; ``run`` where
        several streams alternate: then the record above is that of the same run.
    prefixed : bool
        Whether lines of several senders alternate and each bears its own time: the record above is no guide there.
    """
    own = may_report(records["inner"])
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
    if prefixed or not untimed.any():
        return records, ()
    rows = records.with_columns(untimed.alias("untimed")).with_row_index("row")
    above = pl.when(~pl.col("untimed")).then("row").forward_fill()
    above = above.over("run") if "run" in records.columns else above
    records = records.with_columns(records["timestamp"].gather(rows.select(above)["row"]))
    return records, (NOTE,) if records["timestamp"].filter(untimed).count() else ()
