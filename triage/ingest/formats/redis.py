"""Redis: ``pid:role day month year time mark message``; the mark stands for a level."""

from __future__ import annotations

import polars as pl

from triage.ingest.formats.base import PatternFormat
from triage.ingest.levels import spelled

MARKS = {".": "DEBUG", "-": "VERBOSE", "*": "NOTICE", "#": "WARNING"}
ROLES = {"M": "primary", "S": "replica", "C": "child", "X": "sentinel"}


def _without_year(groups: pl.DataFrame) -> pl.DataFrame:
    """Dates of version 2 the way round that syslog has them; they have no year."""
    time = pl.col("time").str.replace(r"^([0-9]{1,2}) ([A-Za-z]{3}) ([0-9]{2}:)", "$2 $1 $3")
    return groups.with_columns(time.alias("time"), pl.coalesce("process", "old").alias("process")).drop("old")


def _redis(groups: pl.DataFrame) -> pl.DataFrame:
    return groups.with_columns(
        spelled(pl.col("mark"), MARKS).alias("level"),
        spelled(pl.col("role"), ROLES).alias("role"),
    ).drop("mark")


REDIS = PatternFormat(
    "redis",
    r"^(?:(?P<process>[0-9]+)(?::[0-9]+)?:(?P<role>[MSCX])|\[(?P<old>[0-9]+)\]) "
    r"(?P<time>[0-9]{1,2} [A-Z][a-z]{2} (?:[0-9]{4} )?[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?) "
    r"(?P<mark>[.*#-]) (?P<body>.*)$",
    prepare=_without_year,
    finish=_redis,
    syntaxes=("day-month-year", "syslog"),
)

#: What a signal's handler writes, where nothing else may be called.
REDIS_SIGNAL = PatternFormat(
    "redis-signal",
    r"^(?P<process>[0-9]+):signal-handler \((?P<time>1[0-9]{9})\) (?P<body>.*)$",
    syntaxes=("epoch",),
    least=0.0,
)
