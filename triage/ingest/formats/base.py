"""What a format is, and the kind that is one regular expression with named groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import polars as pl

from triage.ingest import timestamps
from triage.ingest.attributes import as_attributes
from triage.ingest.context import Context
from triage.ingest.groups import groups_of
from triage.ingest.levels import numbers
from triage.ingest.schema import FIELDS, conform
from triage.ingest.spellings import SYNTAXES, Syntax


@dataclass(frozen=True)
class Reading:
    """What a format made of a column of lines, row by row.

    Attributes
    ----------
    fields : polars.DataFrame
        The columns of `schema.FIELDS`, as long as the input; empty where nothing is claimed.
    claimed : polars.Series of bool
        Whether the line begins a record of this format.
    zone_missing, year_missing : bool
        Whether a zone or year had to be assumed.
    notes : tuple of str
        Other assumptions, a sentence each.
    """

    fields: pl.DataFrame
    claimed: pl.Series
    zone_missing: bool = False
    year_missing: bool = False
    notes: tuple[str, ...] = ()


def claims_nothing(text: pl.Series) -> Reading:
    """The reading of a format that knows none of the lines: it has no fields."""
    return _nothing(len(text))


@lru_cache(8)
def _nothing(lines: int) -> Reading:
    return Reading(pl.DataFrame(schema=FIELDS), pl.repeat(False, lines, eager=True, dtype=pl.Boolean))


class Format(Protocol):
    """One line format.

    `multiline` says whether an unclaimed line after a record of this format belongs to that record; `follower` is
    the pattern of lines that belong to the record above although another format would claim them. A format may
    have `prefix` set: then every line of a stack trace bears it, and what follows it decides (see `plan`).
    """

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def multiline(self) -> bool: ...  # noqa: D102
    @property
    def follower(self) -> str | None: ...  # noqa: D102
    def read(self, text: pl.Series, context: Context) -> Reading:
        """Read a column of lines."""
        ...


@dataclass(frozen=True)
class Opened:
    """What an envelope holds, row by row.

    Attributes
    ----------
    reading : Reading
        What the envelope itself says.
    inner : polars.Series of String
        The text inside; null where the line is not wrapped.
    partial : polars.Series of bool
        Whether the text goes on in the next line of the same stream.
    stream : polars.Series of String
        Which of the program's streams it came from.
    """

    reading: Reading
    inner: pl.Series
    partial: pl.Series
    stream: pl.Series


def not_wrapped(text: pl.Series) -> Opened:
    """Lines of which none is wrapped: a piece of a source may hold no other."""
    none = pl.repeat(None, len(text), eager=True, dtype=pl.String)
    no = pl.repeat(False, len(text), eager=True, dtype=pl.Boolean)
    return Opened(Reading(conform(pl.DataFrame({"body": none}), FIELDS), no), none, no, none)


class Envelope(Protocol):
    """A wrapper around another program's lines, such as a container runtime's."""

    @property
    def name(self) -> str: ...  # noqa: D102
    def open(self, text: pl.Series, context: Context) -> Opened:
        """Take lines out of their wrapping."""
        ...


Finish = Callable[[pl.DataFrame], pl.DataFrame]


def _unchanged(groups: pl.DataFrame) -> pl.DataFrame:
    return groups


@dataclass(frozen=True)
class PatternFormat:
    """A format that one Rust regex reads.

    Attributes
    ----------
    pattern : str
        With the groups ``time`` (without it, records have none) and any of ``level``, ``body``, ``service``,
        ``host``, ``trace``, ``span``; further named groups become attributes. ``zone_name`` is the IANA name of the
        time's zone.
    prepare : callable, optional
        Makes the group ``time`` readable, from the frame of groups.
    finish : callable, optional
        Derives fields (level from a status code, say) from the frame of groups; adds or replaces the columns
        ``level``, ``body``, ``pinned``.
    syntaxes : tuple of str
        Names of the timestamp syntaxes that can occur.
    least : float
        Share of the lines left over from which a source has this format.
    sign : str, optional
        Found in some line of every source that has this format: where it is, the format is used, whether the sample
        has one of its lines or not; where it is not, lines that look the same are another's.
    """

    name: str
    pattern: str
    multiline: bool = True
    finish: Finish = _unchanged
    prepare: Finish = _unchanged
    syntaxes: tuple[str, ...] = ()
    follower: str | None = None
    prefix: bool = False
    least: float = 0.01
    sign: str | None = None

    def read(self, text: pl.Series, context: Context) -> Reading:
        """Read a column of lines."""
        groups = self.prepare(groups_of(text, self.pattern))
        claimed = groups["time" if "time" in groups.columns else "body"].is_not_null()
        if not claimed.any():
            return claims_nothing(text)
        wanted = tuple(s for s in SYNTAXES if not self.syntaxes or s.name in self.syntaxes)
        if "time" not in groups.columns:
            return Reading(_as_fields(self.finish(groups)), claimed)
        time = _parsed(groups, context, wanted)
        fields = self.finish(groups).with_columns(time.utc.alias("timestamp"))
        return Reading(_as_fields(fields), claimed, time.zone_missing, time.year_missing, time.notes)


def _parsed(groups: pl.DataFrame, context: Context, wanted: tuple[Syntax, ...]) -> timestamps.Parsed:
    """The times, each in the zone that the line names in full, if it does."""
    if "zone_name" in groups.columns:
        return timestamps.parse_in(groups["time"], groups["zone_name"], context, wanted)
    return timestamps.parse(groups["time"], context, wanted)


def whole_offsets(groups: pl.DataFrame) -> pl.DataFrame:
    """Offsets of hours alone, which zones without a name have, with their minutes: else they could be any number."""
    return groups.with_columns(pl.col("time").str.replace(r" ([+-][0-9]{2})$", " ${1}:00"))


RENAMED = {
    "level": "severity_text",
    "service": "service_name",
    "host": "host_name",
    "trace": "trace_id",
    "span": "span_id",
}


def _as_fields(groups: pl.DataFrame) -> pl.DataFrame:
    frame = groups.rename({old: new for old, new in RENAMED.items() if old in groups.columns})
    extra = [name for name in frame.columns if name not in FIELDS and name not in ("time", "zone_name")]
    if extra:
        frame = frame.with_columns(as_attributes(frame, extra))
    if "severity_text" in frame.columns and "severity_number" not in frame.columns:
        frame = frame.with_columns(numbers(pl.col("severity_text")).alias("severity_number"))
    return conform(frame, FIELDS)
