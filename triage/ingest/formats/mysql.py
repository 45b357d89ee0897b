"""MySQL and MariaDB: the error log of several versions, the slow log and the general log."""

from __future__ import annotations

import polars as pl

from triage.ingest.formats.base import PatternFormat

_ISO = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}(?:Z|[+-][0-9]{2}:[0-9]{2})"

MYSQL_ERROR = PatternFormat(
    "mysql-error",
    rf"^(?P<time>{_ISO}|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}} [ 0-9][0-9]:[0-9]{{2}}:[0-9]{{2}}"
    r"|[0-9]{6} [ 0-9][0-9]:[0-9]{2}:[0-9]{2}) (?:(?P<thread>[0-9]+) )?\[(?P<level>System|Note|Warning|ERROR|Error)\] "
    r"(?:\[(?P<code>MY-[0-9]{6})\] \[(?P<subsystem>[A-Za-z0-9_ -]+)\] )?(?P<body>.*)$",
    syntaxes=("iso-8601", "compact-date"),
    follower=r"^[0-9]{2}:[0-9]{2}:[0-9]{2} UTC - mysqld got ",
)


def _headless(groups: pl.DataFrame) -> pl.DataFrame:
    """Without a body: the lines below are all there is to say."""
    return groups.with_columns(pl.when(pl.col("body") != "").then("body").alias("body"))


#: Each entry begins with its time; who asked, how long it took and the statement are the lines below.
MYSQL_SLOW = PatternFormat(
    "mysql-slow",
    rf"^# Time: (?P<time>{_ISO}|[0-9]{{6}} [ 0-9][0-9]:[0-9]{{2}}:[0-9]{{2}})(?P<body>.*)$",
    finish=_headless,
    syntaxes=("iso-8601", "compact-date"),
)


def _command(groups: pl.DataFrame) -> pl.DataFrame:
    return groups.with_columns(pl.format("{} {}", "command", "body").str.strip_chars_end().alias("body"))


MYSQL_GENERAL = PatternFormat(
    "mysql-general",
    rf"^(?P<time>{_ISO})\t +(?P<thread>[0-9]+) (?P<command>[A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+)?)(?:\t|$)(?P<body>.*)$",
    finish=_command,
    syntaxes=("iso-8601",),
)
