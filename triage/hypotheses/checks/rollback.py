"""Did the trouble end when the change was undone?"""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

from triage.changes import Change
from triage.hypotheses.candidates import Candidate, name_of
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts
from triage.hypotheses.words import clock, service_key

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
    before, after = _rate(facts, facts.onset.at, undone.time), _rate(facts, acts, facts.end)
    if not before:
        return None
    what = f"the {name_of(undone)} at {clock(undone.time)}"
    numbers = f"{before:.1f} failing lines a minute before, {after:.1f} after"
    if after <= ENDED_SHARE * before:
        return Evidence("rollback", f"The trouble ended with {what}: {numbers}", ENDED)
    return Evidence("rollback", f"The trouble went on after {what}: {numbers}", WENT_ON)


def _undoing(change: Change, facts: Facts) -> Change | None:
    later = [
        c for c in facts.changes
        if c.kind == "rollback" and c.time > change.time and service_key(c.service) == service_key(change.service)
    ]  # fmt: skip
    return min(later, key=lambda c: c.time, default=None) if change.kind != "rollback" else None


def _rate(facts: Facts, start: datetime, end: datetime) -> float:
    """Failing lines of the event per minute."""
    failing = facts.troubles.filter("failing")["template_id"].unique().to_list()
    inside = facts.records.filter(pl.col("template_id").is_in(failing), pl.col("timestamp").is_between(start, end))
    return len(inside) / max((end - start).total_seconds() / 60, 1 / 60)
