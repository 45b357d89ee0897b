"""Did the trouble begin in the changed service, or did it spread there from elsewhere?

Given that the service has trouble: if its change is to blame, it is the origin (with the score that origins give it)
except in a share of incidents where trouble shows elsewhere first; if not, every service with trouble is as likely.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from triage.hypotheses.candidates import Candidate
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts
from triage.hypotheses.words import clock, duration, same_service, service_key

#: Share of incidents in which the changed service is not the first with trouble to see.
ELSEWHERE = 0.2


def first_trouble(candidate: Candidate, facts: Facts) -> Evidence | None:
    """Weight of the service's score as an origin against an even share among all services with trouble."""
    found = facts.origin_of(candidate.service) if candidate.change else None
    if found is None or len(facts.origins) < 2:
        return None
    position, origin = found
    # One service may be spelled in several ways, each with a share of the score.
    score = sum(o.score for o in facts.origins if same_service(o.service, origin.service))
    services = len({service_key(o.service) for o in facts.origins})
    weight = math.log((1 - ELSEWHERE) * score * services + ELSEWHERE)
    first, second = facts.origins[:2]
    if position == 0:
        statement = f"The first trouble is in {origin.service}, at {clock(origin.at)}; "
        statement += f"{second.service} has it {_gap(origin.at, second.at)}"
        if origin.traces:
            statement += (
                f"; of {origin.traces} requests that fail in several services one after the other, "
                f"{origin.first_in} fail here first"
            )
    else:
        statement = f"{origin.service} is place {position + 1} of the {len(facts.origins)} services with trouble: "
        statement += f"{first.service} comes first, it had trouble {_gap(origin.at, first.at)}"
    return Evidence("first_trouble", statement, round(weight, 3), facts.trouble_lines(origin.service, 2))


def _gap(one: datetime, other: datetime) -> str:
    if abs(other - one) < timedelta(seconds=1):
        return "within the same second"
    return f"{duration(other - one)} {'later' if other >= one else 'earlier'}"
