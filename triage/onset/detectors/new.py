"""A template that had no lines, and then has: its first line is the latest time it can have begun."""

from __future__ import annotations

import numpy as np

from triage.onset.bins import Booleans
from triage.onset.detector import Claims, Context, Detector
from triage.onset.intervals import Interval, nanoseconds
from triage.onset.series import SECOND
from triage.onset.silences import silence_before


def _claims(changes: Claims) -> Booleans:
    found: Booleans = changes.rise & (changes.before == 0) & ~changes.seen_before
    return found


def _date(context: Context) -> Interval:
    first = context.first_ns
    low, high = np.searchsorted(context.second, (first // SECOND, context.stop))
    wait = silence_before(context.second[low:high], context.count[low:high], context.dispersion, context.coverage)
    longest = first / SECOND - context.searched
    return Interval(first, min(first, first - nanoseconds(min(wait, longest))), first)


NEW = Detector("new", _claims, _date)
