"""Ruby's Logger, as Rails uses it in production, and what Rails writes in development: a request a record."""

from __future__ import annotations

import polars as pl

from triage.ingest.formats.base import PatternFormat

_ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def _named(groups: pl.DataFrame) -> pl.DataFrame:
    return groups.with_columns(pl.when(pl.col("service") != "").then("service").alias("service")).drop("letter")


RUBY_LOGGER = PatternFormat(
    "ruby-logger",
    r"^(?P<letter>[DIWEFA]), \[(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3,6}) "
    r"#(?P<process>[0-9]+)\] +(?P<level>DEBUG|INFO|WARN|ERROR|FATAL|ANY) -- (?P<service>[^: ]*): "
    rf"(?:\[(?P<trace>{_ID})\] )?(?P<body>.*)$",
    finish=_named,
    syntaxes=("iso-8601",),
)

RAILS_REQUEST = PatternFormat(
    "rails-request",
    rf'^(?:\[(?P<trace>{_ID})\] )?(?P<body>Started [A-Z]+ "[^"]*" for [^ ]+) at '
    r"(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} [+-][0-9]{4})$",
    syntaxes=("iso-8601",),
)
