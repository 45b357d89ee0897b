"""Where the entries stand in the JSON that log stores answer with, and what an entry is in each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from triage.ingest.formats.fields import KEYS

#: Names of lists of entries, and of objects in which such a list stands.
LISTS = frozenset({
    "hits", "events", "logEvents", "data", "result", "results", "streams", "entries", "tables", "records", "Records",
    "items", "resourceLogs", "logs", "Logs", "messages", "value",
})  # fmt: skip
HOLDERS = frozenset(("hits", "data", "rawResponse", "response", "results", "result"))
#: What an object with a list beside it has if it is a log entry of its own, and the list a part of it.
ENTRY_ALREADY = frozenset((*KEYS["body"], "time", "timestamp", "@timestamp", "ts"))
#: What entries of a list are known by.
SHAPES = (
    ("_source",), ("_index", "fields"), ("attributes", "type"), ("stream", "values"), ("columns", "rows"),
    ("scopeLogs",), ("instrumentationLibraryLogs",), ("resourceLogs",), ("logEvents",), ("_raw",), ("TimeGenerated",),
    ("involvedObject",), ("receiveTimestamp",), ("eventTime",), ("__REALTIME_TIMESTAMP",),
)  # fmt: skip
#: What stands around the entries and says whose they are.
AROUND = ("logGroup", "logStream", "logGroupName", "logStreamName")


def is_entry(value: Any) -> bool:
    """Whether an element of a list is a log entry, or holds some."""
    if isinstance(value, list):
        return _is_pairs(value)
    if not isinstance(value, dict):
        return False
    timed = any(name in value for name in KEYS["timestamp"])
    return timed or any(all(name in value for name in shape) for shape in SHAPES) or _graylog(value) is not None


def entries_of(value: Any, around: dict[str, Any]) -> Iterator[Any]:
    """The entries that one element holds: itself, in most stores.

    Parameters
    ----------
    around : dict
        What stood in the object around it so far.
    """
    if isinstance(value, list) and _is_pairs(value):
        yield {str(pair["field"]): pair.get("value") for pair in value}
    elif not isinstance(value, dict):
        yield value
    elif lists := [name for name in ("resourceLogs", "logEvents") if isinstance(value.get(name), list)]:
        for name in lists:
            for one in value[name]:
                yield from entries_of(one, {**around, **value})
    elif "scopeLogs" in value or "instrumentationLibraryLogs" in value:
        yield from _otlp(value)
    elif isinstance(value.get("stream"), dict) and isinstance(value.get("values"), list):
        yield from _loki(value["stream"], value["values"])
    elif isinstance(value.get("columns"), list) and isinstance(value.get("rows"), list):
        names = [str(one.get("name")) if isinstance(one, dict) else str(one) for one in value["columns"]]
        yield from (dict(zip(names, row, strict=False)) if isinstance(row, list) else row for row in value["rows"])
    else:
        beside = {name: around[name] for name in AROUND if isinstance(around.get(name), str)}
        yield {**beside, **(_graylog(value) or value)}


def _is_pairs(value: list[Any]) -> bool:
    return bool(value) and all(isinstance(one, dict) and "field" in one for one in value)


def _graylog(value: dict[str, Any]) -> dict[str, Any] | None:
    message = value.get("message")
    return message if isinstance(message, dict) and "timestamp" in message else None


def _otlp(resource: dict[str, Any]) -> Iterator[Any]:
    """Log records of a resource, each with the resource beside it."""
    for name in ("scopeLogs", "instrumentationLibraryLogs"):
        for scope in _dicts(resource.get(name)):
            named = scope.get("scope") or scope.get("instrumentationLibrary")
            logger = named.get("name") if isinstance(named, dict) else None
            for record in _dicts(scope.get("logRecords") or scope.get("logs")):
                beside = {"logger": logger} if logger else {}
                yield {"resource": resource.get("resource"), **beside, **record}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _loki(labels: dict[str, Any], values: list[Any]) -> Iterator[Any]:
    for value in values:
        if not isinstance(value, list) or len(value) < 2:
            yield value
            continue
        metadata = value[2] if len(value) > 2 and isinstance(value[2], dict) else {}
        yield {"labels": {**labels, **_flat(metadata)}, "line": value[1], "timestamp": value[0]}


def _flat(metadata: dict[str, Any]) -> dict[str, Any]:
    """Structured metadata, which newer versions part by where it came from."""
    parts = [metadata.get(name) for name in ("structuredMetadata", "parsed")]
    found = [part for part in parts if isinstance(part, dict)]
    return {name: value for part in found for name, value in part.items()} if found else metadata
