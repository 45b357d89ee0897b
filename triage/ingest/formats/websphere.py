"""WebSphere Application Server (SystemOut.log, messages.log): ``[time] thread component letter message``."""

from __future__ import annotations

import polars as pl

from triage.ingest.formats.base import PatternFormat
from triage.ingest.levels import spelled

#: What the letters stand for; O and R are what programs print themselves, which says nothing of how bad it is.
LETTERS = {
    "F": "FATAL", "E": "ERROR", "W": "WARNING", "A": "AUDIT", "I": "INFO", "C": "CONFIG", "D": "DETAIL",
    "1": "FINE", "2": "FINER", "3": "FINEST",
}  # fmt: skip


def _websphere(groups: pl.DataFrame) -> pl.DataFrame:
    return groups.with_columns(spelled(pl.col("letter"), LETTERS).alias("level")).drop("letter")


WEBSPHERE = PatternFormat(
    "websphere",
    r"^\[(?P<time>[0-9]{1,4}[/.-][0-9]{1,2}[/.-][0-9]{2,4},? [0-9]{1,2}:[0-9]{2}:[0-9]{2}:[0-9]{3}(?: [AP]M)? "
    r"[^\]]{1,9})\] (?P<thread>[0-9a-f]{8}) (?P<logger>[^ ]+) +(?P<letter>[FEWAICDOR123]) +(?P<body>.*)$",
    finish=_websphere,
    syntaxes=("two-digit-year", "numeric-date", "iso-8601", "iso-unpadded"),
)
