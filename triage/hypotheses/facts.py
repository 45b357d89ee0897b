"""What the checks may look at: the onset, the trouble around it, the changes and the way back to raw lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from triage.changes import Change
from triage.hypotheses.evidence import Line
from triage.hypotheses.origins import Origin
from triage.hypotheses.restarts import Restart
from triage.hypotheses.words import service_key
from triage.onset.incident_onset import IncidentOnset

#: Characters of a raw line that evidence carries along.
LINE_CHARS = 400
#: What an onset is of.
UNIT = {"template_id": pl.String, "service_name": pl.String}


@dataclass(frozen=True)
class Facts:
    """Everything known about an incident, before any hypothesis.

    Attributes
    ----------
    start, end : datetime
        The window of the logs.
    troubles : polars.DataFrame
        Onsets with ``trouble`` and ``failing`` (see `onset.trouble`).
    records : polars.DataFrame
        The records with ``template_id``.
    services : frozenset of str
        Keys (`words.service_key`) of the services that have records.
    restarts : tuple of Restart
        Restarts that the logs show.
    """

    start: datetime
    end: datetime
    onset: IncidentOnset | None
    troubles: pl.DataFrame
    origins: tuple[Origin, ...]
    changes: tuple[Change, ...]
    records: pl.DataFrame
    restarts: tuple[Restart, ...] = ()
    symptom: str | None = None
    services: frozenset[str] = field(default=frozenset())

    @property
    def reach(self) -> timedelta:
        """The time over which changes are listed: from the first of them, or of the logs, to the end of the logs."""
        first = min([self.start, *(change.time for change in self.changes)])
        return max(self.end - first, timedelta(hours=1))

    def origin_of(self, service: str | None) -> tuple[int, Origin] | None:
        """Position (0 is first) and origin of a service, if it has trouble."""
        key = service_key(service)
        for position, origin in enumerate(self.origins):
            if key and service_key(origin.service) == key:
                return position, origin
        return None

    def trouble_lines(self, service: str | None, limit: int = 3) -> tuple[Line, ...]:
        """Raw lines of a service's worst onsets, one each before a second of any.

        Of lines that came, the first ones since the onset; of lines that stopped, the last ones before it.
        """
        own = self.troubles.filter(pl.col("service_name").eq_missing(pl.lit(service, pl.String)))
        units = pl.DataFrame(self.onset.units if self.onset else [], schema=UNIT, orient="row")
        worst = own.join(units, on=list(UNIT), how="semi", nulls_equal=True).sort(
            ["trouble", "at", "template_id"], descending=[True, False, False]
        )
        found = [self._around(row, limit) for row in worst.head(limit).iter_rows(named=True)]
        turns = [lines[turn] for turn in range(limit) for lines in found if turn < len(lines)]
        return tuple(turns[:limit])

    def _around(self, onset: Mapping[str, Any], limit: int) -> tuple[Line, ...]:
        own = self.records.filter(
            pl.col("template_id") == onset["template_id"],
            pl.col("service_name").eq_missing(pl.lit(onset["service_name"], pl.String)),
        ).sort("timestamp", "source", "line")
        if onset["kind"] in ("new", "surge"):
            return to_lines(own.filter(pl.col("timestamp") >= onset["earliest"]).head(limit))
        return to_lines(own.filter(pl.col("timestamp") <= onset["latest"]).tail(limit))


def to_lines(records: pl.DataFrame) -> tuple[Line, ...]:
    """Raw lines of records, each cut to `LINE_CHARS`."""
    rows = records.select("source", "line", pl.col("raw").str.slice(0, LINE_CHARS)).iter_rows()
    return tuple(Line(source, int(line), text or "") for source, line, text in rows)
