"""Origins: services ordered by where the trouble began.

A service scores for having trouble early, for being among the first in order (whatever the gap: an error travels from
the called to the caller), for having much of it, and for failing first in requests that fail in several services.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import polars as pl

from triage.onset.incident_onset import IncidentOnset, leading

#: Trouble, in nats, at which a service is taken half seriously.
HALF = 5.0
#: A service that joins this much later than the first counts for 1/e of it, at the least.
LATER_SECONDS = 5.0
#: Each place later in the order of first trouble divides the score by this.
PLACE = 2.0
SECOND = timedelta(seconds=1)
#: Nats by which the evidence of a slow service may fall behind that of the slowest, for it to count for 1/e of that.
NEAT = 5.0
SLOWER = pl.col("kind") == "slower"


@dataclass(frozen=True)
class Origin:
    """A service with trouble.

    Attributes
    ----------
    score : float
        Share of the belief that it began here; all scores add up to 1.
    at : datetime
        Onset of its first trouble.
    templates : tuple of str
        Its trouble, the earliest first.
    traces, first_in : int
        Requests that fail in this service and in others and whose order is known, and how many of them failed
        here first.
    """

    service: str
    score: float
    at: datetime
    templates: tuple[str, ...]
    traces: int = 0
    first_in: int = 0


def find_origins(troubles: pl.DataFrame, onset: IncidentOnset | None, records: pl.LazyFrame) -> tuple[Origin, ...]:
    """Services that have onsets in the incident's event, the likeliest origin first.

    Parameters
    ----------
    troubles : polars.DataFrame
        Onsets with ``trouble`` and ``failing``.
    onset : IncidentOnset or None
        Without one there are no origins.
    records : polars.LazyFrame
        With ``template_id``, ``trace_id``, ``service_name`` and ``timestamp``.
    """
    if onset is None:
        return ()
    event = onset.of(troubles).filter(pl.col("service_name").is_not_null())
    failing = event.filter("failing")["template_id"].unique()
    late = records.filter(pl.col("template_id").is_in(failing.implode()), pl.col("timestamp") >= onset.earliest)
    bad = late.select("trace_id", "service_name", "timestamp").collect(engine="streaming")
    traced = first_to_fail(bad)
    slowest = event.filter(SLOWER)["llr"].max() or 0.0
    event = event.with_columns(_when(onset).alias("at"), (SLOWER * (pl.col("llr") - slowest)).alias("behind"))
    found = [_origin(part.sort("at", "template_id"), onset, traced) for _, part in event.group_by("service_name")]
    ordered = sorted(found, key=lambda o: (o.at + _resolution(bad, o.service) / 2, o.service))
    placed = [replace(o, score=o.score / PLACE**place) for place, o in enumerate(ordered)]
    total = sum(o.score for o in placed) or 1.0
    return tuple(sorted((replace(o, score=o.score / total) for o in placed), key=lambda o: (-o.score, o.at, o.service)))


def _when(onset: IncidentOnset) -> pl.Expr:
    """When a service's trouble began; of what may have been slow from the start, the order is not known."""
    together = SLOWER & (pl.col("earliest") <= onset.latest)
    at = pl.lit(onset.at).dt.cast_time_unit("ns")
    return pl.when(together).then(at).otherwise("at")


def first_to_fail(bad: pl.DataFrame) -> Mapping[str, tuple[int, int]]:
    """For each service: failing requests it shares with others, their order known, and how many failed there first.

    Parameters
    ----------
    bad : polars.DataFrame
        Failing records with ``trace_id``, ``service_name`` and ``timestamp``.
    """
    known = bad.filter(pl.col("trace_id").is_not_null(), pl.col("service_name").is_not_null())
    first = known.group_by("trace_id", "service_name").agg(pl.col("timestamp").min())
    shared = first.filter(pl.len().over("trace_id") > 1)
    # A log of whole seconds says only that it was within that second: who may have been first leads, if only one may.
    coarse = [s for s in shared["service_name"].unique() if _resolution(bad, s)]
    until = pl.col("timestamp") + pl.when(pl.col("service_name").is_in(coarse)).then(SECOND).otherwise(timedelta(0))
    counts = (
        shared.with_columns((pl.col("timestamp") <= until.min().over("trace_id")).alias("leads"))
        .filter(pl.col("leads").sum().over("trace_id") == 1)
        .group_by("service_name")
        .agg(pl.len(), pl.col("leads").sum())
    )
    return {service: (int(traces), int(leads)) for service, traces, leads in counts.iter_rows()}


def _resolution(bad: pl.DataFrame, service: str) -> timedelta:
    """A second where the service's log writes whole seconds, so that the true time lies somewhere in it; else none."""
    times = bad.filter(pl.col("service_name") == service)["timestamp"].dt.epoch("ms") % 1000
    return SECOND if len(times) and bool((times == 0).all()) else timedelta(0)


def _origin(part: pl.DataFrame, onset: IncidentOnset, traced: Mapping[str, tuple[int, int]]) -> Origin:
    """One service."""
    first = leading(part)
    service, trouble = str(first["service_name"]), float(part["trouble"].sum())
    scale = max(LATER_SECONDS, (onset.latest - onset.earliest).total_seconds())
    delay = max(0.0, (first["at"] - onset.at).total_seconds())
    traces, leads = traced.get(service, (0, 0))
    share_first = (leads + 1) / (traces + 2)  # Laplace's rule: an even chance where no request is shared
    # Between two services both seem slow; the one that is has the others beside it, and so more evidence.
    nearest = math.exp(first["behind"] / NEAT)
    score = math.exp(-delay / scale) * trouble / (trouble + HALF) * share_first * nearest
    return Origin(service, score, first["at"], tuple(part["template_id"].unique(maintain_order=True)), traces, leads)
