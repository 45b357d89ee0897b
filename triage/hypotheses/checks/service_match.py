"""Is the change on a service that has trouble at all?"""

from __future__ import annotations

from triage.hypotheses.candidates import Candidate
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts
from triage.hypotheses.words import listed, service_key

SAME, OTHER, UNSEEN = 0.7, -1.2, -0.4


def service_match(candidate: Candidate, facts: Facts) -> Evidence | None:
    """For a change on a service with trouble; against one on a service that logs on as before."""
    if candidate.change is None or not facts.origins or not candidate.service:
        return None
    found = facts.origin_of(candidate.service)
    if found:
        _, origin = found
        statement = f"{origin.service} has trouble of its own: {len(origin.templates)} kinds of lines changed"
        return Evidence("service_match", statement, SAME, facts.lines(origin.templates, origin.service))
    names = listed([origin.service for origin in facts.origins])
    if service_key(candidate.service) not in facts.services:
        return Evidence(
            "service_match", f"{candidate.service} has no lines in these logs; trouble is in {names}", UNSEEN
        )
    return Evidence("service_match", f"{candidate.service} logs on as before; trouble is in {names}", OTHER)
