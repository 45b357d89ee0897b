"""Was the deployed version replaced before the trouble began, by a recorded deploy or a restart that logs show?"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime

import numpy as np

from triage.changes import Change
from triage.hypotheses.candidates import Candidate, name_of
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts
from triage.hypotheses.history import REPLACING, history_of, last_until
from triage.hypotheses.moved import Floats, seconds
from triage.hypotheses.restarts import Restart
from triage.hypotheses.words import clock, service_key

#: The fault may have come with the older version all the same: one time in three.
REPLACED = -1.1


def superseded(candidate: Candidate, facts: Facts) -> Evidence | None:
    """Against a deploy after which the same service was deployed or started anew, still before the onset."""
    change, onset = candidate.change, facts.onset
    if change is None or onset is None or change.kind not in REPLACING:
        return None
    key, history = service_key(change.service), history_of(facts)
    other = last_until(history.replaced.get(key, ()), onset.at)
    if other and other.time > change.time:
        statement = f"The {name_of(other)} at {clock(other.time)} replaced it before the trouble began"
        return Evidence("superseded", statement, REPLACED)
    for restart in reversed(history.restarted.get(key, ())):
        if change.time < restart.at <= onset.at:
            statement = f"{restart.service} started anew at {clock(restart.at)}, after it and before the trouble"
            return Evidence("superseded", statement, REPLACED, (restart.line,))
    return None


def superseded_weights(changes: Sequence[Change], facts: Facts, moves: Floats) -> Floats:
    """Weights of changes for the onset at many times (see `moved`)."""
    history = history_of(facts)
    replaced = {key: [each.time for each in found] for key, found in history.replaced.items()}
    restarted = {key: _times(found) for key, found in history.restarted.items()}
    never = np.full(len(changes), np.inf)
    for row, change in enumerate(changes):
        key = service_key(change.service)
        times = (_first_after(each.get(key, ()), change.time) for each in (replaced, restarted))
        if change.kind in REPLACING and (next_ones := [time for time in times if time]):
            never[row] = seconds([min(next_ones)], facts)[0]
    found: Floats = np.where(never[:, None] <= moves, REPLACED, 0.0)
    return found


def _times(restarts: Sequence[Restart]) -> list[datetime]:
    return sorted(restart.at for restart in restarts)


def _first_after(times: Sequence[datetime], time: datetime) -> datetime | None:
    place = bisect_right(times, time)
    return times[place] if place < len(times) else None
