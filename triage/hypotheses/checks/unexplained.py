"""Does the list of changes leave the service where it began unexplained?"""

from __future__ import annotations

from triage.hypotheses.candidates import Candidate
from triage.hypotheses.checks.timing import SLACK
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import REACH_BACK, Facts
from triage.hypotheses.words import clock, same_service

NO_CHANGE, CHANGED = 0.8, -0.4


def unexplained(candidate: Candidate, facts: Facts) -> Evidence | None:
    """For `unrecorded` where the origin has no recorded change before the onset; against it where it has."""
    if candidate.change is not None or facts.onset is None or not facts.origins or not facts.changes:
        return None
    origin = facts.origins[0]
    limit = facts.onset.latest + SLACK
    before = [c for c in facts.near if c.time <= limit]
    own = [c for c in before if same_service(c.service, origin.service)]
    lines = facts.trouble_lines(origin.service, 2)
    if not own:
        days = f"{REACH_BACK.days} days before the logs"
        statement = (
            f"The trouble began in {origin.service}; no change recorded from {days} to {clock(facts.onset.at)} names it"
        )
        nameless = sum(1 for c in before if not c.service)
        if nameless:
            statement += f"; {nameless} {'names' if nameless == 1 else 'name'} no service"
        # Each change without a service may be of this one as well as of any other with trouble.
        return Evidence("unexplained", statement, round(NO_CHANGE / (1 + nameless), 3), lines)
    statement = f"The trouble began in {origin.service}, which was changed at {clock(max(c.time for c in own))}"
    return Evidence("unexplained", statement, CHANGED, lines)
