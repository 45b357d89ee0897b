"""Did the trouble begin in the changed service, or did it spread there from elsewhere?"""

from __future__ import annotations

import math

from triage.hypotheses.candidates import Candidate
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts
from triage.hypotheses.words import clock, duration

MOST, LEAST = 2.0, -1.5


def first_trouble(candidate: Candidate, facts: Facts) -> Evidence | None:
    """Weight from the service's score as an origin against an even share among all services with trouble."""
    if candidate.change is None or len(facts.origins) < 1:
        return None
    found = facts.origin_of(candidate.service)
    if found is None:
        return None
    position, origin = found
    even = 1 / (len(facts.origins) + 1)
    weight = max(LEAST, min(MOST, math.log(max(origin.score, 1e-6) / even)))
    first = facts.origins[0]
    if position == 0:
        statement = f"The first trouble is in {origin.service}, at {clock(origin.at)}"
        others = facts.origins[1:]
        if others:
            statement += f"; {others[0].service} follows {_gap(origin.at, others[0].at)}"
    else:
        statement = f"{origin.service} is not where it began: {first.service} had trouble {_gap(origin.at, first.at)}"
    return Evidence("first_trouble", statement, round(weight, 3), facts.lines(origin.templates, origin.service, 2))


def _gap(one: object, other: object) -> str:
    from datetime import datetime

    assert isinstance(one, datetime) and isinstance(other, datetime)
    word = "later" if other >= one else "earlier"
    return f"{duration(other - one)} {word}"
