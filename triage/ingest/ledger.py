"""The line ledger: what became of every input line, and what was assumed on the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar

import polars as pl

from triage.ingest.ledger_view import COUNTS, ledger_html, ledger_text

__all__ = ["COUNTS", "Ledger", "SourceLedger", "WrongClock"]


@dataclass(frozen=True)
class SourceLedger:
    """What became of the lines of one source.

    Attributes
    ----------
    source : str
        The path as given (``-`` for standard input), or the name of a frame.
    format, encoding, time_zone : str
        What the lines were read as. ``time_zone_assumed`` is true where neither the log nor the
        user's definition of its format names a zone.
    lines : int
        Lines read, the last one counted even without its newline.
    records : int
        Lines that begin a record with a timestamp.
    continuations : int
        Further lines of a record.
    blank, undecodable : int
        Lines of white space; lines whose bytes are not text.
    untimed : int
        Lines that begin a record for which no timestamp is known.
    sureness : float or None
        How sure it is that lines get their right times, between 0 and 1 (`sureness.Choice`); None for a frame.
    first, last : str or None
        The earliest and the latest timestamp, in RFC 3339 UTC.
    notes : tuple of str
        Assumptions and damage, each a sentence.
    """

    source: str
    format: str
    encoding: str = "utf-8"
    time_zone: str = "UTC"
    time_zone_assumed: bool = False
    lines: int = 0
    records: int = 0
    continuations: int = 0
    blank: int = 0
    undecodable: int = 0
    untimed: int = 0
    sureness: float | None = None
    first: str | None = None
    last: str | None = None
    notes: tuple[str, ...] = ()
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def unaccounted(self) -> int:
        """Lines that are in none of the classes; anything but 0 is a defect."""
        return self.lines - self.records - self.continuations - self.blank - self.undecodable - self.untimed

    @property
    def sure(self) -> str:
        """The sureness in percent, rounded down so that only certainty is 100; empty where there is none."""
        return "" if self.sureness is None else f"{int(self.sureness * 100)}%"

    @property
    def zone(self) -> str:
        """The zone that was assumed, or that the log itself has one; empty where nothing has a time."""
        if self.time_zone_assumed:
            return f"{self.time_zone} (assumed)"
        return "in the log" if self.records else ""

    def add(self, counts: dict[str, int], notes: Iterable[str] = ()) -> SourceLedger:
        """Give this ledger with the counts of one more chunk, and new notes once each."""
        added = {name: getattr(self, name) + counts.get(name, 0) for name in COUNTS}
        # In order of the alphabet: the order of chunks must not show.
        return replace(self, notes=tuple(sorted({*self.notes, *notes})), **added)

    def spanning(self, times: pl.Series) -> SourceLedger:
        """Give this ledger with the first and last of further timestamps taken in."""
        low, high = times.min(), times.max()
        if not isinstance(low, datetime) or not isinstance(high, datetime):
            return self
        first, last = _rfc3339(low), _rfc3339(high)
        lows, highs = (self.first or first, first), (self.last or last, last)
        return replace(self, first=min(lows, key=_sortable), last=max(highs, key=_sortable))

    def to_dict(self) -> dict[str, Any]:
        """A plain dict, as the JSON contract wants a source."""
        row: dict[str, Any] = {
            "source": self.source,
            "format": self.format,
            "encoding": self.encoding,
            "time_zone": self.time_zone,
            "time_zone_assumed": self.time_zone_assumed,
        }
        row.update({name: getattr(self, name) for name in (*COUNTS, "sureness", "first", "last")})
        return {**row, "unaccounted": self.unaccounted, "notes": list(self.notes), **self.detail}


@dataclass(frozen=True)
class WrongClock:
    """Sources whose clock differs from that of the others.

    Attributes
    ----------
    sources : tuple of str
    ahead : float
        Seconds.
    evidence : str
    note : str
        All of it in a sentence, with the setting that puts it right.
    sure : bool
        Whether shared ids say so, more sources agree with each other than with these, and it is no time that work
        waits: a clock that is behind, or a zone that was assumed.
    """

    sources: tuple[str, ...]
    ahead: float
    evidence: str
    note: str
    sure: bool


@dataclass(frozen=True, repr=False)
class Ledger:
    """The ledgers of all sources together; `clocks` are those found to be wrong (see `skew`).

    Examples
    --------
    >>> row = SourceLedger("app.log", "generic", lines=3, records=2, blank=1)
    >>> Ledger((row,)).lines, Ledger((row,)).unaccounted
    (3, 0)
    """

    HEAD: ClassVar = ("source", "format", "sureness", "zone", "encoding", *COUNTS, "time range (UTC)")
    NUMBERS: ClassVar = frozenset({"sureness", *COUNTS})

    sources: tuple[SourceLedger, ...] = ()
    notes: tuple[str, ...] = ()
    clocks: tuple[WrongClock, ...] = ()

    def __getattr__(self, name: str) -> int:
        if name in COUNTS or name == "unaccounted":
            return sum(getattr(source, name) for source in self.sources)
        raise AttributeError(name)

    @property
    def assumptions(self) -> list[str]:
        """Everything that was assumed, each with the sources it concerns."""
        told: dict[str, list[str]] = {}
        for source in self.sources:
            for note in source.notes:
                told.setdefault(note, []).append(source.source)
        return [*self.notes, *(f"{note} ({_names(where)})" for note, where in told.items())]

    def to_dict(self) -> dict[str, Any]:
        """A plain dict, as the JSON contract wants it."""
        totals: dict[str, Any] = {name: getattr(self, name) for name in (*COUNTS, "unaccounted")}
        return {**totals, "sources": [s.to_dict() for s in self.sources], "assumptions": self.assumptions}

    def rows(self, most: int | None = None) -> list[list[str]]:
        """The cells of a table of sources, under `HEAD`, of at most so many."""
        return [
            [
                *(source.source, source.format, source.sure, source.zone, source.encoding),
                *(str(getattr(source, name)) for name in COUNTS),
                _span(source.first, source.last),
            ]
            for source in self.sources[:most]
        ]

    def _repr_html_(self) -> str:
        return ledger_html(self)

    def __repr__(self) -> str:
        """A few lines for terminals; notebooks show `_repr_html_`."""
        return ledger_text(self)

    def check(self) -> None:
        """Raise if a line is unaccounted for.

        Raises
        ------
        AssertionError
            Names the source and the number of lines: a defect of this library, never of the input.
        """
        for source in self.sources:
            if source.unaccounted:
                raise AssertionError(f"{source.source}: {source.unaccounted} lines unaccounted for")


def _rfc3339(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _sortable(time: str) -> str:
    """Text that sorts as the time does, with a fraction or without."""
    return time.removesuffix("Z")


def _span(first: str | None, last: str | None) -> str:
    """Two times to the second, the second without its date where that is the same."""
    if first is None or last is None:
        return ""
    low, high = (time[:19].replace("T", " ") for time in (first, last))
    return f"{low} - {high[11:] if high[:10] == low[:10] else high}"


def _names(sources: list[str]) -> str:
    shown = ", ".join(sources[:3])
    return shown if len(sources) <= 3 else f"{shown} and {len(sources) - 3} more"
