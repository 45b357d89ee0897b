"""Three ways to write a log, one a service, as shops that grew over years have them."""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from .settings import Settings

trace: ContextVar[str] = ContextVar("trace", default="-")


def fields(record: logging.LogRecord) -> Mapping[str, Any]:
    """Give what was passed as `extra={"fields": {...}}`."""
    found: Mapping[str, Any] = getattr(record, "fields", {})
    return found


class WithTrace(logging.Filter):
    """Notes on every record which request it belongs to, and the time by the clock of its host."""

    def __init__(self, clock_ahead: float) -> None:
        super().__init__()
        self._ahead = clock_ahead

    def filter(self, record: logging.LogRecord) -> bool:
        """Add the trace; keep the record."""
        record.trace = trace.get()
        record.created += self._ahead
        record.msecs = record.created % 1 * 1000
        return True


class JsonLines(logging.Formatter):
    """One JSON object a record, time in UTC with a Z."""

    def __init__(self, service: str, instance: str) -> None:
        super().__init__()
        self._who = {"service": service, "instance": instance}

    def format(self, record: logging.LogRecord) -> str:
        """Write a record; of an exception its type and message."""
        at = dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds")
        entry: dict[str, Any] = {"timestamp": at.replace("+00:00", "Z"), "level": record.levelname.lower()}
        entry |= self._who | {"logger": record.name, "message": record.getMessage()}
        if trace.get() != "-":
            entry["trace_id"] = trace.get()
        entry |= fields(record)
        if record.exc_info and record.exc_info[1]:
            error = record.exc_info[1]
            entry["exception"] = {"type": type(error).__name__, "message": str(error)}
        return json.dumps(entry)


class Logfmt(logging.Formatter):
    """Pairs `key=value`, time with the offset of the local zone, or without."""

    def __init__(self, *, local_times: bool) -> None:
        super().__init__()
        self._local = local_times

    def format(self, record: logging.LogRecord) -> str:
        """Write a record; values with spaces in quotes."""
        local = dt.datetime.fromtimestamp(record.created)
        at = (local if self._local else local.astimezone()).isoformat(timespec="milliseconds")
        pairs: dict[str, Any] = {"ts": at, "level": record.levelname.lower(), "logger": record.name}
        pairs |= {"msg": record.getMessage(), "trace": trace.get(), **fields(record)}
        if record.exc_info and record.exc_info[1]:
            pairs["error"] = f"{type(record.exc_info[1]).__name__}: {record.exc_info[1]}"
        return " ".join(f"{key}={_quoted(str(value))}" for key, value in pairs.items())


def _quoted(value: str) -> str:
    return json.dumps(value) if not value or set(value) & set(' "=\n') else value


def configure(settings: Settings) -> None:
    """Send the log of this process to standard output, in the manner of its service."""
    handler = logging.StreamHandler(sys.stdout)
    handler.addFilter(WithTrace(settings.clock_ahead))
    plain = logging.Formatter("%(asctime)s %(levelname)s %(name)s [%(trace)s] %(message)s")
    styles = {
        "checkout": JsonLines(settings.service, settings.instance),
        "payments": Logfmt(local_times=settings.local_times),
        "worker": logging.Formatter("%(asctime)s.%(msecs)03d | %(message)s", "%Y-%m-%dT%H:%M:%S"),
    }
    handler.setFormatter(styles.get(settings.service, plain))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
