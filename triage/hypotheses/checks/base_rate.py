"""How often does this service change anyway? A service that changes every hour is near every onset.

Each service that was changed has the same chance to be at fault, and its changes share it: a change of a service with
more changes than the average has less of it, by the log of the ratio.
"""

from __future__ import annotations

import math
from collections import Counter

from triage.hypotheses.candidates import Candidate
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts
from triage.hypotheses.words import duration, service_key


def base_rate(candidate: Candidate, facts: Facts) -> Evidence | None:
    """Against a change of a service that was changed more often than the others before the onset."""
    if candidate.change is None or facts.onset is None or not service_key(candidate.service):
        return None
    before = [c for c in facts.near if c.time <= facts.onset.latest and service_key(c.service)]
    counts = Counter(service_key(change.service) for change in before)
    own = counts[service_key(candidate.service)]
    if own < 2 or own <= len(before) / len(counts):
        return None
    usual = len(before) / len(counts)
    span = duration(facts.onset.at - min(change.time for change in before))
    statement = f"{candidate.service} changes often ({own} times in the {span} before the trouble; the average service "
    statement += f"{usual:.1f} times), so a change of it just before says less"
    return Evidence("base_rate", statement, round(-math.log(own / usual), 3))
