"""Entries of journald, OpenTelemetry, Elasticsearch, Loki, Splunk and Kubernetes with the names that loggers use."""

from __future__ import annotations

from typing import Any

from triage.ingest.formats.fields import as_json
from triage.ingest.levels import SYSLOG_STEPS

Found = dict[str, Any]


def taken(found: Found, *names: str) -> str | None:
    """Remove and give the first of the names that has a text or a number; a dot leads into an object."""
    for name in names:
        holder: Any = found
        if name not in found:
            *parents, name = name.split(".")
            for parent in parents:
                holder = holder.get(parent) if isinstance(holder, dict) else None
        value = holder.get(name) if isinstance(holder, dict) else None
        if isinstance(value, str | int | float) and not isinstance(value, bool) and value != "":
            del holder[name]
            return str(value)
    return None


def entry(*rest: Found, **fields: Any) -> Found:
    """An object of fields that have a value and, behind them, the rest, whose names do not hide a field."""
    named = {name: value for name, value in fields.items() if value is not None}
    others = {name: value for one in rest for name, value in one.items()}
    return {**named, **{f"{name}_" if name in named else name: value for name, value in others.items()}}


def journald(found: Found) -> Found:
    """An entry of ``journalctl -o json``: text that is none comes as numbers, a field given twice as a list."""
    texts = {name: _field_text(value) for name, value in found.items()}
    unit = texts.get("_SYSTEMD_UNIT") or texts.get("UNIT") or ""
    service = texts.get("CONTAINER_NAME") or (unit.removesuffix(".service") if unit.endswith(".service") else None)
    priority = texts.pop("PRIORITY", None)
    return entry(
        {name: value for name, value in texts.items() if name not in ("MESSAGE", "_HOSTNAME", "__REALTIME_TIMESTAMP")},
        timestamp=texts.get("__REALTIME_TIMESTAMP"),
        level=SYSLOG_STEPS.get(priority or "", priority),
        message=texts.get("MESSAGE") or "",
        service=service or texts.get("SYSLOG_IDENTIFIER") or texts.get("_COMM"),
        host=texts.get("_HOSTNAME"),
    )


def _field_text(value: Any) -> str | None:
    if isinstance(value, list):
        if value and all(isinstance(one, int) and 0 <= one < 256 for one in value):
            return bytes(value).decode("utf-8", "replace")
        return "\n".join(text for one in value if (text := _field_text(one)))
    return value if value is None or isinstance(value, str) else str(value)


def otlp(found: Found) -> Found:
    """A log record of OpenTelemetry, as `containers` gives it: with its resource beside it."""
    resource, own = attributes(found.pop("resource", None)), attributes(found.pop("attributes", None))
    time = next((t for name in ("timeUnixNano", "observedTimeUnixNano") if (t := str(found.pop(name, ""))) > "0"), None)
    number, word = found.pop("severityNumber", None), found.pop("severityText", None)
    body = _any_value(found.pop("body", None))
    parts = body if isinstance(body, dict) else {}
    message = taken(parts, "message", "msg") or (None if parts or body is None else body)
    return entry(
        resource,
        parts,
        own,
        found,
        timestamp=time,
        level=word or _severity(number),
        message=message if message is None or isinstance(message, str) else as_json(message),
        service=taken(resource, "service.name"),
        host=taken(resource, "host.name", "k8s.pod.name"),
    )


def _severity(number: Any) -> str | None:
    """The word of a severity number, which some write by its name (``SEVERITY_NUMBER_ERROR``)."""
    if isinstance(number, str) and not number.isdecimal():
        return number.removeprefix("SEVERITY_NUMBER_").rstrip("234") or None
    step = int(number) if isinstance(number, int | str) and not isinstance(number, bool) else 0
    return ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")[(step - 1) // 4] if 1 <= step <= 24 else None


def attributes(given: Any) -> Found:
    """A list of keys and typed values, or of resource attributes, as an object."""
    pairs = given.get("attributes") if isinstance(given, dict) else given
    pairs = pairs if isinstance(pairs, list) else []
    return {str(p["key"]): _any_value(p.get("value")) for p in pairs if isinstance(p, dict) and "key" in p}


def _any_value(value: Any) -> Any:
    if not isinstance(value, dict) or len(value) != 1:
        return value
    (kind, inner), *_ = value.items()
    if kind == "kvlistValue":
        return {str(p.get("key")): _any_value(p.get("value")) for p in _listed(inner)}
    if kind == "arrayValue":
        return [_any_value(one) for one in _listed(inner)]
    return inner


def _listed(value: Any) -> list[Found]:
    values = value.get("values") if isinstance(value, dict) else None
    return [one for one in values if isinstance(one, dict)] if isinstance(values, list) else []


def elasticsearch(found: Found) -> Found | None:
    """A hit of Elasticsearch or OpenSearch; without its source its fields, each a list."""
    source = found.pop("_source", None)
    if not isinstance(source, dict):
        fields = found.pop("fields", None)
        if not isinstance(fields, dict):
            return None
        source = {name: v[0] if isinstance(v, list) and len(v) == 1 else v for name, v in fields.items()}
    kept: Found = {name: found[name] for name in ("_index", "_id") if name in found}
    service = None
    if not any(name in source for name in ("service", "service.name")):
        service = taken(source, "kubernetes.container.name", "container.name", "fields.service")
    return {**entry(source, service=service), **kept}


def loki(found: Found) -> Found | None:
    """A line of Loki with its labels, as ``logcli -o jsonl`` writes it."""
    labels = found.pop("labels")
    if not isinstance(labels, dict) or not isinstance(found["line"], str):
        return None
    message = found.pop("line")
    return entry(
        labels,
        found,
        timestamp=found.pop("timestamp"),
        level=taken(labels, "level", "detected_level", "severity"),
        message=message,
        service=taken(labels, "service_name", "service", "app", "app_kubernetes_io_name", "container", "job"),
        host=taken(labels, "host", "hostname", "pod", "instance", "node_name"),
        trace_id=taken(labels, "trace_id", "traceID", "traceid"),
        span_id=taken(labels, "span_id"),
    )


def splunk_result(found: Found) -> Found | None:
    """A line of Splunk's export: the result in an object of its own."""
    result = found["result"]
    return splunk(result) if isinstance(result, dict) and "_raw" in result else None


def splunk(found: Found) -> Found:
    """A result of Splunk: the event as it came in, and the fields that were found in it."""
    message, host = found.pop("_raw"), taken(found, "host")
    level = taken(found, "level", "log_level", "severity")
    return entry(found, timestamp=taken(found, "_time"), level=level, message=message, host=host)


def kubernetes_event(found: Found) -> Found | None:
    """An event of Kubernetes: the object it is about is the service."""
    about = found.get("involvedObject")
    if not isinstance(about, dict):
        return None
    time = taken(found, "lastTimestamp", "eventTime", "series.lastObservedTime", "firstTimestamp")
    reason, kind = taken(found, "reason"), taken(found, "type")
    message = ": ".join(filter(None, (reason, taken(found, "message"))))
    host = taken(found, "source.host")
    level = {"Normal": "INFO", "Warning": "WARN"}.get(kind or "", kind)
    time = time or taken(found, "metadata.creationTimestamp")
    return entry(found, timestamp=time, level=level, message=message, service=about.get("name"), host=host)
