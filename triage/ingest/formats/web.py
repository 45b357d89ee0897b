"""Web servers: the common and combined access log (nginx, Apache and others), the error logs of both, Django's own."""

from __future__ import annotations

import polars as pl

from triage.ingest.formats.base import PatternFormat

#: Each part ends where the next begins, so that one pass reads it; what a virtual host pushes along is mended below.
ACCESS = (
    r"^(?P<client>[^ \[\"]+) (?P<ident>[^ \[\"]+) (?P<user>[^ \[]+(?: [^ \[]+)*) "
    r"\[(?P<time>[0-9]{1,2}/[A-Za-z]{3}/[0-9]{4}:[0-9]{2}:[0-9]{2}:[0-9]{2}(?: [+-][0-9]{4})?)\] "
    r'"(?P<request>(?:[^"\\]|\\.)*)" (?P<status>[0-9]{3}) (?P<size>[0-9]+|-)(?P<rest>.*)$'
)


def with_virtual_host(groups: pl.DataFrame) -> pl.DataFrame:
    """The columns named rightly where the name of a virtual host stands in front."""
    fronted = pl.col("ident").str.contains(r"[.:]") & pl.col("user").str.contains(r"^\S+ \S")
    moved = pl.col("user").str.splitn(" ", 2)
    return groups.with_columns(
        pl.when(fronted).then("client").alias("vhost"),
        pl.when(fronted).then("ident").otherwise("client").alias("client"),
        pl.when(fronted).then(moved.struct.field("field_0")).otherwise("ident").alias("ident"),
        pl.when(fronted).then(moved.struct.field("field_1")).otherwise("user").alias("user"),
    )


def level_of_status(status: pl.Expr) -> pl.Expr:
    """The level that a status of HTTP stands for."""
    failed = pl.when(status >= 500).then(pl.lit("ERROR"))
    return failed.when(status >= 400).then(pl.lit("WARN")).otherwise(pl.lit("INFO"))


def with_status(groups: pl.DataFrame) -> pl.DataFrame:
    """Method and path are the body, and the status is pinned to it: it is what access lines differ in."""
    status = pl.col("status").cast(pl.UInt16, strict=False)
    request = pl.col("request").str.replace(r" HTTP/\d(?:\.\d)?$", "")
    return groups.with_columns(
        pl.when(pl.col("status").is_not_null()).then(level_of_status(status)).alias("level"),
        pl.format("{} {}", request, pl.col("status")).alias("body"),
        pl.col("status").alias("pinned"),
    )


WEB_ACCESS = PatternFormat(
    "web-access", ACCESS, multiline=False, prepare=with_virtual_host, finish=with_status, syntaxes=("day-month-year",)
)

NGINX_ERROR = PatternFormat(
    "nginx-error",
    r"^(?P<time>\d{4}/\d\d/\d\d \d\d:\d\d:\d\d) \[(?P<level>[a-z]+)\] (?P<process>\d+)#(?P<thread>\d+): "
    r"(?:\*(?P<connection>\d+) )?(?P<body>.*)$",
    syntaxes=("iso-8601",),
)

APACHE_ERROR = PatternFormat(
    "apache-error",
    r"^\[[A-Z][a-z]{2} (?P<time>[A-Z][a-z]{2} +[0-9]{1,2} [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)? [0-9]{4})\] "
    r"\[(?:(?P<module>[a-z0-9_]*):)?(?P<level>[a-z]+[1-8]?)\] "
    r"(?:\[pid (?P<process>[0-9]+)(?::tid (?P<thread>[0-9]+))?\] )?"
    r"(?:\[(?:client|remote) (?P<client>[^\] ]+)\] )?(?P<body>.*)$",
    syntaxes=("ctime",),
    prefix=True,
)

#: Django's own server, which people run while they develop.
DJANGO_REQUEST = PatternFormat(
    "django-runserver",
    r"^\[(?P<time>[0-9]{2}/[A-Z][a-z]{2}/[0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2})\] "
    r'"(?P<request>(?:[^"\\]|\\.)*)" (?P<status>[0-9]{3}) (?P<size>[0-9]+|-)$',
    multiline=False,
    finish=with_status,
    syntaxes=("day-month-year",),
)
