"""Do the logs show a migration shortly before the trouble, though no recorded change explains it?"""

from __future__ import annotations

import math
from datetime import timedelta

from triage.changes import Change
from triage.hypotheses.candidates import Candidate
from triage.hypotheses.checks.timing import SLACK
from triage.hypotheses.elsewhere import here
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts
from triage.hypotheses.migrations import Migration, find_migrations
from triage.hypotheses.restarts import EARLY, LATE
from triage.hypotheses.words import clock, duration, same_service

#: Seen in one of ten incidents that an unrecorded change sets off, and in one of forty others; so shortly before.
WEIGHT, SHORTLY = math.log(0.1 / 0.025), timedelta(minutes=15)


def migration_unrecorded(candidate: Candidate, facts: Facts) -> Evidence | None:
    """For `unrecorded`: a service with trouble changed its tables just before, and no recorded change says why."""
    onset = facts.onset
    if candidate.change is not None or onset is None:
        return None
    found = facts.remember("migrations", lambda: find_migrations(facts.heard))
    own = [
        one
        for one in found
        if onset.at - SHORTLY <= one.at <= onset.latest + SLACK
        and facts.origin_of(one.service) is not None
        and not any(_explains(change, one) for change in here(facts.near, facts))
    ]
    if not own:
        return None
    last = own[-1]
    statement = f"{last.service} writes of a migration at {clock(last.at)}, {duration(onset.at - last.at)} "
    statement += f"{'before' if last.at <= onset.at else 'after'} the trouble, and no recorded change explains it"
    return Evidence("migration_unrecorded", statement, round(WEIGHT, 3), (last.line,))


def _explains(change: Change, migration: Migration) -> bool:
    """A change of the service at the time; a migration of whatever service: lists may name the database."""
    about = not change.service or change.kind == "migration" or same_service(change.service, migration.service)
    return about and change.time - EARLY <= migration.at <= (change.end or change.time) + LATE
