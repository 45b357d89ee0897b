"""Log lines that are already a table: a pandas, polars or Arrow frame with columns under some usual name."""

from __future__ import annotations

from typing import Any

import polars as pl

from triage.errors import InputError
from triage.ingest import timestamps
from triage.ingest.context import Context
from triage.ingest.formats.fields import KEYS
from triage.ingest.ledger import Ledger, SourceLedger
from triage.ingest.levels import numbers
from triage.ingest.multiline import exceptions
from triage.ingest.read import Ingested
from triage.ingest.schema import RECORDS, UTC_NS, conform


def is_frame(logs: object) -> bool:
    """Whether `logs` is a pandas, polars or Arrow table."""
    return type(logs).__name__ in {"DataFrame", "LazyFrame", "Table", "RecordBatch"}


def read_frame(frame: Any, tz: str = "UTC") -> Ingested:
    """Records of a frame, one a row.

    Columns are found by the names that loggers use (``time``, ``level``, ``message``, ``service`` and so on).
    What was taken for what is in the ledger's notes.

    Raises
    ------
    InputError
        If no column can be the message; the text lists the columns that came.
    """
    table = _as_polars(frame)
    found = {field: name for field, names in KEYS.items() if (name := _pick(table, (field, *names)))}
    if "body" not in found:
        raise InputError(
            f"the frame has the columns {', '.join(table.columns[:12]) or '(none)'} and none is a message: "
            "name one 'body' or 'message'"
        )
    rest = [name for name in table.columns if name not in found.values()]
    records = table.select(*(pl.col(name).alias(field) for field, name in found.items()), *rest)
    time, zoneless = _times(records, tz)
    records = records.with_columns(time).with_row_index("line", offset=1)
    severity = pl.col("severity_text").cast(pl.String) if "severity_text" in found else pl.lit(None, pl.String)
    extra = pl.struct(rest).struct.json_encode() if rest else pl.lit(None, pl.String)
    records = records.with_columns(
        pl.col("body").cast(pl.String).fill_null(""),
        numbers(severity).alias("severity_number"),
        extra.alias("attributes"),
        pl.lit("frame").alias("source"),
        pl.lit(1).alias("line_count"),
    )
    texts = [n for n in ("severity_text", "service_name", "host_name", "trace_id", "span_id") if n in found]
    records = records.with_columns(pl.col(texts).cast(pl.String), pl.col("body").alias("raw"))
    records = exceptions(conform(records, RECORDS))
    return Ingested(records, Ledger((_ledger(records, found, tz, zoneless),)))


def _ledger(records: pl.DataFrame, found: dict[str, str], tz: str, zoneless: bool) -> SourceLedger:
    notes = ["columns read as: " + ", ".join(f"{name} as {field}" for field, name in found.items())]
    if zoneless:
        notes.append(f"times without a zone were read as {tz}")
    untimed = records["timestamp"].null_count()
    counts = {"lines": len(records), "records": len(records) - untimed, "untimed": untimed}
    return SourceLedger("frame", "frame", "", tz, zoneless).add(counts, notes)


def _as_polars(frame: Any) -> pl.DataFrame:
    if isinstance(frame, pl.LazyFrame):
        return frame.collect()
    if isinstance(frame, pl.DataFrame):
        return frame
    made = pl.from_pandas(frame) if hasattr(frame, "iloc") else pl.from_arrow(frame)
    return made if isinstance(made, pl.DataFrame) else made.to_frame()


def _pick(table: pl.DataFrame, names: tuple[str, ...]) -> str | None:
    folded = {name.lower(): name for name in reversed(table.columns)}
    return next((folded[name.lower()] for name in names if name.lower() in folded), None)


def _times(records: pl.DataFrame, tz: str) -> tuple[pl.Series, bool]:
    """The timestamp column in UTC, and whether a zone had to be assumed."""
    if "timestamp" not in records.columns:
        return pl.Series("timestamp", [None] * len(records), dtype=UTC_NS), False
    column = records["timestamp"]
    if isinstance(column.dtype, pl.Datetime):
        if column.dtype.time_zone:
            return column.dt.convert_time_zone("UTC").cast(UTC_NS), False
        clock = column.cast(pl.Datetime("ns")).to_frame("clock")
        return clock.select(timestamps.localized(pl.col("clock"), tz).alias("timestamp"))["timestamp"].cast(
            UTC_NS
        ), True
    parsed = timestamps.parse(column.cast(pl.String).alias("timestamp"), Context(tz))
    return parsed.utc, parsed.zone_missing
