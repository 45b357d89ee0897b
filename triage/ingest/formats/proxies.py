"""Proxies that have formats of their own: HAProxy, for HTTP and TCP, and Envoy, its requests and its own messages."""

from __future__ import annotations

import polars as pl

from triage.ingest.formats.base import PatternFormat
from triage.ingest.formats.web import level_of_status


def _haproxy(groups: pl.DataFrame) -> pl.DataFrame:
    """The request and its status; of a connection where it went, and how it ended where that was not well."""
    http = pl.col("status").is_not_null()
    request = pl.col("request").str.replace(r" HTTP/[0-9](?:\.[0-9])?$", "")
    ended = pl.when(http).then("status").otherwise("state")
    what = pl.coalesce(request, pl.format("{} {}", "frontend", "backend"))
    status = pl.col("status").cast(pl.Int16, strict=False)
    well = pl.when(pl.col("state").str.starts_with("--")).then(pl.lit("INFO")).otherwise(pl.lit("WARN"))
    return groups.with_columns(
        pl.when(http).then(level_of_status(status)).otherwise(well).alias("level"),
        pl.format("{} {}", what, ended).alias("body"),
        ended.alias("pinned"),
    )


HAPROXY = PatternFormat(
    "haproxy",
    r"^(?P<client>[^ ]+:[0-9]{1,5}) \[(?P<time>[0-9]{2}/[A-Za-z]{3}/[0-9]{4}:[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3})\] "
    r"(?P<frontend>[^ /]+) (?P<backend>[^ /]+/[^ ]+) (?P<times>\+?-?[0-9]+(?:/\+?-?[0-9]+){2,4}) "
    r"(?:(?P<status>-?[0-9]{1,3}) )?(?P<bytes>\+?[0-9]+) (?:[^ ]+ [^ ]+ )?(?P<state>[A-Za-z-]{2,4}) "
    r"(?P<counts>[0-9+]+(?:/[0-9+]+){4}) (?P<queues>[0-9]+/[0-9]+)(?: (?P<captured>\{.*\}))?"
    r'(?: "(?P<request>[^"]*)"?)?$',
    multiline=False,
    finish=_haproxy,
    syntaxes=("day-month-year",),
)

#: What HAProxy says of itself on standard error; older versions give the day of the year and the time, but no year.
HAPROXY_NOTICE = PatternFormat(
    "haproxy-notice",
    r"^\[(?P<level>NOTICE|WARNING|ALERT|DIAG)\] +(?:[0-9]{3}/[0-9]{6} )?\((?P<process>[0-9]+)\) : (?P<body>.*)$",
    least=0.0,
)


def _envoy(groups: pl.DataFrame) -> pl.DataFrame:
    """Request, status and the flags that say what went wrong; a connection has the status 0."""
    status = pl.col("status").cast(pl.Int16, strict=False)
    fine = pl.col("flags") == "-"
    request = pl.col("request").str.replace(r" HTTP/[0-9](?:\.[0-9])?$", "")
    whole = pl.format("{} {}", request, "status")
    lost = pl.when((status == 0) & ~fine).then(pl.lit("WARN")).otherwise(level_of_status(status))
    return groups.with_columns(
        pl.when(status.is_not_null()).then(lost).alias("level"),
        pl.when(fine).then(whole).otherwise(pl.format("{} {}", whole, "flags")).alias("body"),
        pl.col("status").alias("pinned"),
        pl.col("rest").str.extract(r'"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"', 1).alias("trace"),
    )


ENVOY_ACCESS = PatternFormat(
    "envoy-access",
    r"^\[(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3,6}Z)\] "
    r'"(?P<request>(?:[^"\\]|\\.)*)" (?P<status>[0-9]{1,3}) (?P<flags>-|[A-Z]{2,5}(?:,[A-Z]{2,5})*) (?P<rest>.*)$',
    multiline=False,
    finish=_envoy,
    syntaxes=("iso-8601",),
)

ENVOY = PatternFormat(
    "envoy",
    r"^\[(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3})\]\[(?P<thread>[0-9]+)\]"
    r"\[(?P<level>[a-z]+)\]\[(?P<logger>[a-z0-9_ -]+)\] (?:\[(?P<file>[^\]\[ ]+:[0-9]+)\] )?(?P<body>.*)$",
    syntaxes=("iso-8601",),
)
