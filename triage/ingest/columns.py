"""Which column of a table is what: by the names that loggers and log stores use, or as the caller says."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence

from triage.errors import UsageError
from triage.ingest.formats.fields import KEYS

#: Names that log stores give columns, beside those of loggers. Case, blanks and punctuation do not count.
STORES: dict[str, tuple[str, ...]] = {
    "timestamp": ("_time", "TimeGenerated", "TimeCreated", "EventTime", "timestampISO", "log_time"),
    "severity_text": ("detected_level", "SeverityLevel", "log_severity", "status"),
    "body": (
        "@message", "_raw", "line", "content", "LogMessage", "LogEntry", "Log_s", "textPayload", "jsonPayload.message",
        "description", "details", "RenderedDescription", "SyslogMessage", "ResultDescription", "OperationName", "raw",
    ),
    "service_name": (
        "container_name", "kubernetes.container.name", "AppRoleName", "cloud_RoleName", "ContainerName",
        "ContainerAppName_s", "resource.labels.container_name", "SYSLOG_IDENTIFIER", "ProcessName",
    ),
    "host_name": ("Computer", "computer_name", "pod", "pod_name", "PodName", "instance", "node", "machine"),
    "trace_id": ("operation_Id",),
    "span_id": ("ParentId",),
}  # fmt: skip
#: Better than any other: Grafana gives the time in the browser's zone, too.
EXACT = {"timestamp": ("tsNs",)}
COLUMNS: dict[str, tuple[str, ...]] = {
    field: (field, *EXACT.get(field, ()), *names, *STORES.get(field, ())) for field, names in KEYS.items()
}
#: What a caller may call a field, beside its own name.
ALIASES = {
    "time": "timestamp", "message": "body", "level": "severity_text", "severity": "severity_text",
    "service": "service_name", "host": "host_name",
}  # fmt: skip
#: What exports put behind a name.
SUFFIX = re.compile(r"\s*[\[(](?:UTC|GMT|Local time)[\])]$", re.IGNORECASE)

Columns = Mapping[str, str]


def folded(name: str) -> str:
    """A column's name without case, punctuation and remarks.

    Examples
    --------
    >>> folded("TimeGenerated [UTC]"), folded("log.level") == folded("Log Level")
    ('timegenerated', True)
    """
    bare = SUFFIX.sub("", name[:200].strip())
    return re.sub(r"[\s_.-]", "", bare).lower() or bare


def unique(names: Sequence[str]) -> list[str]:
    """Names of columns; one that is empty, or was there before, with its place behind it.

    Examples
    --------
    >>> unique(["time", "", "time"])
    ['time', '_2', 'time_3']
    """
    found: dict[str, None] = {}
    for place, name in enumerate(names):
        found[name if name and name not in found else f"{name}_{place + 1}"] = None
    return list(found)


def candidates(columns: Sequence[str], field: str, given: Columns | None = None) -> list[str]:
    """The columns that may be a field, the likeliest first; only the one given, if one was."""
    if given and field in given:
        return [given[field]]
    taken = set((given or {}).values())
    by_name = {folded(name): name for name in reversed(columns) if name not in taken}
    found = (by_name.get(folded(name)) for name in COLUMNS[field])
    return list(dict.fromkeys(name for name in found if name is not None))


def check_columns(columns: object) -> dict[str, str] | None:
    """A mapping from fields of records to columns, each field by its own name.

    Raises
    ------
    UsageError
        For a field that records do not have.

    Examples
    --------
    >>> check_columns({"time": "ts_col", "message": "text"})
    {'timestamp': 'ts_col', 'body': 'text'}
    """
    if columns is None:
        return None
    if not isinstance(columns, Mapping):
        raise UsageError(f"columns: got {type(columns).__name__}, wanted a mapping such as {{'timestamp': 'ts_col'}}")
    named = {ALIASES.get(str(field), str(field)): str(name) for field, name in columns.items()}
    for field in named:
        if field not in COLUMNS:
            raise UsageError(f"columns: records have no field {field[:60]!r}: {_instead(field, [*COLUMNS, *ALIASES])}")
    return named


def check_present(columns: Sequence[str], given: Columns | None, what: str) -> None:
    """Raise a UsageError if a column that the caller named is not there."""
    for field, name in (given or {}).items():
        if name not in columns:
            hint = _instead(name, list(columns))
            raise UsageError(f"columns: {what} has no column {name[:60]!r} to read as {field}: {hint}")


def _instead(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name.lower(), {one.lower(): one for one in known}, n=1)
    if close:
        return f"did you mean {next(one for one in known if one.lower() == close[0])[:60]!r}?"
    return "there are " + (", ".join(one[:40] for one in known[:12]) or "none")
