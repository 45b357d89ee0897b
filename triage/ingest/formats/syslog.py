"""Syslog as written to files: RFC 3164 with or without priority, also with an ISO time (rsyslog), and RFC 5424."""

from __future__ import annotations

import polars as pl

from triage.ingest.formats.base import PatternFormat
from triage.ingest.spellings import MONTH

#: Severity is the priority's last three bits (RFC 5424, table 2).
SEVERITIES = ("EMERG", "ALERT", "CRIT", "ERR", "WARNING", "NOTICE", "INFO", "DEBUG")


def _syslog(groups: pl.DataFrame) -> pl.DataFrame:
    severity = pl.col("priority").cast(pl.UInt16, strict=False) % 8
    return groups.with_columns(
        severity.replace_strict(dict(enumerate(SEVERITIES)), default=None, return_dtype=pl.String).alias("level")
    )


SYSLOG = PatternFormat(
    "syslog",
    rf"^(?:<(?P<priority>\d{{1,3}})>\d? ?)?(?P<time>{MONTH} +\d{{1,2}} \d\d:\d\d:\d\d(?:\.\d+)?"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)) (?P<host>[\w.:-]+) "
    r"(?P<service>[\w./()-]+?)(?:\[(?P<process>\d+)\])?: ?(?P<body>.*)$",
    finish=_syslog,
    prefix=True,
)

SYSLOG_5424 = PatternFormat(
    "syslog-5424",
    r"^<(?P<priority>\d{1,3})>\d{1,2} (?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) "
    r"(?P<host>\S+) (?P<service>\S+) (?P<process>\S+) (?P<message_id>\S+) (?P<structured>-|(?:\[[^\]]*\])+) ?"
    r"(?P<body>.*)$",
    finish=_syslog,
    syntaxes=("iso-8601",),
    prefix=True,
)
