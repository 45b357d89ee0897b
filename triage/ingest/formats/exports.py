"""Entries of log stores as JSON, one a line: each store has its own names and its own wrapping."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from triage.ingest.context import Context
from triage.ingest.formats import clouds, stores
from triage.ingest.formats.base import Reading, claims_nothing
from triage.ingest.formats.fields import Row, row_of, rows_reading
from triage.ingest.formats.jsonlines import json_object, json_row

Found = dict[str, Any]


@dataclass(frozen=True)
class JsonExport:
    """Objects of one store.

    Attributes
    ----------
    marks : tuple of tuple of str
        Names that an entry of the store has, all of one of these tuples.
    unwrapped : callable
        From the object to one with names that loggers use; None if it is no entry after all.
    """

    name: str
    marks: tuple[tuple[str, ...], ...]
    unwrapped: Callable[[Found], Found | None]
    multiline: bool = False
    follower: str | None = None

    def read(self, text: pl.Series, context: Context) -> Reading:
        """Read a column of lines."""
        if not text.str.contains("{", literal=True).any():
            return claims_nothing(text)
        line = pl.col("text")
        named = [pl.all_horizontal(line.str.contains(f'"{m}"', literal=True) for m in marks) for marks in self.marks]
        shaped = line.str.contains(r"^\s*\{.*\}\s*$") & pl.any_horizontal(named)
        looks = text.to_frame("text").select(shaped.fill_null(False).alias("looks"))["looks"]
        if not looks.any():
            return claims_nothing(text)
        chosen = zip(text.to_list(), looks.to_list(), strict=True)
        return rows_reading([self.row(line) if ok else None for line, ok in chosen], context)

    def row(self, line: str) -> Row | None:
        """The fields of one entry; None if the text is none."""
        found = json_object(line)
        if found is None or not any(all(mark in found for mark in marks) for marks in self.marks):
            return None
        entry = self.unwrapped(found)
        return None if entry is None else row_of(entry, line)


#: The more telling names first.
EXPORTS = (
    JsonExport("journald", (("__REALTIME_TIMESTAMP",),), stores.journald),
    JsonExport("otlp", (("timeUnixNano",), ("observedTimeUnixNano",)), stores.otlp),
    JsonExport("elasticsearch", (("_source",), ("_index", "fields")), stores.elasticsearch),
    JsonExport("loki", (("labels", "line", "timestamp"),), stores.loki),
    JsonExport("splunk-export", (("preview", "result"),), stores.splunk_result),
    JsonExport("splunk", (("_raw",),), stores.splunk),
    JsonExport("kubernetes-events", (("involvedObject",),), stores.kubernetes_event),
    JsonExport(
        "google-cloud",
        (("textPayload",), ("jsonPayload",), ("protoPayload",), ("logName", "resource"), ("insertId", "resource")),
        clouds.google,
    ),
    JsonExport("cloudtrail", (("eventTime", "eventName", "eventSource"),), clouds.cloudtrail),
    JsonExport("cloudwatch-insights", (("@timestamp", "@message"),), clouds.insights),
    JsonExport(
        "cloudwatch",
        tuple(("timestamp", "message", other) for other in ("logStreamName", "logStream", "logGroup", "ingestionTime")),
        clouds.cloudwatch,
    ),
    JsonExport(
        "azure-monitor",
        (("TimeGenerated",), ("time", "resourceId"), ("timestamp", "cloud_RoleName")),
        clouds.azure,
    ),
    JsonExport("datadog", (("attributes", "type"),), clouds.datadog),
    JsonExport("datadog-archive", (("_id", "date", "status"),), clouds.datadog_archive),
)


def any_row(line: str) -> Row | None:
    """The fields of the JSON object that a text is, whoever wrote it; None if it is none."""
    return next((row for export in EXPORTS if (row := export.row(line))), None) or json_row(line)
