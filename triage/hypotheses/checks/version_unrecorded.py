"""Do the logs show another version of a service with trouble, shortly before, that no recorded change explains?"""

from __future__ import annotations

import math
from datetime import timedelta

from triage.hypotheses.candidates import Candidate
from triage.hypotheses.checks.timing import SLACK
from triage.hypotheses.elsewhere import here
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts
from triage.hypotheses.version_facts import unexplained_rollouts
from triage.hypotheses.words import clock, duration, same_service

#: As likely as a restart that no change explains (see `unrecorded_restart`): in three of ten incidents that an
#: unrecorded change sets off, and in one of twenty others. Half of it counts for one that came longer before.
WEIGHT, SHORTLY = math.log(0.3 / 0.05), timedelta(minutes=15)


def version_unrecorded(candidate: Candidate, facts: Facts) -> Evidence | None:
    """For `unrecorded`: the likeliest origin has another version since shortly before, and no change says why."""
    onset = facts.onset
    if candidate.change is not None or onset is None or not facts.origins:
        return None
    origin = facts.origins[0].service
    own = [
        one
        for one in unexplained_rollouts(facts.versions, here(facts.changes, facts))
        if one.before is not None and same_service(one.service, origin) and one.at <= onset.latest + SLACK
    ]
    if not own:
        return None
    last = own[-1]
    delay = onset.at - last.at
    weight = WEIGHT if delay <= SHORTLY else WEIGHT / 2
    statement = f"{last.service} {last.version} first appears at {clock(last.at)}, {last.before} before; that is "
    statement += f"{duration(delay)} {'before' if delay >= timedelta(0) else 'after'} the trouble, and no recorded "
    statement += "change explains it"
    lines = (last.line,) if last.line else ()
    return Evidence("version_unrecorded", statement, round(weight, 3), lines)
