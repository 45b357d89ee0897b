"""Services that fell silent about the onset: they write far fewer lines than before, while others log on.

A process that is dead, hangs or starts over and over writes no errors of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import polars as pl

from triage.hypotheses.evidence import Line
from triage.hypotheses.facts import Facts, to_lines
from triage.hypotheses.words import service_key

#: Part of the lines to expect, below which a service is silent.
FEWER = 0.75
#: Lines come in bunches: their number varies so many times as much as independent ones would.
BUNCHED = 4.0
#: Standard deviations below what was to be expected.
CLEAR = 3.0


@dataclass(frozen=True)
class Silent:
    """A service that writes fewer lines than before.

    Attributes
    ----------
    before, after : float
        Lines a minute until the onset, and from then on.
    part : float
        Lines after the onset, of those that would have come had it gone on like the other services.
    lines : tuple of Line
        Its last line before the onset.
    """

    service: str
    before: float
    after: float
    part: float
    lines: tuple[Line, ...]


def silent_services(facts: Facts) -> dict[str, Silent]:
    """Services that fell silent, by key; worked out once."""
    return facts.remember("silent", lambda: _silent(facts))


def _silent(facts: Facts) -> dict[str, Silent]:
    onset = facts.onset
    if onset is None:
        return {}
    spans = (onset.earliest - facts.start).total_seconds(), (facts.end - onset.latest).total_seconds()
    if min(spans) <= 0:
        return {}
    time, name = pl.col("timestamp"), pl.col("service_name")
    lines = facts.heard.filter(name.is_not_null())
    first, last = (time < onset.earliest).sum().alias("before"), (time > onset.latest).sum().alias("after")
    counts = lines.group_by("service_name").agg(first, last).collect(engine="streaming")
    keys = {service: service_key(service) for service in counts["service_name"]}
    keyed = counts.with_columns(pl.col("service_name").replace_strict(keys, return_dtype=pl.String).alias("key"))
    sums = keyed.group_by("key").agg(pl.col("before", "after").sum(), pl.col("service_name").min()).sort("key")
    found = {}
    for key, before, after, service in sums.filter(pl.col("before") > 0).iter_rows():
        others = sums.filter(pl.col("key") != key, pl.col("before") > 0)
        usual = (others["after"] / others["before"]).median() if len(others) else None
        # Compared with the other services: where all write less, or the whole log is thinner, nobody fell silent.
        expected = before * (float(usual) if isinstance(usual, float) else spans[1] / spans[0])
        if after >= FEWER * expected or (expected - after) / math.sqrt(BUNCHED * max(expected, 1)) < CLEAR:
            continue
        own = lines.filter(name == service, time < onset.earliest).sort("timestamp", "source", "line").tail(1)
        rates = before / spans[0] * 60, after / spans[1] * 60
        found[key] = Silent(service, *rates, after / expected, to_lines(own.collect()))
    return found
