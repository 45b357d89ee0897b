"""The columns of the records table: OpenTelemetry's log names in snake case, and where each record stands."""

from __future__ import annotations

import polars as pl

UTC_NS = pl.Datetime("ns", "UTC")

#: Column name to polars type. ``attributes`` is JSON text (null when there are none), with the
#: frames of an exception as ``exception.frames``; ``raw`` is the record's
#: text as it stood in the source, all lines; ``pinned`` is a part of the body that keeps templates apart.
RECORDS: dict[str, pl.DataType] = {
    "timestamp": UTC_NS,
    "observed_timestamp": UTC_NS,
    "severity_number": pl.UInt8(),
    "severity_text": pl.String(),
    "body": pl.String(),
    "service_name": pl.String(),
    "host_name": pl.String(),
    "trace_id": pl.String(),
    "span_id": pl.String(),
    "exception_type": pl.String(),
    "exception_message": pl.String(),
    "attributes": pl.String(),
    "source": pl.String(),
    "line": pl.UInt32(),
    "line_count": pl.UInt32(),
    "offset": pl.UInt64(),
    "length": pl.UInt64(),
    "raw": pl.String(),
    "pinned": pl.String(),
}

#: What a format may say of a record; the rest comes from where the record stands.
FIELDS: dict[str, pl.DataType] = {
    **{name: RECORDS[name] for name in ("timestamp", "severity_number", "severity_text", "body")},
    **{name: RECORDS[name] for name in ("service_name", "host_name", "trace_id", "span_id")},
    **{name: RECORDS[name] for name in ("exception_type", "exception_message", "attributes", "pinned")},
}


def empty_records() -> pl.DataFrame:
    """A records table without rows."""
    return pl.DataFrame(schema=RECORDS)


def conform(frame: pl.DataFrame, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """The frame with exactly the schema's columns, in its order; a missing one is null."""
    return frame.select(
        (pl.col(name).cast(dtype) if name in frame.columns else pl.lit(None, dtype).alias(name))
        for name, dtype in schema.items()
    )
