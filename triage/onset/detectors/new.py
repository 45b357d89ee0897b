"""A template that had no lines, and then has: its first line is the latest time it can have begun.

Unless that one is a stray: most errors also happen now and then when all is well. Where so long a silence follows the
first line, or the first few, that they cannot be of the rate at which lines come from then on, it is at the next.
"""

from __future__ import annotations

import numpy as np

from triage.onset.bins import Booleans, Integers
from triage.onset.detector import Claims, Context, Detector
from triage.onset.intervals import Interval, nanoseconds
from triage.onset.series import SECOND
from triage.onset.silences import silence_before

#: So many lines may be strays, before at least so many others.
MOST_STRAYS, FEWEST_AFTER = 3, 8
#: Chance of a silence up to which what stands before it is taken for strays, and for surely some.
STRAY, SURELY_STRAY = 0.05, 1e-3


def _claims(changes: Claims) -> Booleans:
    found: Booleans = changes.rise & (changes.before == 0) & ~changes.seen_before
    return found


def _date(context: Context) -> Interval:
    low, high = np.searchsorted(context.second, (context.first_ns // SECOND, context.stop))
    second, count = context.second[low:high], context.count[low:high]
    found = _begins(context.first_ns, context.searched, second, count, context)
    strays, chance = stray_lines(second, count, context.dispersion)
    if not strays:
        return found
    later = _begins(int(second[strays]) * SECOND, int(second[strays - 1]), second[strays:], count[strays:], context)
    earliest = later.earliest if chance <= SURELY_STRAY else found.earliest
    return Interval(later.at, earliest, later.at + SECOND)


def _begins(first: int, searched: int, second: Integers, count: Integers, context: Context) -> Interval:
    """When lines began of which the first is known, to the nanosecond."""
    wait = silence_before(second, count, context.dispersion, context.coverage)
    return Interval(first, min(first, first - nanoseconds(min(wait, first / SECOND - searched))), first)


def stray_lines(second: Integers, count: Integers, dispersion: float) -> tuple[int, float]:
    """How many of the first seconds with lines are strays, before those that come from then on, and its chance.

    That is the chance of so long a silence in front of lines that come at random times from the first on, in groups.

    Parameters
    ----------
    second, count : ndarray of int
        Seconds with lines, in order, and how many.
    dispersion : float
        Variance over mean of the counts.

    Examples
    --------
    >>> second = np.array([10, 300, 301, 303, 304, 306, 307, 308, 310, 311, 313])
    >>> stray_lines(second, np.ones_like(second), 1.0)[0], stray_lines(second[1:], np.ones_like(second[1:]), 1.0)[0]
    (1, 0)
    """
    lines = np.cumsum(count)
    best = 0, STRAY
    for strays in range(1, min(MOST_STRAYS, len(second) - 1) + 1):
        rest = float(lines[-1] - lines[strays - 1])
        if lines[strays - 1] > MOST_STRAYS or rest < FEWEST_AFTER:
            break
        silence, time = second[strays] - second[strays - 1], second[-1] - second[strays] + 1.0
        # Any of the first few silences might have been the longest.
        chance = MOST_STRAYS * float(np.exp(-(rest - 1) / dispersion * np.log1p((silence - 1) / time)))
        if chance <= best[1]:
            best = strays, chance
    return best


NEW = Detector("new", _claims, _date)
