"""Who waits in vain says so late: a line that tells of a time-out was set off as long before as the wait lasted."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import polars as pl

from triage.onset.incident_onset import IncidentOnset
from triage.onset.series import UNIT
from triage.patterns.quantities import DURATIONS

#: How lines say that a wait was in vain.
IN_VAIN = (
    r"(?i)time[ds]?[ -]?out|deadline|(?:no|not?|without(?: an?)?) (?:answer|response|reply|respond)"
    r"|gave up waiting|waited|exceeded"
)
_UNITS = {word: steps for words, steps in DURATIONS.values() for word in words}
_WAIT = rf"(?i)(\d+(?:\.\d+)?) ?({'|'.join(sorted(_UNITS, key=len, reverse=True))})\b"
#: Longer waits are none of a request; characters of a line that are looked at.
LONGEST, HEAD = timedelta(minutes=10), 500


def before_the_wait(onset: IncidentOnset, records: pl.LazyFrame, start: datetime) -> IncidentOnset:
    """The onset, moved to the beginning of the wait where the line that leads it tells of one in vain.

    The interval then holds the wait: what was waited for may have failed at any time of it.

    Parameters
    ----------
    onset : IncidentOnset
        Its first unit leads.
    records : polars.LazyFrame
        ``timestamp``, ``template_id``, ``service_name``, ``body``, ``source``, ``line``.
    start : datetime
        When the logs begin.
    """
    unit = pl.DataFrame([onset.units[0]], schema=dict.fromkeys(UNIT, pl.String), orient="row")
    own = records.join(unit.lazy(), on=UNIT, nulls_equal=True).filter(pl.col("timestamp") >= onset.earliest)
    first = own.select("timestamp", "source", "line", pl.col("body").str.slice(0, HEAD)).bottom_k(
        1, by=["timestamp", "source", "line"]
    )
    told = first.filter(pl.col("body").str.contains(IN_VAIN)).select(pl.col("body").str.extract_groups(_WAIT))
    waits = told.unnest("body").drop_nulls().collect().rows()
    if not waits:
        return onset
    number, word = waits[0]
    wait = timedelta(milliseconds=float(number) * _UNITS[word.lower() if word.lower() in _UNITS else word])
    if not timedelta(0) < wait <= LONGEST:
        return onset
    return replace(onset, at=max(start, onset.at - wait), earliest=max(start, onset.earliest - wait))
