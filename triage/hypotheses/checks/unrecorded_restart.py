"""Do the logs show that a service with trouble was started anew, though no recorded change explains it?"""

from __future__ import annotations

from triage.hypotheses.candidates import Candidate
from triage.hypotheses.checks.version_unrecorded import version_unrecorded
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts
from triage.hypotheses.history import history_of
from triage.hypotheses.words import clock, duration, service_key

#: Seen in about three in ten incidents that an unrecorded change sets off, and in one in twenty others.
WEIGHT = 1.8


def unrecorded_restart(candidate: Candidate, facts: Facts) -> Evidence | None:
    """For `unrecorded`: the likeliest origin restarted before the onset, and no recorded change says why."""
    if candidate.change is not None or facts.onset is None or not facts.origins:
        return None
    origin, onset = facts.origins[0].service, facts.onset
    restarts = history_of(facts).restarted.get(service_key(origin), ())
    own = [restart for restart in restarts if restart.at <= onset.at]
    if not own:
        return None
    if version_unrecorded(candidate, facts) is not None:
        return None  # the restart that brought the other version is not told twice
    last = own[-1]
    statement = f"{last.service} started anew at {clock(last.at)}, {duration(onset.at - last.at)} before the trouble, "
    statement += "and no recorded change explains it"
    return Evidence("unrecorded_restart", statement, WEIGHT, (last.line,))
