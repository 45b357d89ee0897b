"""Does the list of changes leave the service where it began unexplained?"""

from __future__ import annotations

from triage.hypotheses.candidates import Candidate
from triage.hypotheses.checks.timing import SLACK
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts
from triage.hypotheses.words import clock, same_service

NO_CHANGE, CHANGED = 0.8, -0.4


def unexplained(candidate: Candidate, facts: Facts) -> Evidence | None:
    """For `unrecorded` where the origin has no recorded change before the onset; against it where it has."""
    if candidate.change is not None or facts.onset is None or not facts.origins or not facts.changes:
        return None
    origin = facts.origins[0]
    limit = facts.onset.latest + SLACK
    own = [c for c in facts.near if same_service(c.service, origin.service) and c.time <= limit]
    lines = facts.trouble_lines(origin.service, 2)
    if not own:
        statement = (
            f"The trouble began in {origin.service}, for which no change is recorded before {clock(facts.onset.at)}"
        )
        return Evidence("unexplained", statement, NO_CHANGE, lines)
    statement = f"The trouble began in {origin.service}, which was changed at {clock(max(c.time for c in own))}"
    return Evidence("unexplained", statement, CHANGED, lines)
