"""Dating a step from one rate to another, and the smaller steps of the same direction that led up to it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from triage.onset.detector import Context
from triage.onset.intervals import Interval, Stretch, step_interval
from triage.onset.series import SECOND

#: Evidence, in nats, that there was an earlier step in the same direction: the interval then reaches back to it.
EARLIER_EVIDENCE = 7.0
#: So many earlier steps are looked for.
MOST_EARLIER = 6


def date_step(context: Context) -> Interval:
    """Time of a step, with an interval that reaches back to where the rate began to change."""
    stretch = Stretch.cut(context.second, context.count, 0, context.stop, context.searched)
    found = step_interval(stretch, context.rise, context.dispersion, context.coverage)
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
