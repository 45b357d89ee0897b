"""What a format is, and the kind that is one regular expression with named groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from triage.ingest import timestamps
from triage.ingest.levels import numbers
from triage.ingest.schema import FIELDS, conform


@dataclass(frozen=True)
class Context:
    """What a line does not say itself: the zone and year to read it in."""

    zone: str = "UTC"
    year: int | None = None


@dataclass(frozen=True)
class Reading:
    """What a format made of a column of lines, row by row.

    Attributes
    ----------
    fields : polars.DataFrame
        The columns of `schema.FIELDS`, as long as the input.
    claimed : polars.Series of bool
        Whether the line begins a record of this format.
    zone_missing, year_missing : bool
        Whether a zone or year had to be assumed.
    """

    fields: pl.DataFrame
    claimed: pl.Series
    zone_missing: bool = False
    year_missing: bool = False


def claims_nothing(text: pl.Series) -> Reading:
    """The reading of a format that knows none of the lines."""
    nulls = pl.DataFrame({"body": pl.Series([None] * len(text), dtype=pl.String)})
    return Reading(conform(nulls, FIELDS), pl.repeat(False, len(text), eager=True, dtype=pl.Boolean))


class Format(Protocol):
    """One line format.

    `multiline` says whether an unclaimed line after a record of this format belongs to that record; `follower` is
    the pattern of lines that belong to the record above although another format would claim them.
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


class Envelope(Protocol):
    """A wrapper around another program's lines, such as a container runtime's."""

    @property
    def name(self) -> str: ...  # noqa: D102
    def open(self, text: pl.Series, context: Context) -> tuple[Reading, pl.Series]:
        """The outer reading, and the text inside (null where the line is not wrapped)."""
        ...


Finish = Callable[[pl.DataFrame], pl.DataFrame]


@dataclass(frozen=True)
class PatternFormat:
    """A format that one Rust regex reads.

    Attributes
    ----------
    pattern : str
        With the group ``time`` and any of ``level``, ``body``, ``service``, ``host``, ``trace``; further named
        groups become attributes.
    finish : callable, optional
        Derives fields (level from a status code, say) from the frame of groups; adds or replaces the columns
        ``level``, ``body``, ``pinned``.
    syntaxes : tuple of str
        Names of the timestamp syntaxes that can occur.
    """

    name: str
    pattern: str
    multiline: bool = True
    finish: Finish = lambda groups: groups
    syntaxes: tuple[str, ...] = ()
    follower: str | None = None

    def read(self, text: pl.Series, context: Context) -> Reading:
        """Read a column of lines."""
        groups = text.str.extract_groups(self.pattern).struct.unnest()
        claimed = groups["time"].is_not_null()
        if not claimed.any():
            return claims_nothing(text)
        wanted = tuple(s for s in timestamps.SYNTAXES if not self.syntaxes or s.name in self.syntaxes)
        time = timestamps.parse(groups["time"], context.zone, context.year, wanted)
        fields = self.finish(groups).with_columns(time.utc.alias("timestamp"))
        return Reading(_as_fields(fields), claimed, time.zone_missing, time.year_missing)


RENAMED = {
    "level": "severity_text",
    "service": "service_name",
    "host": "host_name",
    "trace": "trace_id",
    "span": "span_id",
}


def _as_fields(groups: pl.DataFrame) -> pl.DataFrame:
    frame = groups.rename({old: new for old, new in RENAMED.items() if old in groups.columns})
    extra = [name for name in frame.columns if name not in FIELDS and name != "time"]
    if extra:
        frame = frame.with_columns(pl.struct(extra).struct.json_encode().alias("attributes"))
    if "severity_text" in frame.columns and "severity_number" not in frame.columns:
        frame = frame.with_columns(numbers(pl.col("severity_text")).alias("severity_number"))
    return conform(frame, FIELDS)
