"""Times in a layout that the user gave (strptime, as chrono reads it), a column at a time."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import polars as pl

from triage.ingest.context import Context
from triage.ingest.schema import UTC_NS
from triage.ingest.timestamps import FIRST_YEAR, LAST_YEAR, YEARS_BACK, Parsed, clock_notes, localized

DIRECTIVE = re.compile(r"%(?:[-_0]|[:#]{1,3}|\.?\d?)([A-Za-z%+])")
#: Directives that hold a year, a day, and those with which no zone is missing.
YEARS, DAYS, ZONED = set("YyGDFcxv+s"), set("dejDFcxv+s"), set("z+s")
#: A moment of which no two parts are the same, to see what a layout keeps of it.
PROBE = datetime(2024, 3, 17, 18, 26, 39, tzinfo=UTC)


def fault_of(layout: str) -> str | None:
    """What is wrong with a layout and what to try; None if it can be used.

    Examples
    --------
    >>> fault_of("%d.%m.%Y %H:%M:%S")
    >>> fault_of("%H:%M:%S")
    'has no day: wanted day and month at least, such as %Y-%m-%d %H:%M:%S'
    """
    if "%f" in layout:
        return "%f counts nanoseconds here: try %.f for a fraction with its dot, or %3f, %6f, %9f for digits alone"
    directives = _directives(layout)
    if "Z" in directives:
        return "%Z, the name of a zone, cannot be read: leave the name outside the group time and set zone"
    try:
        shown = pl.Series([PROBE]).dt.strftime(layout)
        read = parse_layout(shown, layout, Context(not_after=PROBE)).utc[0]
    except pl.exceptions.PolarsError as error:
        return f"cannot be read ({str(error).splitlines()[0][:120].rstrip('.')}): try one such as %Y-%m-%d %H:%M:%S"
    if read is None or abs(read - PROBE).days:
        missing = "leaves the moment open" if DAYS & directives else "has no day"
        return f"{missing}: wanted day and month at least, such as %Y-%m-%d %H:%M:%S"
    return None


def parse_layout(text: pl.Series, layout: str, context: Context) -> Parsed:
    """Times of a column of text in a strptime layout; null where the text does not fit it.

    Examples
    --------
    >>> parse_layout(pl.Series(["21.11.2026 02.05"]), "%d.%m.%Y %H.%M", Context("Europe/Berlin")).utc.to_list()
    [datetime.datetime(2026, 11, 21, 1, 5, tzinfo=zoneinfo.ZoneInfo(key='UTC'))]
    """
    text = text.str.strip_chars()
    directives = _directives(layout)
    if YEARS & directives:
        clock, year_missing = _clock(text, layout), False
    else:
        clock, year_missing = _with_years(text, layout, context), True
    some = clock.null_count() < len(clock)
    if isinstance(clock.dtype, pl.Datetime) and clock.dtype.time_zone:
        return Parsed(clock.cast(UTC_NS), False, year_missing and some)
    zone = "UTC" if ZONED & directives else context.zone
    utc = clock.to_frame("t").select(localized(pl.col("t"), zone).cast(UTC_NS).alias(text.name))[text.name]
    return Parsed(utc, some and not ZONED & directives, year_missing and some, clock_notes(clock, zone))


def _directives(layout: str) -> set[str]:
    """The letters of a layout's directives."""
    return set(DIRECTIVE.findall(layout))


def _with_years(text: pl.Series, layout: str, context: Context) -> pl.Series:
    """Readings without a year in the latest one that does not put them after `not_after`."""
    if context.not_after is None:
        return _clock(text, layout).clear(len(text))
    last = context.not_after
    found = _clock(text.clear(len(text)), f"%Y {layout}")
    for back in range(YEARS_BACK):
        left = found.is_null() & text.is_not_null()
        if not left.any():
            break
        clock = _clock(f"{last.year - back} " + text.zip_with(left, text.clear(len(text))), f"%Y {layout}")
        late = clock > (last if clock.dtype.time_zone else last.replace(tzinfo=None))  # type: ignore[attr-defined]
        found = found.fill_null(clock.set(late.fill_null(True), None))
    return found


def _clock(text: pl.Series, layout: str) -> pl.Series:
    """Readings (ns), null where their year is no year of logs: nanoseconds alone would run over, unseen."""
    frame = text.to_frame("t").select(
        pl.col("t").str.to_datetime(layout, time_unit="us", strict=False).dt.year().alias("year"),
        pl.col("t").str.to_datetime(layout, time_unit="ns", strict=False),
    )
    return frame.select(pl.when(pl.col("year").is_between(FIRST_YEAR, LAST_YEAR)).then("t").alias("t"))["t"]
