"""Migrations of databases that the logs show: statements that change tables, and tools that say that they apply one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from triage.hypotheses.evidence import Line, raw_begin
from triage.hypotheses.restarts import DAILY_WORK, TOGETHER

#: What tools write when they apply one, and the statements themselves.
APPLIES = (
    r"(?i)\b(?:apply|applying|applied|execut(?:e|ed|ing)|run(?:ning)?|ran|upgrad(?:ed|ing)|start(?:ed|ing)) "
    r"(?:\S+ ){0,3}?migrations?\b|\bmigrat(?:ing|ed) (?:\S+ ){0,3}?(?:schema|database|tables?|to version)\b"
    r"|\bmigrations? \S{1,80} (?:applied|succeeded|done|finished)\b"
    r"|\b(?:alter|drop|rename|truncate) (?:table|index|column|type|view)\b|\bcreate (?:unique )?index\b"
)
#: The same words where nothing is done.
NONE = (
    r"(?i)\b(?:no|0 (?:\S+ )?migrations|without|skipp(?:ed|ing)|pending|not?hing|up[ -]to[ -]date|already"
    r"|check(?:ing)?|dry[ -]run)\b"
)
HEAD_CHARS = 300


@dataclass(frozen=True)
class Migration:
    """Migrations that a service made about one time, with the first line that shows it."""

    service: str
    at: datetime
    line: Line


def find_migrations(records: pl.LazyFrame) -> tuple[Migration, ...]:
    """Migrations in order of time; none of a service that makes them all the time.

    Parameters
    ----------
    records : polars.LazyFrame
        Timed records.
    """
    head = pl.col("body").str.slice(0, HEAD_CHARS)
    said = head.str.contains(APPLIES) & ~head.str.contains(NONE)
    lines = records.filter(pl.col("service_name").is_not_null(), said).select(
        "service_name", "timestamp", "source", "line", raw_begin()
    )
    found = lines.collect(engine="streaming").sort("service_name", "timestamp", "source", "line")
    gap = pl.col("timestamp").diff().over("service_name")
    first = found.filter((gap > TOGETHER) | gap.is_null())
    seldom = first.filter(pl.len().over("service_name") <= DAILY_WORK).sort("timestamp", "service_name")
    return tuple(
        Migration(name, at, Line(source, line, raw or "")) for name, at, source, line, raw in seldom.iter_rows()
    )
