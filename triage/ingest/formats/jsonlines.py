"""JSON lines: the usual loggers' names for time, level, message, service, trace and exception."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
import polars as pl

from triage.ingest import timestamps
from triage.ingest.formats.base import Context, Reading
from triage.ingest.levels import numbers
from triage.ingest.schema import FIELDS, conform

#: Where loggers put each field, the first that is there wins.
KEYS: dict[str, tuple[str, ...]] = {
    "timestamp": (
        "timestamp",
        "@timestamp",
        "time",
        "ts",
        "t",
        "asctime",
        "datetime",
        "date",
        "eventTime",
        "@t",
    ),
    "severity_text": (
        "level",
        "severity",
        "levelname",
        "loglevel",
        "log.level",
        "levelName",
        "lvl",
        "severity_text",
        "@l",
    ),
    "body": ("message", "msg", "event", "body", "log", "text", "@m", "@mt"),
    "service_name": ("service", "service.name", "service_name", "app", "application", "component_service"),
    "host_name": ("host", "hostname", "host.name", "host_name"),
    "trace_id": (
        "trace_id",
        "traceId",
        "trace.id",
        "traceID",
        "trace",
        "request_id",
        "requestId",
        "req_id",
        "correlation_id",
    ),
    "span_id": ("span_id", "spanId", "span.id", "spanID"),
    "exception_type": ("exception_type", "exception.type", "error.type", "exc_type"),
    "exception_message": ("exception_message", "exception.message", "error.message", "exc_message"),
}
PATHS = {name: tuple(name.split(".")) for names in KEYS.values() for name in names if "." in name}
#: Text that holds a stack trace; joined to the body so that its exception is found.
STACKS = (
    "exc_info",
    "exception",
    "stack",
    "stack_trace",
    "stacktrace",
    "traceback",
    "error.stack_trace",
    "exception.stacktrace",
)
NUMBERED = {10: "TRACE", 20: "DEBUG", 30: "INFO", 40: "WARN", 50: "ERROR", 60: "FATAL"}  # pino, bunyan


@dataclass(frozen=True)
class JsonLines:
    """One JSON object a line."""

    name: str = "json-lines"
    multiline: bool = False
    follower: str | None = None

    def read(self, text: pl.Series, context: Context) -> Reading:
        """Read a column of lines."""
        looks = text.str.contains(r"^\s*\{.*\}\s*$").fill_null(False)
        rows = [_row(line) if ok else None for line, ok in zip(text.to_list(), looks.to_list(), strict=True)]
        claimed = pl.Series([row is not None for row in rows], dtype=pl.Boolean)
        names = [*KEYS, "attributes"]
        table = {name: [row.get(name) if row else None for row in rows] for name in names}
        frame = pl.DataFrame(table, schema=dict.fromkeys(names, pl.String))
        time = timestamps.parse(frame["timestamp"], context.zone, context.year)
        frame = frame.with_columns(
            time.utc.alias("timestamp"), numbers(pl.col("severity_text")).alias("severity_number")
        )
        return Reading(conform(frame, FIELDS), claimed, time.zone_missing, time.year_missing)


def _row(line: str) -> dict[str, str | None] | None:
    """The fields of one object as text, the rest as JSON under ``attributes``; None if it is no object."""
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(found, dict):
        return None
    row: dict[str, str | None] = {}
    for field, names in KEYS.items():
        row[field] = next((v for v in (_take(found, name) for name in names) if v is not None), None)
    level = row["severity_text"]
    if level and level.isdigit():
        row["severity_text"] = NUMBERED.get(int(level), level)
    stack = next((v for v in (_take(found, name) for name in STACKS) if v), None)
    body = row["body"] if row["body"] is not None else line
    row["body"] = f"{body}\n{stack}" if stack and stack not in body else body
    row["attributes"] = orjson.dumps(found).decode() if found else None
    return row


def _take(found: dict[str, Any], name: str) -> str | None:
    """Remove and give a value as text, from a flat key or a nested one; objects and lists stay where they are."""
    holder: Any = found
    key = name
    if name not in found and name in PATHS:
        *parents, key = PATHS[name]
        for parent in parents:
            holder = holder.get(parent) if isinstance(holder, dict) else None
    if not isinstance(holder, dict):
        return None
    value = holder.get(key)
    if value is None or isinstance(value, dict | list):
        return None
    del holder[key]
    return value if isinstance(value, str) else orjson.dumps(value).decode()


JSON_LINES = JsonLines()
