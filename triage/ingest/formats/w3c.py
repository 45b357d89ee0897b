"""The W3C extended log format: a ``#Fields:`` line names the columns (IIS, HTTP.sys, CloudFront, Exchange, Zeek).

Times are UTC, as the format's definition has it, unless another line says that they are local.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl

from triage.ingest import timestamps
from triage.ingest.context import Context
from triage.ingest.formats.base import Reading, claims_nothing
from triage.ingest.formats.table import attributes_of, present
from triage.ingest.formats.web import with_status
from triage.ingest.levels import numbers
from triage.ingest.quoting import fields_of
from triage.ingest.schema import FIELDS, conform
from triage.ingest.spellings import DATED

W3C = "w3c"
DIRECTIVE = r"^#[A-Za-z][\w -]*[:\t]"
#: Where rows have a time of day alone, their date is that of the line of this kind above; a server writes one each time
#: it starts.
DATE_LINE = r"^#(?i:date):[ \t]*([0-9]{4}-[0-9]{2}-[0-9]{2}[ T]+[0-9]{2}:[0-9]{2}:[0-9]{2})"
#: The other lines of that kind.
NO_DATE_LINE = r"^#(?i:[a-ce-z][\w -]*|da?t?|d[b-z][\w -]*|da[a-su-z][\w -]*|dat[a-df-z][\w -]*|date[\w -]+)[:\t]"
FIELDS_LINE = re.compile(r"#fields:?[ \t]+(\S.*)", re.IGNORECASE)
LOCAL_LINE = r"^#(?i:time format: *local)"
SEPARATORS = ("\t", " ", ",")
#: Columns as the format's users name them.
STAMPS = (("date", "time"), ("date-time",), ("timestamp",), ("ts",), ("time",))
#: A time of day that falls by so many seconds is of the next day; by fewer, a line that came late.
HALF_DAY = 12 * 3600
METHODS, PATHS, QUERY, STATUS = ("cs-method",), ("cs-uri-stem", "cs-uri"), "cs-uri-query", ("sc-status",)
BODIES, HOSTS, LEVELS = ("message", "msg"), ("s-computername", "server-hostname"), ("level", "severity")


@dataclass(frozen=True)
class W3c:
    """Lines with the columns that ``#Fields:`` lines name.

    Attributes
    ----------
    layouts : tuple of Layout
        What each of them names: servers write another one when they are set up anew. A row is of the first whose
        number of columns it has.
    """

    layouts: tuple[Layout, ...]
    name: str = W3C
    multiline: bool = False

    @property
    def undated(self) -> bool:
        """Whether rows have their date from a line above."""
        return any(layout.undated for layout in self.layouts)

    @property
    def follower(self) -> str | None:
        """Lines that are no rows."""
        return NO_DATE_LINE if self.undated else DIRECTIVE

    def read(self, text: pl.Series, context: Context) -> Reading:
        """Read a column of lines."""
        dates = [_dates(text)] if self.undated else []
        found = [*dates, *(layout.read(text, context) for layout in self.layouts)]
        # What claims nothing has no fields either.
        done, *others = [one for one in found if one.claimed.any()] or [claims_nothing(text)]
        for other in others:
            new = other.claimed & ~done.claimed
            fields = [other.fields[name].zip_with(new, done.fields[name]) for name in FIELDS]
            done = Reading(pl.DataFrame(fields), done.claimed | new, done.zone_missing or other.zone_missing)
        return done


@dataclass(frozen=True)
class Layout:
    """The columns that one ``#Fields:`` line names."""

    columns: tuple[str, ...]
    separator: str
    local: bool = False

    def read(self, text: pl.Series, context: Context) -> Reading:
        """Read a column of lines."""
        cells = fields_of(text, self.separator, len(self.columns))
        last = cells.to_series(len(self.columns) - 1)
        exact = (last.is_not_null() & ~last.str.contains(self.separator, literal=True)).fill_null(False)
        if not exact.any():
            return claims_nothing(text)
        stamp = self._places(self._stamp)
        when = cells.select(pl.concat_str([f"field_{i}" for i in stamp], separator=" ").alias("t"))["t"]
        when = _dated_above(text, when) if self.undated else when
        time = timestamps.parse(when, context if self.local else replace(context, zone="UTC"), DATED)
        frame = self._fields(cells.with_columns(text.alias("row"), time.utc.alias("timestamp")), set(stamp))
        return Reading(frame, exact & time.utc.is_not_null(), self.local and time.zone_missing)

    @property
    def undated(self) -> bool:
        """Whether the rows have a time of day alone."""
        return self._stamp == ("time",)

    @property
    def _stamp(self) -> tuple[str, ...]:
        return next(names for names in STAMPS if set(names) <= set(self.columns))

    def _places(self, names: tuple[str, ...]) -> list[int]:
        return [self.columns.index(name) for name in names if name in self.columns]

    def _first(self, names: tuple[str, ...]) -> pl.Expr:
        """The value under the first of the names that is a column; null without any."""
        places = self._places(names)
        return present(places[0]) if places else pl.lit(None, pl.String)

    def _fields(self, cells: pl.DataFrame, used: set[int]) -> pl.DataFrame:
        query = pl.concat_str(pl.lit("?"), self._first((QUERY,)))
        path = pl.concat_str(self._first(PATHS), query.fill_null(""))
        cells = cells.with_columns(
            pl.concat_str(self._first(METHODS), path, separator=" ").alias("request"),
            self._first(STATUS).str.extract(r"^(\d{3})$", 1).alias("status"),
        )
        used = used | {*self._places((*METHODS, *PATHS, QUERY, *STATUS, *HOSTS))}
        done = with_status(cells.with_columns(attributes_of(self.columns, used)))
        level = pl.coalesce("level", self._first(LEVELS))
        return conform(
            done.with_columns(
                pl.coalesce("body", "request", self._first(BODIES), "row").alias("body"),
                level.alias("severity_text"),
                numbers(level).alias("severity_number"),
                self._first(HOSTS).alias("host_name"),
            ),
            FIELDS,
        )


def _begun(text: pl.Series) -> pl.Series:
    """The times in lines that say the date; null in others."""
    found = text.str.extract(DATE_LINE, 1).str.replace(r"[ T]+", " ")
    return found.str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", strict=False)


def _dates(text: pl.Series) -> Reading:
    """Lines that say the date, as records that are their text."""
    begun = _begun(text).dt.replace_time_zone("UTC").cast(FIELDS["timestamp"])
    fields = pl.select(begun.alias("timestamp"), pl.when(begun.is_not_null()).then(text).alias("body"))
    return Reading(conform(fields, FIELDS), begun.is_not_null())


def _dated_above(text: pl.Series, clock: pl.Series) -> pl.Series:
    """Times of day with the date that the last line above says, and days on where they begin anew since."""
    seconds = pl.col("clock").str.extract_groups(r"^([0-9]{1,2}):([0-9]{2}):([0-9]{2})").struct
    hour, minute, second = (seconds.field(name).cast(pl.Int32) for name in "123")
    of_day = hour * 3600 + minute * 60 + second
    begun, part = pl.col("begun"), pl.col("part")
    at_begin = (begun - begun.dt.truncate("1d")).dt.total_seconds().cast(pl.Int32)
    frame = pl.DataFrame({"begun": _begun(text), "clock": clock}).with_columns(
        begun.is_not_null().cum_sum().alias("part"), pl.coalesce(at_begin, of_day).alias("seconds")
    )
    above = pl.col("seconds").forward_fill().shift(1).over("part")
    days = (above - pl.col("seconds") >= HALF_DAY).fill_null(False).cast(pl.Int64).cum_sum().over(part)
    day = begun.dt.date().forward_fill() + pl.duration(days=days)
    return frame.select(pl.format("{} {}", day.dt.strftime("%Y-%m-%d"), "clock").alias("t"))["t"]


def find_w3c(text: pl.Series) -> tuple[W3c, ...]:
    """The format of a sample whose lines name their columns, alone in a tuple; none if no line names any."""
    lines = text.to_list() if text.str.contains(r"^#(?i:fields)").any() else []
    local = bool(text.str.contains(LOCAL_LINE).any())
    stamps = STAMPS if lines and text.str.contains(DATE_LINE).any() else STAMPS[:-1]
    found = {columns: separator for columns, separator in _headed(lines) if _dated(columns, stamps)}
    layouts = tuple(Layout(columns, separator, local) for columns, separator in found.items())
    return (W3c(layouts),) if layouts else ()


def _headed(lines: list[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Lists of columns, each with what separates the values of the next row below it."""
    columns: tuple[str, ...] = ()
    for line in lines:
        if found := FIELDS_LINE.match(line):
            columns = tuple(re.split(r"[\s,]+", found[1].strip()))
        elif columns and not line.startswith("#"):
            yield from ((columns, mark) for mark in SEPARATORS if line.count(mark) == len(columns) - 1)
            columns = ()


def _dated(columns: tuple[str, ...], stamps: tuple[tuple[str, ...], ...]) -> bool:
    return any(set(names) <= set(columns) for names in stamps)
