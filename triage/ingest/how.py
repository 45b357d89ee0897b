"""How one stream of a source is read: what the caller set for it."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from triage.ingest.clock import shown_shift
from triage.ingest.names import Place
from triage.ingest.options import ReadOptions
from triage.ingest.plan import Plan
from triage.ingest.read_as import SetFormat
from triage.ingest.sources import Source


@dataclass(frozen=True)
class How:
    """How a stream is read.

    Attributes
    ----------
    zone : str
        Of times that carry none.
    place : Place
        What its name says of its lines.
    shift : float
        Added to its times, in seconds.
    told : SetFormat
        What it was set to be read as.
    compare : bool
        Whether it is compared with other sources.
    """

    source: Source
    zone: str
    place: Place
    shift: float
    told: SetFormat
    options: ReadOptions
    compare: bool

    @property
    def notes(self) -> list[str]:
        """What the caller set, but for the format."""
        named = [f"the service was set to {self.place.service}"] if self.place.forced else []
        return [*named, f"{shown_shift(self.shift)} was added to all times"] if self.shift else named

    def format_notes(self, plan: Plan | None, found: Container[str] = ()) -> list[str]:
        """What became of the format that was set, if one was (see `SetFormat.note`); Parquet has no plan."""
        if not self.told.name:
            return []
        if plan is None:
            return [f"was set to be read as {self.told.name}, but is no text: read as parquet"]
        return [self.told.note(plan, found)]
