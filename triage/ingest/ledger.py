"""The line ledger: what became of every input line, and what was assumed on the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from triage.display import escaped, table

COUNTS = ("lines", "records", "continuations", "blank", "undecodable", "untimed")


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
    notes: tuple[str, ...] = ()
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def unaccounted(self) -> int:
        """Lines that are in none of the classes; anything but 0 is a defect."""
        return self.lines - self.records - self.continuations - self.blank - self.undecodable - self.untimed

    def add(self, counts: dict[str, int], notes: Iterable[str] = ()) -> SourceLedger:
        """Give this ledger with the counts of one more chunk, and new notes once each."""
        added = {name: getattr(self, name) + counts.get(name, 0) for name in COUNTS}
        # In order of the alphabet: the order of chunks must not show.
        return replace(self, notes=tuple(sorted({*self.notes, *notes})), **added)

    def to_dict(self) -> dict[str, Any]:
        """A plain dict, as the JSON contract wants a source."""
        row: dict[str, Any] = {
            "source": self.source,
            "format": self.format,
            "encoding": self.encoding,
            "time_zone": self.time_zone,
            "time_zone_assumed": self.time_zone_assumed,
        }
        row.update({name: getattr(self, name) for name in COUNTS})
        return {**row, "unaccounted": self.unaccounted, "notes": list(self.notes), **self.detail}


@dataclass(frozen=True)
class Ledger:
    """The ledgers of all sources together.

    Examples
    --------
    >>> row = SourceLedger("app.log", "generic", lines=3, records=2, blank=1)
    >>> Ledger((row,)).lines, Ledger((row,)).unaccounted
    (3, 0)
    """

    sources: tuple[SourceLedger, ...] = ()
    notes: tuple[str, ...] = ()

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

    def _repr_html_(self) -> str:
        head = ["source", "format", "time zone", *COUNTS]
        rows = [
            [s.source, s.format, s.time_zone + (" (assumed)" if s.time_zone_assumed else "")]
            + [getattr(s, name) for name in COUNTS]
            for s in self.sources
        ]
        total = ["all", "", "", *(getattr(self, name) for name in COUNTS)]
        notes = "".join(f"<li>{escaped(note)}</li>" for note in self.assumptions)
        caption = f"{self.lines} lines, {self.unaccounted} unaccounted for"
        return table(head, [*rows, total], caption) + (f"<ul>{notes}</ul>" if notes else "")

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


def _names(sources: list[str]) -> str:
    shown = ", ".join(sources[:3])
    return shown if len(sources) <= 3 else f"{shown} and {len(sources) - 3} more"
