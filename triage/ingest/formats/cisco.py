"""Cisco's switches, routers and firewalls (IOS, NX-OS, ASA): ``time: %FACILITY-N-NAME: text``, N a syslog severity."""

from __future__ import annotations

import polars as pl

from triage.ingest.formats.base import PatternFormat
from triage.ingest.formats.syslog import BSD, BSD_YEAR, ISO, PRIORITY
from triage.ingest.levels import SYSLOG_STEPS, spelled
from triage.ingest.spellings import NAMED


def _either(groups: pl.DataFrame) -> pl.DataFrame:
    """The time and the host that the server wrote before the device's line, if it did."""
    return groups.with_columns(
        pl.coalesce("relayed", "time").alias("time"), pl.coalesce("relay", "host", "own_host").alias("host")
    ).drop("relayed", "relay", "own_host")


def _cisco(groups: pl.DataFrame) -> pl.DataFrame:
    step = pl.col("code").str.extract(r"-([0-7])-[^-]*$", 1)
    return groups.with_columns(
        spelled(step, SYSLOG_STEPS).alias("level"), pl.format("{}: {}", "code", "body").alias("body")
    ).drop("code")


CISCO = PatternFormat(
    "cisco",
    rf"^(?:{PRIORITY})?(?:(?P<relayed>{BSD}|{ISO}) (?P<relay>[A-Za-z0-9_.:-]+) )?(?:(?P<sequence>[0-9]{{1,10}}): )?"
    rf"(?:(?P<host>[A-Za-z][A-Za-z0-9_.-]*): )?[.*]?(?P<time>{BSD_YEAR}|{BSD}(?: (?:{NAMED})\b)?|{ISO})"
    r"(?: (?P<own_host>[A-Za-z0-9][A-Za-z0-9_.:-]*))? ?:? "
    r"(?P<code>%[A-Z][A-Z0-9_]*(?:-[A-Z0-9_]+)*-[0-7]-[A-Za-z0-9_]+) ?: ?(?P<body>.*)$",
    prepare=_either,
    finish=_cisco,
    syntaxes=("iso-8601", "ctime", "year-month-day", "month-day-year", "syslog"),
)
