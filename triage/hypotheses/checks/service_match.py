"""Is the change on a service that has trouble at all?

If the change is to blame, its own service shows trouble in most incidents (`SHOWS`). If it is not, the service shows
trouble as often as any service does: the share of services in these logs that do.
"""

from __future__ import annotations

import math

from triage.hypotheses.candidates import Candidate
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts
from triage.hypotheses.words import listed, service_key

#: How often the service of a guilty change shows trouble of its own.
SHOWS = 0.92
#: For a service without any lines here: it may be a dependency that nobody exported, or not concerned.
UNSEEN = -1.0


def service_match(candidate: Candidate, facts: Facts) -> Evidence | None:
    """For a change on a service with trouble; against one on a service that logs on as before."""
    if candidate.change is None or not facts.origins or not candidate.service:
        return None
    names = listed([origin.service for origin in facts.origins])
    if service_key(candidate.service) not in facts.services:
        return Evidence(
            "service_match", f"{candidate.service} has no lines in these logs; trouble is in {names}", UNSEEN
        )
    # Half a service each way, so that neither share is 0.
    common = (len(facts.origins) + 0.5) / (len(facts.services) + 1)
    found = facts.origin_of(candidate.service)
    if found is None:
        weight = math.log((1 - SHOWS) / (1 - common))
        statement = f"{candidate.service} logs on as before; trouble is in {names}"
        return Evidence("service_match", statement, round(weight, 3))
    _, origin = found
    what = "1 kind of line" if len(origin.templates) == 1 else f"{len(origin.templates)} kinds of lines"
    statement = (
        f"{origin.service} is among the {len(facts.origins)} of {len(facts.services)} services with trouble: {what}"
    )
    weight = math.log(SHOWS / common)
    return Evidence("service_match", statement, round(weight, 3), facts.trouble_lines(origin.service))
