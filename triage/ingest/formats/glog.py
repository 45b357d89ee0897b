"""glog and klog (Google's C++ and Go logging, Kubernetes): ``Lmmdd hh:mm:ss.uuuuuu thread file:line] message``.

Some put the year before the date, in two digits or four, a channel before the file, and no bracket behind the line.
"""

from __future__ import annotations

import polars as pl

from triage.ingest.formats.base import PatternFormat
from triage.ingest.levels import spelled

LETTERS = {"I": "INFO", "W": "WARNING", "E": "ERROR", "F": "FATAL"}


def _glog(groups: pl.DataFrame) -> pl.DataFrame:
    date = pl.col("time").str.replace(r"^(\d{4})?(\d\d)(\d\d) ", "$1-$2-$3 ").str.strip_prefix("-")
    return groups.with_columns(
        spelled(pl.col("letter"), LETTERS).alias("level"),
        date.alias("time"),
    ).drop("letter")


GLOG = PatternFormat(
    "glog",
    r"^(?P<letter>[IWEF])(?P<time>(?:\d{4}|\d\d)?\d{4} \d\d:\d\d:\d\d\.\d{1,9}) +"
    r"(?P<thread>\d+) (?:\d+@)?(?P<file>[^\s:\]]+:\d+)(?:\] ?| \x{22ee} )(?P<body>.*)$",
    prepare=_glog,
    syntaxes=("iso-8601", "month-day", "compact-date"),
)

#: What each file begins with, three lines of text below it. `years` takes the year of the other lines from it.
GLOG_CREATED = PatternFormat(
    "glog-created",
    r"^(?P<body>Log file created at: (?P<time>[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}))\s*$",
    syntaxes=("iso-8601",),
    least=0.0,
)
