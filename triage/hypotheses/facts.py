"""What the checks may look at: the onset, the trouble around it, the changes and the way back to raw lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import polars as pl

from triage.changes import Change
from triage.hypotheses.evidence import Line
from triage.hypotheses.origins import Origin
from triage.hypotheses.words import service_key
from triage.onset.incident_onset import IncidentOnset

#: Characters of a raw line that evidence carries along.
LINE_CHARS = 400


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
    templates : mapping of str to str
        Template text by id.
    """

    start: datetime
    end: datetime
    onset: IncidentOnset | None
    troubles: pl.DataFrame
    origins: tuple[Origin, ...]
    changes: tuple[Change, ...]
    records: pl.DataFrame
    templates: Mapping[str, str]
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

    def lines(self, template_ids: tuple[str, ...], service: str | None = None, limit: int = 3) -> tuple[Line, ...]:
        """The first raw lines of templates, in order of time."""
        found = self.records.filter(pl.col("template_id").is_in(list(template_ids)))
        if service is not None:
            found = found.filter(pl.col("service_name") == service)
        return to_lines(found.sort("timestamp", "source", "line", nulls_last=True).head(limit))


def to_lines(records: pl.DataFrame) -> tuple[Line, ...]:
    """Raw lines of records, each cut to `LINE_CHARS`."""
    rows = records.select("source", "line", pl.col("raw").str.slice(0, LINE_CHARS)).iter_rows()
    return tuple(Line(source, int(line), text or "") for source, line, text in rows)
