"""Did the trouble end when the change was undone?"""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

from triage.changes import Change
from triage.hypotheses.candidates import Candidate, name_of
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import UNIT, Facts, lines_at
from triage.hypotheses.words import clock, same_service

ENDED, WENT_ON = 2.0, -2.0
#: Time for the undoing to act, and the least that must be seen after it to say anything.
GRACE, LEAST_AFTER = timedelta(seconds=60), timedelta(seconds=60)
#: The rate of failing lines after the rollback against before it, below which the trouble has ended.
ENDED_SHARE = 0.1


def rollback(candidate: Candidate, facts: Facts) -> Evidence | None:
    """For a change whose later rollback ends the failing lines; against it if they go on."""
    if candidate.change is None or facts.onset is None:
        return None
    undone = _undoing(candidate.change, facts)
    if undone is None or undone.time < facts.onset.at:
        return None
    acts = (undone.end or undone.time) + GRACE
    if facts.end - acts < LEAST_AFTER:
        return None
    failing, whose = _failing(facts, candidate.change.service)
    before, after = _between(failing, facts.onset.at, undone.time), _between(failing, acts, facts.end)
    rates = len(before) / _minutes(facts.onset.at, undone.time), len(after) / _minutes(acts, facts.end)
    if not len(before):
        return None
    what = f"the {name_of(undone)} at {clock(undone.time)}"
    numbers = f"{rates[0]:.1f} failing lines a minute{whose} before, {rates[1]:.1f} after"
    if rates[1] <= ENDED_SHARE * rates[0]:
        lines = lines_at(facts.records, before["row"].tail(2).to_list())
        return Evidence("rollback", f"The trouble ended with {what}: {numbers}", ENDED, lines)
    lines = lines_at(facts.records, after["row"].head(2).to_list())
    return Evidence("rollback", f"The trouble went on after {what}: {numbers}", WENT_ON, lines)


def _undoing(change: Change, facts: Facts) -> Change | None:
    later = [
        c for c in facts.changes
        if c.kind == "rollback" and c.time > change.time and same_service(c.service, change.service)
    ]  # fmt: skip
    return min(later, key=lambda c: c.time, default=None) if change.kind != "rollback" else None


def _failing(facts: Facts, service: str | None) -> tuple[pl.DataFrame, str]:
    """Rows of failing lines of the event that the service writes, or all where it writes none; and whose they are."""
    bad = facts.event.filter("failing")
    names = [origin.service for origin in facts.origins if same_service(origin.service, service)]
    own = bad.filter(pl.col("service_name").is_in(names))
    chosen, whose = (own, f" of {service}") if len(own) else (bad, "")
    lines = facts.records.lazy().select(*UNIT, "timestamp", "source", "line").with_row_index("row")
    lines = lines.join(chosen.lazy(), on=list(UNIT), how="semi", nulls_equal=True)
    return lines.collect(engine="streaming").sort("timestamp", "source", "line"), whose


def _between(lines: pl.DataFrame, start: datetime, end: datetime) -> pl.DataFrame:
    return lines.filter(pl.col("timestamp").is_between(start, end))


def _minutes(start: datetime, end: datetime) -> float:
    return max((end - start).total_seconds() / 60, 1 / 60)
