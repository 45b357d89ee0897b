"""Log entries of cloud services (Google, Amazon, Azure, Datadog) with the names that loggers use."""

from __future__ import annotations

from typing import Any

import orjson

from triage.ingest.formats.stores import Found, entry, taken
from triage.ingest.levels import AZURE_STEPS


def google(found: Found) -> Found:
    """An entry of Google Cloud Logging: one of three payloads, or an HTTP request alone."""
    payload = next((p for name in ("jsonPayload", "protoPayload") if isinstance(p := found.pop(name, None), dict)), {})
    request = found.get("httpRequest")
    message = taken(found, "textPayload") or taken(payload, "message", "msg", "log", "status.message")
    method = taken(payload, "methodName")
    if method:
        message = f"{method}: {message}" if message else method
    level = taken(found, "severity")
    if isinstance(request, dict):
        message = message or _requested(request)
        level = level if level not in (None, "DEFAULT") else _level_of(request.get("status"))
    trace = taken(found, "trace")
    return entry(
        payload,
        found,
        timestamp=taken(found, "timestamp", "receiveTimestamp"),
        level=level,
        message=message,
        service=taken(found, *(f"resource.labels.{name}" for name in GOOGLE_SERVICE)) or taken(payload, "serviceName"),
        host=taken(found, "resource.labels.pod_name", "resource.labels.instance_id", "labels.instance_name"),
        trace_id=trace.rpartition("/")[2] if trace else None,
        span_id=taken(found, "spanId"),
    )


GOOGLE_SERVICE = ("container_name", "service_name", "function_name", "module_id", "job_name", "database_id")


def _requested(request: Found) -> str | None:
    parts = [request.get(name) for name in ("requestMethod", "requestUrl", "status")]
    return " ".join(str(part) for part in parts if part is not None) or None


def _level_of(status: Any) -> str | None:
    if not isinstance(status, int):
        return None
    return "ERROR" if status >= 500 else "WARN" if status >= 400 else "INFO"


def cloudtrail(found: Found) -> Found:
    """An event of CloudTrail: a call of an interface, and the error it ended with."""
    name, source = taken(found, "eventName"), taken(found, "eventSource")
    code, reason = taken(found, "errorCode"), taken(found, "errorMessage")
    message = f"{(source or '').removesuffix('.amazonaws.com')} {name}".strip()
    if code or reason:
        message += ": " + " ".join(filter(None, (code, reason)))
    level = "ERROR" if code else "INFO"
    return entry(found, timestamp=taken(found, "eventTime"), level=level, message=message, service=source)


def cloudwatch(found: Found) -> Found:
    """An event of CloudWatch Logs: the last part of its group's name is the service."""
    group = found.get("logGroup") or found.get("logGroupName")
    return {**found, "service": _last(group)} if isinstance(group, str) and "service" not in found else found


def insights(found: Found) -> Found:
    """A row of CloudWatch Logs Insights, which shows times in UTC and does not say so."""
    message, log = found.pop("@message"), found.get("@log")
    time = str(found.pop("@timestamp"))
    zoned = f"{time}Z" if time[-1:].isdigit() and ":" in time and "T" not in time else time
    return entry(found, timestamp=zoned, message=message, service=_last(log) if isinstance(log, str) else None)


def _last(group: str) -> str | None:
    return group.rstrip("/").rpartition("/")[2].rpartition(":")[2] or None


#: Of a row of Azure's tables, or of a record of its diagnostic settings.
AZURE_BODY = (
    "Message", "message", "properties.message", "properties.log", "properties.Message", "LogEntry", "LogMessage",
    "Log_s", "RenderedDescription", "SyslogMessage", "ResultDescription", "resultDescription", "RawData",
    "properties.resultDescription", "OperationName", "operationName",
)  # fmt: skip
AZURE_LEVEL = ("Level", "level", "SeverityLevel", "severityLevel", "LogLevel", "LogSeverity", "properties.level")
AZURE_SERVICE = (
    "AppRoleName", "cloud_RoleName", "ContainerName", "ContainerAppName_s", "ProcessName", "properties.containerName",
)  # fmt: skip


def azure(found: Found) -> Found:
    """A row of Azure Monitor, or a record that a diagnostic setting wrote; its properties may be JSON as text."""
    properties = found.get("properties")
    if isinstance(properties, str) and properties.startswith("{"):
        try:
            found["properties"] = orjson.loads(properties)
        except orjson.JSONDecodeError:
            found["properties"] = {"message": properties}
    level = taken(found, *AZURE_LEVEL)
    resource = next((v for n in ("resourceId", "_ResourceId") if isinstance(v := found.get(n), str)), "")
    return entry(
        found,
        timestamp=taken(found, "TimeGenerated", "time"),
        level=AZURE_STEPS.get(level or "", level),
        message=taken(found, *AZURE_BODY),
        service=taken(found, *AZURE_SERVICE) or _last(resource),
        host=taken(found, "Computer", "HostName", "properties.pod", "AppRoleInstance"),
        trace_id=taken(found, "OperationId", "operation_Id", "correlationId"),
        span_id=taken(found, "ParentId"),
    )


def datadog(found: Found) -> Found | None:
    """An event of Datadog's search: what it knows stands under attributes, and there what the program gave."""
    outer = found["attributes"]
    if not isinstance(outer, dict) or "timestamp" not in outer:
        return None
    return datadog_archive(outer)


def datadog_archive(found: Found) -> Found:
    """An event of Datadog's archives."""
    own = found.pop("attributes", None)
    own = own if isinstance(own, dict) else {}
    return entry(
        own,
        found,
        timestamp=taken(found, "timestamp", "date"),
        level=taken(found, "status"),
        message=taken(found, "message"),
        service=taken(found, "service"),
        host=taken(found, "host"),
        trace_id=taken(own, "dd.trace_id", "trace_id"),
        span_id=taken(own, "dd.span_id", "span_id"),
    )
