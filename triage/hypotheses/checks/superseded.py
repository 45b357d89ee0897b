"""Was the deployed version replaced before the trouble began, by a recorded deploy or a restart that logs show?"""

from __future__ import annotations

from triage.hypotheses.candidates import Candidate, name_of
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts
from triage.hypotheses.restarts import unexplained
from triage.hypotheses.words import clock, same_service

#: The fault may have come with the older version all the same: one time in three.
REPLACED = -1.1
KINDS = {"deploy", "rollback"}


def superseded(candidate: Candidate, facts: Facts) -> Evidence | None:
    """Against a deploy after which the same service was deployed or started anew, still before the onset."""
    change, onset = candidate.change, facts.onset
    if change is None or onset is None or change.kind not in KINDS or not change.service:
        return None
    later = [
        other
        for other in facts.near
        if other.kind in KINDS and change.time < other.time <= onset.at and same_service(other.service, change.service)
    ]
    if later:
        other = later[-1]
        statement = f"The {name_of(other)} at {clock(other.time)} replaced it before the trouble began"
        return Evidence("superseded", statement, REPLACED)
    for restart in reversed(unexplained(facts.restarts, facts.changes)):
        if same_service(restart.service, change.service) and change.time < restart.at <= onset.at:
            statement = f"{restart.service} started anew at {clock(restart.at)}, after it and before the trouble"
            return Evidence("superseded", statement, REPLACED, (restart.line,))
    return None
