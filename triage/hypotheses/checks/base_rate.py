"""How often does this service change anyway? A service that changes every hour is near every onset."""

from __future__ import annotations

import math

from triage.hypotheses.candidates import Candidate
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts
from triage.hypotheses.words import duration, service_key


def base_rate(candidate: Candidate, facts: Facts) -> Evidence | None:
    """Against: minus the log of how many changes of this service stand in the list before the onset."""
    if candidate.change is None or facts.onset is None or not candidate.service:
        return None
    key = service_key(candidate.service)
    count = sum(service_key(c.service) == key and c.time <= facts.onset.latest for c in facts.changes)
    if count < 2:
        return None
    statement = f"{candidate.service} was changed {count} times within {duration(facts.reach)}: "
    statement += "that one came before the trouble says less"
    return Evidence("base_rate", statement, round(-math.log(count), 3))
