"""Is the change on a service that has trouble at all?

If the change is to blame, its own service shows trouble in most incidents (`SHOWS`). If it is not, the service shows
trouble as often as any service does: the share of services in these logs that do.
"""

from __future__ import annotations

import math
from datetime import datetime

from triage.hypotheses.blame import blame_of, concerned_services
from triage.hypotheses.candidates import Candidate
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts
from triage.hypotheses.silent import silent_services
from triage.hypotheses.words import clock, listed, service_key

#: How often the service of a guilty change shows trouble of its own.
SHOWS = 0.92
#: For a service without any lines here: it may be a dependency that nobody exported, or not concerned.
UNSEEN = -1.0


def service_match(candidate: Candidate, facts: Facts) -> Evidence | None:
    """For a change on a service with trouble, or named by who has it; against one on a service that logs as before."""
    if candidate.change is None or not facts.origins or not candidate.service:
        return None
    key, names = service_key(candidate.service), listed([origin.service for origin in facts.origins])
    concerned = concerned_services(facts)
    found = facts.origin_of(candidate.service)
    if key not in facts.services | concerned:  # services without a key are never named alike
        return Evidence(
            "service_match", f"{candidate.service} has no lines in these logs; trouble is in {names}", UNSEEN
        )
    known = facts.services | concerned
    # Half a service each way, so that neither share is 0.
    common = (len(concerned) + 0.5) / (len(known) + 1)
    if key not in concerned:
        weight = math.log((1 - SHOWS) / (1 - common))
        return Evidence("service_match", *_without_trouble(candidate.service, names, weight, facts))
    weight, among = round(math.log(SHOWS / common), 3), f"the {len(concerned)} of {len(known)} services with trouble"
    if found is None:
        lines = next(each.lines for each in blame_of(facts).named if each.named == key)
        statement = f"{candidate.service} is among {among}: it writes no failing lines, but those of others name it"
        return Evidence("service_match", statement, weight, lines)
    _, origin = found
    what = "1 kind of line" if len(origin.templates) == 1 else f"{len(origin.templates)} kinds of lines"
    statement = f"{origin.service} is among {among}: {what}"
    return Evidence("service_match", statement, weight, facts.trouble_lines(origin.service))


def _without_trouble(service: str, names: str, weight: float, facts: Facts) -> tuple[str, float]:
    """Statement and weight for a service that has no part in the event; half of it if it is silent or has trouble."""
    other = facts.remember("other trouble", lambda: _other_trouble(facts)).get(service_key(service))
    if other:
        statement = f"{service} has other trouble, from {clock(other)} on; that of the onset is in {names}"
        return statement, round(weight / 2, 3)
    silent = silent_services(facts).get(service_key(service))
    if silent:  # what is dead writes no failing lines
        statement = (
            f"{service} has no failing lines to show, but writes only {silent.part:.0%} of what is to be expected"
        )
        return f"{statement}; trouble is in {names}", round(weight / 2, 3)
    return f"{service} has no new or more frequent failing lines; trouble is in {names}", round(weight, 3)


def _other_trouble(facts: Facts) -> dict[str, datetime]:
    """When trouble apart from the event began, by service."""
    found: dict[str, datetime] = {}
    for service, at in facts.apart.select("service_name", "at").iter_rows():
        if key := service_key(service):
            found.setdefault(key, at)
    return found
