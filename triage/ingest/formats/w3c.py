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

DIRECTIVE = r"^#[A-Za-z][\w -]*[:\t]"
FIELDS_LINE = re.compile(r"#fields:?[ \t]+(\S.*)", re.IGNORECASE)
LOCAL_LINE = r"^#(?i:time format: *local)"
SEPARATORS = ("\t", " ", ",")
#: Columns as the format's users name them.
STAMPS = (("date", "time"), ("date-time",), ("timestamp",), ("ts",))
METHODS, PATHS, QUERY, STATUS = ("cs-method",), ("cs-uri-stem", "cs-uri"), "cs-uri-query", ("sc-status",)
BODIES, HOSTS, LEVELS = ("message", "msg"), ("s-computername", "server-hostname"), ("level", "severity")


@dataclass(frozen=True)
class W3c:
    """Lines with the columns that one ``#Fields:`` line names."""

    columns: tuple[str, ...]
    separator: str
    local: bool = False
    name: str = "w3c"
    multiline: bool = False
    follower: str | None = DIRECTIVE

    def read(self, text: pl.Series, context: Context) -> Reading:
        """Read a column of lines."""
        cells = fields_of(text, self.separator, len(self.columns))
        last = cells.to_series(len(self.columns) - 1)
        exact = (last.is_not_null() & ~last.str.contains(self.separator, literal=True)).fill_null(False)
        if not exact.any():
            return claims_nothing(text)
        stamp = self._places(next(names for names in STAMPS if set(names) <= set(self.columns)))
        when = cells.select(pl.concat_str([f"field_{i}" for i in stamp], separator=" ").alias("t"))["t"]
        time = timestamps.parse(when, context if self.local else replace(context, zone="UTC"), DATED)
        frame = self._fields(cells.with_columns(text.alias("row"), time.utc.alias("timestamp")), set(stamp))
        return Reading(frame, exact & time.utc.is_not_null(), self.local and time.zone_missing)

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


def find_w3c(text: pl.Series) -> tuple[W3c, ...]:
    """A format for each list of columns that a sample's lines name; none if no line names any."""
    lines = text.to_list() if text.str.contains(r"^#(?i:fields)").any() else []
    local = bool(text.str.contains(LOCAL_LINE).any())
    found = {columns: separator for columns, separator in _headed(lines) if _dated(columns)}
    many = len(found) > 1
    return tuple(
        W3c(columns, separator, local, f"w3c-{at}" if many else "w3c")
        for at, (columns, separator) in enumerate(found.items(), 1)
    )


def _headed(lines: list[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Lists of columns, each with what separates the values of the next row below it."""
    columns: tuple[str, ...] = ()
    for line in lines:
        if found := FIELDS_LINE.match(line):
            columns = tuple(re.split(r"[\s,]+", found[1].strip()))
        elif columns and not line.startswith("#"):
            yield from ((columns, mark) for mark in SEPARATORS if line.count(mark) == len(columns) - 1)
            columns = ()


def _dated(columns: tuple[str, ...]) -> bool:
    return any(set(names) <= set(columns) for names in STAMPS)
