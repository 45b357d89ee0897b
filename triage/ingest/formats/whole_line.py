"""Lines that were set to be of no format: the whole line is the message, and a time is sought at its beginning."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from triage.ingest import spellings
from triage.ingest.context import Context
from triage.ingest.formats.base import Reading
from triage.ingest.formats.generic import FIRST, GenericFormat
from triage.ingest.formats.plain import PLAIN

#: Finds the times; what else it makes of a line is not used.
TIMES = GenericFormat(PLAIN.name, spellings.DATED, leads=(FIRST,), head=None)


@dataclass(frozen=True)
class WholeLine:
    """Claims every line that does not read as a continuation, and every one that begins with a time."""

    name: str = PLAIN.name
    multiline: bool = False
    follower: str | None = None

    def read(self, text: pl.Series, context: Context) -> Reading:
        """Read a column of lines."""
        plain, timed = PLAIN.read(text, context), TIMES.read(text, context)
        if not timed.claimed.any():
            return plain
        fields = plain.fields.with_columns(timed.fields["timestamp"])
        return Reading(fields, plain.claimed | timed.claimed, timed.zone_missing, timed.year_missing, timed.notes)


WHOLE_LINE = WholeLine()
