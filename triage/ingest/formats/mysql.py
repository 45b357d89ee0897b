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
)


def _crash(groups: pl.DataFrame) -> pl.DataFrame:
    return groups.with_columns(pl.when(pl.col("body").is_not_null()).then(pl.lit("FATAL")).alias("level"))


_CRASHED = r"UTC - (?P<body>(?:mysqld|mariadbd) got .*)$"
#: The server's last words: of old versions they have a time of day, which dates nothing.
MYSQL_CRASH = PatternFormat(
    "mysql-crash",
    rf"^(?P<time>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}Z) {_CRASHED}",
    finish=_crash,
    syntaxes=("iso-8601",),
    sign=MYSQL_ERROR.pattern,
)
MYSQL_CRASH_CLOCK = PatternFormat(
    "mysql-crash-clock",
    rf"^[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}} {_CRASHED}",
    finish=_crash,
    least=0.0,
    sign=MYSQL_ERROR.pattern,
)


def _asked(groups: pl.DataFrame) -> pl.DataFrame:
    """Further queries of one time, which stands above the first only: each says itself when it began.

    It says so before its statement: behind any other line a cut may fall, and the same lines are to read the same.
    """
    timed, asked = pl.col("time").is_not_null(), pl.col("asker").is_not_null()
    header = pl.col("set").is_not_null() | pl.col("header").is_not_null()
    own = pl.col("set").drop_nulls().first().over((timed | asked | ~header).cum_sum())
    further = asked & ~timed.shift(1, fill_value=False)
    return groups.with_columns(pl.when(further).then(own).otherwise("time").alias("time")).drop("set", "header")


def _headless(groups: pl.DataFrame) -> pl.DataFrame:
    """Without the line of the time as a body: the lines below are all there is to say."""
    said = pl.concat_str(pl.col("asker").fill_null(""), "body")
    return groups.with_columns(pl.when(said != "").then(said).alias("body")).drop("asker")


#: Each entry begins with its time; who asked, how long it took and the statement are the lines below.
MYSQL_SLOW = PatternFormat(
    "mysql-slow",
    rf"^(?:# Time: (?P<time>{_ISO}|[0-9]{{6}} [ 0-9][0-9]:[0-9]{{2}}:[0-9]{{2}})|(?P<asker># User@Host: )"
    r"|SET timestamp=(?P<set>[0-9]{10}(?:\.[0-9]+)?);)(?P<body>.*)$|^(?P<header># |use )",
    prepare=_asked,
    finish=_headless,
    syntaxes=("iso-8601", "compact-date", "epoch"),
)


def _command(groups: pl.DataFrame) -> pl.DataFrame:
    return groups.with_columns(pl.format("{} {}", "command", "body").str.strip_chars_end().alias("body"))


MYSQL_GENERAL = PatternFormat(
    "mysql-general",
    rf"^(?P<time>{_ISO})\t +(?P<thread>[0-9]+) (?P<command>[A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+)?)(?:\t|$)(?P<body>.*)$",
    finish=_command,
    syntaxes=("iso-8601",),
)
