"""Do failing lines of other services name the changed service, or do they name others instead?

Given that the service has trouble: if its change is to blame, it has the share of blame that comes to rest on it (see
`blame`), except in a part of incidents; if not, every service with trouble is as likely to be the one to blame.
"""

from __future__ import annotations

import math

from triage.hypotheses.blame import MOST_LINES, Blame, blame_of, concerned_services
from triage.hypotheses.candidates import Candidate
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts
from triage.hypotheses.words import listed, service_key

#: Share of incidents in which the lines name nobody, or the wrong one.
ELSEWHERE = 0.25
#: Blame that has to pass on, for names to say anything.
LEAST = 0.1


def named(candidate: Candidate, facts: Facts) -> Evidence | None:
    """For a change whose service is named by who fails; against one of a service that blame does not reach."""
    key = service_key(candidate.service)
    if candidate.change is None or facts.onset is None or not key:
        return None
    blame = blame_of(facts)
    if not any(each.passed >= LEAST for each in blame.named):
        return None
    share, services = blame.share.get(key, 0.0), len(concerned_services(facts) | {key})
    weight = math.log((1 - ELSEWHERE) * share * services + ELSEWHERE)
    if key not in concerned_services(facts):
        return None  # `service_match` says that it has no trouble
    by = [each for each in blame.named if each.named == key and each.passed >= LEAST]
    if by:
        count, failing = sum(each.count for each in by), sum(each.failing for each in by)
        writers = listed(sorted(each.writer for each in by))
        first = "the first " if any(each.failing == MOST_LINES for each in by) else ""
        statement = (
            f"{count} of {first}{failing} new or more frequent failing lines of {writers} name {candidate.service}"
        )
        statement += _its_own(key, blame)
        return Evidence("named", statement, round(weight, 3), by[0].lines)
    others = sorted((each for each in blame.named if each.passed >= LEAST), key=lambda each: (-each.count, each.named))
    whom = listed(list(dict.fromkeys(each.named for each in others)))
    statement = f"No failing line of another service names {candidate.service}; they name {whom}"
    return Evidence("named", statement, round(min(weight, 0.0), 3), others[0].lines) if weight < 0 else None


def _its_own(key: str, blame: Blame) -> str:
    """Whom the service names itself, which takes blame from it."""
    further = sorted(each.named for each in blame.named if each.writer == key and each.passed >= LEAST)
    return f"; its own name {listed(further)}" if further else ""
