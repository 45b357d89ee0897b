"""Who waits in vain says so late: a line that tells of a time-out was set off as long before as the wait lasted."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import polars as pl

from triage.onset.incident_onset import IncidentOnset
from triage.onset.series import UNIT
from triage.patterns.quantities import MILLISECONDS

#: How lines say that a wait was in vain. How long it was stands behind that.
IN_VAIN = (
    r"(?:time[ds]?[ -]?out|deadline(?: exceeded)?|gave up waiting|waited|(?:time|wait) limit(?: exceeded)?"
    r"|(?:no|not|without(?: an?)?) (?:answer(?:ed)?|response|reply|respond(?:ed)?)(?: from [\w.:-]{1,60})?)"
)
_LENGTH = rf"([0-9]+(?:\.[0-9]+)?) ?({'|'.join(sorted(MILLISECONDS, key=len, reverse=True))})\b"
_BEHIND = rf"(?i-u:\b{IN_VAIN})[^0-9,;]{{0,40}}?(?:\b(?:after|of|within|in|for)|[=:(]) ?\(?{_LENGTH}"
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
    waits = first.select(pl.col("body").str.extract_groups(_BEHIND)).unnest("body").drop_nulls().collect().rows()
    if not waits:
        return onset
    number, word = waits[0]
    milliseconds = float(number) * MILLISECONDS[word]
    if not 0 < milliseconds <= LONGEST / timedelta(milliseconds=1):
        return onset
    wait = timedelta(milliseconds=milliseconds)
    return replace(onset, at=max(start, onset.at - wait), earliest=max(start, onset.earliest - wait))
