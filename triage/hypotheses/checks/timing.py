"""Does the change come before the onset, and how soon before, against what chance would give?

If the change is to blame, its delay is somewhere between a minute and a few hours, all scales alike: density
1 / ((d + d0) ln(1 + D / d0)) (a log-uniform prior on delays). If it is not, it could stand anywhere in the
time over which changes are listed: density 1 / W, or as much more as other changes stand closer together about the
onset, for people change things when they are at work. The weight is the log of the ratio, averaged over the onset's
interval and, for a change with an end, over the time in which it was carried out.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from triage.changes import Change
from triage.hypotheses.candidates import Candidate
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts
from triage.hypotheses.words import duration
from triage.onset.incident_onset import IncidentOnset

#: Below a minute all delays are alike: roll-outs take time, and lists give their beginning or their end.
SHORTEST, LONGEST = 60.0, 6 * 3600.0
#: The same for what acts at once where it acts: a flag is read with the next request, a setting soon after.
SOONER = {"flag": (15.0, 3600.0), "config": (20.0, LONGEST), "infrastructure": (20.0, LONGEST)}
#: Other changes so close to the onset tell how busy people were, in seconds; as much as the whole list over `USUAL`.
BUSY, USUAL = 1800.0, 900.0
#: Clocks of different hosts, and the time a record takes to be written, may differ by this much.
SLACK = timedelta(seconds=2)
IMPOSSIBLE = -8.0
POINTS = 21


def timing(candidate: Candidate, facts: Facts) -> Evidence | None:
    """Weight of the delay between the change and the onset's interval."""
    if candidate.change is None or facts.onset is None:
        return None
    change, onset = candidate.change, facts.onset
    if change.time > onset.latest + SLACK:
        late = duration(change.time - onset.latest)
        return Evidence("timing", f"It came {late} after the trouble had begun: it cannot have set it off", IMPOSSIBLE)
    begin = (onset.earliest - change.time).total_seconds()
    delays = _spread(begin, (onset.latest - onset.earliest).total_seconds())
    # It may act from its beginning to its end; what is left of it after the onset did not set that off.
    starts = _spread(0.0, (_acts_until(change, onset) - change.time).total_seconds())
    window = facts.reach.total_seconds() / busier(change, facts)
    shortest, longest = SOONER.get(change.kind, (SHORTEST, LONGEST))
    densities = [_density(delay - start, shortest, longest) for delay in delays for start in starts]
    ratio = window * sum(densities) / len(densities)
    weight = max(IMPOSSIBLE, math.log(max(ratio, 1e-9)))
    first = facts.origins[0].service if facts.origins else None
    lines = facts.trouble_lines(first, limit=1)
    return Evidence("timing", _statement(candidate, facts), round(weight, 3), lines)


def _spread(first: float, width: float) -> list[float]:
    """Numbers from `first` on, evenly over `width`."""
    return [first + width * k / (POINTS - 1) for k in range(POINTS)] if width > 0 else [first]


def _acts_until(change: Change, onset: IncidentOnset) -> datetime:
    return max(change.time, min(change.end or change.time, onset.latest))


def busier(change: Change, facts: Facts) -> float:
    """How many times denser the other changes stand about the onset than over the whole list; 1 where there is none."""
    others, onset = len(facts.near) - 1, facts.onset
    if onset is None or others < 1:
        return 1.0
    usual = others / facts.reach.total_seconds()
    # No change is listed after the logs end.
    span = BUSY + min(BUSY, (facts.end - onset.at).total_seconds())
    close = facts.remember("close changes", lambda: sum(_close(other, onset) for other in facts.near))
    return (close - _close(change, onset) + usual * USUAL) / (span + USUAL) / usual


def _close(change: Change, onset: IncidentOnset) -> bool:
    return abs((change.time - onset.at).total_seconds()) <= BUSY


def _density(delay: float, shortest: float, longest: float) -> float:
    """Density of a guilty change's delay, per second; almost none before the change."""
    slack = SLACK.total_seconds()
    if delay < -slack:
        return 0.0
    return 1.0 / ((max(delay, 0.0) + shortest) * math.log1p(longest / shortest))


def _statement(candidate: Candidate, facts: Facts) -> str:
    assert candidate.change is not None and facts.onset is not None
    delay = facts.onset.at - candidate.change.time
    others = sum(c.time <= facts.onset.latest and c.id != candidate.change.id for c in facts.near)
    chance = 1 - math.exp(-others * max(delay.total_seconds(), 0) / facts.reach.total_seconds())
    if candidate.change.time > facts.onset.latest:
        return "It came within 2 s after the trouble had begun: clocks differ by as much, so it may have come before"
    if delay < timedelta(0):
        return "It lies inside the interval of the onset: before or after cannot be told"
    words = f"The trouble began {duration(delay)} after it"
    if candidate.change.end and candidate.change.end > candidate.change.time:
        rest = facts.onset.at - candidate.change.end
        ended = f"{duration(rest)} after its end" if rest >= timedelta(0) else "before its end"
        words = f"The trouble began {duration(delay)} after its beginning and {ended}"
    return f"{words}; by chance some other recorded change is as close in {chance:.0%} of cases" if others else words
