"""Android's logcat, in its brief, time and threadtime layouts."""

from __future__ import annotations

import polars as pl

from triage.ingest.formats.base import PatternFormat
from triage.ingest.levels import spelled

LETTERS = {"V": "VERBOSE", "D": "DEBUG", "I": "INFO", "W": "WARN", "E": "ERROR", "F": "FATAL", "A": "FATAL"}


def _logcat(groups: pl.DataFrame) -> pl.DataFrame:
    return groups.with_columns(
        spelled(pl.coalesce("letter", "short"), LETTERS).alias("level"),
        pl.coalesce("tag", "short_tag").str.strip_chars().alias("tag"),
        pl.coalesce("process", "short_process").alias("process"),
    ).drop("letter", "short", "short_tag", "short_process")


LOGCAT = PatternFormat(
    "logcat",
    r"^(?P<time>(?:\d{4}-)?\d\d-\d\d \d\d:\d\d:\d\d\.\d{3,9})(?: [+-]\d{4})? +"
    r"(?:(?:(?P<user>[A-Za-z][\w.]*|\d+) +)??(?P<process>\d+) +(?P<thread>\d+) "
    r"(?P<letter>[VDIWEFA]) (?P<tag>[^:\[\]]{0,80}?) *"
    r"|(?P<short>[VDIWEFA])/(?P<short_tag>[^(]{0,80})\( *(?P<short_process>\d+)\))(?:: ?|(?:\[))(?P<body>.*)$",
    finish=_logcat,
    syntaxes=("iso-8601", "month-day"),
    prefix=True,
)

#: Where the lines of one of the buffers begin.
LOGCAT_MARK = PatternFormat("logcat-mark", r"^-{9} (?P<body>(?:beginning of|switch to) [a-z]+)$", least=0.0)
