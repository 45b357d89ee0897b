"""A sign that more came than usual: lines of normal work that came more often, before the trouble began."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import polars as pl

from triage.hypotheses.facts import UNIT, Facts, to_lines
from triage.hypotheses.signs import STRONGEST, Sign, failing_units
from triage.hypotheses.words import clock, duration

#: So long before the trouble a rise may have begun.
BEFORE = timedelta(minutes=30)
#: So many times the lines a minute of before, and so many lines more, are a rise.
TIMES, MORE = 1.5, 30
#: Least time on each side of the rise.
LEAST = timedelta(seconds=30)
#: What went well for so many times as long as the time before the rise is usual: logs begin before the traffic does.
WENT_WELL = 4.0


def sign_of_load(facts: Facts) -> Sign | None:
    """The service whose normal work rose most before the trouble, if one did."""
    onset = facts.onset
    if onset is None:
        return None
    at = pl.col("at")
    rises = facts.troubles.filter(
        ~pl.col("adverse"), pl.col("kind") == "surge", at < onset.at, at >= onset.at - BEFORE,
        pl.col("service_name").is_not_null(),
    )  # fmt: skip
    found = [_rise(str(service), part["at"].min(), facts) for (service,), part in _by_service(rises)]
    return max(filter(None, found), key=lambda sign: sign.weight, default=None)


def _by_service(rises: pl.DataFrame) -> list[tuple[tuple[object, ...], pl.DataFrame]]:
    return list(rises.sort("service_name", "at").group_by("service_name", maintain_order=True))


def _rise(service: str, at: object, facts: Facts) -> Sign | None:
    assert isinstance(at, datetime) and facts.onset is not None
    time = pl.col("timestamp")
    lines = facts.heard.filter(pl.col("service_name") == service)
    work = lines.select(*UNIT, "timestamp", "source", "line", "raw").join(
        failing_units(facts).lazy(), on=list(UNIT), how="anti"
    )
    before, after = work.select((time < at).sum().alias("before"), (time >= at).sum().alias("after")).collect().row(0)
    spans = at - facts.start, facts.end - at
    if min(spans) < LEAST or not before or facts.onset.at - at > WENT_WELL * spans[0]:
        return None
    rates = before / spans[0].total_seconds() * 60, after / spans[1].total_seconds() * 60
    times = rates[1] / rates[0]
    if times < TIMES or after - rates[0] * spans[1].total_seconds() / 60 < MORE:
        return None
    early = duration(facts.onset.at - at)
    statement = (
        f"{service} wrote {times:.1f} times as many lines of normal work from {clock(at)} on, {early} before the "
    )
    statement += f"trouble: {rates[1]:.0f} a minute, {rates[0]:.0f} before"
    shown = work.filter(time >= at).bottom_k(2, by=["timestamp", "source", "line"]).collect()
    return Sign(
        kind="load",
        service=service,
        name=f"more traffic in {service}",
        claim=f"More traffic came to {service} than it could take",
        statement=statement,
        weight=round(min(STRONGEST, 2 * math.log(times)), 3),
        lines=to_lines(shown.sort("timestamp", "source", "line")),
        next_check=f"Compare the requests of {service} by client and by path with those of before: who sends more?",
    )
