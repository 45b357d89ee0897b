"""Does the change come before the onset, and how soon before, against what chance would give?

If the change is to blame, its delay is somewhere between a minute and a few hours, all scales alike: density
1 / ((d + d0) ln(1 + D / d0)) (a log-uniform prior on delays). If it is not, it could stand anywhere in the
time over which changes are listed: density 1 / W, or as much more as other changes stand closer together about the
onset, for people change things when they are at work. The weight is the log of the ratio, averaged over the onset's
interval and, for a change with an end, over the time in which it was carried out: as integrals, which are exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from triage.changes import Change
from triage.hypotheses.candidates import Candidate
from triage.hypotheses.evidence import Evidence
from triage.hypotheses.facts import Facts
from triage.hypotheses.moved import HERE, Floats, interval, rounded, seconds, upto, weights_here
from triage.hypotheses.words import duration

#: Below a minute all delays are alike: roll-outs take time, and lists give their beginning or their end.
SHORTEST, LONGEST = 60.0, 6 * 3600.0
#: The same for what acts at once where it acts: a flag is read with the next request, a setting soon after.
SOONER = {"flag": (15.0, 3600.0), "config": (20.0, LONGEST), "infrastructure": (20.0, LONGEST)}
#: Other changes so close to the onset tell how busy people were, in seconds; as much as the whole list over `USUAL`.
BUSY, USUAL = 1800.0, 900.0
#: Clocks of different hosts, and the time a record takes to be written, may differ by this much.
SLACK = timedelta(seconds=2)
IMPOSSIBLE = -8.0
#: Widths in seconds below which an integral over them is no better than its middle.
NARROW = 1.0


def timing(candidate: Candidate, facts: Facts) -> Evidence | None:
    """Weight of the delay between the change and the onset's interval."""
    if candidate.change is None or facts.onset is None:
        return None
    change, onset = candidate.change, facts.onset
    if change.time > onset.latest + SLACK:
        late = duration(change.time - onset.latest)
        return Evidence("timing", f"It came {late} after the trouble had begun: it cannot have set it off", IMPOSSIBLE)
    (weight,) = weights_here("timing", timing_weights, [change], facts).tolist()
    first = facts.origins[0].service if facts.origins else None
    return Evidence("timing", _statement(candidate, facts), weight, facts.trouble_lines(first, limit=1))


def timing_weights(changes: Sequence[Change], facts: Facts, moves: Floats) -> Floats:
    """Weights of changes for the onset at many times (see `moved`)."""
    low, high = interval(facts)
    time = seconds([change.time for change in changes], facts)[:, None]
    end = seconds([change.end or change.time for change in changes], facts)[:, None]
    scales = np.array([SOONER.get(change.kind, (SHORTEST, LONGEST)) for change in changes]).reshape(-1, 2)
    # It may act from its beginning to its end; what is left of it after the onset did not set that off.
    acts = np.maximum(np.minimum(end, moves + high) - time, 0.0)
    density = _mean_density(moves + low - time, high - low, acts, scales[:, :1], scales[:, 1:])
    window = facts.reach.total_seconds() / _busier(time, facts, moves)
    weights = np.maximum(IMPOSSIBLE, np.log(np.maximum(window * density, 1e-9)))
    return rounded(np.where(time > moves + high + SLACK.total_seconds(), IMPOSSIBLE, weights))


def _mean_density(begin: Floats, width: float, acts: Floats, shortest: Floats, longest: Floats) -> Floats:
    """Mean density of a guilty change's delay, per second, over an onset's interval and the time in which it acts.

    Parameters
    ----------
    begin : ndarray
        From the beginning of the change to that of the interval, in seconds; below 0 where that comes first.
    width : float
        Of the interval.
    acts : ndarray
        From the beginning of the change to when it has done all it can.
    """
    scale = np.log1p(longest / shortest)
    # The mean over both is the mean over the wider one, of the mean over the narrower one, which may be no width.
    wide, narrow = np.maximum(acts, width), np.minimum(acts, width)
    first = begin - acts
    safe, wider = np.maximum(narrow, NARROW), np.maximum(wide, NARROW)
    one = (_once(first + narrow / 2 + wide, shortest) - _once(first + narrow / 2, shortest)) / wider
    ends = _twice(first + narrow + wide, shortest) - _twice(first + wide, shortest)
    both = (ends - _twice(first + narrow, shortest) + _twice(first, shortest)) / (safe * wider)
    point = _density(first + (narrow + wide) / 2, shortest)
    found: Floats = np.where(wide < NARROW, point, np.where(narrow < NARROW, one, both)) / scale
    return np.maximum(found, 0.0)


def _density(delay: Floats, shortest: Floats) -> Floats:
    """Density of a delay, but for its scale; none before the change."""
    found: Floats = np.where(delay < -SLACK.total_seconds(), 0.0, 1.0 / (np.maximum(delay, 0.0) + shortest))
    return found


def _once(delay: Floats, shortest: Floats) -> Floats:
    """Integral of `_density` up to a delay."""
    after, before = np.maximum(delay, 0.0), np.clip(delay + SLACK.total_seconds(), 0.0, SLACK.total_seconds())
    found: Floats = before / shortest + np.log1p(after / shortest)
    return found


def _twice(delay: Floats, shortest: Floats) -> Floats:
    """Integral of `_once` up to a delay."""
    slack = SLACK.total_seconds()
    after, before = np.maximum(delay, 0.0), np.clip(delay + slack, 0.0, slack)
    rest = (after + shortest) * np.log1p(after / shortest) - after
    found: Floats = before**2 / (2 * shortest) + slack * after / shortest + rest
    return found


def busier(change: Change, facts: Facts) -> float:
    """How many times denser the other changes stand about the onset than over the whole list; 1 where there is none."""
    return float(_busier(seconds([change.time], facts)[:, None], facts, HERE)[0, 0]) if facts.onset else 1.0


def _busier(time: Floats, facts: Facts, moves: Floats) -> Floats:
    """The same for changes at times of shape (changes, 1), and for the onset at many times."""
    others = len(facts.near) - 1
    if others < 1:
        return np.ones((len(time), len(moves)))
    near = facts.remember("times of changes", lambda: seconds([change.time for change in facts.near], facts))
    usual = others / facts.reach.total_seconds()
    # No change is listed after the logs end.
    span = BUSY + np.clip(seconds([facts.end], facts)[0] - moves, 0.0, BUSY)
    close = upto(near, moves + BUSY) - np.searchsorted(near, moves - BUSY, side="left")
    own = np.abs(time - moves) <= BUSY
    found: Floats = (close - own + usual * USUAL) / (span + USUAL) / usual
    return found


def _statement(candidate: Candidate, facts: Facts) -> str:
    assert candidate.change is not None and facts.onset is not None
    delay = facts.onset.at - candidate.change.time
    if candidate.change.time > facts.onset.latest:
        return "It came within 2 s after the trouble had begun: clocks differ by as much, so it may have come before"
    if delay < timedelta(0):
        return "It lies inside the interval of the onset: before or after cannot be told"
    words = f"The trouble began {duration(delay)} after it"
    if candidate.change.end and candidate.change.end > candidate.change.time:
        rest = facts.onset.at - candidate.change.end
        ended = f"{duration(rest)} after its end" if rest >= timedelta(0) else "before its end"
        words = f"The trouble began {duration(delay)} after its beginning and {ended}"
    return words
