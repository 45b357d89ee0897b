"""What kinds of failures the first failing lines tell of (see `patterns.signatures`)."""

from __future__ import annotations

import polars as pl

from triage.hypotheses.facts import UNIT, Facts
from triage.patterns.signatures import MOST_CHARS, signatures_of

#: Failing lines that are read, the first ones.
MOST_LINES = 2_000
#: Part of some failing lines that has to tell of a kind of failure, for it to be what they tell of.
LEAST_PART = 0.1


def told_by(facts: Facts) -> pl.DataFrame:
    """The first failing lines of the event; read once.

    Returns
    -------
    polars.DataFrame
        ``service_name``, ``source``, ``line``, ``raw`` and ``signature`` (an id, null for none), by time.
    """
    return facts.remember("told", lambda: _told(facts))


def _told(facts: Facts) -> pl.DataFrame:
    order = ["timestamp", "source", "line"]
    came = facts.event.filter("adverse", pl.col("kind").is_in(["new", "surge"])).select(*UNIT)
    lines = facts.heard.select(*UNIT, *order, pl.col("raw").str.slice(0, MOST_CHARS))
    if facts.onset is not None:
        lines = lines.filter(pl.col("timestamp") >= facts.onset.earliest)
    failing = lines.join(came.lazy(), on=list(UNIT), how="semi", nulls_equal=True).sort(order).head(MOST_LINES)
    read = failing.collect()
    return read.drop("timestamp", "template_id").with_columns(signatures_of(read["raw"]).alias("signature"))
