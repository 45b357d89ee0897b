"""When did the deployed version really write its first line? A deploy acts from then on, not from when it was recorded.

The time of the version's lines takes the place of the recorded one: the weight is what that adds to the check of
timing, or takes from it. Trouble that comes with the exchange of versions may begin before the new one writes.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

from triage.hypotheses.candidates import Candidate
from triage.hypotheses.checks.timing import IMPOSSIBLE, SLACK, timing
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts
from triage.hypotheses.restarts import EARLY
from triage.hypotheses.version_facts import recorded_rollouts
from triage.hypotheses.versions import Rollout
from triage.hypotheses.words import clock, duration

#: Most that it changes, unless the recorded time alone made the deploy impossible; then it counts that few deploys are
#: recorded so late.
MOST, LATE_RECORD = 2.0, math.log(0.05)
#: Less is nothing to tell.
TELLING = 0.05
#: For a version that came only after the trouble: its time may still be that of the first line which names it.
TOO_LATE = -3.0


def version_seen(candidate: Candidate, facts: Facts) -> Evidence | None:
    """For a deploy whose version appears at a likelier time than the recorded one, against it at a less likely one."""
    change, onset = candidate.change, facts.onset
    found = recorded_rollouts(facts).get(change.id) if change else None
    if change is None or found is None or onset is None:
        return None
    lines = (found.line,) if found.line else ()
    statement = f"{found.service} {found.version} first appears in the logs at {clock(found.at)}{_part(found)}"
    if found.at > onset.latest + SLACK:
        # The version before must be seen to run still: else the new one may have come before it is named.
        if found.after is None or found.after < onset.latest:
            return None
        late = duration(found.at - onset.latest)
        return Evidence("version_seen", f"{statement}, {late} after the trouble had begun", TOO_LATE, lines)
    recorded = timing(candidate, facts)
    begin = found.at if found.at < change.time else max(change.time, found.at - EARLY)
    shown = timing(replace(candidate, change=replace(change, time=begin, end=max(begin, found.until))), facts)
    assert recorded is not None and shown is not None
    weight = shown.weight - recorded.weight
    impossible = recorded.weight <= IMPOSSIBLE
    weight = max(0.0, weight + LATE_RECORD) if impossible else max(-MOST, min(MOST, weight))
    if abs(weight) < TELLING:
        return None  # it began when it was recorded
    statement += f", {duration(onset.at - found.at)} {'before' if onset.at >= found.at else 'after'} the trouble"
    apart = found.at - change.time
    if abs(apart) >= timedelta(seconds=1):
        statement += f" and {duration(apart)} {'after' if apart > timedelta(0) else 'before'} its recorded time"
    return Evidence("version_seen", statement, round(weight, 3), lines)


def _part(found: Rollout) -> str:
    """On how many instances it came, where others name another version."""
    return f" (on {found.instances} of {found.of} instances)" if found.instances < found.of else ""
