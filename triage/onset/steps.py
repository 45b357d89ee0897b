"""Dating a step from one rate to another, and the smaller steps of the same direction that led up to it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from triage.onset.detector import Context
from triage.onset.intervals import Interval, Stretch, step_interval
from triage.onset.ramps import ramp_interval
from triage.onset.series import SECOND

#: Evidence, in nats, that there was an earlier step in the same direction: the interval then reaches back to it.
EARLIER_EVIDENCE = 7.0
#: So many earlier steps are looked for.
MOST_EARLIER = 6
#: Evidence, in nats, by which a ramp or a step has to fit better than the other, for the other to be left aside.
CLEAR = 2.0


def date_step(context: Context) -> Interval:
    """Time of a step, with an interval that reaches back to where the rate began to change.

    Where a ramp fits better than a step, the time is that of its beginning; where both fit, the interval holds both.
    """
    stretch = Stretch.cut(context.second, context.count, 0, context.stop, context.searched)
    step_llr = _evidence(stretch, context)
    ramp_llr, ramp = ramp_interval(stretch, context.dispersion, context.coverage)
    step = step_interval(stretch, context.rise, context.dispersion, context.coverage)
    if ramp_llr > step_llr + CLEAR:
        return replace(ramp, ramp=True)
    found = _with_earlier(step, context)
    if ramp_llr < step_llr - CLEAR:
        return found
    at = ramp.at if ramp_llr > step_llr else found.at
    return Interval(at, min(found.earliest, ramp.earliest), max(found.latest, ramp.latest))


def _with_earlier(found: Interval, context: Context) -> Interval:
    """The interval widened by steps before it, each if there is enough evidence of it without what came later."""
    earliest = found.earliest
    for _ in range(MOST_EARLIER):
        end = earliest // SECOND
        if end - context.searched < 2:
            break
        part = Stretch.cut(context.second, context.count, 0, end, context.searched)
        if _evidence(part, context) < EARLIER_EVIDENCE:
            break
        earliest = min(earliest, step_interval(part, context.rise, context.dispersion, context.coverage).earliest)
    return replace(found, earliest=earliest)


def _evidence(stretch: Stretch, context: Context) -> float:
    times = np.unique(np.linspace(stretch.searched, stretch.stop - 1, 512).astype(np.int64)).astype(np.float64)
    best: float = stretch.profile(times).max() if context.rise else -stretch.profile(times).min()
    return best / context.dispersion
