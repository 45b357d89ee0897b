"""Fields of an object with named values, as the usual loggers name them: for JSON, logfmt and tables."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import orjson
import polars as pl

from triage.ingest import timestamps
from triage.ingest.context import Context
from triage.ingest.formats.access import EMPTY, request_of
from triage.ingest.formats.base import Reading
from triage.ingest.formats.pairs import pair_time
from triage.ingest.levels import SYSLOG_STEPS, numbers
from triage.ingest.schema import FIELDS, conform
from triage.ingest.spellings import DATED

#: Where loggers put each field, the first that is there wins.
KEYS: dict[str, tuple[str, ...]] = {
    "timestamp": (
        "timestamp", "@timestamp", "time", "ts", "t", "asctime", "datetime", "date", "eventTime", "@t", "Timestamp",
        "TimeStamp", "msec", "time_local", "time_iso8601", "timeMillis", "epochMillis", "instant", "StartUTC",
        "start_time", "dt", "logged_at", "created_at", "event_time", "t.$date", "timestampSeconds",
    ),
    "severity_text": (
        "level", "severity", "levelname", "loglevel", "log.level", "levelName", "lvl", "severity_text", "@l",
        "log_level", "Level", "severityText", "s", "priority", "PRIORITY",
        "error_severity",
    ),
    "body": (
        "message", "msg", "event", "body", "log", "text", "@m", "@mt", "Message", "MESSAGE", "short_message",
        "RenderedMessage", "MessageTemplate",
    ),
    "service_name": (
        "service", "service.name", "service_name", "serviceName", "app", "application", "component_service", "app_name",
        "serviceContext.service",
    ),
    "host_name": ("host", "hostname", "host.name", "host.hostname", "host_name", "Host"),
    "trace_id": (
        "trace_id", "traceId", "trace.id", "traceID", "trace", "TraceId", "dd.trace_id", "request_id", "requestId",
        "req_id", "reqId", "correlation_id", "correlationId", "@tr", "logging.googleapis.com/trace",
    ),
    "span_id": (
        "span_id", "spanId", "span.id", "spanID", "SpanId", "dd.span_id", "@sp", "logging.googleapis.com/spanId",
    ),
    "exception_type": (
        "exception_type", "exception.type", "error.type", "exc_type", "err.type", "err.name", "exception.exc_type",
        "exception.exception_class", "exception.class",
    ),
    "exception_message": (
        "exception_message", "exception.message", "error.message", "exc_message", "err.message", "exception.exc_value",
        "exception.exception_message",
    ),
}  # fmt: skip
#: Names that mean something else elsewhere, and the keys beside which they do not: zap's short ones, and the name of
#: the program that bunyan and pino write.
SHOWN_BY: tuple[tuple[frozenset[str], dict[str, str]], ...] = (
    (frozenset("LTM"), {"severity_text": "L", "timestamp": "T", "body": "M"}),
    (frozenset(("name", "pid", "hostname", "level")), {"service_name": "name"}),
)
#: What logging.googleapis.com/trace has before the id.
TRACE_OF = r"^projects/[^/]{1,100}/traces/"
PATHS = {name: tuple(name.split(".")) for names in KEYS.values() for name in names if "." in name and "/" not in name}
#: Text that holds a stack trace; joined to the body so that its exception is found.
STACKS = (
    "exc_info", "exception", "stack", "stack_trace", "stacktrace", "traceback", "error.stack_trace",
    "exception.stacktrace", "error.stack", "err.stack", "@x",
)  # fmt: skip
PATHS |= {name: tuple(name.split(".")) for name in STACKS if "." in name}
_NAMES = tuple(dict.fromkeys([*(name for names in KEYS.values() for name in names), *STACKS]))
NUMBERED = {10: "TRACE", 20: "DEBUG", 30: "INFO", 40: "WARN", 50: "ERROR", 60: "FATAL"}  # pino, bunyan
NUMBERED_TEXT = {str(number): word for number, word in NUMBERED.items()}
#: Text that may be a point in time: a date with a clock, or a number as large as an epoch is.
TIMELIKE = re.compile(
    r"\d{1,4}[-/. ].{1,6}[-/. ]\d.{0,12}\d:\d\d|\d{8}T?\d{4}|^1\d{9}(?:\.\d+)?$|^1\d{12}(?:\.\d+)?$|^1\d{15}$|^1\d{18}$"
    r"|[A-Za-z]{3} +\d{1,2},? \d|^@4[0-9a-f]{23}"
)
#: A name that a time can have in an object that has none of the usual ones.
TIME_NAME = re.compile(r"(?i:time|date|stamp|(?:^|[_.-])ts$)|_at$|[a-z]At$")

#: The keys of a line as long as this are not remembered.
LONG = 10_000

Row = dict[str, str | None]


@lru_cache(4096)
def _candidates(keys: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """For each field, the names under which an object with these keys may have it."""
    there = {name for name in _NAMES if name in keys or PATHS.get(name, (name,))[0] in keys}
    named = tuple(name for name in keys if name not in KEYS["timestamp"] and TIME_NAME.search(name[:60]))
    fields = {field: tuple(name for name in names if name in there) for field, names in KEYS.items()}
    for needed, more in SHOWN_BY:
        if needed <= set(keys):
            fields = {
                field: names + ((more[field],) if more.get(field) in keys else ()) for field, names in fields.items()
            }
    fields["timestamp"] += named
    return (*fields.items(), ("stack", tuple(name for name in STACKS if name in there)))


def row_of(found: dict[str, Any], line: str) -> Row:
    """The fields of one object as text, the rest as JSON under ``attributes``.

    Parameters
    ----------
    found : dict
        The object; what is taken is taken out of it.
    line : str
        The body, where the object has none.
    """
    row: Row = {}
    pair_time(found)
    steps = SYSLOG_STEPS if _is_gelf(found) else NUMBERED_TEXT
    request = request_of(found)
    silent = _says_no_level(found)
    candidates = _candidates if len(line) < LONG else _candidates.__wrapped__
    for field, names in candidates(tuple(found)):
        wanted = _WANTED.get(field, _is_there)
        row[field] = next((v for v in (_take(found, name, wanted) for name in names) if v is not None), None)
    level = row["severity_text"]
    if level:
        row["severity_text"] = steps.get(level, level)
    elif level is None and silent:
        row["severity_text"] = "Information"
    stack = row.pop("stack")
    body = row["body"] if row["body"] is not None else line
    row["body"] = f"{body}\n{stack}" if stack and stack not in body else body
    if request and row["body"] in (line, *EMPTY):
        row["body"], row["pinned"] = _with_error(request[0], found), request[1]
        row["severity_text"] = row["severity_text"] or _level_of(request[1])
    row["attributes"] = as_json(found) if found else None
    return row


def chosen_keys(found: dict[str, Any]) -> dict[str, str] | None:
    """Which key each field of an object is taken from, where all objects with these keys and kinds of values agree.

    None where that is not so: a better key has no usable value here, the value is inside another, or there is a
    stack trace.
    """
    if (
        _is_gelf(found)
        or _says_no_level(found)
        or "timestampSeconds" in found
        or (request_of(found) and _says_little(found))
    ):
        return None
    chosen = {}
    for field, candidates in _candidates(tuple(found)):
        names = [name for name in candidates if name in found or isinstance(found.get(PATHS[name][0]), dict | list)]
        if not names:
            continue
        value = found.get(names[0])
        number = (
            isinstance(value, int | float) and not isinstance(value, bool) and field in ("timestamp", "severity_text")
        )
        if field == "stack" or not (isinstance(value, str) or number) or not _WANTED.get(field, _is_there)(value):
            return None
        chosen[field] = names[0]
    return chosen if len(set(chosen.values())) == len(chosen) else None


def _is_gelf(found: dict[str, Any]) -> bool:
    """Whether this is a message for Graylog, whose levels are those of syslog."""
    return "short_message" in found and "version" in found


def _level_of(status: str) -> str:
    return "ERROR" if status >= "500" else "WARN" if status >= "400" else "INFO"


def _with_error(request: str, found: dict[str, Any]) -> str:
    """A request with what went wrong, where an object says that beside it: exceptions are looked for in the body."""
    error = found.get("error")
    return f"{request} {error}" if isinstance(error, str) and error else request


def _says_little(found: dict[str, Any]) -> bool:
    """Whether an object has no message of its own."""
    return not any(name in found and found[name] not in EMPTY for name in KEYS["body"])


def _says_no_level(found: dict[str, Any]) -> bool:
    """Whether this is an event of Serilog that leaves out the level, which means that it is the usual one."""
    return "@t" in found and "@l" not in found and ("@mt" in found or "@m" in found)


def texts_of(rows: Sequence[Row]) -> pl.DataFrame:
    """Rows as a frame of text, with a column for each field."""
    names = [*KEYS, "attributes", "pinned"]
    table = {name: [_utf8(row.get(name)) for row in rows] for name in names}
    return pl.DataFrame(table, schema=dict.fromkeys(names, pl.String))


def reading_of(texts: pl.DataFrame, claimed: pl.Series, context: Context) -> Reading:
    """The reading of lines of which those that are claimed have their fields in `texts`, in order."""
    # A time of day alone would be given an invented date.
    time = timestamps.parse(texts["timestamp"], context, DATED)
    fields = texts.with_columns(
        time.utc.alias("timestamp"),
        numbers(pl.col("severity_text")).alias("severity_number"),
        pl.col("trace_id").str.replace(TRACE_OF, ""),
    )
    fields = conform(fields, FIELDS)
    if len(fields) < len(claimed):
        rows = pl.DataFrame({"row": claimed.arg_true()}).hstack(fields)
        every = pl.DataFrame({"row": pl.int_range(len(claimed), dtype=pl.UInt32, eager=True)})
        fields = every.join(rows, on="row", how="left", maintain_order="left").drop("row")
    return Reading(fields, claimed, time.zone_missing, time.year_missing, time.notes)


def rows_reading(rows: Sequence[Row | None], context: Context) -> Reading:
    """The reading of lines of which those that are not None were understood."""
    claimed = pl.Series([row is not None for row in rows], dtype=pl.Boolean)
    return reading_of(texts_of([row for row in rows if row is not None]), claimed, context)


def updated(records: pl.DataFrame, places: pl.Series, found: Sequence[Row | None], context: Context) -> pl.DataFrame:
    """Records with what was found in some of them, at `places`; null there changes nothing, nor does None."""
    reading = rows_reading(found, context)
    fields = reading.fields.filter(reading.claimed).insert_column(0, places.filter(reading.claimed).alias("row"))
    return records.with_row_index("row").update(fields, on="row").drop("row")


def _utf8(text: str | None) -> str | None:
    """Text that can be kept: JSON may spell half a character."""
    return None if text is None else text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def as_json(value: Any) -> str:
    """JSON text of anything that JSON or logfmt gave, however deep, with numbers that JSON has."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return _as_escaped_json(value)


def _as_escaped_json(value: Any) -> str:
    try:
        return json.dumps(value)  # half a character stands as its escape
    except RecursionError:
        return '"(nested too deep to be kept)"'


def _is_there(value: Any) -> bool:
    return not isinstance(value, dict | list)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_time(value: Any) -> bool:
    if isinstance(value, dict):
        return _is_time(value.get("seconds")) and isinstance(value.get("nanos", 0), int)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return False
    return bool(TIMELIKE.search(str(value)[:60]))


_WANTED = {"timestamp": _is_time, "stack": _is_text}


def _take(found: dict[str, Any], name: str, wanted: Any) -> str | None:
    """Remove and give a value as text, from a flat key or a nested one, if it is of the kind wanted."""
    if name in found:
        holders: list[Any] = [found]
        key = name
    elif name in PATHS:
        *parents, key = PATHS[name]
        holders = [found]
        for parent in parents:
            inner = holders[-1].get(parent)
            inner = inner[0] if isinstance(inner, list) and inner else inner
            if not isinstance(inner, dict):
                return None
            holders.append(inner)
    else:
        return None
    value = holders[-1].get(key)
    if value is None or not wanted(value):
        return None
    del holders[-1][key]
    if len(holders) > 1 and not holders[1] and found[PATHS[name][0]] is holders[1]:
        del found[PATHS[name][0]]
    if isinstance(value, dict):
        return f"{value['seconds']}.{value.get('nanos', 0):09}"
    if name == "timestampSeconds" and isinstance(nanos := found.pop("timestampNanos", 0), int):
        return f"{value}.{nanos:09}"
    return value if isinstance(value, str) else as_json(value)
