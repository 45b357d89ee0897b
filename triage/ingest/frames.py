"""Log lines that are already a table: a pandas, polars or Arrow frame with columns under some usual name."""

from __future__ import annotations

from typing import Any

import polars as pl

from triage.errors import InputError
from triage.ingest import timestamps
from triage.ingest.as_polars import as_polars
from triage.ingest.columns import COLUMNS, Columns, candidates, check_present, folded
from triage.ingest.context import Context
from triage.ingest.exceptions import exceptions
from triage.ingest.ingested import Ingested
from triage.ingest.ledger import Ledger, SourceLedger
from triage.ingest.levels import numbers, steps_of
from triage.ingest.schema import RECORDS, UTC_NS, conform

#: Where a record stands. Files may have such columns and mean something else by them, unless all of `NEEDED` are there.
PLACE = ("source", "line", "line_count", "offset", "length", "raw")
NEEDED = {"source", "line", "line_count", "raw"}
OWN = ("severity_number", "attributes", *PLACE, "pinned")


def read_frame(frame: Any, tz: str = "UTC", columns: Columns | None = None, source: str = "frame") -> Ingested:
    """Records of a frame, one a row.

    Columns are found by the names that loggers and log stores use (``time``, ``level``, ``message``, ``service`` and so
    on), and those of a records table by theirs. What was taken for what is in the ledger's notes.

    Parameters
    ----------
    columns : mapping, optional
        From fields to the columns that hold them, as `columns.check_columns` gives it.
    source : str
        Its name in the ledger, and the records' where they do not say it themselves.

    Raises
    ------
    InputError
        If no column can be the message; the text lists the columns that came.
    UsageError
        If a column that was named is not there.
    """
    table = as_polars(frame)
    what = "the frame" if source == "frame" else source
    check_present(table.columns, columns, what)
    found = {field: name for field in COLUMNS if (name := _pick(table, field, columns))}
    if "body" not in found:
        raise InputError(
            f"{what} has the columns {', '.join(table.columns[:12]) or '(none)'} and none is a message: "
            "name one 'body' or 'message'"
        )
    own = {name: name for name in OWN if _is_own(table, name)}
    if source != "frame" and not own.keys() >= NEEDED:
        own = {name: name for name in own if name not in PLACE}
    rest = [name for name in table.columns if name not in (*found.values(), *own) and name not in RECORDS]
    text = {field: _text(table, name) for field, name in found.items() if field != "timestamp"}
    chosen = table.select(*own, **text)
    time, zoneless, notes = _times(table[found["timestamp"]] if "timestamp" in found else None, len(table), tz)
    chosen = chosen.with_columns(time, pl.col("body").fill_null(""))
    if "severity_text" in found:
        steps = steps_of(folded(found["severity_text"]))
        chosen = chosen.with_columns(pl.col("severity_text").replace(steps).alias("level"))
    chosen = chosen.with_columns(_defaults(chosen, table, rest, source))
    records = exceptions(conform(chosen, RECORDS))
    return Ingested(records, Ledger((_ledger(records, found, tz, zoneless, notes, source),)))


def _text(table: pl.DataFrame, name: str) -> pl.Expr:
    nested = isinstance(table.schema[name], pl.Struct)
    return pl.col(name).struct.json_encode() if nested else pl.col(name).cast(pl.String, strict=False)


def _is_own(table: pl.DataFrame, name: str) -> bool:
    """Whether a column is what a records table has under this name."""
    if name not in table.columns:
        return False
    wanted, got = RECORDS[name], table.schema[name]
    return got.is_integer() and table[name].null_count() == 0 if wanted.is_integer() else got == wanted


def _defaults(columns: pl.DataFrame, table: pl.DataFrame, rest: list[str], source: str) -> list[pl.Expr | pl.Series]:
    """What a frame need not have."""
    made: dict[str, Any] = {
        "source": pl.lit(source),
        "line": pl.int_range(1, pl.len() + 1),
        "line_count": pl.lit(1),
        "raw": pl.col("body"),
        "attributes": table.select(pl.struct(rest).struct.json_encode().alias("attributes"))["attributes"]
        if rest
        else pl.lit(None, pl.String),
    }
    if "level" in columns.columns:
        made["severity_number"] = numbers(pl.col("level"))
    return [value.alias(name) for name, value in made.items() if name not in columns.columns]


def _ledger(
    records: pl.DataFrame, found: dict[str, str], tz: str, zoneless: bool, others: tuple[str, ...], source: str
) -> SourceLedger:
    kind = "frame" if source == "frame" else "parquet"
    if not len(records):
        return SourceLedger(source, kind, "", tz)
    notes = ["columns read as: " + ", ".join(f"{name} as {field}" for field, name in found.items()), *others]
    if zoneless:
        notes.append(f"times without a zone were read as {tz}")
    untimed = records["timestamp"].null_count()
    counts = {"lines": len(records), "records": len(records) - untimed, "untimed": untimed}
    return SourceLedger(source, kind, "", tz, zoneless).add(counts, notes)


def _pick(table: pl.DataFrame, field: str, columns: Columns | None) -> str | None:
    """The column of a field: of several that may be it, the first with a value; a level must be one."""
    every = candidates(table.columns, field, columns)
    names = [name for name in every if not table.schema[name].is_nested()]
    if field == "body":  # better an object as text than no message at all
        names += [name for name in every if isinstance(table.schema[name], pl.Struct)]
    if field == "severity_text" and not (columns and field in columns):
        names = [name for name in names if folded(name) != "status" or _has_levels(table[name])]
    return next((name for name in names if table[name].null_count() < len(table)), names[0] if names else None)


def _has_levels(column: pl.Series) -> bool:
    words = column.cast(pl.String, strict=False).drop_nulls()
    return int(words.to_frame("w").select(numbers(pl.col("w")).count()).item()) * 2 > len(words)


def _times(column: pl.Series | None, rows: int, tz: str) -> tuple[pl.Series, bool, tuple[str, ...]]:
    """The timestamp column in UTC, whether a zone had to be assumed, and notes."""
    if column is None:
        return pl.Series("timestamp", [None] * rows, dtype=UTC_NS), False, ()
    column = column.alias("timestamp")
    if isinstance(column.dtype, pl.Datetime) and column.dtype.time_zone:
        return _within_years(column.dt.convert_time_zone("UTC"), UTC_NS), False, ()
    if isinstance(column.dtype, pl.Datetime | pl.Date):
        clock = _within_years(column, pl.Datetime("ns")).to_frame("clock")
        utc = clock.select(timestamps.localized(pl.col("clock"), tz).alias("timestamp"))["timestamp"]
        return utc.cast(UTC_NS), True, timestamps.clock_notes(clock["clock"], tz)
    parsed = timestamps.parse(column.cast(pl.String, strict=False), Context(tz))
    return parsed.utc, parsed.zone_missing, parsed.notes


def _within_years(times: pl.Series, dtype: pl.Datetime) -> pl.Series:
    """Nanoseconds; null where no log can be from then, as where a program means never."""
    low, high = timestamps.FIRST_YEAR, timestamps.LAST_YEAR
    kept = pl.when(pl.col("timestamp").dt.year().is_between(low, high)).then(pl.col("timestamp"))
    return times.to_frame("timestamp").select(kept.cast(dtype, strict=False).alias("timestamp"))["timestamp"]
