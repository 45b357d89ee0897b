"""Web servers: the common and combined access log (nginx, Apache and others), and nginx's error log."""

from __future__ import annotations

import polars as pl

from triage.ingest.formats.base import PatternFormat

ACCESS = (
    r"^(?:(?P<vhost>[\w.-]+(?::\d+)?) )?(?P<client>[0-9A-Fa-f.:]+|[\w.-]+) (?P<ident>\S+) (?P<user>[^\[]+?) "
    r"\[(?P<time>\d{1,2}/\w{3}/\d{4}:\d\d:\d\d:\d\d(?: [+-]\d{4})?)\] "
    r'"(?P<request>(?:[^"\\]|\\.)*)" (?P<status>\d{3}) (?P<size>\d+|-)(?P<rest>.*)$'
)


def with_status(groups: pl.DataFrame) -> pl.DataFrame:
    """Method and path are the body, and the status is pinned to it: it is what access lines differ in."""
    status = pl.col("status").cast(pl.UInt16, strict=False)
    level = (
        pl.when(status >= 500).then(pl.lit("ERROR")).when(status >= 400).then(pl.lit("WARN")).otherwise(pl.lit("INFO"))
    )
    request = pl.col("request").str.replace(r" HTTP/\d(?:\.\d)?$", "")
    return groups.with_columns(
        pl.when(pl.col("status").is_not_null()).then(level).alias("level"),
        pl.format("{} {}", request, pl.col("status")).alias("body"),
        pl.col("status").alias("pinned"),
    )


WEB_ACCESS = PatternFormat("web-access", ACCESS, multiline=False, finish=with_status, syntaxes=("day-month-year",))

NGINX_ERROR = PatternFormat(
    "nginx-error",
    r"^(?P<time>\d{4}/\d\d/\d\d \d\d:\d\d:\d\d) \[(?P<level>[a-z]+)\] (?P<process>\d+)#(?P<thread>\d+): "
    r"(?:\*(?P<connection>\d+) )?(?P<body>.*)$",
    syntaxes=("iso-8601",),
)
