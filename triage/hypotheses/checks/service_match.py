"""Is the change on a service that has trouble at all?

If the change is to blame, its own service shows trouble in most incidents (`SHOWS`). If it is not, the service shows
trouble as often as any service does: the share of services in these logs that do.
"""

from __future__ import annotations

import math

from triage.hypotheses.blame import blame_of
from triage.hypotheses.candidates import Candidate
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts
from triage.hypotheses.silent import silent_services
from triage.hypotheses.words import clock, listed, same_service, service_key

#: How often the service of a guilty change shows trouble of its own.
SHOWS = 0.92
#: For a service without any lines here: it may be a dependency that nobody exported, or not concerned.
UNSEEN = -1.0
#: Share of the blame (see `blame`) from which a service without failing lines has trouble all the same.
BLAMED = 0.2


def service_match(candidate: Candidate, facts: Facts) -> Evidence | None:
    """For a change on a service with trouble; against one on a service that logs on as before."""
    if candidate.change is None or not facts.origins or not candidate.service:
        return None
    names = listed([origin.service for origin in facts.origins])
    if service_key(candidate.service) not in facts.services:  # services without a key are never named alike
        if _untold(candidate.service, facts):
            return None
        return Evidence(
            "service_match", f"{candidate.service} has no lines in these logs; trouble is in {names}", UNSEEN
        )
    troubled = len({service_key(origin.service) for origin in facts.origins})
    # Half a service each way, so that neither share is 0.
    common = (troubled + 0.5) / (len(facts.services) + 1)
    found = facts.origin_of(candidate.service)
    if found is None:
        if _untold(candidate.service, facts):
            return None
        weight = math.log((1 - SHOWS) / (1 - common))
        return Evidence("service_match", *_without_trouble(candidate.service, names, weight, facts))
    _, origin = found
    what = "1 kind of line" if len(origin.templates) == 1 else f"{len(origin.templates)} kinds of lines"
    statement = f"{origin.service} is among the {troubled} of {len(facts.services)} services with trouble: {what}"
    weight = math.log(SHOWS / common)
    return Evidence("service_match", statement, round(weight, 3), facts.trouble_lines(origin.service))


def _untold(service: str, facts: Facts) -> bool:
    """Whether it may well have trouble that its lines do not tell: who calls it names it, or it fell silent."""
    key = service_key(service)
    return key in silent_services(facts) or blame_of(facts).share.get(key, 0.0) >= BLAMED


def _without_trouble(service: str, names: str, weight: float, facts: Facts) -> tuple[str, float]:
    """Statement and weight for a service that has no part in the event; half the weight if it has other trouble."""
    apart = facts.apart
    own = [row for row in apart.iter_rows(named=True) if same_service(row["service_name"], service)]
    if own:
        statement = f"{service} has other trouble, from {clock(own[0]['at'])} on; that of the onset is in {names}"
        return statement, round(weight / 2, 3)
    return f"{service} has no new or more frequent failing lines; trouble is in {names}", round(weight, 3)
