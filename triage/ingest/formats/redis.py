"""Redis: ``pid:role day month year time mark message``; the mark stands for a level."""

from __future__ import annotations

import polars as pl

from triage.ingest.formats.base import PatternFormat

MARKS = {".": "DEBUG", "-": "VERBOSE", "*": "NOTICE", "#": "WARNING"}
ROLES = {"M": "primary", "S": "replica", "C": "child", "X": "sentinel"}


def _redis(groups: pl.DataFrame) -> pl.DataFrame:
    return groups.with_columns(
        pl.col("mark").replace_strict(MARKS, default=None, return_dtype=pl.String).alias("level"),
        pl.col("role").replace_strict(ROLES, default=None, return_dtype=pl.String).alias("role"),
    ).drop("mark")


REDIS = PatternFormat(
    "redis",
    r"^(?P<process>\d+):(?P<role>[MSCX]) (?P<time>\d{1,2} \w{3} \d{4} \d\d:\d\d:\d\d(?:\.\d+)?) "
    r"(?P<mark>[.*#-]) (?P<body>.*)$",
    finish=_redis,
    syntaxes=("day-month-year",),
)
