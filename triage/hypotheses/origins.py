"""Origins: services ordered by where the trouble began."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from triage.onset.incident_onset import LEADING_SHARE, IncidentOnset

#: Trouble, in nats, at which a service is taken half seriously.
HALF = 5.0
#: A service that joins this much later than the first counts for 1/e of it, at the least.
LATER_SECONDS = 5.0


@dataclass(frozen=True)
class Origin:
    """A service with trouble.

    Attributes
    ----------
    score : float
        Share of the belief that it began here; all scores add up to 1.
    at, latest : datetime
        Onset of its first trouble, and the end of that onset's interval.
    templates : tuple of str
        Its trouble, the earliest first.
    """

    service: str
    score: float
    at: datetime
    latest: datetime
    templates: tuple[str, ...]


def find_origins(troubles: pl.DataFrame, onset: IncidentOnset | None) -> tuple[Origin, ...]:
    """Services that have onsets in the incident's event, the likeliest origin first.

    Earlier trouble scores higher, and so does more of it: exp(-delay / scale) times trouble / (trouble + HALF),
    where the scale is the width of the incident onset's interval, at least LATER_SECONDS.
    """
    if onset is None:
        return ()
    event = troubles.filter(pl.col("service_name").is_not_null())
    units = pl.DataFrame(onset.units, schema={"template_id": pl.String, "service_name": pl.String}, orient="row")
    event = event.join(units, on=["template_id", "service_name"], how="semi").sort("at", "template_id")
    scale = max(LATER_SECONDS, (onset.latest - onset.earliest).total_seconds())
    raw = [_origin(part, onset, scale) for _, part in event.group_by("service_name", maintain_order=True)]
    total = sum(origin.score for origin in raw) or 1.0
    shares = [Origin(o.service, o.score / total, o.at, o.latest, o.templates) for o in raw]
    return tuple(sorted(shares, key=lambda o: (-o.score, o.at, o.service)))


def _origin(part: pl.DataFrame, onset: IncidentOnset, scale: float) -> Origin:
    """One service; its first trouble is the first that is not negligible beside its worst."""
    worst = float(part["trouble"].max())  # type: ignore[arg-type]
    first = part.filter(pl.col("trouble") >= LEADING_SHARE * worst).row(0, named=True)
    trouble = float(part["trouble"].sum())
    delay = max(0.0, (first["at"] - onset.at).total_seconds())
    score = math.exp(-delay / scale) * trouble / (trouble + HALF)
    return Origin(first["service_name"], score, first["at"], first["latest"], tuple(part["template_id"].to_list()))
