"""What a sample says about the year of times without one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl

from triage.ingest import timestamps
from triage.ingest.cascade import Reader, cascade
from triage.ingest.context import Context
from triage.ingest.formats.glog import GLOG_CREATED
from triage.ingest.groups import groups_of

#: How far past a file's creation its lines may reach: a day more, and those written just before would be a year late.
FILE_LASTS = timedelta(days=364)
#: Half a year: so far may what the sample does not show lie behind its end, and as far before its beginning.
UNSEEN = timedelta(days=182)
#: A 29th of February in the spellings that have no year, and in some that have one.
LEAP_DAY = r"(?i:feb)[a-z]* +29\b|\b29[ -](?i:feb)|\b02[-/.]29 |^[IWEF]0229 "


def settled(text: pl.Series, readers: Sequence[Reader], context: Context) -> tuple[Context, tuple[str, ...]]:
    """The context with the last moment that lines without a year can be from, and notes on what says so.

    Parameters
    ----------
    text : polars.Series of String
        The sample, in the order of the source.
    """
    notes = []
    for limit, why in (_created(text, context), _leap_day(text, readers, context)):
        if limit and context.not_after and limit < context.not_after:
            context = replace(context, not_after=limit)
            notes.append(f"times without a year are of {limit.year - 1} or {limit.year}: {why}")
    return context, tuple(notes)


def _created(text: pl.Series, context: Context) -> tuple[datetime | None, str]:
    """A header says when the file was begun."""
    headers = text.filter(text.str.starts_with("Log file created at: "))
    if not len(headers):
        return None, ""
    begun = timestamps.parse(groups_of(headers, GLOG_CREATED.pattern)["time"], context).utc.dt.epoch("s").max()
    if not isinstance(begun, int):
        return None, ""
    return datetime.fromtimestamp(begun, UTC) + FILE_LASTS, "a line says when the file was created"


def _leap_day(text: pl.Series, readers: Sequence[Reader], context: Context) -> tuple[datetime | None, str]:
    """Only some years have a 29th of February: the days beside it are of the same year."""
    if not text.str.contains(LEAP_DAY).any():
        return None, ""
    read = cascade(text, readers, context)
    times = read.fields["timestamp"].drop_nulls().dt.convert_time_zone(context.zone).to_frame("t").with_row_index("row")
    leaps = times.filter(pl.col("t").dt.month() == 2, pl.col("t").dt.day() == 29)
    if not read.year_missing or not len(leaps):
        return None, ""
    row, leap = leaps.row(-1)
    days = times.filter(pl.col("row") >= row).select(pl.col("t").dt.ordinal_day())["t"]
    turns = int((days.diff() < -UNSEEN.days).sum())  # of the year
    last = datetime(leap.year + turns, 1, 1, tzinfo=UTC) + timedelta(days=int(days[-1]) - 1)
    return last + UNSEEN, "a line is of a 29th of February"
