"""Do the logs show another version of a service with trouble, shortly before, that no recorded change explains?

If no recorded change is to blame, one that nobody recorded is in a share of incidents (`DEPLOYS`), and then it came
before the trouble as a guilty deploy does; if a recorded one is, an unrecorded one came at any time.
"""

from __future__ import annotations

import math

from triage.hypotheses.candidates import Candidate
from triage.hypotheses.checks.timing import SLACK, density
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts
from triage.hypotheses.version_facts import unexplained_rollouts
from triage.hypotheses.words import clock, duration, same_service

#: Share of the incidents without a recorded cause in which it is a deploy that the list lacks.
DEPLOYS = 0.3
STRONGEST = 3.0


def version_unrecorded(candidate: Candidate, facts: Facts) -> Evidence | None:
    """For `unrecorded`: the likeliest origin has another version since shortly before, and no change says why."""
    onset = facts.onset
    if candidate.change is not None or onset is None or not facts.origins:
        return None
    origin = facts.origins[0].service
    own = [
        one
        for one in unexplained_rollouts(facts.versions, facts.changes)
        if one.before is not None and same_service(one.service, origin) and one.at <= onset.latest + SLACK
    ]
    if not own:
        return None
    last = own[-1]
    delay = (onset.at - last.at).total_seconds()
    weight = math.log(1 - DEPLOYS + DEPLOYS * facts.reach.total_seconds() * density(max(delay, 0.0)))
    statement = f"{last.service} {last.version} first appears at {clock(last.at)}, {last.before} before; that is "
    statement += f"{duration(onset.at - last.at)} {'before' if delay >= 0 else 'after'} the trouble, and no recorded "
    statement += "change explains it"
    lines = (last.line,) if last.line else ()
    return Evidence("version_unrecorded", statement, round(min(STRONGEST, weight), 3), lines)
